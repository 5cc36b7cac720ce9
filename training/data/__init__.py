"""The data sets: reading, splitting, drawing pen strokes, rendering."""
