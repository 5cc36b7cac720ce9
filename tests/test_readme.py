"""Runs the README's examples against a real server, and checks its lists against the code."""

import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app.network.library import DEFAULTS
from app.settings import Settings
from training.__main__ import main

README = Path(__file__).parents[1] / "README.md"
ADDRESS = "http://127.0.0.1:8000"


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README.read_text("utf-8"), re.DOTALL)


CURL_LINES = [line for block in blocks("sh") for line in block.splitlines() if line.startswith("curl ")]


@pytest.mark.parametrize("line", CURL_LINES)
def test_curl_line_is_answered_with_seven(line, root, server_url):
    command = shlex.split(line.replace(ADDRESS, server_url))

    answer = subprocess.run([*command, "--silent"], cwd=root, capture_output=True, timeout=60, check=True).stdout

    assert json.loads(answer)["label"] == "7"


@pytest.mark.parametrize("program", blocks("python"))
def test_python_example_prints_the_answer(program, root, server_url):
    program = program.replace(ADDRESS, server_url)

    run = subprocess.run(
        [sys.executable, "-c", program], cwd=root, capture_output=True, text=True, timeout=60, check=True
    )

    assert re.match(r"7 (0\.9\d*|1\.0)\n", run.stdout)
    assert re.search(r"unit 205 before its ReLU: -?\d+\.\d+", run.stdout)


def test_every_setting_is_in_the_table():
    table = README.read_text("utf-8").partition("## Settings")[2]

    for name, field in Settings.model_fields.items():
        default = str(field.default)
        assert f"LAYERSCOPE_{name.upper()}" in table
        assert f"`{default}`" in table or default.endswith("/models")


def test_every_file_that_is_linked_exists(root):
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", README.read_text("utf-8"))

    assert links
    assert [link for link in links if not (root / link).exists()] == []


def test_table_of_networks_matches_its_command(capsys, tmp_path):
    copied = tmp_path / "README.md"
    shutil.copy(README, copied)

    status = main(["table", "--write", "--readme", str(copied)])

    assert status == 0, capsys.readouterr().err
    assert copied.read_text("utf-8") == README.read_text("utf-8"), "run make table"


def test_sentences_beside_the_table_name_the_networks_that_are_there(models_dir):
    section = README.read_text("utf-8").partition("## The networks")[2].partition("\n## ")[0]

    assert {path.parent.name for path in models_dir.glob("*/card.json")} <= set(re.findall(r"`([a-z0-9-]+)`", section))
    assert f"`{DEFAULTS[0]}`, the default" in section
