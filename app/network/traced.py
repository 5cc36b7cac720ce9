"""A network that is served: one traced call returns the values of every layer.

``keras.Model.predict`` costs tens of milliseconds for one image; a traced function that returns every
pre-activation and activation at once costs a fraction of one. The trace has an open batch dimension and is made
when the network is loaded, so that no request pays for it. Gradients, masked runs and an autoencoder's decoder have
their own traces, made at their first use, so that the plain call and the start stay short.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod

import keras
import numpy as np
import tensorflow as tf

from app.arrays import FloatArray
from app.bundle.card import BundleError, LayerCard, ModelCard, Task
from app.bundle.files import Bundle
from app.network.probe import CODE, Tap, describe_layers, load_model, probe, task_of

MOST_TOGETHER = 32
"""How many images an explanation runs at once: more are no faster for a small network."""

VALUES_TOGETHER = 1_000_000
"""The largest number of values in all layers for those images: their call cannot be interrupted, and a prediction that
arrives meanwhile shares the cores with it. For the CNN these are nine images, whose call takes twice that of one."""


@dataclass(frozen=True)
class LayerReadout:
    """One layer's numbers for a batch of images: float32, shape ``(n, *shape of the layer)``."""

    name: str
    pre_activation: FloatArray | None
    activation: FloatArray


@dataclass(frozen=True)
class Readout:
    """Every layer's numbers for a batch of images, in layer order.

    The last layer of a classifier is the softmax, that of an autoencoder the reconstruction. A property that only the
    other kind of network has raises a ``TypeError``.
    """

    layers: tuple[LayerReadout, ...]
    task: Task = "classification"

    def of(self, index: int) -> "Readout":
        """The numbers for the image at ``index``, as a batch of one; they are not copied."""
        one = slice(index, index + 1)
        layers = (
            LayerReadout(
                name=layer.name,
                pre_activation=None if layer.pre_activation is None else layer.pre_activation[one],
                activation=layer.activation[one],
            )
            for layer in self.layers
        )
        return Readout(tuple(layers), self.task)

    @property
    def probabilities(self) -> FloatArray:
        """Softmax probabilities, shape ``(n, classes)``."""
        self._require("classification")
        return self.layers[-1].activation

    @property
    def logits(self) -> FloatArray:
        """The softmax's input, shape ``(n, classes)``."""
        self._require("classification")
        logits = self.layers[-1].pre_activation
        if logits is None:
            raise TypeError("A classifier ends in a layer with a softmax of its own.")
        return logits

    @property
    def code(self) -> FloatArray:
        """The autoencoder's codes of the images, shape ``(n, numbers)``."""
        self._require("reconstruction")
        return next(layer.activation for layer in self.layers if layer.name == CODE)

    @property
    def reconstruction(self) -> FloatArray:
        """The reconstructions from the codes, in 0..1, flat: shape ``(n, values)``."""
        self._require("reconstruction")
        return self.layers[-1].activation.reshape(len(self.layers[-1].activation), -1)

    def _require(self, task: Task) -> None:
        if self.task != task:
            raise TypeError(f"This network is for {self.task}; only one for {task} has this value.")


@dataclass(frozen=True)
class LayerGradient:
    """The gradient of a score with respect to one layer's values: float32, shape ``(n, *shape of the layer)``.

    ``activation`` is ``None`` if the score does not depend on it: a logit does not depend on the softmax's output.
    """

    name: str
    pre_activation: FloatArray | None
    activation: FloatArray | None


@dataclass(frozen=True)
class Weights:
    """One layer's weights, axes as in Keras: ``(inputs, units)`` or ``(rows, columns, channels in, channels out)``."""

    kernel: FloatArray
    bias: FloatArray


@dataclass(frozen=True)
class Moments:
    """A normalization's mean and standard deviation: float32, broadcast against the input's shape."""

    mean: FloatArray
    deviation: FloatArray


