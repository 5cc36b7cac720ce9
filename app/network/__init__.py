"""A network in memory: probing its layers, tracing, readings, masks and dropout, and the library of networks."""
