"""Untrusted bytes: every format and mode is decoded correctly, and all other bytes raise a problem."""

import io
import struct
import zlib
from contextlib import nullcontext
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from app.preprocessing.images import FORMATS, JPEG_SIDE_PX, MAX_JPEG_SCANS, ImageLimits, decode_image
from app.problems import BrokenImage, NotAnImage, Problem, TooManyPixels

Pixels = npt.NDArray[Any]


def picture(rows: int = 12, columns: int = 20) -> Image.Image:
    """Smooth colours, no two corners alike."""
    y, x = np.mgrid[:rows, :columns]
    return Image.fromarray(
        np.stack([x * 255 // columns, y * 255 // rows, 255 - x * 255 // columns], axis=-1).astype(np.uint8)
    )


def encode(image: Image.Image, kind: str, **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def corners(rgb: Pixels) -> Pixels:
    return np.stack([rgb[0, 0], rgb[0, -1], rgb[-1, 0], rgb[-1, -1]]).astype(int)


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_is_recognised_by_its_content(kind: str) -> None:
    decoded = decode_image(encode(picture(), kind, **({"quality": 95} if kind in ("JPEG", "WEBP", "AVIF") else {})))

    assert decoded.format == kind
    assert (decoded.width, decoded.height) == (20, 12)
    assert decoded.rgb.shape == (12, 20, 3)
    assert decoded.rgb.dtype == np.uint8
    assert decoded.alpha is None
    assert np.abs(corners(decoded.rgb) - corners(np.asarray(picture()))).max() < 40


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "TIFF", *({"AVIF"} & {*FORMATS})])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_orientation_in_exif_is_applied(kind: str, orientation: int) -> None:
    upright = np.asarray(picture(64, 96))
    stored = {
        1: upright,
        2: upright[:, ::-1],
        3: upright[::-1, ::-1],
        4: upright[::-1],
        5: upright.transpose(1, 0, 2),
        6: np.rot90(upright),
        7: np.rot90(upright, 2).transpose(1, 0, 2),
        8: np.rot90(upright, -1),
    }[orientation]
    exif = Image.Exif()
    exif[0x0112] = orientation

    decoded = decode_image(encode(Image.fromarray(np.ascontiguousarray(stored)), kind, exif=exif))

    assert (decoded.width, decoded.height) == (96, 64)
    assert np.abs(corners(decoded.rgb) - corners(upright)).max() < 16


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data:UserWarning")
def test_a_damaged_exif_block_does_not_spoil_the_picture() -> None:
    content = encode(picture(), "JPEG", exif=b"Exif\0\0II*\0\xff\xff\xff\xff")

    assert decode_image(content).rgb.shape == (12, 20, 3)


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_sixteen_bit_grey_is_scaled_to_eight(kind: str) -> None:
    deep = np.array([[0, 257, 32896, 65535]], np.uint16)

    decoded = decode_image(encode(Image.fromarray(deep), kind))

    assert decoded.rgb[0, :, 0].tolist() == [0, 1, 128, 255]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (np.array([[0, 100, 255]], np.int32), [0, 100, 255]),
        (np.array([[0, 32896, 65535]], np.int32), [0, 128, 255]),
        (np.array([[0, 2**30, 2**31 - 1]], np.int32), [0, 128, 255]),
        (np.array([[0, 0.5, 1]], np.float32), [0, 128, 255]),
        (np.array([[np.nan, 100, 255]], np.float32), [0, 100, 255]),
        (np.zeros((1, 3), np.int32), [0, 0, 0]),
    ],
)
def test_deeper_grey_is_read_by_its_range(values: Pixels, expected: list[int]) -> None:
    decoded = decode_image(encode(Image.fromarray(values), "TIFF"))

    assert decoded.rgb[0, :, 0].tolist() == expected


def test_grey_repeats_one_channel_without_a_copy() -> None:
    decoded = decode_image(encode(picture().convert("L"), "PNG"))

    assert decoded.rgb.strides[2] == 0
    assert (decoded.rgb[..., 0] == np.asarray(picture().convert("L"))).all()


def test_one_bit_pictures_are_black_and_white() -> None:
    bits = Image.fromarray(np.array([[True, False]]))

    assert decode_image(encode(bits, "PNG")).rgb[0, :, 1].tolist() == [255, 0]


