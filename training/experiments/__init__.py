"""Experiments: each trains and measures several networks in one run to answer a question, and writes one file."""
