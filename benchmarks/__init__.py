"""Measures speed, with each figure beside that of an alternative.

Figures are printed and written down, and no test asserts them; a benchmark with targets exits with 1 if it misses
one.
"""
