"""Every error that a client can cause is a problem document: a 4xx that says what to change, and echoes nothing."""

import asyncio
import base64
import html
import io
import json
import threading
from typing import Any

import httpx
import numpy as np
import pytest
from PIL import Image

from app.http.i18n import LANGUAGES
from app.http.responses import ProblemDocument
from app.pipeline.reader import PLACES
from app.preprocessing.images import open_image
from app.problems import PROBLEMS

JSON = {"Content-Type": "application/json"}
PNG = {"Content-Type": "image/png"}
ROWS = [[0.0] * 28 for _ in range(28)]


def with_pixel(value: object) -> list[list[object]]:
    return [[value, *row[1:]] if not index else row for index, row in enumerate(ROWS)]


BAD_BODIES: dict[str, tuple[str, dict[str, Any]]] = {
    "no body at all": ("unsupported-body", {}),
    "empty image": ("invalid-request", {"content": b"", "headers": PNG}),
    "text": ("not-an-image", {"content": b"this is not a picture", "headers": PNG}),
    "text in a form": ("not-an-image", {"files": {"file": ("seven.png", b"not a picture", "image/png")}}),
    "svg": ("not-an-image", {"content": b"<svg xmlns='http://www.w3.org/2000/svg'/>", "headers": PNG}),
    "form-encoded": ("unsupported-body", {"data": {"file": "seven.png"}}),
    "plain text": ("unsupported-body", {"content": b"7", "headers": {"Content-Type": "text/plain"}}),
    "form without a file": ("invalid-request", {"files": {"picture": ("seven.png", b"x", "image/png")}}),
    "form with an empty file": ("invalid-request", {"files": {"file": ("seven.png", b"", "image/png")}}),
    "form with two files": ("invalid-request", {"files": [("file", b"one"), ("file", b"two")]}),
    "form with a text called file": ("invalid-request", {"files": {"file": (None, "seven")}}),
    "form without a boundary": (
        "invalid-request",
        {"content": b"x", "headers": {"Content-Type": "multipart/form-data"}},
    ),
    "form that breaks off": (
        "invalid-request",
        {"content": b"--x\r\nContent-Dis", "headers": {"Content-Type": "multipart/form-data; boundary=x"}},
    ),
    "no JSON": ("invalid-request", {"content": b"{", "headers": JSON}),
    "JSON list": ("invalid-request", {"json": [1, 2]}),
    "JSON of another member": ("invalid-request", {"json": {"picture": ""}}),
    "JSON of both members": ("invalid-request", {"json": {"image": "", "pixels": ROWS}}),
    "image that is a number": ("invalid-request", {"json": {"image": 7}}),
    "image that is not base64": ("invalid-request", {"json": {"image": "§§§"}}),
    "image that is empty": ("invalid-request", {"json": {"image": ""}}),
    "data URL that is not base64": ("invalid-request", {"json": {"image": "data:image/svg+xml,<svg/>"}}),
    "base64 of no image": ("not-an-image", {"json": {"image": base64.b64encode(b"seven").decode()}}),
    "NaN in JSON": ("invalid-request", {"content": b'{"pixels": [[NaN]]}', "headers": JSON}),
    "pixels of another shape": ("invalid-pixels", {"json": {"pixels": [[0.0] * 28]}}),
    "pixels in rows of different length": ("invalid-pixels", {"json": {"pixels": [[0.0], [0.0, 1.0]]}}),
    "pixels of null": ("invalid-pixels", {"json": {"pixels": None}}),
    "pixels of text": ("invalid-pixels", {"json": {"pixels": [["0"] * 28] * 28}}),
    "one long text among pixels": ("invalid-pixels", {"json": {"pixels": [["a" * 100_000, *[""] * 100_000]]}}),
    "one truth value among pixels": ("invalid-pixels", {"json": {"pixels": with_pixel(value=True)}}),
    "pixels of truth values": ("invalid-pixels", {"json": {"pixels": [[True] * 28] * 28}}),
    "one pixel that is null": ("invalid-pixels", {"json": {"pixels": with_pixel(None)}}),
    "one pixel above one": ("invalid-pixels", {"json": {"pixels": with_pixel(1.01)}}),
    "one pixel below zero": ("invalid-pixels", {"json": {"pixels": with_pixel(-0.01)}}),
    "one pixel beyond any float": (
        "invalid-pixels",
        {"content": json.dumps({"pixels": with_pixel(10**30)}), "headers": JSON},
    ),
    "pixels nested without end": ("invalid-request", {"content": b'{"pixels":' + b"[" * 5000, "headers": JSON}),
}


