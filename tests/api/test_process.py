"""The server as a process: on a disk that takes nothing, under the eyes of a log reader, and told to stop."""

import http.client
import io
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.api.conftest import MLP
from tests.conftest import READY_TIMEOUT_S, ROOT, free_port

LARGEST_FILE_BLOCKS = 64
"""Of 512 bytes: room for what is said while the server starts, which it keeps in a file in memory; for nothing else."""


@dataclass
class Server:
    """A running server, and what it has written to its standard error."""

    process: subprocess.Popen[str]
    port: int
    log: list[str] = field(default_factory=list)

    def ask(self, method: str, url: str, body: bytes | None = None, **headers: str) -> tuple[int, bytes]:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)) as connection:
            connection.request(method, url, body, {name.replace("_", "-"): value for name, value in headers.items()})
            answer = connection.getresponse()
            return answer.status, answer.read()

    def is_listening(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


@pytest.fixture(scope="module")
def server(models_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that can write no file worth the name, with one network that is whole and one that is not."""
    models = tmp_path_factory.mktemp("models")
    (models / MLP).symlink_to(models_dir / MLP)
    (models / "damaged").mkdir()
    models.chmod(0o555)
    port = free_port()
    environment = {
        **os.environ,
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "LAYERSCOPE_MODELS_DIR": str(models),
        "LAYERSCOPE_LOG_FORMAT": "json",
        "TMPDIR": "/nowhere",
    }
    process = subprocess.Popen(
        ["/bin/sh", "-c", f'ulimit -f {LARGEST_FILE_BLOCKS} && exec "$0" -m app', sys.executable],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    running = Server(process, port)
    reader = threading.Thread(target=lambda: running.log.extend(process.stderr))
    reader.start()
    try:
        deadline = time.monotonic() + READY_TIMEOUT_S
        while not running.is_listening():
            assert process.poll() is None, running.log
            assert time.monotonic() < deadline
            time.sleep(0.05)
        yield running
    finally:
        process.kill()
        process.wait(30)
        reader.join(30)
        process.stderr.close()


def test_serving_goes_on_where_nothing_can_be_written(server):
    noise = np.random.default_rng(7).integers(0, 256, (900, 900, 3), np.uint8)
    file = io.BytesIO()
    Image.fromarray(noise).save(file, "PNG")
    form = (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="7"\r\n\r\n' + file.getvalue() + b"\r\n--x--\r\n"
    )

    status, _ = server.ask("POST", "/predict", form, Content_Type="multipart/form-data; boundary=x")

    assert len(form) > 2_000_000  # beyond what forms keep in memory by themselves
    assert status in (200, 422)
    for url in ("/", "/docs", "/static/css/tokens.css", f"/models/{MLP}", "/metrics"):
        assert server.ask("GET", url)[0] == 200


def test_what_failed_is_named_and_its_network_is_a_problem(server):
    readiness = json.loads(server.ask("GET", "/readyz")[1])

    asked = server.ask("POST", "/predict?model=damaged", b"7", Content_Type="image/png")

    assert (readiness["default"], [failed["name"] for failed in readiness["failed"]]) == (MLP, ["damaged"])
    assert (asked[0], json.loads(asked[1])["type"]) == (404, "/problems/unknown-model")


def test_body_over_the_limit_is_answered_while_it_is_still_being_sent(server):
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        connection.sendall(
            b"POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\nTransfer-Encoding: chunked\r\n\r\n"
        )
        chunk = b"100000\r\n" + bytes(0x100000) + b"\r\n"
        for _ in range(16):
            connection.sendall(chunk)  # its end is never sent
        answer = connection.recv(4096)

    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"/problems/too-many-bytes" in answer or b"application/problem+json" in answer


def test_told_to_stop_it_answers_what_is_under_way_and_ends_well(server, seven):
    """The last of these tests: it ends the server."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        connection.sendall(
            b"POST /predict HTTP/1.1\r\nHost: x\r\nX-Request-Id: last\r\nContent-Type: image/png\r\n"
            b"Content-Length: %d\r\nExpect: 100-continue\r\n\r\n" % len(seven)
        )
        assert connection.recv(4096).startswith(b"HTTP/1.1 100 ")  # the request is under way
        server.process.send_signal(signal.SIGTERM)
        while server.is_listening():
            time.sleep(0.01)
        connection.sendall(seven)
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        said = json.loads(answer.read())

    assert (answer.status, said["label"]) == (200, "7")
    assert server.process.wait(30) == 0
    lines = [json.loads(line) for line in server.log]
    assert any(line.get("request_id") == "last" and line["status"] == 200 for line in lines)
