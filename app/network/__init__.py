"""A network in memory: opened, traced, read, thinned, and found by its name."""
