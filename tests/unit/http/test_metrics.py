"""What is counted: by each application for itself, or by several processes together."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from app.http.metrics import SHARED_DIRECTORY, Metrics, shared_between_processes


def samples(text: bytes) -> dict[tuple[str, ...], float]:
    """Every sample, by its name and the values of its labels, in the order of the labels' names."""
    families = text_string_to_metric_families(text.decode())
    return {
        (one.name, *(one.labels[name] for name in sorted(one.labels))): one.value
        for family in families
        for one in family.samples
    }


def test_a_request_is_counted_by_its_route_and_its_status():
    metrics = Metrics()

    metrics.begin_request()
    during = samples(metrics.exposition())
    metrics.end_request("POST", "/predict", 200, 0.003)
    after = samples(metrics.exposition())

    assert during["layerscope_requests_in_flight",] == 1
    assert after["layerscope_requests_in_flight",] == 0
    assert after["layerscope_requests_total", "POST", "/predict", "200"] == 1
    assert after["layerscope_request_seconds_bucket", "0.002", "/predict"] == 0
    assert after["layerscope_request_seconds_bucket", "0.005", "/predict"] == 1


def test_methods_that_http_does_not_name_are_one():
    metrics = Metrics()

    for method in ("BREW", "WHEN"):
        metrics.begin_request()
        metrics.end_request(method, "none", 405, 0.001)

    assert samples(metrics.exposition())["layerscope_requests_total", "other", "none", "405"] == 2


def test_batches_are_counted_by_their_size():
    metrics = Metrics()

    for images in (1, 1, 7):
        metrics.observe_batch(images)

    counted = samples(metrics.exposition())
    assert [counted["layerscope_batch_images_bucket", size] for size in ("1.0", "4.0", "8.0")] == [2, 2, 3]
    assert counted["layerscope_batch_images_sum",] == 9


def test_applications_in_one_process_count_for_themselves():
    one, other = Metrics(), Metrics()

    one.count_refusal("busy")

    assert ("layerscope_refusals_total", "busy") in samples(one.exposition())
    assert ("layerscope_refusals_total", "busy") not in samples(other.exposition())


WORKER = """
import sys
from app.http.metrics import Metrics
metrics = Metrics()
metrics.begin_request()
metrics.count_refusal("busy")
metrics.set_readiness({"mnist-mlp": True})
if sys.argv[1] == "asked":
    print(metrics.exposition().decode())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="processes are told alive by a signal")
def test_processes_count_together_and_one_that_is_over_has_nothing_in_flight(root):
    with shared_between_processes():
        directory = os.environ[SHARED_DIRECTORY]
        for role in ("quiet", "asked"):
            run = subprocess.run(
                [sys.executable, "-c", WORKER, role], cwd=root, capture_output=True, text=True, timeout=60, check=True
            )

    counted = samples(run.stdout.encode())
    assert counted["layerscope_refusals_total", "busy"] == 2
    assert counted["layerscope_requests_in_flight",] == 1
    assert counted["layerscope_model_ready", "mnist-mlp"] == 1
    assert not Path(directory).exists()
    assert SHARED_DIRECTORY not in os.environ


def test_every_name_says_whose_it_is_and_its_unit():
    families = list(text_string_to_metric_families(Metrics().exposition().decode()))

    ours = [family.name for family in families if not family.name.startswith("process_")]
    assert len(ours) >= 7
    assert all(re.fullmatch("layerscope_[a-z_]+", name) for name in ours)
