"""From a recipe's words to an optimiser, and that the words of the committed cards keep their meaning."""

import json
from dataclasses import MISSING, fields, replace

import keras
import numpy as np
import pytest

from training.architectures import cifar10_cnn
from training.recipes import RECIPES, Recipe
from training.run.optimizers import learning_rate, make_optimizer


@pytest.fixture
def falling(recipe: Recipe) -> Recipe:
    """Ten epochs, two of them to warm up."""
    return replace(recipe, schedule="cosine", epochs=10, warmup_epochs=2, learning_rate=0.01)


@pytest.mark.parametrize(
    ("step", "rate"), [(0, 0), (50, 0.0025), (200, 0.01), (400, 0.0085355), (600, 0.005), (1000, 0), (1100, 0)]
)
def test_learning_rate_rises_in_a_line_and_falls_along_a_cosine(falling, step, rate):
    assert float(learning_rate(falling, steps_per_epoch=100)(step)) == pytest.approx(rate, abs=1e-7)


def test_without_warm_up_the_learning_rate_begins_at_its_highest(falling):
    schedule = learning_rate(replace(falling, warmup_epochs=0), steps_per_epoch=100)

    assert [float(schedule(step)) for step in (0, 500, 1000)] == pytest.approx([0.01, 0.005, 0], abs=1e-7)


def test_constant_learning_rate_is_a_number(recipe):
    assert learning_rate(recipe, steps_per_epoch=100) == recipe.learning_rate


def test_decay_takes_its_share_of_a_weight_that_nothing_pulls_at(recipe):
    optimizer = make_optimizer(replace(recipe, optimizer="adamw", weight_decay=0.1, learning_rate=0.5), 100)
    weight = keras.Variable(np.array([2.0], np.float32))

    optimizer.apply([np.zeros(1, np.float32)], [weight])

    assert keras.ops.convert_to_numpy(weight).item() == pytest.approx(2 * (1 - 0.1 * 0.5))


@pytest.mark.parametrize("name", ["mnist-mlp-lecture", "cifar10-cnn-lecture"])
def test_lectures_recipes_use_none_of_the_options(name):
    neutral = {field.name: field.default for field in fields(Recipe) if field.default is not MISSING}

    assert {key: getattr(RECIPES[name], key) for key in neutral} == neutral


def test_cards_say_what_their_recipes_say(models_dir):
    neutral = {field.name: field.default for field in fields(Recipe) if field.default is not MISSING}

    for path in sorted(models_dir.glob("*/card.json")):
        card = json.loads(path.read_text("utf-8"))
        assert RECIPES[card["name"]].as_data() == {**json.loads(json.dumps(neutral)), **card["recipe"]}


def test_constant_normalization_holds_no_weights_and_whitens_each_channel():
    model = cifar10_cnn(normalization=((0.5, 0.4, 0.3), (0.04, 0.09, 0.16)))

    assert model.count_params() == 1_250_858
    normalised = np.asarray(model.get_layer("normalization")(np.full((1, 32, 32, 3), 0.7, np.float32)))
    assert normalised[0, 0, 0].tolist() == pytest.approx([1, 1, 1], abs=1e-5)
