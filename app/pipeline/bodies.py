"""Reads a request's body: one image, in one of three forms, or several, in one of two.

The body is held in memory and counted while it arrives; nothing is written to disk.
"""

import base64
import binascii
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import numpy as np
import orjson
from python_multipart.multipart import parse_options_header
from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from app.arrays import FloatArray
from app.problems import InvalidPixels, InvalidRequest, Problem, TooManyBytes, TooManyFiles, UnsupportedBody

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


@dataclass(frozen=True)
class NamedImage:
    """One image of several, or its problem; ``name`` is the client's file name, if it gives one."""

    name: str | None
    image: ImageFile | Pixels | Problem


async def read_image_body(request: Request, max_bytes: int) -> ImageFile | Pixels:
    """Read the image in a request's body.

    Raises:
        TooManyBytes: if the body is larger than ``max_bytes``.
        UnsupportedBody: if its content type cannot carry an image.
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


async def read_image_bodies(request: Request, max_bytes: int, max_files: int) -> list[NamedImage]:
    """Read the images in a request's body: parts ``file`` of a form, or a list in JSON.

    An empty part counts as an image; its problem is returned in its place.

    Raises:
        TooManyBytes: if the body is larger than ``max_bytes``.
        TooManyFiles: if it holds more than ``max_files`` images.
        UnsupportedBody: if its content type cannot carry images.
        InvalidRequest: if it is of the right kind, and holds none.
    """
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type == "multipart/form-data":
        images = await _file_parts(request, await read_body(request, max_bytes), max_files)
    elif media_type == "application/json":
        images = _several_from_json(await read_body(request, max_bytes))
    else:
        raise UnsupportedBody("Send several images in a form or in JSON.")
    if len(images) > max_files:
        raise TooManyFiles(max_files)
    return images


def check_pixels(rows: object, shape: tuple[int, ...]) -> FloatArray:
    """Return ``pixels`` as the network's input.

    Args:
        rows: the value in the JSON body.
        shape: the network's input shape.

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
    """Whether nested lists have a shape and contain only numbers, checked before NumPy allocates memory."""
    if not shape:
        return type(rows) in (int, float)
    return isinstance(rows, list) and len(rows) == shape[0] and all(_are_numbers(row, shape[1:]) for row in rows)


async def read_body(request: Request, max_bytes: int) -> bytes:
    """Read a whole body, and count it while it arrives.

    Raises:
        TooManyBytes: if it is larger than ``max_bytes``.
        InvalidRequest: if it breaks off.
    """
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > max_bytes:
        raise TooManyBytes(max_bytes)
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > max_bytes:
            raise TooManyBytes(max_bytes)
        chunks.append(chunk)
    return b"".join(chunks)


class _InMemoryParser(MultiPartParser):
    """Keeps every part in memory: a body within the limit never reaches the spool's size.

    Only the boundary of the request's header is used: a charset in it names a codec, and not every codec decodes names.
    """

    def __init__(self, boundary: str, body: bytes, max_files: int) -> None:
        header = Headers({"Content-Type": f'multipart/form-data; boundary="{boundary}"'})
        super().__init__(header, _once(body), max_files=max_files, max_fields=20)
        self.spool_max_size = len(body) + 1


async def _once(body: bytes) -> AsyncGenerator[bytes, None]:
    yield body


async def _file_part(request: Request, body: bytes) -> bytes:
    try:
        files = await _read_form(request, body, max_files=2)
    except MultiPartException:
        raise InvalidRequest("The multipart body cannot be read. Send one part named “file” with the image.") from None
    if len(files) != 1:
        raise InvalidRequest("The form needs exactly one file part named “file”: with curl, -F file=@digit.png.")
    _, content = files[0]
    if not content:
        raise InvalidRequest("The part “file” is empty. Send the image's bytes in it.")
    return content


async def _file_parts(request: Request, body: bytes, max_files: int) -> list[NamedImage]:
    try:
        files = await _read_form(request, body, max_files + 1)
    except MultiPartException as error:
        if "Too many files" in error.message:
            raise TooManyFiles(max_files) from None
        raise InvalidRequest("The multipart body cannot be read. Send parts named “file” with the images.") from None
    if not files:
        raise InvalidRequest("The form needs file parts named “file”: with curl, -F file=@1.png -F file=@2.png.")
    return [NamedImage(name, ImageFile(content)) for name, content in files]


async def _read_form(request: Request, body: bytes, max_files: int) -> list[tuple[str | None, bytes]]:
    """Return name and content of each part ``file`` that is a file."""
    _, options = parse_options_header(request.headers["content-type"])
    if b"boundary" not in options:
        raise InvalidRequest("The multipart Content-Type names no boundary. Let the HTTP client set this header.")
    form = await _InMemoryParser(options[b"boundary"].decode("latin-1"), body, max_files).parse()
    try:
        files = [part for part in form.getlist("file") if isinstance(part, UploadFile)]
        return [(part.filename, await part.read()) for part in files]
    finally:
        await form.close()


def _from_json(body: bytes) -> ImageFile | Pixels:
    member, value = _only_member(body, ("image", "pixels"))
    return Pixels(value) if member == "pixels" else ImageFile(_decode_base64(value))


def _several_from_json(body: bytes) -> list[NamedImage]:
    member, values = _only_member(body, ("images", "pixels"))
    if not isinstance(values, list) or not values:
        raise InvalidRequest(f"“{member}” must be a list with one entry per image.")
    if member == "pixels":
        return [NamedImage(None, Pixels(rows)) for rows in values]
    return [NamedImage(None, _image_or_problem(text)) for text in values]


def _image_or_problem(text: object) -> ImageFile | Problem:
    try:
        return ImageFile(_decode_base64(text))
    except InvalidRequest as problem:
        return problem


def _only_member(body: bytes, names: tuple[str, str]) -> tuple[str, Any]:
    """Return name and value of the one member of a JSON object."""
    try:
        members: Any = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise InvalidRequest("The body is not JSON in UTF-8. NaN and Infinity are not JSON numbers.") from None
    if not isinstance(members, dict) or len(members) != 1 or next(iter(members)) not in names:
        either, other = names
        raise InvalidRequest(f"The JSON body must be an object with either “{either}” or “{other}”, and nothing else.")
    member: tuple[str, Any] = next(iter(members.items()))
    return member


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
