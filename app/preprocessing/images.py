"""Decodes untrusted bytes to an upright picture: RGB, its alpha if it has one, its format and size.

The format is determined from the content, never from the name, and only a fixed list of formats is tried. The header's
size is checked against the pixel limit before anything is decoded; of an animation only the first frame is used; the
EXIF orientation is applied. Alpha is kept separately: the preprocessing chooses the background of a drawing. A small
file that would take minutes or gigabytes to read is refused before it is decoded, even if its header is within the
limit. For any bytes, this module raises only the problems named here.
"""

from __future__ import annotations

import io
import math
import re
import struct
import zlib
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image, TiffImagePlugin, features

from app.arrays import ByteArray, DoubleArray
from app.problems import BrokenImage, NotAnImage, TooManyPixels

FORMATS: Final = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF") + (("AVIF",) if features.check("avif") else ())

# A JPEG is decoded at a half, a quarter or an eighth of its size while both sides stay above this: the networks look at
# 28 and 32 pixels, and averaging in the decoder is what the preprocessing would do next.
JPEG_SIDE_PX: Final = 640

# All exceptions that Pillow's readers raised on damaged files; a warning raises only if warnings are errors.
DAMAGE: Final = (
    OSError, SyntaxError, ValueError, TypeError, LookupError, AttributeError, ArithmeticError, EOFError, RuntimeError,
    AssertionError, MemoryError, struct.error, zlib.error, Image.DecompressionBombError, Warning,
)  # fmt: skip

# Each scan of a progressive JPEG costs a pass over all its blocks, for a few bytes; encoders make about ten scans.
MAX_JPEG_SCANS: Final = 100

# A TIFF's tiles are decoded whole, even for a small picture; those that programs write have sides of some hundred.
MAX_TILE_PIXELS: Final = 16_000_000

# Into how many pieces a file may be cut: each costs a loop in Python, and some append to a growing string. The longest
# header is a JPEG's: a profile and a depth map may take 255 pieces each, of four reads.
MAX_HEADER_READS: Final = 2_500
MAX_READS: Final = 1_000_000

EXIF_ORIENTATION: Final = 0x0112
UPRIGHT: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

# This module checks its own limit on the header; Pillow's would raise a warning or a different error.
Image.MAX_IMAGE_PIXELS = None


@dataclass(frozen=True)
class ImageLimits:
    """How large a picture may be before it is decoded."""

    max_pixels: int = 50_000_000


@dataclass(frozen=True)
class UprightImage:
    """A decoded picture, upright.

    Attributes:
        rgb: uint8, shape ``(rows, columns, 3)``. A grey picture is a view that repeats one channel, without a copy.
        alpha: uint8, shape ``(rows, columns)``, or None if every pixel is opaque.
        format: of the file, by content: ``"PNG"``, ``"JPEG"`` ...
        size: the file's ``(width, height)``, if larger than what was decoded (a large JPEG).
    """

    rgb: ByteArray
    alpha: ByteArray | None
    format: str
    size: tuple[int, int] | None = None

    @property
    def width(self) -> int:
        """Width of the upright picture in the file, in pixels."""
        return self.size[0] if self.size else self.rgb.shape[1]

    @property
    def height(self) -> int:
        """Height of the upright picture in the file, in pixels."""
        return self.size[1] if self.size else self.rgb.shape[0]


def decode_image(content: bytes, limits: ImageLimits = ImageLimits()) -> UprightImage:
    """Decode a picture from an untrusted sender.

    Args:
        content: the file, complete.
        limits: how large the picture may be.

    Raises:
        NotAnImage: the bytes are no picture of a known format.
        BrokenImage: they begin like one, but are truncated or damaged.
        TooManyPixels: the header announces more pixels than the limit; nothing was decoded.
    """
    return decode_opened(open_image(content, limits))


