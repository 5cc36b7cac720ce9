"""What crosses between Python and JavaScript is read on one side as it was meant on the other."""

import json
from pathlib import Path

import numpy as np
import pytest

from app.bundle.files import read_bundle
from app.network.readings import read_layers
from app.network.thinning import masks_without
from app.network.traced import Network
from app.preprocessing.images import decode_image
from app.wire import answers
from tests.js.conftest import Node


def test_page_reads_the_frame_that_the_server_writes(node: Node) -> None:
    random = np.random.default_rng(7)
    tensors = {
        "input": random.random((4, 4)).astype(np.float32),
        "hidden_1": np.float32(9) * random.standard_normal(7).astype(np.float32),
        "hidden_2": np.zeros(3, np.float32),
    }

    seen = json.loads(node("read_frame.js", stdin=answers.frame({"label": "7"}, tensors)))

    assert seen["answer"] == {"label": "7"}
    assert list(seen["tensors"]) == list(tensors)
    for name, values in tensors.items():
        assert seen["tensors"][name]["shape"] == list(values.shape)
        half_a_step = np.abs(values).max() / 127 / 2
        np.testing.assert_allclose(
            seen["tensors"][name]["values"], values.ravel(), rtol=1e-6, atol=half_a_step * (1 + 1e-5)
        )


def test_zero_stays_zero_in_a_frame(node: Node) -> None:
    values = np.array([0, 1e-6, -5], np.float32)

    seen = json.loads(node("read_frame.js", stdin=answers.frame({}, {"output": values})))

    assert seen["tensors"]["output"]["values"][0] == 0


def test_page_derives_the_layers_of_a_network_with_units_off_as_the_server_gives_them(
    node: Node, models_dir: Path
) -> None:
    network = Network(read_bundle(models_dir / "cifar10-cnn-lecture"))
    off = {"conv_2": [0, 5], "hidden": [3, 400]}
    image = np.random.default_rng(7).random((1, 32, 32, 3)).astype(np.float32)

    layers = read_layers(network.run_masked(image, masks_without(network.card, off)), 0)
    pre_activations = {layer.name: layer.pre_activation for layer in layers if layer.pre_activation is not None}
    header = {"card": network.card.model_dump(mode="json"), "off": answers.units_off(off)}
    derived = json.loads(node("derive_frame.js", stdin=answers.frame(header, {"input": image[0], **pre_activations})))

    step = 0.0  # of the 8-bit scale that a layer's values came by
    for layer in layers:
        step = np.abs(pre_activations[layer.name]).max() / 127 if layer.name in pre_activations else step
        np.testing.assert_allclose(derived[layer.name], layer.activation.ravel(), atol=max(step, 1 / 127))
    assert not np.reshape(derived["conv_2"], (30, 30, 32))[..., off["conv_2"]].any()


@pytest.mark.parametrize("kind", ["grey", "colour"])
def test_server_reads_the_bitmap_that_the_page_writes(node: Node, kind: str) -> None:
    levels = np.array([[0, 50, 100], [150, 200, 250]], np.uint8)
    expected = (
        np.stack([levels] * 3, axis=-1)
        if kind == "grey"
        else np.stack([levels, 255 - levels, np.full_like(levels, 7)], axis=-1)
    )

    image = decode_image(node("write_bitmap.js", kind))

    np.testing.assert_array_equal(image.rgb, expected)
