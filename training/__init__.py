"""Trains the networks, measures them, and writes the bundles that the server reads."""
