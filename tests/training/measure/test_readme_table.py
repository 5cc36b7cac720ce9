"""The README's table: what a card says stands in it, what it does not say is a dash."""

from pathlib import Path

import pytest

from app.bundle.card import Calibration, Evaluation, LayerCard, Measurement, ModelCard, Robustness, Temperature, Uploads
from app.bundle.files import read_bundle
from training.__main__ import main
from training.measure.readme_table import (
    BEGINNING,
    END,
    HEADS,
    MissingRegion,
    describe_shape,
    make_table,
    replace_region,
)

TEMPERATURE = Temperature(
    value=1.5, fitted_on="validation", fitted_examples=10, examples=20, error_before=0.0123, error=0.004
)
EVALUATION = Evaluation(
    calibration=Calibration(examples=20, error=0.0123, bins=(), temperature=TEMPERATURE),
    robustness=(
        Robustness(change="rotation", amount=20, unit="degrees", examples=20, accuracy=0.9),
        Robustness(change="rotation", amount=30, unit="degrees", examples=20, accuracy=0.812),
        Robustness(change="shift", amount=3, unit="pixels", examples=20, accuracy=0.5),
    ),
    uploads=(Uploads(name="strokes", dataset="pens", examples=1498, accuracy=0.9907, per_class=()),),
)


@pytest.fixture(scope="module")
def card(models_dir: Path) -> ModelCard:
    return read_bundle(models_dir / "mnist-mlp-lecture").card.model_copy(update={"evaluation": None})


def row_of(card: ModelCard) -> dict[str, str]:
    row = make_table([card]).splitlines()[2]
    return dict(zip(HEADS, (cell.strip() for cell in row.strip("|").split("|")), strict=True))


def test_what_was_not_measured_is_a_dash(card):
    row = row_of(card)

    assert row["network"] == "`mnist-mlp-lecture`"
    assert row["parameters"] == "932,362"
    assert row["test set"] == "98.34 %"
    assert [name for name, cell in row.items() if cell == "–"] == list(HEADS[5:])


def test_measurements_are_in_their_columns(card):
    row = row_of(card.model_copy(update={"evaluation": EVALUATION}))

    assert row["calibration error"] == "1.2 %"
    assert row["turned by 30°"] == "81.2 %"
    assert row["moved by 3 pixels"] == "50.0 %"
    assert row["photographs"] == "–"
    assert row["strokes of unseen writers"] == "99.1 % of 1,498"


def test_network_that_does_not_classify_has_its_squared_error(card):
    test = Measurement(dataset="MNIST", split="test", examples=10_000, accuracy=None, loss=0.01234)

    assert row_of(card.model_copy(update={"metrics": (test,)}))["test set"] == "squared error 0.0123"


def test_shape_is_said_in_a_few_words(models_dir, card):
    def layer(kind: str, *shape: int) -> LayerCard:
        return LayerCard(name=kind, kind=kind, shape=shape, parameters=0, activation=None, options={})

    one = (layer("input", 28, 28, 1), layer("convolution", 26, 26, 8), layer("dense", 10))

    assert describe_shape(card) == "784-512-512-512-10"
    assert describe_shape(read_bundle(models_dir / "cifar10-cnn-lecture").card) == "4 convolutions, 1 hidden"
    assert describe_shape(card.model_copy(update={"layers": one})) == "1 convolution, 0 hidden"


def test_only_what_lies_between_the_comments_is_replaced():
    text = f"before\n{BEGINNING}\n| old |\n{END}\nafter\n"

    assert replace_region(text, "| new |") == f"before\n{BEGINNING}\n| new |\n{END}\nafter\n"


@pytest.mark.parametrize("text", ["no comments", f"{BEGINNING}\nand no end", f"{END}\n{BEGINNING}"])
def test_text_without_a_place_for_it_is_refused(text):
    with pytest.raises(MissingRegion):
        replace_region(text, "| new |")


def test_command_prints_a_row_for_each_bundle_in_the_order_of_the_recipes(capsys):
    assert main(["table"]) == 0

    lines = capsys.readouterr().out.splitlines()
    names = [line.split("`")[1] for line in lines[2:]]
    assert names[:2] == ["mnist-mlp", "mnist-mlp-lecture"]
    assert "cifar10-cnn-lecture" in names


def test_readme_that_has_no_place_gets_one_sentence_and_stays(capsys, tmp_path):
    readme = tmp_path / "README.md"
    readme.write_text("# Nothing here\n")

    assert main(["table", "--write", "--readme", str(readme)]) == 1

    assert "no two comments" in capsys.readouterr().err
    assert readme.read_text() == "# Nothing here\n"


def test_damaged_bundle_is_named(capsys, trained, tmp_path):
    directory = tmp_path / "bars"
    directory.mkdir()
    (directory / "card.json").write_text("{}")

    assert main(["table", "--models-dir", str(tmp_path)]) == 1

    assert "card.json in “bars” cannot be understood" in capsys.readouterr().err
