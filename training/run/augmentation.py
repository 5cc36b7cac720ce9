"""Augmentation of training images, new at each step, as Keras layers.

A digit is rotated, slanted, scaled, shifted, elastically deformed, thickened or thinned, blurred and made grainy; a
photograph is mirrored, shifted, squeezed and changed in brightness, contrast and saturation. Labels do not change. All
random numbers come from the layer's seed generator, which training resets at the beginning of each epoch. Uses only
Keras operations, so that it runs on any backend.

Keras has one layer for each of these changes, and each interpolates the image once more: a stroke three pixels wide is
blurred after two of them. Here all geometric changes are one interpolation.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final, Literal

import keras
import numpy as np
from keras import ops

from app.arrays import FloatArray
from training.device import jit_compile

AugmentationName = Literal["digits", "digits_bent", "photos"]
Tensor = Any

DIGIT_PX: Final = 28
BUMP_SPACING_PX: Final = 3  # of the bumps that make up an elastic deformation
BUMP_WIDTH_PX: Final = 4.0  # their standard deviation: with less, strokes tremble; with more, the digit only shifts


class DeformDigits(keras.layers.Layer):
    """Deform digits: float32 in 0..1, shape ``(n, 28, 28)``, ink bright; returns the same.

    Each strength is a standard deviation over the images; values are limited to twice that.

    Args:
        rotation: in degrees.
        slant: in columns per row.
        scale: of each axis independently, as a natural logarithm.
        shift: in pixels.
        bend: the largest mean displacement of an image's pixels by elastic deformation, in pixels (Simard, Steinkraus
            and Platt, "Best Practices for Convolutional Neural Networks Applied to Visual Document Analysis", 2003).
        thickness: share of one pixel's dilation, or erosion, of the stroke on either side.
        blur: the largest share of a pixel that goes to each neighbour along each axis.
        noise: the largest noise, in brightness.
    """

    def __init__(
        self,
        rotation: float = 7.0,
        slant: float = 0.13,
        scale: float = 0.08,
        shift: float = 0.8,
        bend: float = 1.0,
        thickness: float = 0.25,
        blur: float = 0.08,
        noise: float = 0.06,
    ) -> None:
        super().__init__(trainable=False)
        self.deviations = {"rotation": np.radians(rotation), "slant": slant, "scale": scale, "shift": shift}
        self.bend, self.thickness, self.blur, self.noise = bend, thickness, blur, noise
        self.seed_generator = keras.random.SeedGenerator(0)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        """Return the shape as it is."""
        return input_shape

    def call(self, images: Tensor) -> Tensor:
        """Return the images, each deformed in its own way."""
        count = ops.shape(images)[0]
        inked = self._change_pen(images, count)
        rows, columns = self._places(count)
        moved = read_between_pixels(inked, rows, columns)
        return ops.clip(self._soften(moved, count), 0.0, 1.0)

    def _change_pen(self, images: Tensor, count: int) -> Tensor:
        share = self._normal((count, 1, 1), self.thickness)
        thick, thin = _dilate(images), 1 - _dilate(1 - images)
        return images + ops.maximum(share, 0.0) * (thick - images) - ops.minimum(share, 0.0) * (thin - images)

    def _places(self, count: int) -> tuple[Tensor, Tensor]:
        """The source position of each pixel of the deformed image: rows and columns, shape ``(n, 28, 28)``."""
        turn = self._normal((count, 1, 1), self.deviations["rotation"])
        slant = self._normal((count, 1, 1), self.deviations["slant"])
        tall, wide = (ops.exp(self._normal((count, 1, 1), self.deviations["scale"])) for _ in range(2))
        down, right = (self._normal((count, 1, 1), self.deviations["shift"]) for _ in range(2))
        middle = (DIGIT_PX - 1) / 2
        row = ops.reshape(ops.arange(DIGIT_PX, dtype="float32"), (1, -1, 1)) - middle - down
        column = ops.reshape(ops.arange(DIGIT_PX, dtype="float32"), (1, 1, -1)) - middle - right
        rows = (ops.cos(turn) * row - ops.sin(turn) * column) * tall
        columns = (ops.sin(turn) * row + ops.cos(turn) * column) * wide + slant * row
        bent_rows, bent_columns = self._bends(count)
        return rows + bent_rows + middle, columns + bent_columns + middle

    def _bends(self, count: int) -> tuple[Tensor, Tensor]:
        bumps = ops.convert_to_tensor(_bumps())  # (28, bumps)
        amount = self._uniform((count, 1, 1), self.bend)
        side = bumps.shape[1]
        heights = keras.random.normal((2, count, side, side), seed=self.seed_generator)
        bends = ops.matmul(ops.matmul(bumps, heights), ops.transpose(bumps))  # (2, n, 28, 28), of deviation 1
        return amount * bends[0], amount * bends[1]

    def _soften(self, images: Tensor, count: int) -> Tensor:
        given = self._uniform((count, 1, 1), self.blur)
        wide = ops.pad(images, ((0, 0), (1, 1), (1, 1)))
        down = (1 - 2 * given) * wide[:, 1:-1] + given * (wide[:, :-2] + wide[:, 2:])
        soft = (1 - 2 * given) * down[:, :, 1:-1] + given * (down[:, :, :-2] + down[:, :, 2:])
        grain = keras.random.uniform((count, DIGIT_PX, DIGIT_PX), -1.0, 1.0, seed=self.seed_generator)
        return soft + self._uniform((count, 1, 1), self.noise) * grain

    def _normal(self, shape: tuple[int, ...], deviation: float) -> Tensor:
        drawn = keras.random.normal(shape, stddev=1.0, seed=self.seed_generator)
        return deviation * ops.clip(drawn, -2.0, 2.0)

    def _uniform(self, shape: tuple[int, ...], most: float) -> Tensor:
        return keras.random.uniform(shape, 0.0, 1.0, seed=self.seed_generator) * most


class DeformPhotos(keras.layers.Layer):
    """Deform photographs: float32 in 0..1, shape ``(n, h, w, c)``; returns the same.

    Half of them are mirrored left to right, and each is shifted by whole pixels, which does not blur. Some are also
    squeezed, because a photograph of any shape is made square for the network, and all are changed in brightness,
    contrast and saturation. Outside its edges a photograph is continued by its mirror image.

    Args:
        shift: the largest shift in pixels, along each axis.
        reshaped: the share that is squeezed.
        narrow: how much narrower a squeezed one may become, as a factor.
        wide: how much wider.
        zoom: the largest zoom of a squeezed one, in or out, as a natural logarithm.
        light: the largest change of contrast and saturation, as a share; brightness changes by half of it.
    """

    def __init__(
        self,
        shift: int = 3,
        reshaped: float = 0.4,
        narrow: float = 1.6,
        wide: float = 1.2,
        zoom: float = 0.08,
        light: float = 0.15,
    ) -> None:
        super().__init__(trainable=False)
        self.shift, self.reshaped, self.zoom, self.light = shift, reshaped, zoom, light
        self.shapes = -float(np.log(wide)), float(np.log(narrow))
        self.seed_generator = keras.random.SeedGenerator(0)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        """Return the shape as it is."""
        return input_shape

    def call(self, images: Tensor) -> Tensor:
        """Return the images, each deformed in its own way."""
        count = ops.shape(images)[0]
        height, width, _ = images.shape[1:]
        reshaped = ops.cast(self._uniform(count, 0.0, 1.0) < self.reshaped, "float32")
        shape = reshaped * self._uniform(count, *self.shapes) / 2
        zoom = reshaped * self._uniform(count, -self.zoom, self.zoom)
        mirrored = ops.where(self._uniform(count, 0.0, 1.0) < 0.5, -1.0, 1.0)
        rows = read_along(height, ops.exp(zoom - shape), self._shifts(count))
        columns = read_along(width, mirrored * ops.exp(zoom + shape), self._shifts(count))
        moved = ops.einsum("nyh,nhwc->nywc", rows, images)
        return self._relight(ops.einsum("nxw,nywc->nyxc", columns, moved), count)

    def _relight(self, images: Tensor, count: int) -> Tensor:
        saturation, contrast = (self._uniform(count, 1 - self.light, 1 + self.light)[..., None] for _ in range(2))
        brightness = self._uniform(count, -self.light / 2, self.light / 2)[..., None]
        grey = ops.mean(images, axis=-1, keepdims=True)
        coloured = grey + saturation * (images - grey)
        middle = ops.mean(coloured, axis=(1, 2, 3), keepdims=True)
        return ops.clip(middle + brightness + contrast * (coloured - middle), 0.0, 1.0)

    def _shifts(self, count: int) -> Tensor:
        drawn = keras.random.randint((count, 1, 1), -self.shift, self.shift + 1, seed=self.seed_generator)
        return ops.cast(drawn, "float32")

    def _uniform(self, count: int, least: float, most: float) -> Tensor:
        return keras.random.uniform((count, 1, 1), least, most, seed=self.seed_generator)


AUGMENTATIONS: Final[Mapping[AugmentationName, Callable[[], keras.layers.Layer]]] = {
    "digits": DeformDigits,
    "digits_bent": partial(DeformDigits, rotation=8.0, slant=0.15, scale=0.1, bend=1.8, blur=0.04, noise=0.0),
    "photos": DeformPhotos,
}


def make_augmentation(name: AugmentationName, image_shape: tuple[int, ...]) -> keras.Model:
    """Return an augmentation as a network without weights, for ``predict_on_batch``.

    Compiled, it takes a quarter of the time.
    """
    images = keras.Input(image_shape)
    model = keras.Model(images, AUGMENTATIONS[name]()(images))
    model.compile(jit_compile=jit_compile())
    return model


def read_along(length: int, step: Tensor, shift: Tensor) -> Tensor:
    """Return the matrices that resample one axis of images by linear interpolation.

    Args:
        length: of the axis, in pixels, before and after.
        step: from one sample to the next, in pixels, shape ``(n, 1, 1)``; a negative step reverses the axis.
        shift: the displacement of the middle, in pixels, shape ``(n, 1, 1)``.

    Returns:
        float32, shape ``(n, length, length)``; rows sum to 1. Beyond its ends the axis is mirrored.
    """
    last = length - 1
    pixel = ops.arange(length, dtype="float32")
    place = ops.reshape(pixel, (1, -1, 1)) - last / 2
    place = ops.abs(place * step + shift + last / 2)
    place = ops.clip(last - ops.abs(last - place), 0.0, last)
    return ops.maximum(0.0, 1.0 - ops.abs(place - ops.reshape(pixel, (1, 1, -1))))


def read_between_pixels(images: Tensor, rows: Tensor, columns: Tensor) -> Tensor:
    """Sample images between their pixels, by bilinear interpolation; the outside is black.

    Args:
        images: float32, shape ``(n, h, w)``.
        rows: of the samples, in pixels, shape ``(n, ...)``.
        columns: likewise.

    Returns:
        float32, in the shape of ``rows``.
    """
    count = ops.shape(images)[0]
    height, width = images.shape[1:]
    padded = ops.reshape(ops.pad(images, ((0, 0), (1, 2), (1, 2))), (-1,))
    rows, columns = ops.clip(rows + 1, 0.0, height + 1.0), ops.clip(columns + 1, 0.0, width + 1.0)
    top, left = ops.floor(rows), ops.floor(columns)
    below, beside = rows - top, columns - left
    first = ops.reshape(ops.arange(count, dtype="int32"), (-1, 1, 1)) * (height + 3) * (width + 3)
    place = first + ops.cast(top, "int32") * (width + 3) + ops.cast(left, "int32")
    upper = (1 - beside) * ops.take(padded, place) + beside * ops.take(padded, place + 1)
    lower = (1 - beside) * ops.take(padded, place + width + 3) + beside * ops.take(padded, place + width + 4)
    return (1 - below) * upper + below * lower


def _dilate(images: Tensor) -> Tensor:
    """The maximum of each pixel and its eight neighbours."""
    return ops.max_pool(images[..., None], 3, strides=1, padding="same")[..., 0]


def _bumps() -> FloatArray:
    """Gaussian bumps along an axis, shape ``(28, bumps)``.

    Rows have length 1, so that a sum of bumps with random heights has their standard deviation everywhere.
    """
    pixels = np.arange(DIGIT_PX)[:, np.newaxis]
    centres = np.arange(-6, DIGIT_PX + 7, BUMP_SPACING_PX)[np.newaxis]
    bumps = np.exp(-((pixels - centres) ** 2) / (2 * BUMP_WIDTH_PX**2))
    unit: FloatArray = (bumps / np.linalg.norm(bumps, axis=1, keepdims=True)).astype(np.float32)
    return unit
