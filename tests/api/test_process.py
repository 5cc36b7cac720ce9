"""The server as a process: without a writable disk, its log, after SIGTERM, and after a worker was killed."""

import http.client
import io
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
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
    with restricted_server(models_dir, tmp_path_factory.mktemp("models")) as running:
        yield running


@pytest.fixture
def server_to_stop(models_dir: Path, tmp_path: Path) -> Iterator[Server]:
    """A server of the same kind, which a test may end."""
    with restricted_server(models_dir, tmp_path) as running:
        yield running


@contextmanager
def restricted_server(models_dir: Path, models: Path) -> Iterator[Server]:
    (models / MLP).symlink_to(models_dir / MLP)
    (models / "damaged").mkdir()
    models.chmod(0o555)
    command = ["/bin/sh", "-c", f'ulimit -f {LARGEST_FILE_BLOCKS} && exec "$0" -m app', sys.executable]
    with serving(
        command, models, LAYERSCOPE_LOG_FORMAT="json", LAYERSCOPE_LOG_LEVEL="debug", TMPDIR="/nowhere"
    ) as running:
        yield running


@pytest.fixture
def two_workers(models_dir: Path, tmp_path: Path) -> Iterator[Server]:
    """A server of two workers with one network."""
    (tmp_path / MLP).symlink_to(models_dir / MLP)
    with serving([sys.executable, "-m", "app"], tmp_path, LAYERSCOPE_WORKERS="2") as running:
        yield running


@contextmanager
def serving(command: Sequence[str], models: Path, **environment: str) -> Iterator[Server]:
    """Serve a models directory on a free port until the block ends."""
    port = free_port()
    where = {"HOST": "127.0.0.1", "PORT": str(port), "LAYERSCOPE_MODELS_DIR": str(models)}
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **where, **environment},
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
        process.terminate()  # a server that is killed leaves its workers behind
        process.wait(30)
        reader.join(30)
        process.stderr.close()


def test_serving_continues_without_a_writable_disk(server):
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


def test_after_sigterm_it_answers_running_requests_and_exits_0(server_to_stop, seven):
    server = server_to_stop
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


class Visitor(threading.Thread):
    """A client that sends requests without end, and reconnects if its connection breaks."""

    def __init__(self, server: Server, picture: bytes) -> None:
        super().__init__(daemon=True)
        self.statuses: Counter[int] = Counter()
        self.broke = 0
        self._picture = picture
        self._enough = threading.Event()
        self._connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
        self._ask()
        self.worker = worker_behind(server, self._connection.sock)

    def run(self) -> None:
        while not self._enough.is_set():
            try:
                self._ask()
            except (OSError, http.client.HTTPException):
                self.broke += 1
                self._connection.close()

    def leave(self) -> None:
        self._enough.set()
        if self.ident:
            self.join(30)
        self._connection.close()

    def _ask(self) -> None:
        self._connection.request("POST", "/predict", self._picture, {"Content-Type": "image/png"})
        answer = self._connection.getresponse()
        answer.read()
        self.statuses[answer.status] += 1


def worker_behind(server: Server, connection: socket.socket) -> int:
    """The process that a connection was answered by."""
    ours, theirs = f":{server.port:04X}", f":{connection.getsockname()[1]:04X}"
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()]
    (inode,) = (row[9] for row in rows if row[1].endswith(ours) and row[2].endswith(theirs))
    children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text().split()
    (worker,) = (int(pid) for pid in children if f"socket:[{inode}]" in open_files(pid))
    return worker


def open_files(pid: str) -> set[str]:
    found = set()
    for file in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):  # closed meanwhile
            found.add(str(file.readlink()))
    return found


def visitors_of(server: Server, picture: bytes, workers: int, not_of: Sequence[int] = ()) -> list[Visitor]:
    """Two visitors of each of so many workers, once there are as many; each who came to another was answered, too."""
    found: list[Visitor] = []
    deadline = time.monotonic() + READY_TIMEOUT_S
    while len(found) < 2 * workers:
        assert time.monotonic() < deadline
        visitor = Visitor(server, picture)
        if visitor.worker in not_of or [other.worker for other in found].count(visitor.worker) == 2:
            visitor.leave()
        else:
            visitor.start()
            found.append(visitor)
    return found


def sample(server: Server, name: str) -> float:
    exposition = server.ask("GET", "/metrics")[1].decode()
    return float(re.search(rf"^{re.escape(name)} (\S+)$", exposition, re.MULTILINE)[1])


def test_worker_killed_under_load_is_replaced_and_the_other_goes_on(two_workers, seven):
    visitors = visitors_of(two_workers, seven, workers=2)
    with socket.create_connection(("127.0.0.1", two_workers.port), timeout=30) as unfinished:
        unfinished.sendall(
            b"POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\n"
            b"Content-Length: 9\r\nExpect: 100-continue\r\n\r\n"
        )
        assert unfinished.recv(4096).startswith(b"HTTP/1.1 100 ")  # the request is under way
        killed = worker_behind(two_workers, unfinished)
        os.kill(killed, signal.SIGKILL)
    known = [visitor.worker for visitor in visitors]

    replacing = visitors_of(two_workers, seven, workers=1, not_of=known)
    for visitor in (*visitors, *replacing):
        visitor.leave()

    assert {visitor.broke for visitor in visitors if visitor.worker != killed} == {0}
    assert all(visitor.broke for visitor in visitors if visitor.worker == killed)
    assert all(visitor.statuses.keys() == {200} for visitor in (*visitors, *replacing))
    assert two_workers.ask("GET", "/readyz")[0] == 200
    answers = sum(visitor.statuses[200] for visitor in (*visitors, *replacing))
    assert sample(two_workers, 'layerscope_requests_total{method="POST",route="/predict",status="200"}') >= answers
    assert sample(two_workers, "layerscope_requests_in_flight") == 1  # this question: the killed one's is gone
