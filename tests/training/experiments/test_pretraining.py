"""The pretraining experiment on a tiny network: its gradients, that chance is the seed's, and the file it leaves."""

from dataclasses import asdict, replace

import keras
import numpy as np
import pytest

from training.__main__ import main
from training.data.datasets import Dataset
from training.experiments import results
from training.experiments.autoencoders import make_autoencoder, reconstruction_error, reconstruction_loss
from training.experiments.gradients import backpropagate
from training.experiments.pretraining import Recipe, glorot_parameters, make_network, run

SIZES = (6, 5, 4, 3)


@pytest.fixture(scope="module")
def recipe() -> Recipe:
    return Recipe(hidden=(12, 8), epochs=2, batch_size=32, pretraining_epochs=2, gradient_examples=64)


@pytest.fixture(scope="module")
def few_bars(bars: Dataset) -> Dataset:
    return replace(bars, train_images=bars.train_images[:160], train_labels=bars.train_labels[:160])


@pytest.fixture(scope="module")
def result(few_bars: Dataset, recipe: Recipe) -> results.Result:
    return run(few_bars, recipe)


@pytest.fixture
def batch() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(4)
    return rng.random((7, SIZES[0]), np.float32), rng.integers(0, SIZES[-1], 7)


def test_gradient_of_every_layer_is_the_slope_of_the_loss(batch):
    parameters = [
        (kernel.astype(np.float64), bias.astype(np.float64))
        for kernel, bias in glorot_parameters(SIZES, np.random.default_rng(3))
    ]
    found = backpropagate(parameters, *batch)
    step = 1e-5

    for layer, (kernel, _) in enumerate(parameters):
        slopes = np.zeros_like(kernel)
        for place in np.ndindex(kernel.shape):
            losses = []
            for sign in (1, -1):
                moved = [(other.copy(), bias) for other, bias in parameters]
                moved[layer][0][place] += sign * step
                losses.append(backpropagate(moved, *batch).loss)
            slopes[place] = (losses[0] - losses[1]) / (2 * step)
        # The central difference is off by step² times a third derivative below 1, and by rounding / step.
        np.testing.assert_allclose(found.kernels[layer], slopes, atol=1e-9)


def test_gradient_of_a_bias_is_the_mean_over_the_pre_activations(batch):
    parameters = [
        (kernel, bias.astype(np.float64)) for kernel, bias in glorot_parameters(SIZES, np.random.default_rng(3))
    ]
    found = backpropagate(parameters, *batch)
    step = 1e-5

    for layer in range(len(parameters)):
        moved = [(kernel, bias.copy()) for kernel, bias in parameters]
        moved[layer][1][0] += step
        slope = (backpropagate(moved, *batch).loss - found.loss) / step
        assert found.pre_activations[layer][:, 0].mean() == pytest.approx(slope, abs=1e-5)


def test_keras_steps_along_the_very_gradient_that_is_measured(batch):
    parameters = glorot_parameters(SIZES, np.random.default_rng(3))
    model = make_network(parameters)
    model.compile(keras.optimizers.SGD(0.5), "sparse_categorical_crossentropy")
    found = backpropagate(parameters, *batch)

    loss = model.train_on_batch(*batch)

    assert float(loss) == pytest.approx(found.loss, rel=1e-5)
    for (before, _), after, gradient in zip(parameters, model.get_weights()[::2], found.kernels, strict=True):
        np.testing.assert_allclose(before - after, 0.5 * gradient, atol=1e-6)  # float32 weights below 1


def test_autoencoder_decodes_with_the_kernel_that_encodes():
    rng = np.random.default_rng(5)
    kernel = rng.normal(0, 0.5, (6, 3)).astype(np.float32)
    values = rng.random((40, 6), np.float32)
    autoencoder = make_autoencoder(kernel)
    codes = 1 / (1 + np.exp(-values @ kernel))

    logits = np.asarray(autoencoder.predict_on_batch(values))

    np.testing.assert_allclose(logits, codes @ kernel.T, rtol=1e-4, atol=1e-5)
    error = np.square(1 / (1 + np.exp(-logits)) - values).mean()
    assert reconstruction_error(autoencoder, values, batch_size=16) == pytest.approx(error, rel=1e-5)
    entropy = np.log1p(np.exp(logits)) - values * logits
    losses = np.asarray(reconstruction_loss(keras.ops.convert_to_tensor(values), keras.ops.convert_to_tensor(logits)))
    np.testing.assert_allclose(losses, entropy.sum(axis=1), rtol=1e-4)


