"""Speed, each figure beside what a user would pick instead.

Figures are printed and written down, and no test asserts them; a benchmark with targets exits with 1 where it misses
one.
"""
