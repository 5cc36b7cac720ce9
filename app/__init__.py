"""Layerscope's server: classifies an image with a Keras network and returns the values of every layer."""

__version__ = "0.1.0"
