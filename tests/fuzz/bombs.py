"""Picture files that are made to hurt whoever opens them, each written by code: what a mutation would rarely find.

Each is small on the wire. What it would cost to believe it: hundreds of megabytes, or minutes.
"""

import struct
import zlib
from collections.abc import Callable, Mapping

from PIL import Image, features

from tests.fuzz.files import encode

HUGE_SIDE = 60_000
"""Pixels along a side, in a header alone: 3.6 thousand million in all."""

LARGE_SIDE = 7_000
"""Pixels along a side of a picture that is just within the limit of 50 million."""

SCANS = 2_000
"""So often is a progressive JPEG refined; a camera's has about ten scans."""


def png_chunk(name: bytes, content: bytes) -> bytes:
    """Return a chunk with its length and its checksum."""
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png(width: int, height: int, *chunks: bytes) -> bytes:
    """Return a grey PNG of this size by its header, with these chunks; what they hold need not fit the size."""
    header = png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + png_chunk(b"IEND", b"")


def png_with_lying_header() -> bytes:
    """A PNG that announces thousands of millions of pixels and holds ten."""
    return png(HUGE_SIDE, HUGE_SIDE, png_chunk(b"IDAT", zlib.compress(bytes(10))))


def png_that_ends_early() -> bytes:
    """A PNG within the limit of pixels whose rows are not there."""
    return png(LARGE_SIDE, LARGE_SIDE, png_chunk(b"IDAT", zlib.compress(bytes(10))))


def png_with_far_too_many_rows() -> bytes:
    """A PNG of one pixel before a hundred megabytes of zeros."""
    return png(1, 1, png_chunk(b"IDAT", zlib.compress(bytes(100_000_000), 9)))


def png_of_large_side() -> bytes:
    """A whole, blank picture just within the limit, in two hundred kilobytes."""
    pack = zlib.compressobj(1)
    row = bytes(1 + LARGE_SIDE)
    rows = b"".join([*(pack.compress(row) for _ in range(LARGE_SIDE)), pack.flush()])
    return png(LARGE_SIDE, LARGE_SIDE, png_chunk(b"IDAT", rows))


def png_with_a_bomb_for_text() -> bytes:
    """A compressed text that becomes a hundred megabytes."""
    text = b"Comment\0\0" + zlib.compress(bytes(100_000_000), 9)
    return png(1, 1, png_chunk(b"zTXt", text), png_chunk(b"IDAT", zlib.compress(bytes(2))))


def png_with_a_bomb_for_a_profile() -> bytes:
    """A colour profile that becomes a hundred megabytes."""
    profile = b"Profile\0\0" + zlib.compress(bytes(100_000_000), 9)
    return png(1, 1, png_chunk(b"iCCP", profile), png_chunk(b"IDAT", zlib.compress(bytes(2))))


def png_in_a_million_pieces() -> bytes:
    """A PNG whose header is cut into a quarter of a million texts of one letter, four reads each."""
    return png(1, 1, png_chunk(b"tEXt", b"a\0b") * 250_000, png_chunk(b"IDAT", zlib.compress(bytes(2))))


def jpeg_with_endless_scans() -> bytes:
    """A progressive JPEG just within the limit of pixels that refines the same coefficients over and over."""
    plain = encode(Image.new("L", (LARGE_SIDE, LARGE_SIDE), 128), "JPEG", progressive=True)
    last, end = plain.rindex(b"\xff\xda"), plain.rindex(b"\xff\xd9")
    return plain[:end] + plain[last:end] * SCANS + plain[end:]


def jpeg_with_huge_exif() -> bytes:
    """A JPEG with as much EXIF as a segment takes, in nested lists that point at themselves."""
    tags = b"".join(struct.pack("<HHII", 0x8769, 4, 1, 8) for _ in range(5000))
    exif = b"Exif\0\0II*\0\x08\0\0\0" + struct.pack("<H", 5000) + tags
    return encode(Image.new("RGB", (8, 8)), "JPEG", exif=exif[:65_000])


def jpeg_in_thousands_of_pieces() -> bytes:
    """A JPEG with an EXIF segment again and again, each of which a reader joins to those before."""
    plain = encode(Image.new("RGB", (8, 8)), "JPEG")
    segments = (b"\xff\xe1" + struct.pack(">H", 1002) + b"Exif\0\0" + bytes(994)) * 4000
    return plain[:2] + segments + plain[2:]


def gif_with_a_huge_screen() -> bytes:
    """A GIF whose one pixel stands on a screen of thousands of millions."""
    plain = bytearray(encode(Image.new("P", (1, 1)), "GIF"))
    plain[6:10] = struct.pack("<HH", 65_535, 65_535)
    return bytes(plain)


def gif_whose_frame_leaves_its_screen() -> bytes:
    """A GIF whose frame is far larger than the screen it stands on."""
    plain = bytearray(encode(Image.new("P", (1, 1)), "GIF"))
    at = plain.index(b",")
    plain[at + 5 : at + 9] = struct.pack("<HH", 65_535, 65_535)
    return bytes(plain)


