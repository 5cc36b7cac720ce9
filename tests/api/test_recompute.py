"""The lines of NumPy that the page offers print the very number as they stand, and are the documented ones."""

import json
from pathlib import Path

import httpx
import numpy as np
import pytest

from tests.api.conftest import CNN, MLP
from tests.js.conftest import run_node

FILE = "drawing.png"


def written(layer: str, source: str, model: str, kind: str, **spot: int) -> str:
    """What the page writes for a unit of a layer."""
    asked = {
        "origin": "http://layerscope.test",
        "model": model,
        "layer": {"name": layer, "kind": kind, "options": {}},
        "source": source,
        "spot": {"channel": 0, "row": 0, "column": 0, **spot},
        "file": FILE,
        "type": "image/png",
        "fit": "centre",
    }
    return run_node("write_recompute.js", stdin=json.dumps(asked).encode()).decode()


@pytest.mark.parametrize(
    ("model", "kind", "layer", "source", "spot"),
    [
        (MLP, "dense", "hidden_1", "input", {"channel": 205}),
        (MLP, "dense", "output", "hidden_3", {"channel": 7}),
        (CNN, "dense", "hidden", "pool_2", {"channel": 77}),
        (CNN, "convolution", "conv_1", "input", {"channel": 5, "row": 0, "column": 31}),
        (CNN, "convolution", "conv_2", "conv_1", {"channel": 31, "row": 29, "column": 3}),  # without padding
    ],
)
def test_lines_that_the_page_offers_print_the_very_number(
    client, seven, tmp_path, monkeypatch, capsys, model, kind, layer, source, spot
):
    (tmp_path / FILE).write_bytes(seven)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(httpx, "Client", lambda base_url: client)

    exec(compile(written(layer, source, model, kind, **spot), "recompute.py", "exec"), {})

    said, summed = map(float, capsys.readouterr().out.split())
    address = {"unit": spot["channel"]} if kind == "dense" else spot
    asked = {"model": model, "layer": layer, **address}
    answer = client.post("/explain/unit", params=asked, content=seven, headers={"Content-Type": "image/png"})
    explained = answer.json()
    assert explained["source"]["layer"] == source
    assert np.float32(said) == np.float32(explained["value"])
    assert summed == pytest.approx(explained["value"] - explained["residual"], abs=1e-12)


@pytest.mark.parametrize(("kind", "name"), [("dense", "recompute_dense"), ("convolution", "recompute_convolution")])
def test_lines_that_the_page_offers_are_the_documented_ones(root: Path, kind: str, name: str) -> None:
    offered = written("layer", "source", "model", kind).strip().split("\n\n")[-1].splitlines()
    function = (root / "docs" / "recompute.py").read_text().split(f"def {name}(")[1]
    documented = [line.strip() for line in function.split('."""\n')[1].split("\n\n")[0].splitlines()]

    assert offered[:-1] == documented[:-1]
    assert offered[-1] == documented[-1].replace("return ", "print(") + ")"