def open_image(content: bytes, limits: ImageLimits = ImageLimits()) -> Image.Image:
    """Read a picture's header, and check its size against the limits.

    Args:
        content: the file, complete.
        limits: how large the picture may be.

    Raises:
        NotAnImage: the bytes are no picture of a known format.
        BrokenImage: they begin like one, but the header is damaged.
        TooManyPixels: the header announces more pixels than the limit.
    """
    image = _open(content)
    width, height = image.size
    if width * height > limits.max_pixels:
        raise TooManyPixels(width * height, limits.max_pixels)
    if width < 1 or height < 1:
        raise BrokenImage("The picture has no pixels.")
    return image


def decode_opened(image: Image.Image) -> UprightImage:
    """Decode a picture whose header was read.

    Raises:
        BrokenImage: it is truncated or damaged.
    """
    try:
        return _decode(image)
    except DAMAGE as error:
        raise BrokenImage(f"The {_format(image)} file is truncated or damaged.") from error


def _open(content: bytes) -> Image.Image:
    """Read the header only, and refuse files that would cost more than their header says."""
    file = _File(content)
    try:
        image = Image.open(file, formats=FORMATS)
        file.reads_left = MAX_READS
        _refuse_many_scans(image, content)
        _refuse_large_tiles(image)
    except DAMAGE as error:
        if name := _announced_format(content):
            raise BrokenImage(f"The file begins as {name}, but its header is truncated or damaged.") from error
        raise NotAnImage(f"The bytes are no picture of a known format ({', '.join(FORMATS)}).") from error
    return image


class _File(io.BytesIO):
    """The bytes as a file that allows only a limited number of reads."""

    reads_left = MAX_HEADER_READS

    def read(self, size: int | None = -1) -> bytes:
        """Return the next bytes.

        Raises:
            OSError: if the file is cut into more pieces than any encoder makes.
        """
        self.reads_left -= 1
        if self.reads_left < 0:
            raise OSError("The file is cut into too many pieces.")
        return super().read(size)


def _refuse_many_scans(image: Image.Image, content: bytes) -> None:
    """Refuse a progressive JPEG with too many scans; in other JPEGs a scan costs no more than its bytes."""
    if "progressive" in image.info and _scans(content) > MAX_JPEG_SCANS:
        raise BrokenImage(f"The JPEG file has more than {MAX_JPEG_SCANS} scans.")


def _scans(content: bytes) -> int:
    """Count the scans of a JPEG up to its end, or to one more than are read (ITU-T T.81, annex B)."""
    scans, position = 0, 2
    while scans <= MAX_JPEG_SCANS and (marker := _MARKER.search(content, position)):
        if marker[1] == _END:
            break
        scans += marker[1] == _SCAN
        position = marker.end() + int.from_bytes(content[marker.end() : marker.end() + 2])
    return scans


_MARKER: Final = re.compile(rb"\xff+([^\x00\x01\xd0-\xd7\xff])", re.DOTALL)
"""A marker followed by a length, or the end; stuffed zeros and restart markers between them are skipped."""
_SCAN, _END = b"\xda", b"\xd9"


def _refuse_large_tiles(image: Image.Image) -> None:
    """Refuse a TIFF with larger tiles than any program writes."""
    if isinstance(image, TiffImagePlugin.TiffImageFile):
        sides = (TiffImagePlugin.TILEWIDTH, TiffImagePlugin.TILELENGTH)
        tile = math.prod(int(image.tag_v2.get(side, 0)) for side in sides)
        if tile > MAX_TILE_PIXELS:
            raise BrokenImage(f"The TIFF file has tiles of more than {MAX_TILE_PIXELS} pixels.")


def _announced_format(content: bytes) -> str | None:
    """The format according to the first bytes."""
    starts = {b"\x89PNG\r\n\x1a\n": "PNG", b"\xff\xd8\xff": "JPEG", b"GIF87a": "GIF", b"GIF89a": "GIF", b"BM": "BMP"}
    starts |= {b"II*\0": "TIFF", b"MM\0*": "TIFF"}
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "WEBP"
    if content[4:12] in (b"ftypavif", b"ftypavis"):
        return "AVIF"
    return next((name for start, name in starts.items() if content.startswith(start)), None)


