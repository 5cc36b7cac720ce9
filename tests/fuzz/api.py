"""Schemathesis against a running server, by its own schema: no mistake, and no answer outside the schema.

    python -m tests.fuzz.api [--cases 5000] [--seed N] [--url http://127.0.0.1:8000]

Every operation gets its share of cases, most of them such as the schema allows, some such as it forbids. Schemathesis
knows no pictures and no names of layers: bodies are exchanged for whole and damaged pictures and pixels in every form
that carries them, names for such as the networks have. A failure is shrunk and printed with the curl command that
repeats it. Without ``--url`` a server is started, and told what memory it held at most.
"""

import argparse
import base64
import json
import secrets
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import numpy as np
import requests
import schemathesis
from hypothesis import given
from hypothesis import strategies as st
from schemathesis import Case, CheckContext, GenerationMode, Response
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.conftest import ROOT, serve
from tests.fuzz.files import damaged_files, whole_pictures
from tests.fuzz.generation import generated

JSON, FORM, IMAGE, BYTES = "application/json", "multipart/form-data", "image/*", "application/octet-stream"

LARGEST_SHARE = 8
"""How many times as many cases a call gets that takes a picture, compared to one that takes nothing but a path."""

Names = dict[str, list[Any]]


@dataclass
class Tally:
    """What came back: how often each call answered with which status."""

    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)

    def __str__(self) -> str:
        by_status = Counter[int]()
        for (_, status), count in self.statuses.items():
            by_status[status] += count
        said = ", ".join(f"{status}: {count}" for status, count in sorted(by_status.items()))
        calls = len({label for label, _ in self.statuses})
        return f"{self.statuses.total()} cases in {calls} calls answered as the schema says: {said}."


def ask(url: str, cases: int, start: int) -> Tally:
    """Ask a running server so many questions.

    Args:
        url: where it serves.
        cases: how many at least.
        start: the seed from which they follow.

    Raises:
        schemathesis.core.failures.FailureGroup: for the simplest question that is answered otherwise than it should be.
    """
    schema = schemathesis.openapi.from_url(f"{url}/openapi.json")
    networks = _known_names(url)
    operations = [result.ok() for result in schema.get_all_operations()]
    tally = Tally()
    with requests.Session() as session:
        for operation in operations:
            _ask_one(questions(operation, networks), _share(operation, operations, cases), start, session, tally)
        while (missing := cases - tally.statuses.total()) > 0:  # of some calls there are fewer cases than their share
            start += 1
            _ask_one(questions(schema["/predict"]["POST"], networks), missing, start, session, tally)
    return tally


