"""``python -m training``: the commands, and the one-sentence error if a command cannot be run."""

import shutil
from pathlib import Path

import pytest

from training.__main__ import main


def test_list_names_every_recipe_with_its_accuracy(capsys):
    assert main(["list"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith("mnist-mlp-lecture") and "98." in line for line in lines)
    assert any(line.startswith("cifar10-cnn-lecture") and "CIFAR-10 (JPEG copy)" in line for line in lines)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["train", "resnet"], "there is no recipe “resnet”; there are mnist-mlp, mnist-mlp-lecture, mnist-deep-mlp"),
        (["train", "mnist-mlp-lecture", "--data-dir", "nowhere"], "does not exist"),
        (["evaluate", "mnist-mlp-lecture", "--data-dir", "nowhere"], "does not exist"),
        (["gallery", "nothing"], "card.json is missing from “nothing”."),
        (["gallery", "mnist-mlp-lecture", "--data-dir", "nowhere"], "does not exist"),
        (["gallery", "--models-dir", "nowhere"], "nowhere holds no bundle."),
        (["evaluate", "nothing", "--photos", "photos.zip"], "card.json is missing from “nothing”."),
        (["evaluate", "mnist-mlp-lecture", "--photos", "nowhere.zip"], "there is no file nowhere.zip."),
        (["evaluate", "mnist-mlp-lecture", "--strokes", "nowhere.gz"], "there is no file nowhere.gz."),
    ],
)
def test_what_cannot_be_done_gets_one_sentence(capsys, arguments, sentence):
    status = main(arguments)

    output = capsys.readouterr()
    assert status == 1
    assert sentence in output.err
    assert output.err.count("\n") == 1
    assert "Traceback" not in output.err


def test_damaged_bundle_is_listed_with_what_is_wrong(capsys, models_dir, tmp_path):
    shutil.copytree(models_dir / "mnist-mlp-lecture", tmp_path / "mnist-mlp-lecture")
    (tmp_path / "mnist-mlp-lecture" / "model.keras").write_bytes(b"another network")

    main(["list", "--models-dir", str(tmp_path)])

    assert "model.keras in the bundle “mnist-mlp-lecture” is not the file" in capsys.readouterr().out


def test_measuring_on_another_backend_gets_one_sentence(capsys, monkeypatch):
    monkeypatch.setenv("KERAS_BACKEND", "jax")

    assert main(["evaluate", "mnist-mlp-lecture", "--photos", "photos.zip"]) == 1
    assert "unset KERAS_BACKEND" in capsys.readouterr().err


def test_wrong_call_gets_the_usage():
    with pytest.raises(SystemExit) as error:
        main(["fly"])

    assert error.value.code == 2


def test_interrupted_command_says_how_to_continue(capsys, monkeypatch, bars_dir, tmp_path):
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("training.run.fit.train", interrupt)

    status = main(["train", "mnist-mlp-lecture", "--data-dir", str(bars_dir), "--cache-dir", str(tmp_path)])

    assert status == 130
    assert "continues a training run after its last finished epoch" in capsys.readouterr().err


def test_strokes_that_are_missing_are_named(capsys, bars_dir, tmp_path):
    shutil.copy(bars_dir / "mnist.npz", tmp_path)

    assert main(["train", "mnist-mlp", "--data-dir", str(tmp_path), "--cache-dir", str(tmp_path)]) == 1

    assert "docs/pen-digits.md" in capsys.readouterr().err


def test_data_directory_may_stand_in_the_environment(capsys, monkeypatch, tmp_path: Path):
    monkeypatch.setenv("LAYERSCOPE_DATA", str(tmp_path))

    assert main(["train", "mnist-mlp-lecture", "--cache-dir", str(tmp_path)]) == 1
    assert str(tmp_path / "mnist.npz") in capsys.readouterr().err


def test_bundle_that_was_only_copied_is_listed(capsys, models_dir, tmp_path):
    shutil.copytree(models_dir / "mnist-mlp-lecture", tmp_path / "mnist-mlp-lecture")

    assert main(["list", "--models-dir", str(tmp_path)]) == 0

    assert "cifar10-cnn-lecture    4 convolutions, the lecture’s recipe: not in the models directory" in (
        capsys.readouterr().out
    )
