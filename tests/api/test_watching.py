"""Operating the server: metrics, and a log in which a request is found by its id."""

import re

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.api.conftest import MLP, Client

PARTS = ("wait", "decode", "prepare", "network")

PNG = {"Content-Type": "image/png"}


def counts(client: Client) -> dict[tuple[str, ...], float]:
    """Every sample, by its name and the values of its labels, in the order of the labels' names."""
    answer = client.get("/metrics")
    assert (answer.status_code, answer.headers["Content-Type"].partition(";")[0]) == (200, "text/plain")
    families = text_string_to_metric_families(answer.text)
    return {
        (one.name, *(one.labels[name] for name in sorted(one.labels))): one.value
        for family in families
        for one in family.samples
    }


def grown(client: Client, *requests) -> dict[tuple[str, ...], float]:
    """By how much each count grows through some requests."""
    before = counts(client)
    for method, url, options in requests:
        client.send(method, url, **options)
    after = counts(client)
    return {name: value - before.get(name, 0) for name, value in after.items() if value != before.get(name, 0)}


def test_prediction_is_counted_by_route_with_every_stage_and_its_batch(client, seven):
    change = grown(client, ("POST", "/predict?layers=summary", {"content": seven, "headers": PNG}))

    assert change["layerscope_requests_total", "POST", "/predict", "200"] == 1
    assert change["layerscope_request_seconds_count", "/predict"] == 1
    for stage in ("wait", "decode", "preprocess", "network", "total"):
        assert change["layerscope_stage_seconds_count", stage] == 1
    assert change["layerscope_batch_images_count",] == change["layerscope_batch_images_sum",] == 1


def test_refusals_are_counted_by_their_reason(client):
    change = grown(client, ("POST", "/predict", {"content": b"7", "headers": PNG}), ("GET", "/nothing", {}))

    assert change["layerscope_refusals_total", "not-an-image"] == 1
    assert change["layerscope_refusals_total", "not-found"] == 1


def test_labels_are_templates_however_many_addresses_are_tried(client):
    change = grown(
        client,
        *(("GET", url, {}) for url in ("/nothing/1", "/nothing/2", "/models/a", "/models/b", "/static/no/such.js")),
        ("BREW", "/", {}),
    )

    requests = {labels[1:]: count for labels, count in change.items() if labels[0] == "layerscope_requests_total"}
    assert requests.pop(("GET", "/metrics", "200")) == 1
    assert requests == {
        ("GET", "none", "404"): 2,
        ("GET", "/models/{name}", "404"): 2,
        ("GET", "/static", "404"): 1,
        ("other", "/", "405"): 1,
    }


def test_every_bundle_is_reported_as_ready_or_failed(client_with, models_dir, tmp_path):
    (tmp_path / MLP).symlink_to(models_dir / MLP)
    (tmp_path / "empty").mkdir()

    told = counts(client_with(models_dir=tmp_path))

    assert (told["layerscope_model_ready", MLP], told["layerscope_model_ready", "empty"]) == (1, 0)


def test_request_is_found_in_the_log_under_the_id_that_it_brought(client, caplog):
    caplog.set_level("DEBUG", "app.requests")

    answer = client.get("/models", headers={"X-Request-Id": "lecture-3.phone_17"})

    assert answer.headers["X-Request-Id"] == "lecture-3.phone_17"
    (line,) = [record for record in caplog.records if record.name == "app.requests"]
    assert line.fields.items() >= {"request_id": "lecture-3.phone_17", "route": "/models", "status": 200}.items()


@pytest.mark.parametrize("brought", ["", "two words", "a" * 65, 'quote"', "ä".encode()])
def test_id_that_could_not_stand_in_a_log_is_replaced(client, brought):
    answer = client.get("/healthz", headers={"X-Request-Id": brought})

    assert re.fullmatch("[0-9a-f]{16}", answer.headers["X-Request-Id"])


@pytest.mark.parametrize("fails", [False, True], ids=["refused", "failed"])
def test_log_contains_nothing_of_an_image(client, monkeypatch, caplog, fails):
    caplog.set_level("DEBUG")
    mark = "W7mark"
    if fails:
        monkeypatch.setattr("app.pipeline.preparing.open_image", lambda *_: 1 / 0)

    for body in (
        {"content": mark.encode(), "headers": PNG},
        {"files": {"file": (f"{mark}.png", mark.encode(), f"image/{mark}")}},
        {"json": {"image": mark + "=="}},
        {"json": {"pixels": mark}},
    ):
        client.post("/predict", **body)

    formatted = [f"{record.getMessage()} {record.exc_text} {vars(record)}" for record in caplog.records]
    assert formatted
    assert not any(mark in line for line in formatted if "httpx" not in line)


def test_at_info_only_slow_and_failed_requests_are_logged(client, monkeypatch, caplog):
    caplog.set_level("INFO", "app.requests")

    client.get("/healthz")
    client.get("/nowhere")
    monkeypatch.setattr("app.http.envelope.SLOW_SECONDS", 0.0)
    client.get("/models")

    paths = [record.fields["path"] for record in caplog.records if record.name == "app.requests"]
    assert paths == ["/nowhere", "/models"]


def test_server_timing_names_the_parts_of_a_prediction(client, seven):
    predicted = client.post("/predict", content=seven, headers={"Content-Type": "image/png"})
    explained = client.post("/explain/trace", content=seven, headers={"Content-Type": "image/png"})

    parts = [re.findall(r"(\w+);dur=[0-9.]+", answer.headers["Server-Timing"]) for answer in (predicted, explained)]
    assert parts == [[*PARTS], [*PARTS, "explain"]]
