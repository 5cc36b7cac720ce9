"""``python -m training gallery``: the file that it writes beside a bundle, and that nothing else changes."""

import json
import shutil
from pathlib import Path

import pytest

from app.bundle.files import read_bundle, sha256
from app.bundle.gallery import read_gallery
from training.__main__ import main

MLP = "mnist-mlp-lecture"


@pytest.fixture
def own_models(models_dir: Path, tmp_path: Path) -> Path:
    shutil.copytree(models_dir / MLP, tmp_path / MLP, ignore=shutil.ignore_patterns("gallery.npz"))
    return tmp_path


def gallery(models: Path, data: Path, *name: str) -> int:
    return main(["gallery", *name, "--data-dir", str(data), "--models-dir", str(models)])


def files_under(directory: Path) -> dict[str, str]:
    return {str(path.relative_to(directory)): sha256(path) for path in directory.rglob("*") if path.is_file()}


def test_gallery_holds_the_test_set_and_no_other_file_changes(own_models, bars, bars_dir, capsys):
    before = files_under(own_models)

    assert gallery(own_models, bars_dir, MLP) == 0

    after = files_under(own_models)
    assert after.keys() - before.keys() == {f"{MLP}/gallery.npz"}
    assert before.items() <= after.items()
    made = read_gallery(read_bundle(own_models / MLP))
    assert made.images.tolist() == bars.test_images.tolist()
    assert made.labels.tolist() == bars.test_labels.tolist()
    assert made.probabilities.sum(axis=1) == pytest.approx(1, abs=1e-5)
    assert (made.dataset, made.probabilities.shape) == ("MNIST", (200, 10))
    output = capsys.readouterr().out
    assert f"{MLP} on the test images of MNIST" in output
    assert str(own_models / MLP / "gallery.npz") in output


@pytest.mark.parametrize("name", [["all"], []])
def test_unusable_network_does_not_stop_the_others(own_models, bars_dir, capsys, name):
    shutil.copytree(own_models / MLP, own_models / "damaged")

    status = gallery(own_models, bars_dir, *name)

    output = capsys.readouterr()
    assert status == 1
    assert "no gallery was made of damaged" in output.err
    assert "damaged: The card in “damaged” is that of" in output.out
    assert (own_models / MLP / "gallery.npz").is_file()
    assert not (own_models / "damaged" / "gallery.npz").exists()


def test_network_without_a_known_data_set_is_skipped_unless_it_is_named(own_models, bars_dir, capsys):
    path = own_models / MLP / "card.json"
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), "recipe": {}}), "utf-8")

    assert gallery(own_models, bars_dir) == 0
    assert gallery(own_models, bars_dir, MLP) == 1

    assert f"the card of “{MLP}” names no data set" in capsys.readouterr().err


def test_damaged_data_set_is_named_and_nothing_is_left_behind(own_models, capsys):
    data = own_models / ".data"
    data.mkdir()
    (data / "mnist.npz").write_bytes(b"PK")

    assert gallery(own_models, data, MLP) == 1

    assert "mnist.npz is damaged" in capsys.readouterr().err
    assert not (own_models / MLP / "gallery.npz").exists()
