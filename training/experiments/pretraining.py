"""Why pretraining helped: one deep sigmoid network with three initialisations.

The same network is trained by the same gradient descent on the same batches, from small random weights, from those same
weights after each layer was trained to encode its input, and from Glorot's initialisation. Accuracy, loss and the size
of the gradient at each layer are measured during training. All random numbers depend only on the seed, on any backend.

Sources: Hinton and Salakhutdinov, "Reducing the dimensionality of data with neural networks" (2006); Bengio, Lamblin,
Popovici and Larochelle, "Greedy layer-wise training of deep networks" (2007); Glorot and Bengio, "Understanding the
difficulty of training deep feedforward neural networks" (2010), equation 16.
"""

import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from app.arrays import FloatArray
from app.bundle.card import Localised
from training.data.datasets import Dataset, Examples, Labels, network_input
from training.device import device_name, jit_compile
from training.experiments import results
from training.experiments.autoencoders import make_autoencoder, reconstruction_error, reconstruction_loss
from training.experiments.gradients import backpropagate
from training.measure.cards import library_versions
from training.measure.quality import measure
from training.run.snapshots import first_epoch_steps

Parameters = list[tuple[FloatArray, FloatArray]]
"""Initial kernel and bias of each layer."""
Order = npt.NDArray[np.int64]

NAME = "pretraining"
SOURCES = (
    "Hinton and Salakhutdinov, Reducing the dimensionality of data with neural networks, 2006",
    "Bengio, Lamblin, Popovici and Larochelle, Greedy layer-wise training of deep networks, 2007",
    "Glorot and Bengio, Understanding the difficulty of training deep feedforward neural networks, 2010",
)
TITLE = Localised(en="Why pretraining helped", pl="Dlaczego wstępne uczenie pomogło")
ARM_TITLES = {
    "small": Localised(en="Small random weights", pl="Małe losowe wagi"),
    "pretrained": Localised(en="Pretrained layer by layer", pl="Uczone wstępnie, warstwa po warstwie"),
    "glorot": Localised(en="Glorot’s initialisation", pl="Inicjalizacja Glorota"),
}
AXES = {
    "epoch": Localised(en="Epoch", pl="Epoka"),
    "step": Localised(en="Training step", pl="Krok uczenia"),
    "loss": Localised(en="Loss on the training images", pl="Strata na obrazach uczących"),
    "accuracy": Localised(en="Accuracy on the training images", pl="Dokładność na obrazach uczących"),
    "test_loss": Localised(en="Loss on the test images", pl="Strata na obrazach testowych"),
    "test_accuracy": Localised(en="Accuracy on the test images", pl="Dokładność na obrazach testowych"),
    "kernel_magnitude": Localised(en="Gradient of a weight, mean magnitude", pl="Gradient wagi, średnia wartość"),
    "kernel_rms": Localised(en="Gradient of a weight, root mean square", pl="Gradient wagi, średnia kwadratowa"),
    "pre_activation_magnitude": Localised(
        en="Gradient of a pre-activation, mean magnitude", pl="Gradient preaktywacji, średnia wartość"
    ),
    "pre_activation_rms": Localised(
        en="Gradient of a pre-activation, root mean square", pl="Gradient preaktywacji, średnia kwadratowa"
    ),
    "error": Localised(en="Reconstruction error on the test images", pl="Błąd odtworzenia obrazów testowych"),
}


@dataclass(frozen=True)
class Recipe:
    """The experiment's settings.

    Attributes:
        hidden: the units of each hidden layer.
        batch_size: of training and of pretraining.
        epochs: of training, the same for each initialisation.
        learning_rate: of training, constant.
        momentum: of training.
        pretraining_epochs: of each layer.
        pretraining_learning_rate: of a step on the mean over the batch of the summed cross-entropy.
        pretraining_momentum: of the same steps.
        standard_deviation: of the small random weights.
        measured_examples: training images on which loss and accuracy are measured, the same after each epoch.
        gradient_examples: training images in the one batch on which gradients are measured.
        seed: of the weights and of the order of the images.
    """

    hidden: tuple[int, ...] = (128, 128, 128, 128, 128)
    batch_size: int = 128
    epochs: int = 10
    learning_rate: float = 0.1
    momentum: float = 0.9
    pretraining_epochs: int = 5
    pretraining_learning_rate: float = 0.005
    pretraining_momentum: float = 0.9
    standard_deviation: float = 0.01
    measured_examples: int = 10_000
    gradient_examples: int = 512
    seed: int = 1


