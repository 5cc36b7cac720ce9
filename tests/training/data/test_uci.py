"""UCI's pen digits, converted to the form that training reads."""

from pathlib import Path

from training.data.strokes import PenDigit, load_pen_digits
from training.data.uci import main

UNIPEN = """.INCLUDE explained.doc
.HIERARCHY DIGIT
.SEGMENT DIGIT 0-1 ? "7"
.COMMENT 7 24 801
.PEN_DOWN
 100 400
 350 400
 200  50
.PEN_UP
.DT 100
.PEN_DOWN
 150 225
.PEN_UP
.DT 100

.SEGMENT DIGIT 2 ? "1"
.COMMENT 1 25 802
.PEN_DOWN
 250 500
 250   0
.PEN_UP
.DT 100
"""


def test_digits_keep_their_strokes_and_the_last_six_writers_are_for_validation(tmp_path: Path) -> None:
    (tmp_path / "pendigits-orig.tra").write_text(UNIPEN, encoding="latin-1")

    main(tmp_path / "pendigits-orig.tra", tmp_path / "pen-digits.jsonl.gz")

    strokes = (((0.2, 0.2), (0.7, 0.2), (0.4, 0.9)), ((0.3, 0.55),))
    assert load_pen_digits(tmp_path / "pen-digits.jsonl.gz", "train") == [PenDigit(7, "tra-24", strokes)]
    vertical = (((0.5, 0.0), (0.5, 1.0)),)
    assert load_pen_digits(tmp_path / "pen-digits.jsonl.gz", "validation") == [PenDigit(1, "tra-25", vertical)]
