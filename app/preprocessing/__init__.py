"""A picture becomes what a network is shown: digits in MNIST form, photographs in CIFAR form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from app.images import UprightImage
from app.preprocessing.digits import prepare_digit
from app.preprocessing.photos import Fit, prepare_photo
from app.preprocessing.steps import Prepared, Step

Preprocessor = Callable[[UprightImage], Prepared]

PREPROCESSORS: Final[Mapping[str, Preprocessor]] = {"digits": prepare_digit, "photos": prepare_photo}

__all__ = ["PREPROCESSORS", "Fit", "Prepared", "Preprocessor", "Step", "prepare", "prepare_digit", "prepare_photo"]


def prepare(kind: str, image: UprightImage, fit: Fit = "whole") -> Prepared:
    """Prepare a picture for a network of a kind.

    Args:
        kind: ``"digits"`` or ``"photos"``, as the model's card says.
        image: the upright picture.
        fit: how a photograph is made square; a digit is cropped in any case.

    Raises:
        NothingDrawn: there is no digit in the picture.
        KeyError: there is no such kind.
    """
    return prepare_photo(image, fit) if kind == "photos" else PREPROCESSORS[kind](image)
