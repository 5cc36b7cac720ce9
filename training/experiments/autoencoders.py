"""Pretrains one layer: a dense sigmoid layer learns to encode its input so that it can be decoded again.

The decoder uses the encoder's kernel, transposed, and its own bias. The loss is the cross-entropy between input
and reconstruction, summed over the units, as for independent binary values.

Sources: Bengio, Lamblin, Popovici and Larochelle, "Greedy layer-wise training of deep networks" (2007), section 3;
Hinton and Salakhutdinov, "Reducing the dimensionality of data with neural networks" (2006), which pretrained with
restricted Boltzmann machines.
"""

from typing import Any, TypeAlias

import keras
import numpy as np

from app.arrays import FloatArray

Tensor: TypeAlias = keras.KerasTensor


class TiedDecoder(keras.layers.Layer):
    """The decoder of a dense layer: from codes to the pre-activations of its input, with the same kernel.

    Args:
        encoder: the built dense layer, kernel of shape ``(inputs, units)``.
    """

    def __init__(self, encoder: keras.layers.Dense, **options: Any) -> None:
        super().__init__(**options)
        self.encoder = encoder
        self.decoder_bias = self.add_weight(shape=(encoder.kernel.shape[0],), initializer="zeros", name="decoder_bias")

    def call(self, codes: Tensor) -> Tensor:
        """Return float32, shape ``(n, inputs)``, for codes of shape ``(n, units)``."""
        return keras.ops.matmul(codes, keras.ops.transpose(self.encoder.kernel)) + self.decoder_bias


def make_autoencoder(kernel: FloatArray) -> keras.Model:
    """Return encoder and decoder as one network, with the given encoder kernel and every bias 0.

    Args:
        kernel: float32, shape ``(inputs, units)``.

    Returns:
        A network whose output is the reconstruction's logits: its sigmoid is the reconstruction. Its second layer,
        ``encoder``, is the pretrained layer.
    """
    inputs = keras.Input((kernel.shape[0],), name="input")
    encoder = keras.layers.Dense(kernel.shape[1], activation="sigmoid", name="encoder")
    codes = encoder(inputs)
    encoder.set_weights([kernel, np.zeros(kernel.shape[1], np.float32)])
    return keras.Model(inputs, TiedDecoder(encoder, name="decoder")(codes))


def reconstruction_loss(targets: Tensor, logits: Tensor) -> Tensor:
    """Return each example's cross-entropy between targets in 0..1 and the sigmoid of the logits, summed over units."""
    mean = keras.losses.binary_crossentropy(targets, logits, from_logits=True)
    return mean * keras.ops.cast(keras.ops.shape(targets)[-1], mean.dtype)


def reconstruction_error(autoencoder: keras.Model, values: FloatArray, batch_size: int = 1000) -> float:
    """Return the mean squared error of a reconstruction, over examples and units; values lie in 0..1."""
    total = 0.0
    for start in range(0, len(values), batch_size):
        batch = values[start : start + batch_size]
        logits = np.asarray(autoencoder.predict_on_batch(batch), np.float64)
        total += float(np.square(1 / (1 + np.exp(-logits)) - batch).sum())
    return total / values.size
