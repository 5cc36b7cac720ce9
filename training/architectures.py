"""Each network as one readable function.

The tables of ``ARCHITECTURE.md`` list the layers, and the tests check their parameter counts. The code is what a
student would write, with the activation inside the layer; ``app/network/probe.py`` separates the two.
"""

import keras
from keras import layers

Normalization = tuple[tuple[float, ...], tuple[float, ...]]
"""Mean and variance of each channel."""


def mnist_mlp(dropout: float = 0.2) -> keras.Model:
    """784-512-512-512-10 with ReLU and dropout: 932,362 parameters.

    Args:
        dropout: the share of units that are set to zero at each training step, after every hidden layer.
    """
    image = keras.Input((784,), name="input")
    x = layers.Dense(512, activation="relu", name="hidden_1")(image)
    x = layers.Dropout(dropout, name="dropout_1")(x)
    x = layers.Dense(512, activation="relu", name="hidden_2")(x)
    x = layers.Dropout(dropout, name="dropout_2")(x)
    x = layers.Dense(512, activation="relu", name="hidden_3")(x)
    x = layers.Dropout(dropout, name="dropout_3")(x)
    digit = layers.Dense(10, activation="softmax", name="output")(x)
    return keras.Model(image, digit, name="mnist_mlp")


def mnist_deep_mlp() -> keras.Model:
    """784-2500-2000-1500-1000-500-10 with ReLU: 11,972,510 parameters.

    The largest network of Cireşan, Meier, Gambardella and Schmidhuber, "Deep, Big, Simple Neural Nets for Handwritten
    Digit Recognition", 2010, table 1; theirs had tanh units.
    """
    image = x = keras.Input((784,), name="input")
    for number, units in enumerate((2500, 2000, 1500, 1000, 500), start=1):
        x = layers.Dense(units, activation="relu", name=f"hidden_{number}")(x)
    digit = layers.Dense(10, activation="softmax", name="output")(x)
    return keras.Model(image, digit, name="mnist_deep_mlp")


def mnist_autoencoder(code: int) -> keras.Model:
    """784-512-256-128-code-128-256-512-784, ReLU between: 1,133,586 parameters with a code of two numbers.

    The code is linear, so that it is unbounded; the reconstruction ends in a sigmoid, because pixels lie in 0..1.

    Args:
        code: how many numbers the code has.
    """
    image = keras.Input((784,), name="input")
    x = layers.Dense(512, activation="relu", name="encoder_1")(image)
    x = layers.Dense(256, activation="relu", name="encoder_2")(x)
    x = layers.Dense(128, activation="relu", name="encoder_3")(x)
    x = layers.Dense(code, name="code")(x)
    x = layers.Dense(128, activation="relu", name="decoder_1")(x)
    x = layers.Dense(256, activation="relu", name="decoder_2")(x)
    x = layers.Dense(512, activation="relu", name="decoder_3")(x)
    again = layers.Dense(784, activation="sigmoid", name="reconstruction")(x)
    return keras.Model(image, again, name="mnist_autoencoder")


def cifar10_cnn(
    dropout: tuple[float, float, float] = (0.25, 0.25, 0.5), normalization: Normalization | None = None
) -> keras.Model:
    """Two blocks of two convolutions and a pooling, then one hidden layer: 1,250,858 parameters.

    Args:
        dropout: the share of values that are set to zero at each training step, after each block and the hidden layer.
        normalization: if given, scales red, green and blue to mean 0 and variance 1: constants, no weights.
    """
    image = x = keras.Input((32, 32, 3), name="input")
    if normalization is not None:
        mean, variance = normalization
        x = layers.Normalization(mean=mean, variance=variance, name="normalization")(x)
    x = layers.Conv2D(32, 3, padding="same", activation="relu", name="conv_1")(x)
    x = layers.Conv2D(32, 3, padding="valid", activation="relu", name="conv_2")(x)
    x = layers.MaxPooling2D(2, name="pool_1")(x)
    x = layers.Dropout(dropout[0], name="dropout_1")(x)
    x = layers.Conv2D(64, 3, padding="same", activation="relu", name="conv_3")(x)
    x = layers.Conv2D(64, 3, padding="valid", activation="relu", name="conv_4")(x)
    x = layers.MaxPooling2D(2, name="pool_2")(x)
    x = layers.Dropout(dropout[1], name="dropout_2")(x)
    x = layers.Flatten(name="flatten")(x)
    x = layers.Dense(512, activation="relu", name="hidden")(x)
    x = layers.Dropout(dropout[2], name="dropout_3")(x)
    thing = layers.Dense(10, activation="softmax", name="output")(x)
    return keras.Model(image, thing, name="cifar10_cnn")