@dataclass(frozen=True)
class _Images:
    """The data set as the network's input, and the images to measure on: some training images, and the test set."""

    inputs: FloatArray
    labels: Labels
    test_inputs: FloatArray
    measured: Examples
    test: Examples
    classes: int


def run(dataset: Dataset, recipe: Recipe | None = None) -> results.Result:
    """Train the network from each initialisation and return the measurements.

    Args:
        dataset: MNIST, or another of that form.
        recipe: the settings; by default those of the committed result.
    """
    recipe = recipe or Recipe()
    began = time.monotonic()
    images = _as_inputs(dataset, recipe)
    sizes = (images.inputs.shape[1], *recipe.hidden, images.classes)
    small = small_parameters(sizes, recipe.standard_deviation, np.random.default_rng((recipe.seed, 0)))
    pretrained, pretraining = _pretrain(small, images, recipe)
    beginnings: dict[str, tuple[Parameters, tuple[results.Reconstruction, ...]]] = {
        "small": (small, ()),
        "pretrained": (pretrained, pretraining),
        "glorot": (glorot_parameters(sizes, np.random.default_rng((recipe.seed, 1))), ()),
    }
    arms = tuple(_train(name, *beginning, images, recipe) for name, beginning in beginnings.items())
    return results.Result(
        name=NAME,
        title=TITLE,
        sources=SOURCES,
        recipe={"activation": "sigmoid", "optimizer": "sgd", **asdict(recipe)},
        measured=results.Measured(
            dataset=dataset.title,
            fingerprint=dataset.fingerprint(),
            train_examples=len(images.labels),
            test_examples=len(images.test),
            measured_examples=len(images.measured),
            gradient_examples=len(_gradient_batch(images, recipe)[1]),
        ),
        layers=tuple(_layer_title(name, units) for name, units in zip(_layer_names(sizes), sizes[1:], strict=True)),
        axes=AXES,
        arms=arms,
        seconds=round(time.monotonic() - began, 1),
        device=device_name(),
        versions=library_versions(),
    )


def small_parameters(sizes: tuple[int, ...], standard_deviation: float, rng: np.random.Generator) -> Parameters:
    """Return kernels drawn from a normal distribution around 0, and biases of 0; ``sizes`` begins with the inputs."""
    return [
        (rng.normal(0, standard_deviation, shape).astype(np.float32), np.zeros(shape[1], np.float32))
        for shape in pairwise(sizes)
    ]


def glorot_parameters(sizes: tuple[int, ...], rng: np.random.Generator) -> Parameters:
    """Return kernels drawn uniformly from ``±sqrt(6 / (inputs + units))``, and biases of 0."""
    limits = [float(np.sqrt(6 / sum(shape))) for shape in pairwise(sizes)]
    return [
        (rng.uniform(-limit, limit, shape).astype(np.float32), np.zeros(shape[1], np.float32))
        for limit, shape in zip(limits, pairwise(sizes), strict=True)
    ]


def make_network(parameters: Parameters) -> keras.Model:
    """Return a network of dense layers with these weights: sigmoid in the hidden ones, softmax in the last."""
    names = _layer_names((parameters[0][0].shape[0], *(kernel.shape[1] for kernel, _ in parameters)))
    image = x = keras.Input((parameters[0][0].shape[0],), name="input")
    for name, (kernel, _) in zip(names, parameters, strict=True):
        activation = "softmax" if name == "output" else "sigmoid"
        x = keras.layers.Dense(kernel.shape[1], activation=activation, name=name)(x)
    model = keras.Model(image, x, name="deep_sigmoid_mlp")
    model.set_weights([array for layer in parameters for array in layer])
    return model


