"""Every operation's answers to fixed requests, as hashes: ``python -m tests.api.contract`` prints them all.

An exact hash covers every number, and holds for one machine: another processor rounds a sum in its own way. The hash of
an answer's form leaves the numbers out, keeps keys, types, words and array shapes, and holds everywhere.
"""

import argparse
import hashlib
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import numpy as np
from PIL import Image

from app.main import create_app
from app.routes.examples import seven_pixels, seven_png
from app.settings import Settings
from tests.api.conftest import Client

ROOT = Path(__file__).parents[2]

CHANGING = {"timing_ms"}
"""What differs from one run to the next."""

WORDS = {"detail", "title", "description"}
"""Texts for people, which may be put in other words."""

HEADERS = ("content-type", "content-encoding", "retry-after", "allow", "vary", "cache-control", "accept")


@dataclass(frozen=True)
class Call:
    """One request."""

    method: str
    path: str
    params: dict[str, Any] = field(default_factory=dict)
    body: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The request in one line; its body by the hash."""
        query = "&".join(f"{key}={value}" for key, value in self.params.items())
        sent = hashlib.sha256(self.body).hexdigest()[:8] if self.body else "-"
        return f"{self.method} {self.path}?{query} {self.headers.get('Content-Type', '-')} {sent}"


def photograph() -> bytes:
    """Return a PNG of smooth colours: 48 × 40 pixels, none of them blank."""
    rows, columns = np.mgrid[0:40, 0:48]
    channels = [127 + 120 * np.sin(rows / 7 + phase) * np.cos(columns / 9 - phase) for phase in (0, 1, 2)]
    file = io.BytesIO()
    Image.fromarray(np.stack(channels, axis=2).astype(np.uint8)).save(file, "PNG")
    return file.getvalue()


def calls(cards: list[dict[str, Any]]) -> Iterator[Call]:
    """Yield the requests: for every network all operations, and what is wrong with each."""
    yield from _general()
    for card in cards:
        yield from _of_network(card)


def _general() -> Iterator[Call]:
    for path in ("/healthz", "/readyz", "/models", "/models/none", "/nowhere"):
        yield Call("GET", path)
    png = {"Content-Type": "image/png"}
    yield Call("POST", "/predict", {}, seven_png(), png)
    yield Call("POST", "/predict", {"model": "none"}, seven_png(), png)
    yield Call("POST", "/predict", {"nonsense": 1}, seven_png(), png)
    yield Call("POST", "/predict", {"format": "xml"}, seven_png(), png)
    yield Call("POST", "/predict", {}, b"no picture", png)
    yield Call("POST", "/predict", {}, seven_png()[:60], png)
    yield Call("POST", "/predict", {}, b"", png)
    yield Call("POST", "/predict", {}, b"text", {"Content-Type": "text/plain"})
    yield Call("POST", "/predict", {}, b"{", {"Content-Type": "application/json"})
    yield Call("POST", "/predict", {}, b'{"pixels": [1]}', {"Content-Type": "application/json"})
    yield Call("GET", "/predict")
    yield Call("POST", "/explain/unit", {}, seven_png(), png)
    yield Call("HEAD", "/models")


def _of_network(card: dict[str, Any]) -> Iterator[Call]:
    name, layers = card["name"], card["layers"]
    image = seven_png() if card["input"]["preprocessing"] == "digits" else photograph()
    png = {"Content-Type": "image/png"}

    def post(path: str, **params: Any) -> Call:
        return Call("POST", path, {"model": name, **params}, image, png)

    for asked in ("none", "summary", "full", layers[1]["name"], "nothing"):
        yield post("/predict", layers=asked)
    for form in ("frame", "npz"):
        yield post("/predict", layers="full", format=form)
    yield post("/predict", steps="images", fit="squeeze")
    for step in (*(step["name"] for step in card["steps"]), "nothing"):
        yield post("/predict", skip_steps=step)
    hidden = [layer for layer in layers[1:-1] if layer["kind"] in ("dense", "convolution")]
    for layer in hidden:
        yield post("/predict", off=f"{layer['name']}:0,{layer['name']}:3", layers="summary")
    yield post("/predict", off="nothing:1")
    yield post("/predict", off=f"{layers[0]['name']}:1")
    yield post("/predict", off=f"{hidden[0]['name']}:99999")
    yield from _batches(name, image)
    yield from _explanations(card, post)
    code = (card["reconstruction"] or {"code": 2})["code"]
    for numbers in (code, code + 1):
        body = json.dumps({"code": [1.5] * numbers}).encode()
        yield Call("POST", "/decode", {"model": name}, body, {"Content-Type": "application/json"})
    yield from _looked_up(name, layers, hidden)


def _batches(name: str, image: bytes) -> Iterator[Call]:
    boundary = {"Content-Type": "multipart/form-data; boundary=between"}
    files = ((b"1.png", image), (b"2.png", b"none"), (b"3.png", image))
    parts = b"".join(
        b'--between\r\nContent-Disposition: form-data; name="file"; filename="%b"\r\n\r\n%b\r\n' % file
        for file in files
    )
    for params in ({}, {"layers": "summary"}, {"format": "npz", "layers": "full"}, {"layers": "full"}):
        yield Call("POST", "/predict/batch", {"model": name, **params}, parts + b"--between--\r\n", boundary)
    pixels = json.dumps({"pixels": seven_pixels().tolist()}).encode()
    yield Call("POST", "/predict", {"model": name}, pixels, {"Content-Type": "application/json"})


def _explanations(card: dict[str, Any], post: Any) -> Iterator[Call]:
    for layer in card["layers"]:
        axes = {1: ("unit",), 2: ("row", "column"), 3: ("row", "column", "channel")}[len(layer["shape"])]
        yield post("/explain/unit", layer=layer["name"], **dict.fromkeys(axes, 1))
        yield post("/explain/unit", layer=layer["name"], **dict.fromkeys(axes, 9999))
    yield post("/explain/unit", layer="nothing", unit=1)
    yield post("/explain/trace")
    labels = card["classes"]["en"]
    yield post("/explain/trace", target=labels[3], against=labels[5])
    yield post("/explain/trace", target=labels[3], against=labels[3])
    for of in ("logit", "probability"):
        yield post("/explain/gradients", of=of, layers="full")
        yield post("/explain/gradients", of=of, target="all")
        yield post("/explain/gradcam", of=of)
        yield post("/explain/occlusion", of=of, stride=4, target=labels[2])
    yield post("/explain/gradcam", layer=card["layers"][1]["name"])
    yield post("/explain/occlusion", window=500)
    yield post("/explain/gradients", target="nothing")
    yield post("/explain/votes", samples=7, seed=3)


def _looked_up(name: str, layers: list[dict[str, Any]], hidden: list[dict[str, Any]]) -> Iterator[Call]:
    yield Call("GET", f"/models/{name}")
    for layer in (*(layer["name"] for layer in layers), "nothing"):
        for what in ("weights", "statistics", "atlas"):
            yield Call("GET", f"/models/{name}/{what}/{layer}")
    for path in ("atlas", "gallery", "gallery/7", "gallery/7.png", "gallery/99999"):
        yield Call("GET", f"/models/{name}/{path}")
    for params in ({"wrong": True, "sort": "doubt"}, {"label": "3", "limit": 3}, {"label": "nothing"}):
        yield Call("GET", f"/models/{name}/gallery", params)
    for off in ({}, {"off": f"{hidden[0]['name']}:1"}, {"off": "nothing:1"}):
        yield Call("GET", f"/models/{name}/accuracy", off)


def digest(answer: httpx.Response, *, exact: bool) -> str:
    """Return the hash of an answer: of every number where ``exact``, else of its form and words."""
    said = [answer.status_code, {name: answer.headers.get(name) for name in HEADERS}]
    text = json.dumps([*said, _form(_decoded(answer), exact=exact)], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _decoded(answer: httpx.Response) -> Any:
    media_type = answer.headers.get("content-type", "").partition(";")[0]
    body = answer.content
    if media_type.endswith("json"):
        return answer.json() if body else None
    if media_type == "application/x-npz":
        with np.load(io.BytesIO(body)) as archive:
            return {key: archive[key] for key in archive.files}
    if body[:4] == b"LSF1" or "frame" in media_type:
        length = int.from_bytes(body[4:8], "little")
        return {"header": json.loads(body[8 : 8 + length]), "payload": np.frombuffer(body[8 + length :], np.int8)}
    return {"bytes": np.frombuffer(body, np.uint8)}


def _form(value: Any, *, exact: bool) -> Any:
    """Return what is hashed of an answer's part."""
    if isinstance(value, dict):
        left_out = CHANGING | WORDS
        return {key: "…" if key in left_out else _form(member, exact=exact) for key, member in value.items()}
    if isinstance(value, np.ndarray):
        numbers = hashlib.sha256(np.ascontiguousarray(value).tobytes()).hexdigest() if exact else ""
        return [str(value.dtype), list(value.shape), numbers]
    if isinstance(value, list):
        return [_form(one, exact=exact) for one in value]
    is_number = isinstance(value, bool | int | float) or (isinstance(value, str) and value.startswith("data:"))
    return type(value).__name__.replace("int", "float") if is_number and not exact else value


def record(models_dir: Path, *, exact: bool) -> dict[str, str]:
    """Return the hash of every answer, by its request."""
    client = Client(create_app(Settings(models_dir=models_dir)))
    names = [model["name"] for model in client.get("/models").json()["models"]]
    cards = [client.get(f"/models/{name}").json() for name in names]
    found = {}
    for call in calls(cards):
        answer = client.send(call.method, call.path, params=call.params, content=call.body, headers=call.headers)
        found[call.name] = digest(answer, exact=exact)
    return found


def main() -> None:
    """Print the hashes as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models-dir", type=Path, default=ROOT / "models")
    parser.add_argument("--exact", action="store_true", help="hash every number, too")
    asked = parser.parse_args()
    print(json.dumps(record(asked.models_dir, exact=asked.exact), indent=1))


if __name__ == "__main__":
    main()
