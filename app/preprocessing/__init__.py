"""A picture becomes what a network is shown: digits in MNIST form, photographs in CIFAR form."""

from __future__ import annotations

from typing import Literal

from app.images import UprightImage
from app.preprocessing.digits import prepare_digit
from app.preprocessing.photos import USUAL_FIT, Fit, prepare_photo
from app.preprocessing.steps import Prepared, Step

Kind = Literal["digits", "photos"]

__all__ = ["USUAL_FIT", "Fit", "Kind", "Prepared", "Step", "prepare", "prepare_digit", "prepare_photo"]


def prepare(kind: Kind, image: UprightImage, fit: Fit = USUAL_FIT) -> Prepared:
    """Prepare a picture for a network of a kind.

    Args:
        kind: ``"digits"`` or ``"photos"``, as the model's card says.
        image: the upright picture.
        fit: how a photograph is made square; a digit is cropped in any case.

    Raises:
        NothingDrawn: there is no digit in the picture.
    """
    return prepare_photo(image, fit) if kind == "photos" else prepare_digit(image)