def test_alpha_is_kept_apart() -> None:
    rgba = np.zeros((4, 4, 4), np.uint8)
    rgba[..., :3] = 200
    rgba[:2, :, 3] = 255

    decoded = decode_image(encode(Image.fromarray(rgba), "PNG"))

    assert decoded.alpha is not None
    assert (decoded.alpha == rgba[..., 3]).all()
    assert (decoded.rgb == 200).all()


def test_an_opaque_alpha_channel_is_none() -> None:
    assert decode_image(encode(picture().convert("RGBA"), "PNG")).alpha is None


def test_grey_with_alpha_is_kept_apart_too() -> None:
    decoded = decode_image(encode(Image.new("LA", (3, 2), (90, 120)), "PNG"))

    assert decoded.alpha is not None
    assert decoded.rgb[0, 0].tolist() == [90, 90, 90]
    assert (decoded.alpha == 120).all()


def test_a_palette_with_a_transparent_colour_has_alpha() -> None:
    palette = Image.fromarray(np.array([[0, 1], [1, 0]], np.uint8)).convert("P")
    palette.putpalette([255, 0, 0, 0, 0, 255])

    decoded = decode_image(encode(palette, "PNG", transparency=1))

    assert decoded.alpha is not None
    assert decoded.alpha.tolist() == [[255, 0], [0, 255]]
    assert decoded.rgb[0, 0].tolist() == [255, 0, 0]


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_print_colours_become_rgb(kind: str) -> None:
    decoded = decode_image(encode(Image.new("RGB", (8, 8), (200, 40, 90)).convert("CMYK"), kind))

    assert np.abs(decoded.rgb[0, 0].astype(int) - [200, 40, 90]).max() <= 2


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP"])
def test_the_first_frame_of_an_animation_counts(kind: str) -> None:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    options = {"lossless": True} if kind == "WEBP" else {}

    decoded = decode_image(encode(frames[0], kind, save_all=True, append_images=frames[1:], **options))

    assert decoded.rgb[4, 4].tolist() == [255, 0, 0]


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP"])
def test_of_an_animation_only_the_first_frame_is_read(kind: str) -> None:
    """The second is damaged, which is noticed only when it is decoded."""
    noise = np.random.default_rng(7).integers(0, 256, (2, 64, 64, 3), np.uint8)
    frames = [Image.fromarray(frame) for frame in noise]
    content = bytearray(encode(frames[0], kind, save_all=True, append_images=frames[1:], duration=40))
    middle_of_the_second = len(content) * 3 // 4
    content[middle_of_the_second : middle_of_the_second + 200] = bytes(200)

    decoded = decode_image(bytes(content))

    assert np.abs(decoded.rgb.astype(int) - noise[0]).mean() < 60


def test_sixteen_bit_colour_is_read_by_its_upper_half() -> None:
    rows = np.array([[[0x1234, 0xFFFF, 0x0000], [0x8000, 0x00FF, 0xAB00]]], ">u2")

    decoded = decode_image(png_of(rows, colour_type=2))

    assert decoded.rgb.tolist() == [[[0x12, 0xFF, 0x00], [0x80, 0x00, 0xAB]]]


def test_sixteen_bit_grey_with_alpha_keeps_both() -> None:
    decoded = decode_image(png_of(np.array([[[0x9000, 0x4000], [0x1000, 0xFFFF]]], ">u2"), colour_type=4))

    assert decoded.alpha is not None
    assert decoded.rgb[..., 0].tolist() == [[0x90, 0x10]]
    assert decoded.alpha.tolist() == [[0x40, 0xFF]]