def gif_with_endless_comments() -> bytes:
    """A GIF with a hundred thousand comments of one letter, each of which a reader joins to those before."""
    plain = encode(Image.new("P", (1, 1)), "GIF")
    at = plain.index(b",")
    return plain[:at] + b"\x21\xfe\x01A\0" * 100_000 + plain[at:]


def bmp_with_lying_header() -> bytes:
    """A BMP that announces more pixels than its bytes hold, within the limit."""
    plain = bytearray(encode(Image.new("RGB", (4, 4)), "BMP"))
    plain[18:26] = struct.pack("<ii", LARGE_SIDE, LARGE_SIDE)
    return bytes(plain)


def tiff_with_huge_tiles() -> bytes:
    """A TIFF of 28 × 28 pixels cut into one tile of 67 million; 32,768 pixels a side would be a gigabyte."""
    side = 8_192
    pack = zlib.compressobj(1)
    row = bytes(side)
    tile = b"".join([*(pack.compress(row) for _ in range(side)), pack.flush()])
    tags = [(256, 28), (257, 28), (258, 8), (259, 8), (262, 1), (277, 1), (322, side), (323, side), (324, 8)]
    return _tiff([*tags, (325, len(tile))], tile)


def tiff_of_many_samples() -> bytes:
    """A TIFF that announces sixty thousand samples a pixel."""
    tags = [(256, 28), (257, 28), (258, 8), (259, 1), (262, 1), (273, 8), (277, 60_000), (278, 28), (279, 784)]
    return _tiff(tags, bytes(784))


def tiff_with_one_endless_strip() -> bytes:
    """A TIFF of 28 × 28 pixels whose one strip holds a hundred million."""
    strip = zlib.compress(bytes(100_000_000), 9)
    tags = [(256, 28), (257, 28), (258, 8), (259, 8), (262, 1), (273, 8), (277, 1), (278, 2**31), (279, len(strip))]
    return _tiff(tags, strip)


def _tiff(tags: list[tuple[int, int]], content: bytes) -> bytes:
    """A little-endian TIFF: the content from byte 8, then one directory of numbers."""
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags)
    return b"II*\0" + struct.pack("<I", 8 + len(content)) + content + struct.pack("<H", len(tags)) + entries + bytes(4)


def webp_with_lying_canvas() -> bytes:
    """A WebP whose canvas is sixteen thousand pixels wide and high, around a frame of sixteen."""
    frame = encode(Image.new("RGB", (16, 16)), "WEBP", lossless=True)[12:]
    canvas = b"VP8X" + struct.pack("<I", 10) + bytes(4) + (16_382).to_bytes(3, "little") * 2
    return b"RIFF" + struct.pack("<I", 4 + len(canvas) + len(frame)) + b"WEBP" + canvas + frame


def webp_of_large_side() -> bytes:
    """A whole, blank WebP just within the limit, in some kilobytes."""
    return encode(Image.new("RGB", (LARGE_SIDE, LARGE_SIDE), "white"), "WEBP", lossless=True, quality=0, method=0)


def avif_with_lying_size() -> bytes:
    """An AVIF whose header says 16 × 16 pixels, around a picture of 25 million."""
    side = 5_000
    plain = encode(Image.new("L", (side, side), 255), "AVIF", quality=1, speed=10)
    size = struct.pack(">II", side, side)
    assert size in plain
    return plain.replace(size, struct.pack(">II", 16, 16))


BOMBS: Mapping[str, tuple[Callable[[], bytes], str]] = {
    make.__name__: (make, problem)
    for make, problem in (
        (png_with_lying_header, "too-many-pixels"),
        (png_that_ends_early, "broken-image"),
        (png_with_far_too_many_rows, "nothing-drawn"),
        (png_of_large_side, "nothing-drawn"),
        (png_in_a_million_pieces, "broken-image"),
        (png_with_a_bomb_for_text, "broken-image"),
        (png_with_a_bomb_for_a_profile, "broken-image"),
        (jpeg_with_endless_scans, "broken-image"),
        (jpeg_with_huge_exif, "nothing-drawn"),
        (jpeg_in_thousands_of_pieces, "broken-image"),
        (gif_with_a_huge_screen, "too-many-pixels"),
        (gif_whose_frame_leaves_its_screen, "too-many-pixels"),
        (gif_with_endless_comments, "broken-image"),
        (bmp_with_lying_header, "broken-image"),
        (tiff_with_huge_tiles, "broken-image"),
        (tiff_of_many_samples, "broken-image"),
        (tiff_with_one_endless_strip, "broken-image"),
        (webp_with_lying_canvas, "broken-image"),
        (webp_of_large_side, "nothing-drawn"),
        *(((avif_with_lying_size, "nothing-drawn"),) if features.check("avif") else ()),
    )
}
"""Each file, and the problem that it is refused with; all those that can be read are blank."""