def _format(image: Image.Image) -> str:
    # Pillow calls a camera's JPEG with a second picture inside MPO.
    return "JPEG" if image.format == "MPO" else str(image.format)


def _decode(image: Image.Image) -> UprightImage:
    name = _format(image)
    full_size = image.size
    if name == "JPEG":
        image.draft(None, (JPEG_SIDE_PX, JPEG_SIDE_PX))
    image.load()
    turn = UPRIGHT.get(_orientation(image))
    if turn is not None:
        image = image.transpose(turn)
        full_size = full_size[::-1] if turn in _QUARTER_TURNS else full_size
    rgb, alpha = _channels(image)
    if name == "BMP" and alpha is not None and not alpha.any():
        alpha = None  # most programs leave a BMP's fourth byte at zero, and browsers show the picture
    shrunk = full_size != (rgb.shape[1], rgb.shape[0])
    return UprightImage(rgb, alpha, name, full_size if shrunk else None)


_QUARTER_TURNS = {UPRIGHT[5], UPRIGHT[6], UPRIGHT[7], UPRIGHT[8]}


def _orientation(image: Image.Image) -> int:
    """The EXIF orientation; a damaged EXIF block is ignored. Pillow has already rotated a TIFF."""
    if image.format == "TIFF" or not ({"exif", "xmp", "XML:com.adobe.xmp"} & image.info.keys()):
        return 1
    try:
        return int(image.getexif().get(EXIF_ORIENTATION, 1))
    except DAMAGE:
        return 1


def _channels(image: Image.Image) -> tuple[ByteArray, ByteArray | None]:
    """RGB and alpha of any of Pillow's modes."""
    if image.mode == "F" or image.mode.startswith("I"):
        return _as_rgb(_eight_bits(np.asarray(image))), None
    if image.has_transparency_data:
        rgba = np.asarray(image.convert("RGBA"))
        alpha = rgba[..., 3]
        return rgba[..., :3], None if int(alpha.min()) == 255 else alpha
    if image.mode in ("L", "1"):
        return _as_rgb(np.asarray(_in_mode(image, "L"))), None
    return np.asarray(_in_mode(image, "RGB")), None


def _in_mode(image: Image.Image, mode: str) -> Image.Image:
    return image if image.mode == mode else image.convert(mode)  # Pillow would copy it


def _as_rgb(grey: ByteArray) -> ByteArray:
    return np.broadcast_to(grey[..., np.newaxis], (*grey.shape, 3))


def _eight_bits(deep: npt.NDArray[np.generic]) -> ByteArray:
    """Grey of 16 or 32 bits or of floats, to 8 bits; white is the smallest usual one that nothing exceeds."""
    values, grey = deep.reshape(-1), np.empty(deep.size, np.uint8)
    parts = [slice(start, start + _PART) for start in range(0, deep.size, _PART)]
    scale = 255.0 / _white(deep.dtype, max(float(_finite(values[part]).max()) for part in parts))
    for part in parts:
        grey[part] = np.clip(np.rint(_finite(values[part]) * scale), 0, 255)
    return grey.reshape(deep.shape)


_PART = 1_000_000
"""Convert a limited number of pixels to float64 at a time: a whole picture would take eight times its bytes."""


def _finite(values: npt.NDArray[np.generic]) -> DoubleArray:
    return np.nan_to_num(values.astype(np.float64), nan=0.0, posinf=0.0, neginf=0.0)


def _white(dtype: np.dtype[np.generic], most: float) -> float:
    """The value of white: a camera's 10 or 12 bits, and a program's 8, often stand in a file of 16."""
    if dtype.kind == "f" and most <= 1.0:
        return 1.0
    return next((scale for scale in (255.0, 1023.0, 4095.0, 65535.0) if most <= scale), most)
