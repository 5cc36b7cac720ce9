"""A request's body: one image, in one of three forms.

The body is held in memory and counted while it arrives; nothing of it is ever written to disk, whatever its form.
"""

import base64
import binascii
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import numpy as np
import numpy.typing as npt
import orjson
from python_multipart.multipart import parse_options_header
from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request

from app.problems import InvalidPixels, InvalidRequest, TooManyBytes, UnsupportedBody

PIXELS_AS_ROWS = {
    (28, 28): "28 rows of 28 numbers",
    (32, 32, 3): "32 rows of 32 triples of numbers (red, green, blue)",
}


@dataclass(frozen=True)
class ImageFile:
    """A picture in some file format, not yet decoded."""

    content: bytes


@dataclass(frozen=True)
class Pixels:
    """The network's own input, as rows of numbers, not yet checked."""

    rows: object


async def read_image_body(request: Request, max_bytes: int) -> ImageFile | Pixels:
    """Read the image that a request carries.

    Raises:
        TooManyBytes: if the body is larger than ``max_bytes``.
        UnsupportedBody: if it is of a kind that carries no image.
        InvalidRequest: if it is of the right kind, and holds no image.
    """
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type == "multipart/form-data":
        return ImageFile(await _file_part(request, await read_body(request, max_bytes)))
    if media_type == "application/json":
        return _from_json(await read_body(request, max_bytes))
    if media_type == "application/octet-stream" or media_type.startswith("image/"):
        content = await read_body(request, max_bytes)
        if not content:
            raise InvalidRequest("The body is empty. Send the image's bytes as the body.")
        return ImageFile(content)
    said = (
        "The request has no Content-Type header." if not media_type else "A body of this Content-Type carries no image."
    )
    raise UnsupportedBody(said)


def check_pixels(rows: object, shape: tuple[int, ...]) -> npt.NDArray[np.float32]:
    """Return ``pixels`` as the network's input.

    Args:
        rows: what stood in the JSON body.
        shape: what the network takes.

    Raises:
        InvalidPixels: if it is of another shape, or holds anything but numbers in 0..1.
    """
    if not _are_numbers(rows, shape):
        wanted = PIXELS_AS_ROWS.get(shape, f"numbers in the shape {list(shape)}")
        raise InvalidPixels(f"“pixels” must be {wanted}.", shape=shape)
    pixels = np.array(rows, np.float64)
    if not (pixels.min() >= 0 and pixels.max() <= 1):
        raise InvalidPixels("Every number in “pixels” must lie in 0..1, ink bright.", minimum=0, maximum=1)
    return pixels.astype(np.float32)


def _are_numbers(rows: object, shape: tuple[int, ...]) -> bool:
    """Whether nested lists have a shape and hold numbers alone, before NumPy makes room for what they hold."""
    if not shape:
        return type(rows) in (int, float)
    return isinstance(rows, list) and len(rows) == shape[0] and all(_are_numbers(row, shape[1:]) for row in rows)


async def read_body(request: Request, max_bytes: int) -> bytes:
    """Read a body whole, and count it while it arrives.

    Raises:
        TooManyBytes: if it is larger than ``max_bytes``.
        InvalidRequest: if it breaks off.
    """
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > max_bytes:
        raise TooManyBytes(max_bytes)
    chunks, size = [], 0
    try:
        async for chunk in request.stream():
            size += len(chunk)
            if size > max_bytes:
                raise TooManyBytes(max_bytes)
            chunks.append(chunk)
    except ClientDisconnect:
        raise InvalidRequest("The connection was closed before the body had arrived.") from None
    return b"".join(chunks)


class _InMemoryParser(MultiPartParser):
    """Keeps every part in memory: a body within the limit never reaches the spool's size.

    Of the request's header only the boundary counts: a charset in it names a codec, and not every one decodes names.
    """

    def __init__(self, boundary: str, body: bytes) -> None:
        header = Headers({"Content-Type": f'multipart/form-data; boundary="{boundary}"'})
        super().__init__(header, _once(body), max_files=2, max_fields=20)
        self.spool_max_size = len(body) + 1


async def _once(body: bytes) -> AsyncGenerator[bytes, None]:
    yield body


async def _file_part(request: Request, body: bytes) -> bytes:
    _, options = parse_options_header(request.headers["content-type"])
    if b"boundary" not in options:
        raise InvalidRequest("The multipart Content-Type names no boundary. Let the HTTP client set this header.")
    try:
        form = await _InMemoryParser(options[b"boundary"].decode("latin-1"), body).parse()
    except MultiPartException:
        raise InvalidRequest("The multipart body cannot be read. Send one part named “file” with the image.") from None
    try:
        files = [part for part in form.getlist("file") if isinstance(part, UploadFile)]
        if len(files) != 1:
            raise InvalidRequest("The form needs exactly one file part named “file”: with curl, -F file=@digit.png.")
        content = await files[0].read()
    finally:
        await form.close()
    if not content:
        raise InvalidRequest("The part “file” is empty. Send the image's bytes in it.")
    return content


def _from_json(body: bytes) -> ImageFile | Pixels:
    try:
        members: Any = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise InvalidRequest("The body is not JSON in UTF-8. NaN and Infinity are no JSON numbers.") from None
    if not isinstance(members, dict) or len(members) != 1 or next(iter(members)) not in ("image", "pixels"):
        raise InvalidRequest("The JSON body must be an object with either “image” or “pixels”, and nothing else.")
    if "pixels" in members:
        return Pixels(members["pixels"])
    return ImageFile(_decode_base64(members["image"]))


def _decode_base64(text: object) -> bytes:
    """Decode plain base64 (RFC 4648) or a data URL (RFC 2397)."""
    if not isinstance(text, str):
        raise InvalidRequest("“image” must be a string: the picture in base64, or a data URL.")
    if text[:5].lower() == "data:":
        header, _, text = text.partition(",")
        if not header.lower().endswith(";base64"):
            raise InvalidRequest("The data URL in “image” must be in base64: data:image/png;base64,….")
        text = unquote(text)
    try:
        content = base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        raise InvalidRequest("“image” is not valid base64.") from None
    if not content:
        raise InvalidRequest("“image” is empty. Put the picture's bytes into it, in base64.")
    return content
