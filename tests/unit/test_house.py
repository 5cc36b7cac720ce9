"""make's targets, the locks, the versions, and the direction of imports in the page."""

import json
import os
import re
import shutil
import subprocess
import tomllib
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import pytest

from app import __version__


@pytest.fixture
def project(root: Path) -> dict[str, Any]:
    return tomllib.loads((root / "pyproject.toml").read_text())["project"]


@pytest.fixture
def folder_with_make(root: Path, tmp_path: Path) -> Path:
    """A fresh folder with what `make install` reads."""
    for name in ("Makefile", "requirements.lock", "requirements-dev.lock"):
        shutil.copy(root / name, tmp_path / name)
    return tmp_path


def make(*arguments: str, folder: Path, path: str | None = None) -> subprocess.CompletedProcess[str]:
    executable = shutil.which("make")
    assert executable
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    if path is not None:
        environment["PATH"] = path
    return subprocess.run(
        [executable, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def path_without_python(tmp_path: Path, **scripts: str) -> str:
    """A PATH with what make's recipes need, no Python, and the given scripts in the place of one."""
    folder = tmp_path / "path"
    folder.mkdir()
    for tool in ("awk", "cmp", "cp", "sh", "test", "touch"):
        found = shutil.which(tool)
        assert found
        (folder / tool).symlink_to(found)
    for name, script in scripts.items():
        (folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (folder / name).chmod(0o755)
    return str(folder)


def dependency_names(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[<>=;~! ]", requirement)[0].lower() for requirement in requirements}


def pinned(lock: Path) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", lock.read_text(), re.MULTILINE))


def test_make_alone_lists_every_target_a_person_can_ask_for(root: Path) -> None:
    phony = re.search(r"^\.PHONY: (.+)$", (root / "Makefile").read_text(), re.MULTILINE)
    assert phony

    listed = re.findall(r"^  make (\S+) +\S", make(folder=root).stdout, re.MULTILINE)

    assert sorted(listed) == sorted(phony[1].split())


def test_every_make_target_named_in_the_texts_exists(root: Path) -> None:
    targets = re.findall(r"^  make (\S+)", make(folder=root).stdout, re.MULTILINE)

    named = {
        target
        for text in root.glob("*.md")
        for target in re.findall(r"(?:`|^|\n)make ([a-z]+(?:-[a-z]+)*)", text.read_text())
    }

    assert named - set(targets) == set()


def test_without_python_make_says_in_one_sentence_what_is_missing(folder_with_make: Path) -> None:
    path = path_without_python(
        folder_with_make, python3="exit 127"
    )  # like a version manager's shim with nothing behind

    run = make("install", folder=folder_with_make, path=path)

    assert run.returncode != 0
    sentence, *rest = run.stderr.splitlines()
    assert sentence.startswith("Layerscope needs Python 3.11, 3.12 or 3.13")
    assert all(line.startswith("make: ***") for line in rest)


def test_python_without_venv_is_named_and_nothing_is_created(folder_with_make: Path) -> None:
    path = path_without_python(folder_with_make, python3='case "$2" in *ensurepip*) exit 1;; esac')

    run = make("install", folder=folder_with_make, path=path)

    assert run.returncode != 0
    assert run.stderr.startswith("Layerscope found python3, but it cannot create an environment")
    assert not (folder_with_make / ".venv").exists()


def test_newest_python_that_works_is_chosen(folder_with_make: Path) -> None:
    works = 'case "$2" in venv) echo "chose $0"; exit 1;; esac'
    path = path_without_python(folder_with_make, **{"python3.13": "exit 1", "python3.12": works, "python3.11": works})

    run = make("install", folder=folder_with_make, path=path)

    assert re.findall(r"chose .*/(\S+)", run.stdout) == ["python3.12"]


def test_installed_environment_is_left_alone_until_the_lock_changes(folder_with_make: Path) -> None:
    python = folder_with_make / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text('#!/bin/sh\ncase "$*" in *requirements*) echo "installs";; esac\n')
    python.chmod(0o755)

    first = make("install", folder=folder_with_make)
    (folder_with_make / "requirements.lock").touch()
    same = make("install", folder=folder_with_make)
    (folder_with_make / "requirements.lock").write_text("# another\n")
    changed = make("install", folder=folder_with_make)

    assert [run.stdout.count("installs\n") for run in (first, same, changed)] == [1, 0, 1]


def test_locks_pin_what_pyproject_declares(root: Path, project: dict[str, Any]) -> None:
    run_time, development = pinned(root / "requirements.lock"), pinned(root / "requirements-dev.lock")

    assert dependency_names(project["dependencies"]) <= run_time.keys()
    assert dependency_names(project["optional-dependencies"]["dev"]) <= development.keys()
    assert run_time.items() <= development.items()
    assert "pytest" not in run_time


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_every_pin_has_hashes_and_names_no_place(root: Path, name: str) -> None:
    text = (root / name).read_text()

    for requirement in re.split(r"\n(?=[a-z])", text):
        assert "--hash=sha256:" in requirement, requirement
    assert not re.search(r"://|--index|--find-links|^\s*-e ", text, re.MULTILINE)
    assert "nvidia" not in text  # the CUDA libraries are gigabytes, and belong to the extra gpu


def test_version_is_the_same_everywhere(root: Path, project: dict[str, Any]) -> None:
    released = re.findall(r"^## \[?(\d+\.\d+\.\d+)", (root / "CHANGELOG.md").read_text(), re.MULTILINE)

    assert project["version"] == __version__
    assert released[:1] in ([], [__version__])  # newest first; none before the first release


def test_javascript_lock_names_no_host(root: Path) -> None:
    lock = json.loads((root / "package-lock.json").read_text())

    assert not [name for name, package in lock["packages"].items() if "resolved" in package]


@pytest.fixture(scope="module")
def script_imports(root: Path) -> dict[Path, set[Path]]:
    """What each of the page's scripts imports, types in comments included; paths below ``static/js``."""
    scripts_dir = root / "static" / "js"
    specifiers = re.compile(r"""\b(?:from|import)\s*\(?\s*["'](\.[^"']+)["']""")
    return {
        script.relative_to(scripts_dir): {
            (script.parent / target).resolve().relative_to(scripts_dir)
            for target in specifiers.findall(script.read_text())
        }
        for script in scripts_dir.rglob("*.js")
    }


def package_of(script: Path) -> Path:
    """The folder of a floor that a script belongs to: ``views/layers``; the floor itself for a script without one."""
    return Path(*script.parent.parts[:2])


def test_in_the_page_imports_run_from_pages_to_views_to_lib(script_imports: dict[Path, set[Path]]) -> None:
    floors = {"lib": 0, "views": 1, "pages": 2}

    upward = [
        f"{script} imports {target}"
        for script, targets in script_imports.items()
        for target in targets
        if floors[target.parts[0]] > floors[script.parts[0]]
    ]

    assert any(script_imports.values())
    assert upward == []


def test_every_import_of_the_page_names_a_file(root: Path, script_imports: dict[Path, set[Path]]) -> None:
    types = {
        path.relative_to(root / "static/js").with_suffix("").with_suffix(".js")
        for path in root.rglob("static/js/**/*.d.ts")
    }

    assert [
        (script, target)
        for script, targets in script_imports.items()
        for target in targets - set(script_imports) - types
    ] == []


def test_no_scripts_of_the_page_import_each_other(script_imports: dict[Path, set[Path]]) -> None:
    TopologicalSorter(script_imports).prepare()  # raises CycleError, which names the cycle


def test_no_packages_of_the_page_import_each_other(script_imports: dict[Path, set[Path]]) -> None:
    packages: dict[Path, set[Path]] = {}
    for script, targets in script_imports.items():
        packages.setdefault(package_of(script), set()).update(package_of(target) for target in targets)

    others = {package: imported - {package} for package, imported in packages.items()}

    TopologicalSorter(others).prepare()
