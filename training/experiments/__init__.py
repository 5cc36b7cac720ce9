"""Experiments: a question that several networks answer together, measured in one run and kept in one file."""
