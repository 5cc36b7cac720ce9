"""Brings a picture into CIFAR-10's form: 32 x 32 pixels, three channels, 0..1.

The whole picture squeezed into the square, or the largest square in its middle, by area averaging: every pixel of the
picture counts by the area it covers. A picture that already has 32 x 32 pixels is not changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

import numpy as np
from PIL import Image

from app.arrays import ByteArray, FloatArray
from app.preprocessing.alpha import lay_on
from app.preprocessing.images import UprightImage
from app.preprocessing.resampling import area_weights
from app.preprocessing.steps import USUAL, Prepared, Step, StepOptions, Trail, to_unit

Fit = Literal["whole", "centre"]
USUAL_FIT: Final[Fit] = "centre"

SIDE_PX: Final = 32
ENOUGH_PX: Final = 512  # a longer side is first averaged in whole blocks: faster, and within two grey levels of exact

STEPS: Final[Mapping[str, bool]] = {"alpha": False, "crop": True, "scale": False}
"""The steps in order, and whether each can be left out."""


def prepare_photo(image: UprightImage, fit: Fit = USUAL_FIT, options: StepOptions = USUAL) -> Prepared:
    """Bring a picture to 32 x 32 pixels.

    Args:
        image: of any size and shape.
        fit: ``"whole"`` squeezes the whole picture into the square, ``"centre"`` takes the largest in its middle.
        options: which steps to leave out; without ``crop`` the whole picture is squeezed.

    Returns:
        The tensor, float32 in 0..1, shape ``(32, 32, 3)``, and the steps ``alpha``, ``crop`` and ``scale``.
    """
    trail = Trail(options)
    square = trail.may("crop", lambda opaque: crop_centre(opaque, fit), trail.take(flatten_alpha(image)))
    return trail.prepared(trail.take(scale_to_side(square)))


def flatten_alpha(image: UprightImage) -> tuple[ByteArray, Step]:
    """Blend the picture with white."""
    if image.alpha is None:
        return image.rgb, Step("alpha", applied=False)
    on_white = lay_on(image.rgb, image.alpha, (255, 255, 255))
    return on_white, Step("alpha", applied=True, parameters={"background": 255})


def crop_centre(rgb: ByteArray, fit: Fit) -> tuple[ByteArray, Step]:
    """Crop to the largest square in the middle, if ``fit`` asks for it."""
    height, width = rgb.shape[:2]
    side = min(height, width)
    if fit == "whole" or height == width:
        return rgb, Step("crop", applied=False, parameters={"left": 0, "top": 0, "width": width, "height": height})
    left, top = (width - side) // 2, (height - side) // 2
    parameters = {"left": left, "top": top, "width": side, "height": side}
    return rgb[top : top + side, left : left + side], Step("crop", applied=True, parameters=parameters)


def scale_to_side(rgb: ByteArray) -> tuple[FloatArray, Step]:
    """Scale to the network's input side, down by area averaging, up by interpolation, each axis independently."""
    height, width = rgb.shape[:2]
    parameters = {"horizontal": round(SIDE_PX / width, 4), "vertical": round(SIDE_PX / height, 4)}
    if (height, width) == (SIDE_PX, SIDE_PX):
        return to_unit(rgb), Step("scale", applied=False, parameters=parameters)
    blocks = max(1, width // ENOUGH_PX), max(1, height // ENOUGH_PX)
    pixels = _coarse(rgb, blocks)
    enlarged_height, enlarged_width = pixels.shape[:2]
    # The last block may hold fewer pixels than the others, and then counts for less.
    columns = area_weights(enlarged_width, SIDE_PX, stop=max(width / blocks[0], SIDE_PX))
    rows = area_weights(enlarged_height, SIDE_PX, stop=max(height / blocks[1], SIDE_PX))
    # Rows first, scaling to 0..1 last: after one large matrix product the other operations are small.
    fewer_rows = (rows @ pixels.reshape(enlarged_height, -1)).reshape(SIDE_PX, *pixels.shape[1:])
    scaled = columns @ fewer_rows if pixels.ndim == 3 else (fewer_rows @ columns.T)[..., np.newaxis]
    tensor: FloatArray = np.ascontiguousarray(np.broadcast_to(scaled / np.float32(255), (SIDE_PX, SIDE_PX, 3)))
    return tensor, Step("scale", applied=True, parameters=parameters)


def _coarse(rgb: ByteArray, blocks: tuple[int, int]) -> FloatArray:
    """The picture with blocks of its pixels averaged, no side shorter than the network's: float32 in 0..255.

    For a picture that repeats one channel, as ``decode_image`` returns a grey one, only that channel.
    """
    pixels = rgb[..., 0] if rgb.strides[2] == 0 else rgb
    if blocks == (1, 1) and min(pixels.shape[:2]) >= SIDE_PX:
        return pixels.astype(np.float32)
    picture = Image.fromarray(np.ascontiguousarray(pixels)).reduce(blocks)
    if min(picture.size) < SIDE_PX:
        size = max(picture.width, SIDE_PX), max(picture.height, SIDE_PX)
        picture = picture.resize(size, Image.Resampling.BILINEAR)
    return np.asarray(picture, np.float32)
