"""Tests the Dockerfile without Docker: runs its steps in an empty folder, serves from it and predicts.

The folder corresponds to the image's working directory. Steps run in order, stage by stage; afterwards the folder is
read-only, and the command starts with the image's environment as a user that owns nothing (as the same user if not run
by root). Then the health check has to pass, and a drawn zero has to be classified as 0. ``make prove-image`` runs it.
"""

import io
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

from PIL import Image, ImageDraw

from tests.deploy.dockerfile import Stage, read_dockerfile

ROOT = Path(__file__).parents[2]
READY_TIMEOUT_S = 90
USABLE = "import ensurepip, venv, sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))"
NEVER_COPIED = shutil.ignore_patterns("__pycache__", ".DS_Store", "gallery.npz")


def main() -> int:
    """Build, start, predict and stop; print each step."""
    *_, final = stages = read_dockerfile(ROOT / "Dockerfile")
    user = _user(final)
    python_dir = _python_dir(user)
    with tempfile.TemporaryDirectory(prefix="layerscope-image-") as name:
        top = Path(name)
        top.chmod(0o755)
        workdir = top / "image"
        for stage in stages:
            _build(stage, workdir, top, python_dir)
            if stage is not final:
                workdir.rename(top / str(stage.name))
        _make_read_only(workdir)
        answer = _serve_and_ask(final, workdir, top, python_dir, user)
        _make_removable(workdir)
    print(f"A drawn zero is read as {answer['label']!r} with probability {answer['probability']:.4f}.")
    return 0 if answer["label"] == "0" else 1


def _build(stage: Stage, workdir: Path, top: Path, python_dir: Path) -> None:
    """Run a stage's COPY and RUN steps in a new folder."""
    workdir.mkdir()
    environment = {**os.environ, "PATH": f"{python_dir}:/usr/bin:/bin"}
    for instruction, argument in stage.steps:
        if instruction in {"COPY", "RUN"}:
            print(instruction, argument, flush=True)
        if instruction == "COPY":
            _copy(argument, stage.last("WORKDIR"), workdir, top)
        elif instruction == "RUN":
            _run(argument, workdir, environment)


def _run(argument: str, workdir: Path, environment: dict[str, str]) -> None:
    subprocess.run(["/bin/sh", "-c", argument], cwd=workdir, env=environment, stdout=subprocess.DEVNULL, check=True)


def _copy(argument: str, image_workdir: str, workdir: Path, top: Path) -> None:
    source_name, target_name = argument.split()[-2:]
    built_before = re.match(r"--from=(\S+)", argument)
    if built_before:
        source = top / built_before[1] / Path(source_name).relative_to(image_workdir)
        shutil.copytree(source, workdir / target_name, symlinks=True, copy_function=os.link)
    elif (ROOT / source_name).is_dir():
        shutil.copytree(ROOT / source_name, workdir / target_name, ignore=NEVER_COPIED)
    else:
        shutil.copy(ROOT / source_name, workdir / target_name)


def _serve_and_ask(stage: Stage, workdir: Path, top: Path, python_dir: Path, user: dict[str, Any]) -> dict[str, Any]:
    port = _free_port()
    scratch = top / "tmp"
    scratch.mkdir()
    scratch.chmod(0o1777)
    environment = {"PATH": f"{python_dir}:/usr/bin:/bin", "HOME": "/", "TMPDIR": str(scratch)}
    for name, value in stage.environment.items():
        environment[name] = value.replace(stage.last("WORKDIR"), str(workdir)).replace("$PATH", environment["PATH"])
    environment.update(HOST="127.0.0.1", PORT=str(port))  # as docker run --env would
    print("CMD", stage.command, "as", user or "the same user", flush=True)
    server = subprocess.Popen(stage.command, cwd=workdir, env=environment, stdin=subprocess.DEVNULL, **user)
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_until_ready(url, server)
        subprocess.run(stage.health_command, cwd=workdir, env=environment, check=True, **user)
        with urlopen(Request(f"{url}/predict", _drawn_zero(), {"Content-Type": "image/png"}), timeout=30) as response:
            answer: dict[str, Any] = json.load(response)
    finally:
        server.terminate()
        status = server.wait(timeout=30)
    if status not in {0, -signal.SIGTERM}:
        raise RuntimeError(f"The server exited with status {status} when it was asked to stop.")
    return answer


def _drawn_zero() -> bytes:
    drawing = Image.new("L", (280, 280), "white")
    ImageDraw.Draw(drawing).ellipse((80, 45, 200, 235), outline="black", width=18)
    png = io.BytesIO()
    drawing.save(png, "PNG")
    return png.getvalue()


def _wait_until_ready(url: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + READY_TIMEOUT_S
    while server.poll() is None and time.monotonic() < deadline:
        try:
            with urlopen(f"{url}/readyz", timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError("The server did not become ready.")


def _user(stage: Stage) -> dict[str, Any]:
    """Popen's arguments for the image's user; only root can become another."""
    if os.geteuid() != 0:
        return {}
    user, group = map(int, stage.last("USER").split(":"))
    return {"user": user, "group": group, "extra_groups": []}


def _python_dir(user: dict[str, Any]) -> Path:
    """Where a python3 is that fits and that the image's user may run, as the base image's would."""
    for folder in dict.fromkeys((Path(sys.base_exec_prefix) / "bin", Path("/usr/local/bin"), Path("/usr/bin"))):
        try:
            if subprocess.run([folder / "python3", "-c", USABLE], cwd="/", check=False, **user).returncode == 0:
                return folder
        except OSError:
            continue
    raise SystemExit("No Python 3.11 to 3.13 with its venv module that another user may run: install python3-venv.")


def _make_read_only(folder: Path) -> None:
    for path in (*folder.rglob("*"), folder):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode & ~0o222)


def _make_removable(folder: Path) -> None:
    for path in (folder, *(path for path in folder.rglob("*") if path.is_dir() and not path.is_symlink())):
        path.chmod(0o755)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main())
