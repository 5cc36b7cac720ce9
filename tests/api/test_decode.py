"""A code in, an image out: the second half of an autoencoder; and the map of the test images' codes."""

import json

import numpy as np
import pytest

from app.routes.examples import seven_pixels
from app.schemas.answers import AtlasMap, DecodeAnswer, LayerStatistics

PLANE, WIDE = "mnist-autoencoder", "mnist-autoencoder-32"
SIZES = {PLANE: 2, WIDE: 32}


def decode(client, model: str, code: object):
    return client.post(f"/decode?model={model}", json={"code": code})


@pytest.mark.parametrize("model", SIZES)
def test_code_of_an_image_is_decoded_to_its_reconstruction(client, model):
    whole = client.post(f"/predict?model={model}", json={"pixels": seven_pixels().tolist()}).json()

    answer = DecodeAnswer.model_validate_json(decode(client, model, whole["code"]).content, strict=True)

    assert answer.code == whole["code"]
    assert answer.reconstruction.shape == whole["reconstruction"]["shape"] == [28, 28]
    assert answer.reconstruction.values == pytest.approx(whole["reconstruction"]["values"], abs=1e-5)


def test_another_code_draws_another_image(client):
    here, there = (decode(client, PLANE, code).json()["reconstruction"]["values"] for code in ([0, 0], [20.5, -7]))

    assert np.abs(np.subtract(here, there)).max() > 0.5


@pytest.mark.parametrize("code", [[1e6, -1e6], [0, -1e6]])
def test_code_far_beyond_every_image_still_draws_numbers(client, code):
    values = np.array(decode(client, PLANE, code).json()["reconstruction"]["values"], np.float64)

    assert np.isfinite(values).all()
    assert 0 <= values.min() <= values.max() <= 1


@pytest.mark.parametrize(
    "code", [[], [1], [1, 2, 3], [[1, 2]], 7, None, "12", [None, 1], ["1", 2], [True, 1], [1e7, 0], [10**30, 0]]
)
def test_code_that_does_not_fit_is_answered_with_how_many_numbers_do(client, code):
    body = json.dumps({"code": code})

    answer = client.post(f"/decode?model={PLANE}", content=body, headers={"Content-Type": "application/json"})

    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid-code")
    assert (answer.json()["numbers"], answer.json()["maximum"]) == (2, 1_000_000)


@pytest.mark.parametrize(
    "body", [b"", b"[1, 2]", b'{"codes": [1, 2]}', b'{"code": [NaN, 1]}', b'{"code": [1, 2], "layer": "code"}', b"\xff"]
)
def test_body_that_holds_no_code_is_refused(client, body):
    answer = client.post(f"/decode?model={PLANE}", content=body, headers={"Content-Type": "application/json"})

    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid-request")


@pytest.mark.parametrize("query", ["", "?model=mnist-mlp-lecture"])
def test_network_without_a_code_is_answered_with_those_that_have_one(client, query):
    answer = client.post(f"/decode{query}", json={"code": [1, 2]})

    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/no-code")
    assert set(SIZES) <= set(answer.json()["models"])


def test_body_over_the_limit_is_refused(client, app):
    answer = client.post(f"/decode?model={PLANE}", content=b" " * (app.state.services.settings.max_body_bytes + 1))

    assert (answer.status_code, answer.json()["type"]) == (413, "/problems/too-many-bytes")


def test_map_of_a_code_of_two_numbers_holds_the_codes_themselves(client):
    atlas = AtlasMap.model_validate_json(client.get(f"/models/{PLANE}/atlas").content)
    code = LayerStatistics.model_validate_json(client.get(f"/models/{PLANE}/statistics/code").content)

    codes = np.reshape(atlas.coordinates.values, atlas.coordinates.shape)
    measured = np.reshape(code.activation.quantiles.values, code.activation.quantiles.shape)
    assert (atlas.is_code, atlas.layer, len(codes)) == (True, "code", code.examples)
    assert np.allclose(np.quantile(codes, code.levels, axis=0).T, measured, atol=0.1)


@pytest.mark.parametrize("model", [WIDE, "mnist-mlp"])
def test_map_of_more_numbers_says_that_it_is_no_code(client, model):
    assert client.get(f"/models/{model}/atlas").json()["is_code"] is False
