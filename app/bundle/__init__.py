"""A network on disk: its card, its files and what was measured of it, without Keras."""