def _share(operation: Any, operations: Sequence[Any], cases: int) -> int:
    weights = [LARGEST_SHARE if one.body else 1 for one in operations]
    return max(1, cases * (LARGEST_SHARE if operation.body else 1) // sum(weights))


def questions(operation: Any, networks: Sequence[Names]) -> st.SearchStrategy[Case]:
    """Return a strategy of cases of one call.

    Args:
        operation: the call, as Schemathesis read it.
        networks: of each network the values that make sense, by the parameter that takes them.
    """
    plain = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
    strange = operation.as_strategy(generation_mode=GenerationMode.NEGATIVE) if _can_be_wrong(operation) else plain
    if not operation.body:
        sensible = plain.flatmap(lambda case: _named(case, networks))
    else:
        bare = operation.as_strategy(generation_mode=GenerationMode.POSITIVE, body={}, media_type=JSON)
        sent = bodies(operation.path, [body.media_type for body in operation.body])
        able = [names for names in networks if operation.path in names["calls"]]
        sensible = st.builds(_with_body, bare, sent).flatmap(lambda case: _named(case, able))
    return st.one_of(sensible, sensible, sensible, strange)


def bodies(path: str, media_types: Sequence[str]) -> st.SearchStrategy[tuple[str, Any]]:
    """Return a strategy of bodies that a person might send to a call, each with its media type."""
    if path == "/decode":
        return st.tuples(st.just(JSON), _codes())
    if path == "/predict/batch":
        several = st.lists(pictures(), min_size=1, max_size=4)
        return st.one_of(
            several.map(lambda files: (FORM, {"file": files})),
            several.map(lambda files: (JSON, {"images": [_base64(file) for file in files]})),
            st.lists(pixels(), min_size=1, max_size=4).map(lambda rows: (JSON, {"pixels": rows})),
        )
    by_type = {
        FORM: pictures().map(lambda file: {"file": file}),
        JSON: st.one_of(
            pictures().map(lambda file: {"image": _base64(file)}), pixels().map(lambda rows: {"pixels": rows})
        ),
        IMAGE: pictures(),
        BYTES: pictures(),
    }
    return st.one_of(*(st.tuples(st.just(name), by_type[name]) for name in media_types))


def pictures() -> st.SearchStrategy[bytes]:
    """Return a strategy of picture files, as many whole as damaged."""
    return st.one_of(whole_pictures(), damaged_files())


@st.composite
def pixels(draw: st.DrawFn) -> list[Any]:
    """Draw a network's input as rows of numbers, now and then with one that does not belong there."""
    shape = draw(st.sampled_from(((28, 28), (32, 32, 3))))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    kinds: Sequence[Callable[[], Any]] = (
        lambda: rng.random(shape),
        lambda: rng.integers(0, 2, shape),
        lambda: np.zeros(shape),
        lambda: np.ones(shape),
        lambda: np.full(shape, 5e-324),
    )
    rows: list[Any] = draw(st.sampled_from(kinds))().tolist()
    if draw(st.integers(0, 5)) == 0:
        rows[draw(st.integers(0, 27))] = draw(st.sampled_from((None, [], "0", [[1e308] * 28], [-0.0] * 28, True)))
    return rows


@st.composite
def _codes(draw: st.DrawFn) -> dict[str, Any]:
    length = draw(st.sampled_from((2, 2, 2, 32, 32, 0, 3)))
    number = st.one_of(st.floats(-1e6, 1e6), st.integers(-(10**6), 10**6), st.sampled_from((1e7, -0.0, 5e-324)))
    return {"code": draw(st.lists(number, min_size=length, max_size=length))}


def _can_be_wrong(operation: Any) -> bool:
    return bool(operation.query or operation.path_parameters or operation.body)


def _with_body(case: Case, body: tuple[str, Any]) -> Case:
    case.media_type, case.body = body
    return case


@st.composite
def _named(draw: st.DrawFn, case: Case, networks: Sequence[Names]) -> Case:
    """Exchange most names that Schemathesis made up for such as one network has, and leave out what need not be."""
    names = draw(st.sampled_from(networks))
    for name in list(case.path_parameters or ()):
        if name in names and draw(st.integers(0, 4)):
            case.path_parameters[name] = draw(st.sampled_from(names[name]))
    asked = case.query or {}
    for name in list(asked):
        what = draw(st.integers(0, 7))
        if what > 3 and name in names:
            asked[name] = draw(st.sampled_from(names[name]))
        elif what > 0 and name != "layer":
            del asked[name]
    if "/predict" not in case.path and case.operation.body and draw(st.integers(0, 7)):
        asked["model"] = names["model"][0]
    case.query = asked
    return case


def _known_names(url: str) -> list[Names]:
    """Return what each of the server's networks, its layers and classes are called, by the parameter that takes it."""
    return [_names_of(_get(url, f"/models/{model['name']}")) for model in _get(url, "/models")["models"]]


def _names_of(card: Mapping[str, Any]) -> Names:
    layers, classes = [layer["name"] for layer in card["layers"]], card["classes"]["en"]
    calls = ["/predict", "/predict/batch", *(f"/explain/{name}" for name in card["explainers"])]
    return {
        "calls": [*calls, "/decode"] if card["task"] == "reconstruction" else calls,
        "model": [card["name"]],
        "name": [card["name"]],
        "layer": layers,
        "layers": ["none", "summary", "full", *layers, f"{layers[1]},{layers[-1]}"],
        "target": [*classes, "all"],
        "against": classes,
        "off": [f"{layer}:{unit}" for layer in layers for unit in (0, 31)] + [f"{layers[1]}:0,{layers[1]}:1"],
        "skip_steps": ["background", "specks", "stroke,centre", "crop", "fit", "centre"],
        **{name: [0, 1, 9] for name in ("unit", "channel", "row", "column", "index")},
        "temperature": [0.5, 1, 100],
    }


def _get(url: str, path: str) -> Any:
    with urlopen(url + path, timeout=30) as answer:
        return json.load(answer)


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _ask_one(cases: st.SearchStrategy[Case], count: int, start: int, session: requests.Session, tally: Tally) -> None:
    @generated(count, start)
    @given(cases)
    def ask_once(case: Case) -> None:
        response = case.call(session=session, timeout=60)
        tally.statuses[case.operation.label, response.status_code] += 1
        case.validate_response(response, checks=CHECKS)

    ask_once()


def no_mistake(ctx: CheckContext, response: Response, case: Case) -> None:
    """503 says that the server is busy, or out of networks; any other 5xx is its mistake."""
    assert response.status_code < 500 or response.status_code == 503, (
        f"The server made a mistake: {response.status_code}"
    )


CHECKS = [
    no_mistake,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@contextmanager
def _server(url: str | None) -> Iterator[str]:
    """Yield the address of the server that is named, or of one that is started; tell the memory of that one."""
    if url is not None:
        yield url
        return
    with tempfile.TemporaryDirectory() as directory, serve(ROOT / "models", Path(directory) / "log") as started:
        yield started


def main() -> int:
    """Ask, and print what came back."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", type=int, default=5_000, help="how many cases at least (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=secrets.randbits(32), help="where they begin (default: by chance)")
    parser.add_argument("--url", help="a server that runs already (default: one is started)")
    options = parser.parse_args()
    print(f"Cases from seed {options.seed}", flush=True)
    with _server(options.url) as url:
        print(ask(url, options.cases, options.seed))
    return 0


if __name__ == "__main__":
    sys.exit(main())
