"""Turns a picture into a network's input: digits in MNIST form, photographs in CIFAR form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from app.preprocessing import digits, photos
from app.preprocessing.digits import prepare_digit
from app.preprocessing.images import UprightImage
from app.preprocessing.photos import USUAL_FIT, Fit, prepare_photo
from app.preprocessing.steps import USUAL, Prepared, Step, StepOptions

Kind = Literal["digits", "photos"]

__all__ = [
    "STEPS",
    "USUAL",
    "USUAL_FIT",
    "Fit",
    "Kind",
    "Prepared",
    "Step",
    "StepOptions",
    "prepare",
    "prepare_digit",
    "prepare_photo",
]

STEPS: Final[Mapping[Kind, Mapping[str, bool]]] = {"digits": digits.STEPS, "photos": photos.STEPS}
"""The steps of each kind by name, in order, and whether each can be left out."""


def prepare(kind: Kind, image: UprightImage, fit: Fit = USUAL_FIT, options: StepOptions = USUAL) -> Prepared:
    """Prepare a picture for a network of a kind.

    Args:
        kind: ``"digits"`` or ``"photos"``, as the model's card says.
        image: the upright picture.
        fit: how a photograph is made square; a digit is cropped in any case.
        options: which steps are left out, and whether each step's output is kept.

    Raises:
        NothingDrawn: there is no digit in the picture.
    """
    return prepare_photo(image, fit, options) if kind == "photos" else prepare_digit(image, options)
