"""Encodes records for clients: JSON, arrays for NumPy, and the page's compact frame."""
