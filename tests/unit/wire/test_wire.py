"""Numbers as they travel: eight bits that keep zero, and decimals that give back the same float32."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from app.http.codings import compress
from app.http.json_text import PIECE_VALUES, Items, Numbers, dump_json, dump_json_in_pieces
from app.network.traced import Weights
from app.scheduling.checkpoint import Cancelled
from app.wire import answers

FLOATS = st.floats(-1e6, 1e6, width=32)
TENSORS = hnp.arrays(np.float32, hnp.array_shapes(min_dims=1, max_dims=3, max_side=8), elements=FLOATS)


@given(TENSORS)
def test_every_number_in_json_gives_back_the_same_float32(values):
    parsed = json.loads(dump_json(answers.tensor(values)))

    assert np.array_equal(np.array(parsed["values"], np.float32).reshape(parsed["shape"]), values)


def test_numbers_in_json_are_their_shortest_decimals():
    assert dump_json({"x": np.array([0.1, 1 / 3, 1e-7], np.float32)}) == b'{"x":[0.1,0.33333334,1e-7]}'


def test_array_that_is_not_contiguous_travels_in_its_own_order():
    values = np.arange(6, dtype=np.float32).reshape(2, 3).T

    assert dump_json(answers.tensor(values)) == b'{"shape":[3,2],"values":[0.0,3.0,1.0,4.0,2.0,5.0]}'


def test_weights_that_are_written_in_pieces_are_what_they_would_be_in_one():
    kernel = np.random.default_rng(7).normal(size=(300, 130)).astype(np.float32).T
    weights = Weights(kernel, np.zeros(300, np.float32))

    pieces = list(answers.layer_weights("hidden “1”", weights))

    whole = {"layer": "hidden “1”", "kernel": answers.tensor(kernel), "bias": answers.tensor(weights.bias)}
    assert b"".join(pieces) == dump_json(whole)
    assert max(len(piece) for piece in pieces) < kernel.size // 2 * len("-0.12345678,")


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"a": [], "b": {}, "c": None},
        {"a": Numbers(np.arange(3 * PIECE_VALUES, dtype=np.float32)), "b": "ż"},
        {
            "layers": [
                {"name": "hidden", "values": Numbers(np.ones(2))},
                {"name": "output", "values": Numbers(np.ones(0))},
            ]
        },
    ],
)
def test_json_in_pieces_is_the_same_json(value):
    assert dump_json_in_pieces(value, lambda: None) == dump_json(value)


def test_items_are_made_as_they_are_written():
    made, seen = [], []

    def items():
        for number in range(4):
            made.append(number)
            yield {"number": number, "values": [number]}

    text = dump_json_in_pieces({"items": Items(items())}, lambda: seen.append(len(made)))

    assert json.loads(text) == {"items": [{"number": number, "values": [number]} for number in range(4)]}
    assert sorted(set(seen)) == [0, 1, 2, 3, 4]
    assert dump_json({"items": Items(items())}) == text


def test_writing_ends_where_its_checkpoint_raises():
    def cancel():
        raise Cancelled

    with pytest.raises(Cancelled):
        dump_json_in_pieces({"values": Numbers(np.ones(3 * PIECE_VALUES))}, cancel)


@given(TENSORS)
def test_eight_bits_lie_within_half_a_step_and_zero_stays_zero(values):
    steps, scale = answers.quantise(values)

    tiny = 1e-38  # below the smallest normal float32 a step cannot be told from nothing
    assert np.all(np.abs(steps * np.float64(scale) - values) <= 0.5001 * scale + tiny)
    assert np.all(steps[values == 0] == 0)
    assert steps.min(initial=0) >= -127


@given(st.lists(TENSORS, min_size=1, max_size=4))
def test_frame_can_be_taken_apart_again(tensors):
    named = {f"layer_{number}": tensor for number, tensor in enumerate(tensors)}

    frame = answers.frame({"label": "7"}, named)

    assert frame[:4] == b"LSF1"
    end = 8 + int.from_bytes(frame[4:8], "little")
    header = json.loads(frame[8:end])
    assert header["answer"] == {"label": "7"}
    for entry, (name, tensor) in zip(header["tensors"], named.items(), strict=True):
        steps, scale = answers.quantise(tensor)
        assert (entry["name"], entry["shape"]) == (name, list(tensor.shape))
        assert frame[end + entry["offset"] :][: entry["length"]] == steps.tobytes()
        assert np.float32(entry["scale"]) == np.float32(scale)


def test_body_is_compressed_only_where_that_makes_it_smaller():
    assert compress(b"x") is None
    assert len(compress(b"x" * 1000) or b"") < 100
