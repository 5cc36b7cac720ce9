"""Records become what travels: JSON, arrays for NumPy, and the page's compact frame."""