def _as_inputs(dataset: Dataset, recipe: Recipe) -> _Images:
    shape = (int(np.prod(dataset.train_images.shape[1:])),)
    some = np.random.default_rng((recipe.seed, 5)).permutation(len(dataset.train_labels))[: recipe.measured_examples]
    return _Images(
        inputs=network_input(dataset.train_images, shape),
        labels=dataset.train_labels,
        test_inputs=network_input(dataset.test_images, shape),
        measured=Examples(dataset.train_images[some], dataset.train_labels[some]),
        test=Examples(dataset.test_images, dataset.test_labels),
        classes=len(dataset.classes.en),
    )


def _pretrain(
    parameters: Parameters, images: _Images, recipe: Recipe
) -> tuple[Parameters, tuple[results.Reconstruction, ...]]:
    """Train each hidden layer in turn to encode the output of the layers before it."""
    pretrained: Parameters = []
    reports = []
    values, test_values = images.inputs, images.test_inputs
    for index, (kernel, _) in enumerate(parameters[:-1]):
        print(f"Pretraining hidden layer {index + 1} of {len(parameters) - 1}")
        began = time.monotonic()
        autoencoder = make_autoencoder(kernel)
        errors = _train_autoencoder(autoencoder, values, test_values, recipe, index)
        mean = float(np.square(test_values - values.mean(axis=0)).mean(dtype=np.float64))
        seconds = round(time.monotonic() - began, 1)
        reports.append(
            results.Reconstruction(layer=f"hidden_{index + 1}", error=tuple(errors), mean=mean, seconds=seconds)
        )
        encoder = autoencoder.get_layer("encoder")
        pretrained.append(tuple(encoder.get_weights()))
        codes = keras.Model(autoencoder.input, encoder.output)
        values, test_values = _predict(codes, values), _predict(codes, test_values)
    return [*pretrained, parameters[-1]], tuple(reports)


def _train_autoencoder(
    autoencoder: keras.Model, values: FloatArray, test_values: FloatArray, recipe: Recipe, index: int
) -> list[float]:
    """Return the reconstruction error on the test set before the first epoch and after each."""
    optimizer = keras.optimizers.SGD(recipe.pretraining_learning_rate, recipe.pretraining_momentum)
    autoencoder.compile(optimizer, reconstruction_loss, jit_compile=jit_compile())
    errors = [reconstruction_error(autoencoder, test_values)]
    for epoch in range(1, recipe.pretraining_epochs + 1):
        bar = keras.utils.Progbar(_steps_per_epoch(len(values), recipe), stateful_metrics=("error",))
        order = np.random.default_rng((recipe.seed, 2, index, epoch)).permutation(len(values))
        for step, chosen in enumerate(_batches(order, recipe.batch_size), start=1):
            autoencoder.train_on_batch(values[chosen], values[chosen])
            bar.update(step, finalize=False)
        errors.append(reconstruction_error(autoencoder, test_values))
        bar.update(bar.target, [("error", errors[-1])], finalize=True)
    return errors


def _train(
    name: str, parameters: Parameters, pretraining: tuple[results.Reconstruction, ...], images: _Images, recipe: Recipe
) -> results.Arm:
    print(f"Training from: {ARM_TITLES[name].en.lower()}")
    model = make_network(parameters)
    optimizer = keras.optimizers.SGD(recipe.learning_rate, recipe.momentum)
    model.compile(optimizer, "sparse_categorical_crossentropy", jit_compile=jit_compile())
    gradients = _GradientLog(model, *_gradient_batch(images, recipe), _steps_per_epoch(len(images.labels), recipe))
    gradients.take(0)
    epochs = [_measure(model, images, 0, 0.0)]
    for epoch in range(1, recipe.epochs + 1):
        seconds = _train_epoch(model, images, recipe, epoch, gradients)
        epochs.append(_measure(model, images, epoch, seconds))
        print(f"Epoch {epoch}/{recipe.epochs}: {_in_words(epochs[-1])}")
    return results.Arm(
        name=name,
        title=ARM_TITLES[name],
        pretraining=pretraining,
        epochs=tuple(epochs),
        gradients=gradients.as_record(),
    )


