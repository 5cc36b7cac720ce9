"""The limits on concurrent work and on time; and that other clients are answered meanwhile."""

import asyncio
import io
import threading
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from PIL import Image, ImageDraw

from app.explain.arithmetic import trace_logit
from app.main import create_app
from app.pipeline.reader import LARGE_DECODES
from app.preprocessing.images import decode_opened, open_image
from app.services import EXPLAINING_PLACES
from app.settings import Settings
from tests.api.conftest import MLP

PNG = {"Content-Type": "image/png"}


@pytest.fixture(scope="module")
def one_model(models_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A models directory with one small network, which is loaded soon."""
    directory = tmp_path_factory.mktemp("models")
    (directory / MLP).symlink_to(models_dir / MLP)
    return directory


@pytest.fixture
def app_with(one_model):
    return lambda **settings: create_app(Settings(models_dir=one_model, **settings))


def client_of(app: FastAPI) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")


class Gate:
    """Stands in front of a function of the line and lets nothing through until it is opened."""

    def __init__(self, function: Any, shuts_out: Any = lambda *_: True) -> None:
        self._function, self._shuts_out = function, shuts_out
        self.opened, self.changed = threading.Event(), threading.Condition()
        self.inside = self.most_inside = self.passed = 0

    def __call__(self, *arguments: Any) -> Any:
        if not self._shuts_out(*arguments):
            return self._function(*arguments)
        with self.changed:
            self.inside += 1
            self.most_inside = max(self.inside, self.most_inside)
            self.changed.notify_all()
        self.opened.wait(30)
        with self.changed:
            self.inside -= 1
            self.passed += 1
        return self._function(*arguments)

    async def until_inside(self, count: int) -> None:
        def wait() -> bool:
            with self.changed:
                return self.changed.wait_for(lambda: self.inside >= count, 30)

        assert await asyncio.to_thread(wait)


def test_request_beyond_the_limit_is_refused_with_retry_after_and_the_probes_are_answered(app_with, seven, monkeypatch):
    app, gate = app_with(max_requests=1), Gate(open_image)
    monkeypatch.setattr("app.pipeline.preparing.open_image", gate)

    async def crowd() -> list[httpx.Response]:
        async with client_of(app) as client:
            first = asyncio.create_task(client.post("/predict", content=seven, headers=PNG))
            await gate.until_inside(1)
            others = [await client.get(url) for url in ("/models", "/healthz", "/readyz", "/metrics")]
            gate.opened.set()
            return [await first, *others]

    first, models, *probes = asyncio.run(crowd())

    assert first.status_code == 200
    assert (models.status_code, models.json()["type"], models.json()["limit"]) == (503, "/problems/busy", 1)
    assert int(models.headers["Retry-After"]) > 0
    assert [answer.status_code for answer in probes] == [200, 200, 200]


def test_explanations_have_their_own_limit_and_do_not_block_predictions(app_with, seven, monkeypatch):
    app, gate = app_with(max_explanations=3), Gate(trace_logit)
    monkeypatch.setattr("app.routes.arithmetic.trace_logit", gate)

    async def crowd() -> list[list[httpx.Response]]:
        async with client_of(app) as client:

            def ask(url: str, times: int) -> list["asyncio.Task[httpx.Response]"]:
                return [asyncio.create_task(client.post(url, content=seven, headers=PNG)) for _ in range(times)]

            admitted = ask("/explain/trace", 3)
            await gate.until_inside(EXPLAINING_PLACES)
            refused = await asyncio.gather(*ask("/explain/trace", 1), *ask("/explain/unit?layer=hidden_1&unit=5", 1))
            predicted = await asyncio.gather(*ask("/predict", 8))
            gate.opened.set()
            return [await asyncio.gather(*admitted), refused, predicted]

    admitted, refused, predicted = asyncio.run(crowd())

    assert [answer.status_code for answer in (*admitted, *predicted)] == [200] * 11
    assert [(answer.status_code, answer.json()["limit"]) for answer in refused] == [(503, 3)] * 2
    assert gate.most_inside == EXPLAINING_PLACES


def test_few_large_pictures_are_decoded_at_once_and_small_ones_do_not_wait(app_with, seven, monkeypatch):
    app, gate = app_with(), Gate(decode_opened, lambda image: image.width > 1000)
    monkeypatch.setattr("app.pipeline.preparing.decode_opened", gate)
    large = large_seven()

    async def crowd() -> tuple[httpx.Response, list[httpx.Response]]:
        async with client_of(app) as client:
            urls = ["/predict"] * 3 + ["/explain/unit?layer=hidden_1&unit=5", "/predict?off=hidden_1:3"]
            asked = [asyncio.create_task(client.post(url, content=large, headers=PNG)) for url in urls]
            await gate.until_inside(LARGE_DECODES)
            small = await client.post("/predict", content=seven, headers=PNG)
            gate.opened.set()
            return small, await asyncio.gather(*asked)

    small, others = asyncio.run(crowd())

    assert [answer.status_code for answer in (small, *others)] == [200] * 6
    assert (gate.most_inside, gate.passed) == (LARGE_DECODES, 5)


def large_seven() -> bytes:
    """A picture of more than a million pixels."""
    picture = Image.new("L", (1200, 1200))
    ImageDraw.Draw(picture).line([(300, 250), (900, 250), (500, 1000)], fill=255, width=110, joint="curve")
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def test_image_whose_client_leaves_while_it_waits_is_never_read(app_with, seven, monkeypatch, caplog):
    app, gate, left = app_with(batch_images=1), Gate(open_image), asyncio.Event()
    monkeypatch.setattr("app.pipeline.preparing.open_image", gate)
    caplog.set_level("DEBUG")
    parts = [{"type": "http.request", "body": seven, "more_body": False}]
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/predict",
        "query_string": b"",
        "headers": [(b"content-type", b"image/png")],
    }
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        if parts:
            return parts.pop()
        await left.wait()
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    async def leave() -> None:
        async with client_of(app) as client:
            first = asyncio.create_task(client.post("/predict", content=seven, headers=PNG))
            await gate.until_inside(1)
            second = asyncio.create_task(app(scope, receive, send))
            left.set()
            await second
            gate.opened.set()
            await first
            await client.post("/predict", content=seven, headers=PNG)

    asyncio.run(leave())

    assert gate.passed == 2
    assert sent == []
    assert any(" 499 " in record.getMessage() for record in caplog.records)


def test_answer_that_takes_too_long_is_cancelled_with_a_problem(app_with, seven, monkeypatch):
    app, gate = app_with(max_answer_seconds=0.05), Gate(open_image)
    monkeypatch.setattr("app.pipeline.preparing.open_image", gate)

    async def wait() -> list[httpx.Response]:
        async with client_of(app) as client:
            urls = ("/predict", "/explain/trace")
            late = await asyncio.gather(*(client.post(url, content=seven, headers=PNG) for url in urls))
            gate.opened.set()
            return late

    for answer in asyncio.run(wait()):
        assert (answer.status_code, answer.json()["type"]) == (503, "/problems/took-too-long")
        assert answer.json()["limit_seconds"] == 0.05
        assert int(answer.headers["Retry-After"]) > 0


def test_body_that_stops_arriving_is_answered(app_with):
    app = app_with(max_body_seconds=0.05)

    async def stall() -> httpx.Response:
        async def chunks():
            yield b"\x89PNG"
            await asyncio.Event().wait()

        async with client_of(app) as client:
            return await client.post("/predict", content=chunks(), headers=PNG)

    answer = asyncio.run(stall())

    assert (answer.status_code, answer.json()["type"]) == (408, "/problems/slow-body")


def test_bodies_beyond_the_total_limit_are_refused_with_retry_after(app_with, seven):
    app = app_with(max_held_bytes=len(seven) - 1)

    async def send() -> httpx.Response:
        async with client_of(app) as client:
            return await client.post("/predict", content=seven, headers=PNG)

    answer = asyncio.run(send())

    assert (answer.status_code, answer.json()["type"], answer.json()["limit"]) == (
        503,
        "/problems/busy",
        len(seven) - 1,
    )
