"""Speed, each figure beside what a user would pick instead. It is printed and written down, never asserted."""
