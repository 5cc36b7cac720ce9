"""The README is code: its examples run against a real server, and what it lists is what there is."""

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from app.settings import Settings

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


def test_networks_in_the_table_have_the_figures_of_their_cards(models_dir):
    readme = README.read_text("utf-8")

    for path in sorted(models_dir.glob("*/card.json")):
        card = json.loads(path.read_text("utf-8"))
        test = next(measurement for measurement in card["metrics"] if measurement["split"] == "test")
        row = next(line for line in readme.splitlines() if line.startswith(f"| `{card['name']}`"))
        assert f"{100 * test['accuracy']:.2f} %" in row
        assert test["dataset"] in row
