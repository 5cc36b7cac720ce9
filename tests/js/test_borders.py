"""What crosses between Python and JavaScript is read on one side as it was meant on the other."""

import json

import numpy as np
import pytest

from app import wire
from app.images import decode_image
from tests.js.conftest import Node


def test_page_reads_the_frame_that_the_server_writes(node: Node) -> None:
    random = np.random.default_rng(7)
    tensors = {
        "input": random.random((4, 4)).astype(np.float32),
        "hidden_1": np.float32(9) * random.standard_normal(7).astype(np.float32),
        "hidden_2": np.zeros(3, np.float32),
    }

    seen = json.loads(node("read_frame.js", stdin=wire.frame({"label": "7"}, tensors)))

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

    seen = json.loads(node("read_frame.js", stdin=wire.frame({}, {"output": values})))

    assert seen["tensors"]["output"]["values"][0] == 0


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