def test_same_seed_gives_the_same_figures(few_bars, recipe, result):
    again = run(few_bars, recipe)

    assert _without_seconds(again) == _without_seconds(result)


def test_file_has_the_promised_form(result, recipe, tmp_path):
    path = results.write_result(tmp_path / "experiments", result)

    read = results.Result.model_validate_json(path.read_bytes())
    assert [arm.name for arm in read.arms] == ["small", "pretrained", "glorot"]
    assert {layer.name for layer in read.layers} == {"hidden_1", "hidden_2", "output"}
    assert asdict(recipe).keys() <= read.recipe.keys()
    for arm in read.arms:
        assert [epoch.epoch for epoch in arm.epochs] == [0, 1, 2]
        assert arm.gradients.step == (0, 1, 2, 5, 10)  # of five steps an epoch
        assert arm.gradients.epoch[-2:] == (1, 2)
        for name in ("kernel_magnitude", "kernel_rms", "pre_activation_magnitude", "pre_activation_rms"):
            rows = getattr(arm.gradients, name)
            assert name in read.axes
            assert len(rows) == len(arm.gradients.step)
            assert all(len(row) == len(read.layers) and min(row) > 0 for row in rows)
    layers = [(one.layer, len(one.error)) for one in read.arms[1].pretraining]
    assert layers == [("hidden_1", 3), ("hidden_2", 3)]
    assert path.stat().st_size < results.MAX_BYTES


def test_pretraining_begins_from_the_small_weights_and_learns_to_reconstruct(result):
    small, pretrained, _ = result.arms

    assert (small.pretraining, small.gradients.loss[0]) == ((), pytest.approx(np.log(10), abs=0.05))
    assert all(layer.error[-1] < layer.error[0] for layer in pretrained.pretraining)
    assert pretrained.gradients.kernel_rms[0] != small.gradients.kernel_rms[0]


def test_result_that_a_page_should_not_load_is_refused(result, tmp_path):
    large = result.model_copy(update={"sources": ("x" * results.MAX_BYTES,)})

    with pytest.raises(results.ResultTooLarge, match="300000"):
        results.write_result(tmp_path, large)

    assert list(tmp_path.iterdir()) == []


def test_committed_result_can_be_read(models_dir):
    path = models_dir / "experiments" / "pretraining.json"

    result = results.Result.model_validate_json(path.read_bytes())

    assert path.stat().st_size <= results.MAX_BYTES
    assert result.recipe == {"activation": "sigmoid", "optimizer": "sgd", **_as_json(Recipe())}
    assert (result.measured.train_examples, result.measured.test_examples) == (60_000, 10_000)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["experiment", "flying"], "there is no experiment “flying”; there is pretraining."),
        (["experiment", "pretraining", "--data-dir", "nowhere"], "does not exist"),
    ],
)
def test_experiment_that_cannot_be_run_gets_one_sentence(capsys, arguments, sentence):
    assert main(arguments) == 1

    error = capsys.readouterr().err
    assert sentence in error
    assert error.count("\n") == 1


def test_interrupted_experiment_writes_nothing_and_says_so(capsys, monkeypatch, bars_dir, tmp_path):
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("training.experiments.pretraining.run", interrupt)

    status = main(["experiment", "pretraining", "--data-dir", str(bars_dir), "--models-dir", str(tmp_path)])

    assert status == 130
    assert "Nothing was written" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_command_writes_the_file_and_prints_each_arm(capsys, monkeypatch, bars_dir, tmp_path, result):
    monkeypatch.setattr("training.experiments.pretraining.run", lambda *_: result)

    assert main(["experiment", "pretraining", "--data-dir", str(bars_dir), "--models-dir", str(tmp_path)]) == 0

    assert "Pretrained layer by layer: " in capsys.readouterr().out
    assert (
        results.Result.model_validate_json((tmp_path / "experiments" / "pretraining.json").read_bytes()).name
        == "pretraining"
    )


def _without_seconds(result: results.Result) -> dict:
    found = result.model_dump(exclude={"seconds": True, "recipe": True})
    for arm in found["arms"]:
        for part in (*arm["epochs"], *arm["pretraining"]):
            part.pop("seconds")
    return found


def _as_json(recipe: Recipe) -> dict:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(recipe).items()}
