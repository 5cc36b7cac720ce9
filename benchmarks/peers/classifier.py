"""What every peer serves: our decoding and preprocessing, and a bundle's network, answer only.

The network is named in ``BENCH_NETWORK``, the address in ``HOST`` and ``PORT``.
"""

import base64
import os
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from app.bundle.files import read_bundle
from app.network.probe import load_model
from app.preprocessing import prepare
from app.preprocessing.images import decode_image
from app.settings import ROOT

FloatArray = npt.NDArray[np.float32]

HOST = os.environ.get("HOST", "127.0.0.1")
PORT = int(os.environ.get("PORT", "8000"))


class Classifier:
    """A bundle's network, to be called as Keras calls it or as a traced function."""

    def __init__(self, name: str | None = None) -> None:
        bundle = read_bundle(ROOT / "models" / (name or os.environ["BENCH_NETWORK"]))
        self.model: keras.Model = load_model(bundle.model_path)
        self._classes = bundle.card.classes.en
        self._preprocessing = bundle.card.input.preprocessing
        self._shape = self.model.input_shape[1:]
        signature = tf.TensorSpec((None, *self._shape), tf.float32)
        self._call = tf.function(lambda images: self.model(images, training=False)).get_concrete_function(signature)

    def tensor(self, image: str) -> FloatArray:
        """Return a picture in base64 as the network's input, without a batch dimension."""
        prepared = prepare(self._preprocessing, decode_image(base64.b64decode(image)))
        return prepared.tensor.reshape(self._shape)

    def traced(self, images: FloatArray) -> FloatArray:
        """Return the probabilities of a batch, shape ``(n, classes)``, by one traced call."""
        probabilities: FloatArray = self._call(tf.constant(images)).numpy()
        return probabilities

    def answer(self, probabilities: FloatArray) -> dict[str, Any]:
        """Return what is said of one image."""
        first = int(probabilities.argmax())
        shares = [
            {"label": label, "probability": float(p)} for label, p in zip(self._classes, probabilities, strict=True)
        ]
        return {"label": self._classes[first], "probability": float(probabilities[first]), "probabilities": shares}
