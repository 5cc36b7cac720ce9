"""What the test set does in a layer, over HTTP: where a value lies among those of its unit or map."""

import numpy as np
import pytest

from app.schemas.answers import LayerStatistics

MLP, CNN = "mnist-mlp-lecture", "cifar10-cnn-lecture"


@pytest.mark.parametrize(("model", "layer", "rows"), [(MLP, "hidden_1", 512), (CNN, "conv_1", 32), (CNN, "output", 10)])
def test_every_unit_or_map_has_its_quantiles_within_the_layers_histogram(client, model, layer, rows):
    answer = LayerStatistics.model_validate_json(client.get(f"/models/{model}/statistics/{layer}").content)

    assert (answer.levels[0], answer.levels[-1]) == (0, 1)
    for spread in (answer.pre_activation, answer.activation):
        quantiles = np.reshape(spread.quantiles.values, spread.quantiles.shape)
        assert quantiles.shape == (rows, len(answer.levels))
        assert (np.diff(quantiles) >= 0).all()
        assert quantiles.min() == pytest.approx(spread.histogram.edges[0])
        assert quantiles.max() == pytest.approx(spread.histogram.edges[-1])
        assert sum(spread.histogram.counts) == answer.examples * np.prod(answer.shape)


def test_layer_without_an_activation_of_its_own_has_no_pre_activation(client):
    answer = client.get(f"/models/{CNN}/statistics/pool_1").json()

    assert "pre_activation" not in answer
    assert min(answer["activation"]["quantiles"]["values"]) == 0


@pytest.mark.parametrize(
    ("address", "problem"),
    [(f"{MLP}/statistics/nothing", "unknown-layer"), ("nothing/statistics/output", "unknown-model")],
)
def test_what_is_not_there_is_a_problem(client, address, problem):
    answer = client.get(f"/models/{address}")

    assert (answer.status_code, answer.json()["type"]) == (404, f"/problems/{problem}")


def test_layer_that_was_not_measured_is_answered_with_those_that_were(client, app, monkeypatch):
    network = app.state.services.library.networks[MLP]
    monkeypatch.setitem(network.__dict__, "statistics", {"output": network.statistics["output"]})

    answer = client.get(f"/models/{MLP}/statistics/hidden_1")

    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/no-statistics")
    assert answer.json()["layers"] == ["output"]