def png_of(rows: Pixels, colour_type: int) -> bytes:
    """A PNG of 16 bits a channel, which Pillow reads and does not write."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", rows.shape[1], rows.shape[0], 16, colour_type, 0, 0, 0)
    lines = b"".join(b"\0" + row.tobytes() for row in rows)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def test_a_second_picture_inside_a_jpeg_is_ignored() -> None:
    decoded = decode_image(encode(picture(), "MPO", save_all=True, append_images=[picture(40, 40)]))

    assert decoded.format == "JPEG"
    assert (decoded.width, decoded.height) == (20, 12)


def test_a_large_jpeg_is_decoded_smaller_and_keeps_its_size() -> None:
    decoded = decode_image(encode(picture(JPEG_SIDE_PX * 2, JPEG_SIDE_PX * 4), "JPEG"))

    assert decoded.rgb.shape == (JPEG_SIDE_PX, JPEG_SIDE_PX * 2, 3)
    assert (decoded.width, decoded.height) == (JPEG_SIDE_PX * 4, JPEG_SIDE_PX * 2)


def test_a_large_jpeg_on_its_side_keeps_its_upright_size() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6

    decoded = decode_image(encode(picture(JPEG_SIDE_PX * 2, JPEG_SIDE_PX * 4), "JPEG", exif=exif))

    assert (decoded.width, decoded.height) == (JPEG_SIDE_PX * 2, JPEG_SIDE_PX * 4)


@pytest.mark.parametrize("content", [b"", b"\0", b"hello", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.7"])
def test_bytes_that_are_no_picture(content: bytes) -> None:
    with pytest.raises(NotAnImage):
        decode_image(content)


def test_a_format_outside_of_the_list_is_not_tried() -> None:
    with pytest.raises(NotAnImage):
        decode_image(encode(picture(), "PPM"))


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_truncated_file_is_broken(kind: str, share: float) -> None:
    noise = Image.fromarray(np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8))
    content = encode(noise, kind)

    with pytest.raises(BrokenImage):
        decode_image(content[: int(len(content) * share)])


def test_the_limit_is_held_against_the_header_before_anything_is_decoded() -> None:
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + b"IHDR" + header + struct.pack(">I", zlib.crc32(b"IHDR" + header))
    rest = struct.pack(">I", 0) + b"IDAT" + struct.pack(">I", zlib.crc32(b"IDAT"))

    with pytest.raises(TooManyPixels) as caught:
        decode_image(b"\x89PNG\r\n\x1a\n" + chunk + rest)

    assert caught.value.members["limit_pixels"] == ImageLimits().max_pixels


def test_a_picture_at_the_limit_passes() -> None:
    content = encode(picture(), "PNG")

    assert decode_image(content, ImageLimits(max_pixels=240)).width == 20
    with pytest.raises(TooManyPixels):
        decode_image(content, ImageLimits(max_pixels=239))


@pytest.mark.parametrize("kind", FORMATS)
@given(damage=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=8))
@settings(max_examples=60, deadline=None)
def test_damage_anywhere_is_a_problem_or_a_picture(kind: str, damage: list[tuple[float, int]]) -> None:
    content = bytearray(encode(picture(), kind))
    for place, value in damage:
        content[int(place * len(content))] = value

    try:
        decoded = decode_image(bytes(content), ImageLimits(max_pixels=1_000_000))
    except Problem:
        return

    assert min(decoded.rgb.shape) > 0


def test_a_film_behind_a_progressive_jpeg_is_not_taken_for_scans() -> None:
    film = b"\xff\xda" * (MAX_JPEG_SCANS + 1)

    assert decode_image(encode(picture(), "JPEG", progressive=True) + film).format == "JPEG"


@pytest.mark.parametrize(("more", "refused"), [(0, False), (1, True)], ids=["as many as are read", "one more"])
def test_a_jpeg_refined_over_and_over_is_refused(more: int, *, refused: bool) -> None:
    plain = encode(picture(), "JPEG", progressive=True, restart_marker_blocks=1)
    end = plain.rindex(b"\xff\xd9")
    last = plain[plain.rindex(b"\xff\xda") : end]
    content = plain[:end] + last * (MAX_JPEG_SCANS - plain.count(b"\xff\xda") + more) + plain[end:]

    with pytest.raises(BrokenImage, match="scans") if refused else nullcontext():
        decode_image(content)


@pytest.mark.parametrize(("side", "refused"), [(4000, False), (4001, True)])
def test_a_tiff_with_unusually_large_tiles_is_refused(side: int, *, refused: bool) -> None:
    tags = {256: 28, 257: 28, 258: 8, 259: 1, 262: 1, 277: 1, 322: side, 323: 4000, 324: 8, 325: side * 4000}
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags.items())
    tile = bytes(side * 4000)
    content = b"II*\0" + struct.pack("<I", 8 + len(tile)) + tile + struct.pack("<H", len(tags)) + entries + bytes(4)

    with pytest.raises(BrokenImage, match="tiles") if refused else nullcontext():
        decode_image(content)