class Network:
    """One bundle's network, loaded and traced.

    Args:
        bundle: a bundle whose files were checked.

    Raises:
        BundleError: if the saved network is not the one that the card describes.
    """

    def __init__(self, bundle: Bundle) -> None:
        if keras.backend.backend() != "tensorflow":
            raise RuntimeError("Serving needs Keras on TensorFlow: unset KERAS_BACKEND or set it to tensorflow.")
        model = load_model(bundle.model_path)
        _compare(model, bundle.card)
        self.card: ModelCard = bundle.card
        probed = probe(model)
        self._taps: tuple[Tap, ...] = probed.taps
        self._model: keras.Model = probed.model
        self._input_shape: tuple[int, ...] = probed.model.input_shape[1:]
        signature = tf.TensorSpec((None, *self._input_shape), tf.float32)
        self._call = tf.function(lambda images: self._model(images, training=False)).get_concrete_function(signature)
        self.run(np.zeros((1, *self._input_shape), np.float32))  # the first call builds what later calls reuse
        scores = tf.TensorSpec((None, len(self.card.classes.en)), tf.float32)
        self._call_gradients = tf.function(self._differentiate, input_signature=[signature, scores])
        masks = {
            layer.name: tf.TensorSpec((None,) * (1 + len(layer.shape)), tf.float32) for layer in self.card.layers[1:-1]
        }
        self._call_masked = tf.function(self._multiply, input_signature=[signature, masks])
        self._call_masked_answer = tf.function(
            lambda images, masks: self._multiply(images, masks)[-1], input_signature=[signature, masks]
        )
        codes = tf.TensorSpec((None, None), tf.float32)
        self._call_decoder = tf.function(self._decode, input_signature=[codes])

    def run(self, images: FloatArray) -> Readout:
        """Run a batch through the network, dropout off, and return every layer's numbers.

        Args:
            images: float32 in 0..1, shape ``(n, *card.input.shape)``.
        """
        return self._readout(self._call(self._batch(images)))

    def warm_up(self, images: int) -> None:
        """Run a blank batch of the largest size, so that no request pays for what is built at first use."""
        self.run(np.zeros((images, *self._input_shape), np.float32))

    def run_masked(self, images: FloatArray, masks: Mapping[str, FloatArray]) -> Readout:
        """Run a batch through the network with the activations of some layers multiplied by masks.

        The next layer sees the products, and so does the readout.

        Args:
            images: float32 in 0..1, shape ``(n, *card.input.shape)``.
            masks: float32, by the name of a layer that is neither the first nor the last; each is broadcast against
                ``(n, *shape of the layer)``. One image may have ``m`` masks, of shape ``(m, *shape of the layer)``:
                the layers before the first of them are run once, and those after it have ``m`` rows.
        """
        return self._readout(self._call_masked(self._batch(images), self._masks(masks)))

    def answer_masked(self, images: FloatArray, masks: Mapping[str, FloatArray]) -> FloatArray:
        """Return only the last layer's activation of ``run_masked``, which is faster for many images.

        Args:
            images: float32 in 0..1, shape ``(n, *card.input.shape)``.
            masks: as ``run_masked`` takes them.

        Returns:
            float32, shape ``(n, *shape of the last layer)``.
        """
        answer: FloatArray = self._call_masked_answer(self._batch(images), self._masks(masks)).numpy()
        return answer

    def decode(self, codes: FloatArray) -> FloatArray:
        """Run codes through an autoencoder's decoder, and return the images.

        Args:
            codes: float32, shape ``(n, numbers)``.

        Returns:
            float32 in 0..1, shape ``(n, *card.input.shape)``.

        Raises:
            TypeError: if the network has no code.
        """
        if self.card.task != "reconstruction":
            raise TypeError("Only an autoencoder has a code that can be decoded.")
        images: FloatArray = self._call_decoder(tf.constant(codes)).numpy()
        return images.reshape(len(codes), *self.card.input.shape)

    def gradients(self, images: FloatArray, logit_weights: FloatArray) -> tuple[LayerGradient, ...]:
        """Return the gradient of a weighted sum of logits with respect to every layer, in layer order, the input first.

        Args:
            images: float32 in 0..1, shape ``(n, *card.input.shape)``.
            logit_weights: float32, shape ``(n, classes)``: one 1 among zeros for a logit, 1 and -1 for the difference
                of two, and for any other function of the logits its derivatives.
        """
        gradients = self._call_gradients(self._batch(images), tf.constant(logit_weights))
        arrays = [None if gradient is None else gradient.numpy() for gradient in gradients]
        return tuple(
            LayerGradient(
                name=tap.name,
                pre_activation=None if tap.pre_activation is None else arrays[tap.pre_activation],
                activation=arrays[tap.activation],
            )
            for tap in self._taps
        )

    @property
    def images_together(self) -> int:
        """How many images of long work go through the network at once, so that predictions can go first."""
        values = sum(prod(layer.shape) for layer in self.card.layers)
        return max(1, min(MOST_TOGETHER, VALUES_TOGETHER // values))

    @cached_property
    def weights(self) -> Mapping[str, Weights]:
        """The weights of each layer that holds any, by its name, in layer order."""
        return {
            tap.name: Weights(*(np.asarray(weight) for weight in layer.get_weights()))
            for tap in self._taps
            if len((layer := self._model.get_layer(tap.name)).weights) == 2
        }

    @cached_property
    def moments(self) -> Mapping[str, Moments]:
        """Mean and standard deviation of each normalization, by its name, in layer order."""
        return {
            tap.name: Moments(
                mean=np.asarray(layer.mean)[0],
                deviation=np.maximum(np.sqrt(np.asarray(layer.variance)), keras.backend.epsilon())[0],
            )
            for tap in self._taps
            if isinstance(layer := self._model.get_layer(tap.name), keras.layers.Normalization)
        }

    def _batch(self, images: FloatArray) -> tf.Tensor:
        return tf.constant(images.reshape(len(images), *self._input_shape))

    def _masks(self, masks: Mapping[str, FloatArray]) -> dict[str, tf.Tensor]:
        """Return a mask for every layer that may have one; by default it is one everywhere."""
        hidden = self.card.layers[1:-1]
        ones = {layer.name: np.ones((1,) * (1 + len(layer.shape)), np.float32) for layer in hidden}
        return {name: tf.constant(mask) for name, mask in {**ones, **masks}.items()}

    def _readout(self, tensors: Sequence[tf.Tensor]) -> Readout:
        # TensorFlow's own memory, read-only: a convolutional network returns ten megabytes for sixteen images.
        outputs = [np.asarray(memoryview(tensor)) for tensor in tensors]
        return Readout(
            tuple(
                LayerReadout(
                    name=tap.name,
                    pre_activation=None if tap.pre_activation is None else outputs[tap.pre_activation],
                    activation=outputs[tap.activation],
                )
                for tap in self._taps
            ),
            self.card.task,
        )

    def _differentiate(self, images: tf.Tensor, logit_weights: tf.Tensor) -> list[tf.Tensor | None]:
        """Return the gradient with respect to each of the probed network's outputs."""
        with tf.GradientTape() as tape:
            tape.watch(images)
            outputs = self._model(images, training=False)
            score = tf.reduce_sum(logit_weights * outputs[self._taps[-1].pre_activation])  # each image's own logits
        gradients: list[tf.Tensor | None] = tape.gradient(score, outputs)
        return gradients

    def _decode(self, codes: tf.Tensor) -> tf.Tensor:
        """Return the output of the layers after the code."""
        code = next(tap.activation for tap in self._taps if tap.name == CODE)
        tensor = tf.ensure_shape(codes, self._model.outputs[code].shape)
        for layer in self._model.layers[code + 1 :]:  # one line, and each layer is an output
            tensor = layer(tensor)
        return tensor

    def _multiply(self, images: tf.Tensor, masks: Mapping[str, tf.Tensor]) -> list[tf.Tensor]:
        """Return the probed network's outputs, with each layer's activation multiplied by its mask."""
        names = {tap.activation: tap.name for tap in self._taps}
        outputs = [images]
        for index, layer in enumerate(self._model.layers[1:], start=1):  # one line, and each layer is an output
            tensor = layer(outputs[-1])
            mask = masks.get(names.get(index, ""))
            outputs.append(tensor if mask is None else tensor * mask)
        return outputs


def _compare(model: keras.Model, card: ModelCard) -> None:
    """Refuse a network that does not match its card."""
    layers = describe_layers(model)
    agrees = (
        [layer.model_dump(mode="json") for layer in layers] == [layer.model_dump(mode="json") for layer in card.layers]
        and sum(layer.parameters for layer in layers) == card.parameters
        and task_of(model) == card.task
        and _ends_as_its_task_wants(layers, card)
        and prod(layers[0].shape) == prod(card.input.shape)
    )
    if not agrees:
        raise BundleError(f"The network in “{card.name}” is not the one that its card describes.")


def _ends_as_its_task_wants(layers: tuple[LayerCard, ...], card: ModelCard) -> bool:
    if card.task == "classification":
        return layers[-1].activation == "softmax" and layers[-1].shape == (len(card.classes.en),)
    code = next(layer for layer in layers if layer.name == CODE)
    return card.reconstruction is not None and code.shape == (card.reconstruction.code,)
