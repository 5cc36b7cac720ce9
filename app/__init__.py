"""Layerscope's server: a real network answers, and every layer it passed through can be seen."""

__version__ = "0.1.0"
