"""A network on disk: its card, its files and its measurements, without Keras."""
