"""Units switched off and dropout left on, held to the same arithmetic in NumPy."""

import numpy as np
import pytest

from app.bundle.card import ModelCard
from app.network.thinning import dropout_layers, dropout_masks, masks_without, switchable_units, vote

LOGIT_TOLERANCE = 1e-4  # float32 sums in another order than float64 ones


def test_only_hidden_dense_units_and_maps_can_be_switched_off(mlp, cnn):
    assert switchable_units(mlp.card) == {"hidden_1": 512, "hidden_2": 512, "hidden_3": 512}
    assert switchable_units(cnn.card) == {"conv_1": 32, "conv_2": 32, "conv_3": 64, "conv_4": 64, "hidden": 512}


def test_dense_units_switched_off_are_those_whose_weights_go_nowhere(mlp, images, forward):
    image = images[mlp.card.name]
    plain = mlp.run(image[np.newaxis])
    strongest = np.argsort(plain.layers[-3].activation[0])[-3:].tolist()
    kernel = mlp.weights["output"].kernel.copy()
    kernel[strongest] = 0

    switched = mlp.run_masked(image[np.newaxis], masks_without(mlp.card, {"hidden_3": strongest}))

    expected = forward(mlp, image, kernels={"output": kernel})
    assert switched.logits[0] == pytest.approx(expected, abs=LOGIT_TOLERANCE)
    assert np.abs(switched.logits - plain.logits).max() > 0.1
    layers = {layer.name: layer for layer in switched.layers}
    assert not layers["hidden_3"].activation[0, strongest].any()
    assert layers["hidden_3"].pre_activation[0, strongest].any()


def test_maps_and_units_of_several_layers_are_switched_off_together(cnn, images, forward):
    image = images[cnn.card.name]
    off = {"conv_2": (0, 7), "hidden": (3, 100)}
    kernels = {name: cnn.weights[name].kernel.copy() for name in ("conv_3", "output")}
    kernels["conv_3"][:, :, [0, 7]] = 0
    kernels["output"][[3, 100]] = 0

    switched = cnn.run_masked(image[np.newaxis], masks_without(cnn.card, off))

    assert switched.logits[0] == pytest.approx(forward(cnn, image, kernels=kernels), abs=LOGIT_TOLERANCE)


@pytest.mark.parametrize("which", ["mlp", "cnn"])
def test_without_masks_the_network_is_the_plain_one(which, images, request):
    network = request.getfixturevalue(which)
    batch = np.stack([images[network.card.name], np.zeros_like(images[network.card.name])])

    plain, masked = network.run(batch), network.run_masked(batch, {})

    for one, other in zip(plain.layers, masked.layers, strict=True):
        assert one.name == other.name
        assert np.allclose(one.activation, other.activation, rtol=0, atol=LOGIT_TOLERANCE)
        if one.pre_activation is not None:
            assert np.allclose(one.pre_activation, other.pre_activation, rtol=0, atol=LOGIT_TOLERANCE)


def test_dropout_keeps_the_share_that_each_layers_rate_says(cnn):
    masks = dropout_masks(cnn.card, 40, np.random.default_rng(7))

    assert {name: layer.options["rate"] for name, layer in dropout_layers(cnn.card).items()} == {
        "dropout_1": 0.25,
        "dropout_2": 0.25,
        "dropout_3": 0.5,
    }
    for name, layer in dropout_layers(cnn.card).items():
        rate, mask = layer.options["rate"], masks[name]
        assert mask.shape == (40, *layer.shape)
        assert mask.dtype == np.float32
        assert np.unique(mask).tolist() == [0, np.float32(1 / (1 - rate))]
        five_deviations = 5 * np.sqrt(rate * (1 - rate) / mask.size)
        assert (mask == 0).mean() == pytest.approx(rate, abs=five_deviations)


def test_layer_that_drops_nothing_is_no_dropout(mlp):
    layers = [
        layer.model_copy(update={"options": {"rate": 0.0}}) if layer.name == "dropout_1" else layer
        for layer in mlp.card.layers
    ]
    card: ModelCard = mlp.card.model_copy(update={"layers": tuple(layers)})

    assert list(dropout_layers(card)) == ["dropout_2", "dropout_3"]


@pytest.mark.parametrize("which", ["mlp", "cnn"])
def test_each_vote_is_that_of_its_own_thinned_network(which, images, forward, request):
    network = request.getfixturevalue(which)
    image = images[network.card.name]
    masks = dropout_masks(network.card, 3, np.random.default_rng(11))

    votes = vote(network, image, 3, 11)

    for index, probabilities in enumerate(votes.probabilities):
        logits = forward(
            network,
            image,
            changes=lambda name, activation, index=index: (
                activation * masks[name][index] if name in masks else activation
            ),
        )
        exponentials = np.exp(logits - logits.max())
        assert probabilities == pytest.approx(exponentials / exponentials.sum(), abs=1e-5)


def test_votes_are_counted_and_the_same_seed_gives_the_same_ones(cnn, images):
    image = images[cnn.card.name]

    votes, again, others = (vote(cnn, image, 20, seed) for seed in (1, 1, 2))

    assert np.array_equal(votes.probabilities, again.probabilities)
    assert not np.array_equal(votes.probabilities, others.probabilities)
    assert votes.counts.sum() == 20
    assert votes.counts.tolist() == [(votes.probabilities.argmax(axis=1) == index).sum() for index in range(10)]
    assert votes.mean == pytest.approx(votes.probabilities.mean(axis=0), abs=1e-6)
    assert votes.deviation == pytest.approx(votes.probabilities.std(axis=0), abs=1e-6)
    assert votes.deviation.max() > 0.01


def test_thinned_networks_answer_on_average_as_the_whole_one_does(mlp, images):
    image = images[mlp.card.name]

    votes = vote(mlp, image, 100, 1)

    assert votes.counts.argmax() == 7
    assert votes.mean == pytest.approx(mlp.run(image[np.newaxis]).probabilities[0], abs=0.05)
