"""The data sets: read, split, drawn from strokes, rendered in many hands."""
