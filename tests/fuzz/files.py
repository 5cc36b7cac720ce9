"""Whole picture files of every format that is read, and a strategy that damages them: all made by code."""

import io
import struct
import zlib
from collections.abc import Iterator, Sequence
from functools import cache

import numpy as np
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from app.preprocessing.images import FORMATS

MODES = {
    "PNG": ("1", "L", "LA", "P", "RGB", "RGBA", "I;16"),
    "JPEG": ("L", "RGB", "CMYK"),
    "WEBP": ("RGB", "RGBA"),
    "GIF": ("1", "L", "P"),
    "BMP": ("1", "L", "P", "RGB", "RGBA"),
    "TIFF": ("1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "YCbCr", "LAB", "I;16", "I", "F"),
    "AVIF": ("L", "RGB", "RGBA"),
}
OPTIONS: dict[str, Sequence[dict[str, object]]] = {
    "PNG": ({}, {"optimize": True}),
    "JPEG": ({}, {"progressive": True, "restart_marker_blocks": 2}),
    "WEBP": ({}, {"lossless": True}),
    "GIF": ({}, {"interlace": 0}),
    "BMP": ({},),
    "TIFF": ({}, {"compression": "tiff_lzw"}, {"compression": "tiff_adobe_deflate"}, {"compression": "packbits"}),
    "AVIF": ({"speed": 10}, {"speed": 10, "quality": 5}),
}
ANIMATED = ("PNG", "WEBP", "GIF", "TIFF", "AVIF")
WITH_EXIF = ("PNG", "JPEG", "WEBP", "TIFF", "AVIF")

INTEGERS = (0, 1, 2, 7, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 2**63 - 1)
"""What header fields are overwritten with: where counting ends, and where signs turn."""


def drawing(side: int = 280) -> Image.Image:
    """Return a seven as a pen would draw it, black on white."""
    pad = Image.new("L", (side, side), "white")
    scale = side / 28
    points = [(8 * scale, 7 * scale), (20 * scale, 7 * scale), (13 * scale, 23 * scale)]
    ImageDraw.Draw(pad).line(points, "black", round(2 * scale))
    return pad


def scene(rows: int, columns: int) -> Image.Image:
    """Return smooth colours with noise in one half."""
    y, x = np.mgrid[:rows, :columns]
    colours = np.stack([x * 255 // columns, y * 255 // rows, 255 - x * 255 // columns], axis=-1).astype(np.uint8)
    colours[:, : columns // 2] ^= np.random.default_rng(0).integers(0, 64, (rows, columns // 2, 3), np.uint8)
    return Image.fromarray(colours)


def encode(picture: Image.Image, kind: str, **options: object) -> bytes:
    """Return a picture as a file."""
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


@cache
def whole_files() -> Sequence[bytes]:
    """Return pictures of every format in every mode that it keeps, drawings, animations, and some with EXIF."""
    return tuple(_whole_files())


def _whole_files() -> Iterator[bytes]:
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "x" * 2_000
    for kind in FORMATS:
        for options in OPTIONS[kind]:
            yield encode(drawing(), kind, **options)
            for mode in MODES[kind]:
                if (mode, kind, options.get("compression")) not in UNWRITTEN:
                    yield encode(_in_mode(scene(24, 40), mode), kind, **options)
        if kind in ANIMATED:
            frames = [scene(16 + index, 16 + index).resize((20, 20)) for index in range(1, 4)]
            yield encode(scene(20, 20), kind, save_all=True, append_images=frames)
        if kind in WITH_EXIF:
            yield encode(scene(12, 20), kind, exif=exif)


UNWRITTEN = {("LAB", "TIFF", "packbits")}


def _in_mode(picture: Image.Image, mode: str) -> Image.Image:
    if mode == "I;16":
        return Image.fromarray(np.asarray(picture.convert("L")).astype(np.uint16) * 257)
    return picture.convert(mode)


def whole_pictures() -> st.SearchStrategy[bytes]:
    """Return a strategy of the whole files."""
    files = whole_files()
    return st.integers(0, len(files) - 1).map(lambda index: files[index])


@st.composite
def damaged_files(draw: st.DrawFn) -> bytes:
    """Draw a picture file with up to three things done to it."""
    content = draw(whole_pictures())
    for _ in range(draw(st.integers(0, 3))):
        content = draw(_DAMAGES)(draw, content)
    return with_checksums(content) if draw(st.booleans()) else content


def with_checksums(content: bytes) -> bytes:
    """Return a PNG whose checksums fit what it holds, so that damage gets past them; other files as they are."""
    if content[:8] != b"\x89PNG\r\n\x1a\n":
        return content
    repaired, at = bytearray(content), 8
    while at + 12 <= len(content):
        (length,) = struct.unpack_from(">I", content, at)
        end = at + 8 + length
        if end + 4 > len(content):
            break
        struct.pack_into(">I", repaired, end, zlib.crc32(content[at + 4 : end]))
        at = end + 4
    return bytes(repaired)


def _position(draw: st.DrawFn, content: bytes) -> int:
    """Draw a position, often one in the header behind the letters that tell the format."""
    last = max(0, len(content) - 1)
    return draw(st.one_of(st.integers(min(last, 8), min(last, 120)), st.integers(0, last)))


def _cut(draw: st.DrawFn, content: bytes) -> bytes:
    return content[: _position(draw, content)]


def _flip(draw: st.DrawFn, content: bytes) -> bytes:
    damaged = bytearray(content or b"\0")
    damaged[_position(draw, damaged)] ^= 1 << draw(st.integers(0, 7))
    return bytes(damaged)


def _lie(draw: st.DrawFn, content: bytes) -> bytes:
    """Overwrite a number: a size, a count, an offset."""
    at, width = _position(draw, content), draw(st.sampled_from((1, 2, 4, 8)))
    number = draw(st.sampled_from(INTEGERS)) % 256**width
    return content[:at] + number.to_bytes(width, draw(st.sampled_from(("little", "big")))) + content[at + width :]


def _insert(draw: st.DrawFn, content: bytes) -> bytes:
    at = _position(draw, content)
    return content[:at] + draw(st.binary(max_size=40)) + content[at:]


def _leave_out(draw: st.DrawFn, content: bytes) -> bytes:
    at = _position(draw, content)
    return content[:at] + content[at + draw(st.integers(1, 200)) :]


def _repeat(draw: st.DrawFn, content: bytes) -> bytes:
    at, length, times = _position(draw, content), draw(st.integers(1, 200)), draw(st.integers(2, 50))
    return content[:at] + content[at : at + length] * times + content[at + length :]


def _graft(draw: st.DrawFn, content: bytes) -> bytes:
    """Go on as another file does."""
    return content[: _position(draw, content)] + draw(whole_pictures())[draw(st.integers(0, 200)) :]


_DAMAGES = st.sampled_from((_cut, _flip, _flip, _lie, _lie, _lie, _insert, _leave_out, _repeat, _graft))