def _train_epoch(model: keras.Model, images: _Images, recipe: Recipe, epoch: int, gradients: "_GradientLog") -> float:
    """Train for one epoch, measure gradients meanwhile, and return the seconds that it took."""
    began = time.monotonic()
    steps = gradients.steps_per_epoch
    wanted = first_epoch_steps(steps) if epoch == 1 else frozenset({steps})
    bar = keras.utils.Progbar(steps)
    order = np.random.default_rng((recipe.seed, 3, epoch)).permutation(len(images.labels))
    for step, chosen in enumerate(_batches(order, recipe.batch_size), start=1):
        model.train_on_batch(images.inputs[chosen], images.labels[chosen])
        bar.update(step)
        if step in wanted:
            gradients.take((epoch - 1) * steps + step)
    return round(time.monotonic() - began, 1)


def _measure(model: keras.Model, images: _Images, epoch: int, seconds: float) -> results.Epoch:
    train, test = measure(model, images.measured), measure(model, images.test)
    return results.Epoch(
        epoch=epoch,
        seconds=seconds,
        loss=train.loss,
        accuracy=train.accuracy,
        test_loss=test.loss,
        test_accuracy=test.accuracy,
    )


class _GradientLog:
    """Measures the gradient at each layer of a network."""

    def __init__(self, model: keras.Model, inputs: FloatArray, labels: Labels, steps_per_epoch: int) -> None:
        self.steps_per_epoch = steps_per_epoch
        self._model, self._inputs, self._labels = model, inputs, labels
        self._rows: list[dict[str, Any]] = []

    def take(self, step: int) -> None:
        """Measure after a training step; 0 is before the first."""
        weights = self._model.get_weights()
        found = backpropagate(list(zip(weights[::2], weights[1::2], strict=True)), self._inputs, self._labels)
        self._rows.append(
            {
                "step": step,
                "epoch": step / self.steps_per_epoch,
                "loss": found.loss,
                "kernel_magnitude": tuple(float(np.abs(gradient).mean()) for gradient in found.kernels),
                "kernel_rms": tuple(float(np.sqrt(np.square(gradient).mean())) for gradient in found.kernels),
                "pre_activation_magnitude": tuple(float(np.abs(error).mean()) for error in found.pre_activations),
                "pre_activation_rms": tuple(float(np.sqrt(np.square(error).mean())) for error in found.pre_activations),
            }
        )

    def as_record(self) -> results.Gradients:
        return results.Gradients(**{name: tuple(row[name] for row in self._rows) for name in self._rows[0]})


def _gradient_batch(images: _Images, recipe: Recipe) -> tuple[FloatArray, Labels]:
    """Return the one batch of training images on which every gradient is measured, with its labels."""
    order = np.random.default_rng((recipe.seed, 4)).permutation(len(images.labels))[: recipe.gradient_examples]
    return images.inputs[order], images.labels[order]


def _predict(model: keras.Model, values: FloatArray) -> FloatArray:
    starts = range(0, len(values), 1000)
    return np.concatenate([np.asarray(model.predict_on_batch(values[start : start + 1000])) for start in starts])


def _batches(order: Order, size: int) -> Iterator[Order]:
    for start in range(0, len(order), size):
        yield order[start : start + size]


def _steps_per_epoch(examples: int, recipe: Recipe) -> int:
    return -(-examples // recipe.batch_size)


def _layer_names(sizes: tuple[int, ...]) -> list[str]:
    return [*(f"hidden_{number}" for number in range(1, len(sizes) - 1)), "output"]


def _layer_title(name: str, units: int) -> results.LayerTitle:
    number = name.removeprefix("hidden_")
    title = (
        Localised(en="Output layer", pl="Warstwa wyjściowa")
        if name == "output"
        else Localised(en=f"Hidden layer {number}", pl=f"Warstwa ukryta {number}")
    )
    return results.LayerTitle(name=name, units=units, title=title)


def _in_words(epoch: results.Epoch) -> str:
    return (
        f"loss {epoch.loss:.4f}, {100 * epoch.accuracy:.2f} % of the training images, "
        f"{100 * epoch.test_accuracy:.2f} % of the test images"
    )
