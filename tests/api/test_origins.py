"""Pages of other origins read nothing here, unless they are named."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from app.http.envelope import CONTENT_SECURITY_POLICY, HEADERS
from tests.api.conftest import MLP

THEIRS = {"Origin": "https://lecture.example"}
PREFLIGHT = {**THEIRS, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}


@pytest.fixture(scope="module")
def one_model(models_dir, tmp_path_factory):
    directory = tmp_path_factory.mktemp("models")
    (directory / MLP).symlink_to(models_dir / MLP)
    return directory


def test_no_origin_is_let_in_where_none_is_named(client):
    for answer in (client.get("/models", headers=THEIRS), client.send("OPTIONS", "/predict", headers=PREFLIGHT)):
        assert not [name for name in answer.headers if name.startswith("access-control-")]


def test_named_origin_reads_answers_and_problems_and_their_id(client_with, one_model):
    client = client_with(models_dir=one_model, cors_origins="http://localhost:3000, https://lecture.example")

    preflight = client.send("OPTIONS", "/predict", headers=PREFLIGHT)
    answers = [client.get(url, headers=THEIRS) for url in ("/models", "/models/none", "/nothing")]

    assert preflight.status_code == 200
    assert "POST" in preflight.headers["Access-Control-Allow-Methods"]
    for answer in (preflight, *answers):
        assert answer.headers["Access-Control-Allow-Origin"] == THEIRS["Origin"]
        assert "Origin" in answer.headers["Vary"]
        assert "Access-Control-Allow-Credentials" not in answer.headers
    assert "X-Request-Id" in answers[0].headers["Access-Control-Expose-Headers"]


def test_another_origin_is_not_let_in(client_with, one_model):
    client = client_with(models_dir=one_model, cors_origins="https://lecture.example")

    other = {"Origin": "https://other.example"}

    assert "Access-Control-Allow-Origin" not in client.get("/models", headers=other).headers
    assert client.send("OPTIONS", "/predict", headers=PREFLIGHT | other).status_code == 400


def test_preflight_is_counted_and_logged_and_carries_what_every_answer_does(client_with, one_model, caplog):
    caplog.set_level("DEBUG", "app.requests")
    client = client_with(models_dir=one_model, cors_origins="https://lecture.example")

    for status, asked in ((200, PREFLIGHT), (400, PREFLIGHT | {"Origin": "https://other.example"})):
        answer = client.send("OPTIONS", "/predict", headers=asked)

        assert answer.status_code == status
        assert {name: answer.headers[name] for name in HEADERS} == HEADERS
        assert answer.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
        logged = caplog.records[-1].fields
        assert (logged["method"], logged["status"]) == ("OPTIONS", status)
        assert answer.headers["X-Request-Id"] == logged["request_id"]
        assert f'layerscope_requests_total{{method="OPTIONS",route="none",status="{status}"}} 1.0' in (
            client.get("/metrics").text
        )


def test_named_origin_reads_that_the_server_failed(client_with, one_model, seven, monkeypatch):
    client = client_with(models_dir=one_model, cors_origins="https://lecture.example")
    monkeypatch.setattr("app.pipeline.preparing.open_image", lambda *_: 1 / 0)

    answer = client.post("/predict", content=seven, headers=THEIRS | {"Content-Type": "image/png"})

    assert (answer.status_code, answer.json()["type"]) == (500, "/problems/internal-error")
    assert answer.headers.get_list("Access-Control-Allow-Origin") == [THEIRS["Origin"]]


def test_named_origin_reads_that_the_server_is_full(client_with, one_model, seven):
    app = client_with(models_dir=one_model, cors_origins="https://lecture.example", max_requests=1).app

    async def crowd() -> list[httpx.Response]:
        inside, sent = asyncio.Event(), asyncio.Event()

        async def slowly() -> AsyncIterator[bytes]:
            inside.set()
            yield seven[:99]
            await sent.wait()
            yield seven[99:]

        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
            first = asyncio.create_task(
                client.post("/predict", content=slowly(), headers=THEIRS | {"Content-Type": "image/png"})
            )
            await inside.wait()
            refused = await client.get("/models", headers=THEIRS)
            preflight = await client.options("/predict", headers=PREFLIGHT)
            sent.set()
            return [await first, refused, preflight]

    answers = asyncio.run(crowd())

    assert [answer.status_code for answer in answers] == [
        200,
        503,
        200,
    ]  # a page would never see why its preflight failed
    for answer in answers:
        assert answer.headers.get_list("Access-Control-Allow-Origin") == [THEIRS["Origin"]]
    assert "Retry-After" in answers[1].headers["Access-Control-Expose-Headers"]