def assert_problem(answer: Any, name: str) -> dict[str, Any]:
    document = ProblemDocument.model_validate_json(answer.content)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert (document.type, document.status) == (f"/problems/{name}", answer.status_code)
    assert 400 <= answer.status_code < 500
    assert document.title == PROBLEMS[name].title
    assert document.detail.endswith(".")
    return dict(answer.json())


@pytest.mark.parametrize("what", BAD_BODIES)
def test_bad_body_gets_its_problem(client, what):
    name, body = BAD_BODIES[what]

    answer = client.post("/predict", **body)

    assert_problem(answer, name)


def test_truncated_picture_is_called_damaged(client, seven):
    answer = client.post("/predict", content=seven[: len(seven) // 2], headers=PNG)

    assert_problem(answer, "broken-image")


@pytest.mark.parametrize("announced", [True, False], ids=["Content-Length", "chunked"])
def test_body_over_the_limit_is_refused_and_the_limit_named(client_with, announced):
    client = client_with(max_body_bytes=1000)

    async def chunks():
        for _ in range(11):
            yield b"0" * 100

    answer = client.post("/predict", content=b"0" * 1100 if announced else chunks(), headers=PNG)

    assert answer.status_code == 413
    assert assert_problem(answer, "too-many-bytes")["limit_bytes"] == 1000


def test_picture_with_too_many_pixels_is_refused_and_the_limit_named(client_with):
    file = io.BytesIO()
    Image.new("L", (200, 100)).save(file, "PNG")
    client = client_with(max_image_pixels=10_000)

    answer = client.post("/predict", content=file.getvalue(), headers=PNG)

    assert answer.status_code == 413
    problem = assert_problem(answer, "too-many-pixels")
    assert (problem["pixels"], problem["limit_pixels"]) == (20_000, 10_000)


def test_unknown_model_is_answered_with_those_that_are_ready(client, seven):
    answer = client.post("/predict?model=mnist-cnn", content=seven, headers=PNG)

    assert "mnist-mlp-lecture" in assert_problem(answer, "unknown-model")["models"]


def test_unknown_layer_is_answered_with_those_that_there_are(client, seven):
    answer = client.post("/predict?layers=hidden_1,hidden_9", content=seven, headers=PNG)

    assert "hidden_3" in assert_problem(answer, "unknown-layer")["layers"]


@pytest.mark.parametrize("query", ["layer=full", "format=xml", "fit=squeeze", "top=3", "fit=whole&fit=whole"])
def test_unknown_parameter_or_choice_is_never_ignored(client, seven, query):
    answer = client.post(f"/predict?{query}", content=seven, headers=PNG)

    assert_problem(answer, "invalid-request")


def test_mistyped_parameter_is_answered_with_those_that_there_are(client, seven):
    answer = client.post("/predict?layer=full", content=seven, headers=PNG)

    assert "“layers”" in answer.json()["detail"]


@pytest.mark.parametrize(
    "query", ["model=%ff%fe", "layers=%00", "format=%ed%a0%80", "%ed%a0%80=1", "model=" + "x" * 10_000]
)
def test_strange_text_in_the_query_is_a_problem_that_does_not_repeat_it(client, seven, query):
    answer = client.post(f"/predict?{query}", content=seven, headers=PNG)

    assert 400 <= answer.status_code < 500
    assert len(answer.content) < 1000


@pytest.mark.parametrize(
    "url", ["/nothing", "/predict/nothing", "/static/nothing.js", "/problems/nothing", "/docs/../../etc"]
)
def test_address_that_does_not_exist_is_a_problem(client, url):
    assert_problem(client.get(url), "not-found")


def test_unexpected_error_is_a_problem_without_internal_details(client, monkeypatch, seven, caplog):
    def fail(*_: object) -> None:
        raise ZeroDivisionError("secret")

    monkeypatch.setattr("app.pipeline.preparing.open_image", fail)

    answer = client.post("/predict", content=seven, headers=PNG)

    assert answer.status_code == 500
    assert answer.json()["type"] == "/problems/internal-error"
    assert "secret" not in answer.text
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    logged = [record for record in caplog.records if answer.headers["X-Request-Id"] in record.getMessage()]
    assert any(record.exc_info for record in logged)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PROBLEMS)
def test_every_type_of_problem_has_a_page_that_explains_it(client, app, name, language):
    page = client.get(f"/problems/{name}", headers={"Accept-Language": language})

    assert page.status_code == 200
    assert app.state.services.texts[language](f"explanation.{name}") in html.unescape(page.text)


def test_a_picture_of_every_shade_is_answered_never_a_server_error(client):
    rng = np.random.default_rng(7)
    for shape in [(1, 1), (1, 300), (300, 1), (2, 2), (28, 28), (3, 500)]:
        file = io.BytesIO()
        Image.fromarray(rng.integers(0, 256, (*shape, 3), np.uint8)).save(file, "PNG")
        for model in ("mnist-mlp-lecture", "cifar10-cnn-lecture"):
            answer = client.post(f"/predict?model={model}", content=file.getvalue(), headers=PNG)
            assert answer.status_code in (200, 422)


@pytest.mark.parametrize("charset", ["undefined", "punycode", "utf-16", "cp037", "nothing"])
def test_charset_of_a_form_does_not_matter(client, seven, charset):
    body = b'--x\r\nContent-Disposition: form-data; name="file"; filename="7"\r\n\r\n' + seven + b"\r\n--x--\r\n"

    answer = client.post(
        "/predict", content=body, headers={"Content-Type": f"multipart/form-data; boundary=x; charset={charset}"}
    )

    assert answer.json()["label"] == "7"


@pytest.mark.parametrize(("call", "at_once"), [("/predict", 1), ("/predict?off=hidden_1:0", PLACES)])
def test_image_beyond_the_limit_is_refused_with_retry_after_and_the_others_are_read(
    client_with, seven, monkeypatch, call, at_once
):
    app = client_with(max_waiting=2, batch_images=1).app
    may_go_on = threading.Event()

    def wait_and_open(*arguments: Any) -> Any:
        may_go_on.wait(timeout=30)
        return open_image(*arguments)

    async def crowd() -> list[httpx.Response]:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
            asked = [asyncio.create_task(client.post(call, content=seven, headers=PNG)) for _ in range(at_once + 2)]
            while app.state.services.reader.waiting < 2:  # noqa: ASYNC110 - no event says that an image waits
                await asyncio.sleep(0)
            one_more = await client.post(call, content=seven, headers=PNG)
            may_go_on.set()
            return [one_more, *await asyncio.gather(*asked)]

    monkeypatch.setattr("app.pipeline.preparing.open_image", wait_and_open)

    one_more, *others = asyncio.run(crowd())

    assert one_more.status_code == 503
    assert one_more.json()["type"] == "/problems/busy"
    assert int(one_more.headers["Retry-After"]) > 0
    assert [answer.status_code for answer in others] == [200] * (at_once + 2)


@pytest.mark.parametrize("value", ["bytes=abc", "bytes=999999999-", "bytes=5-1"])
def test_range_of_a_static_file_is_answered_with_the_whole(client, value):
    answer = client.get("/static/css/tokens.css", headers={"Range": value})

    assert answer.status_code == 200
