"""Pages of other origins read nothing here, unless they are named."""

import pytest

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
