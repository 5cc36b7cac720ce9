"""The files that pages are made of, held in memory as they are sent.

A page is made of more than a hundred files, and a classroom opens it at once. So all are read, compressed and named by
a hash of their bytes when the server starts, and a request for one reads nothing: it costs a look into a table, and a
stat that tells whether somebody has edited the file since, as the templates' loader does for templates. Only names that
were found in the directory are looked up, so no address leads anywhere else.
"""

import gzip
import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocketClose

from app.codings import accepts_gzip
from app.problems import MethodNotAllowed, NotFound

MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
}
"""What is served, by the end of its name. Other files that lie there, such as a package's modules, are not."""

_ENTITY_TAG = re.compile(rb'(?:W/)?("[^"]*")')

Headers = tuple[tuple[bytes, bytes], ...]
Stamp = tuple[int, int]
"""When a file was last written, in nanoseconds, and its size in bytes: one that was edited has another."""


@dataclass(frozen=True, slots=True)
class Representation:
    """A file in one coding, with the headers that go with it.

    Attributes:
        body: the bytes that are sent.
        etag: their strong entity tag; each coding has its own, as RFC 9110 section 8.8.3.3 wants it.
        kept_headers: what a browser is told that has these bytes already.
        headers: what goes before the bytes.
    """

    body: bytes
    etag: bytes
    kept_headers: Headers
    headers: Headers


@dataclass(frozen=True, slots=True)
class PageFile:
    """A file as it was when it was read, in every coding that it is sent in.

    Attributes:
        path: where it lies.
        stamp: tells whether it is still the same there.
        plain: the file itself.
        gzipped: the file compressed, where that makes it smaller.
    """

    path: Path
    stamp: Stamp
    plain: Representation
    gzipped: Representation | None

    def is_unchanged(self) -> bool:
        """Whether the file is still what was read."""
        return _stamp(self.path) == self.stamp


class PageFiles:
    """Answers for the files of a directory and those below it; mounted where they are to be found.

    A browser keeps a file and asks after it each time (``no-cache``), so that an upgrade is seen at once. Ranges are
    not looked at: no file is large enough to be sent in parts.

    Args:
        directory: where the files lie; read whole.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._files: dict[str, PageFile] = {}
        self._folders: dict[Path, Stamp | None] = {}
        self._read()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send a file, or 304 where the browser has it.

        Raises:
            NotFound: if no file has this name.
            MethodNotAllowed: if more is asked than to be sent a file.
        """
        if scope["type"] != "http":
            await WebSocketClose()(scope, receive, send)
            return
        if scope["method"] not in ("GET", "HEAD"):
            raise MethodNotAllowed("GET, HEAD")
        file = self.find(scope["path"].removeprefix(scope.get("root_path", "") + "/"))
        takes_gzip = accepts_gzip(_field(scope, b"accept-encoding").decode("latin-1"))
        sent = file.gzipped if file.gzipped and takes_gzip else file.plain
        has_it = _names(_field(scope, b"if-none-match"), sent.etag)
        status, headers, body = (304, sent.kept_headers, b"") if has_it else (200, sent.headers, sent.body)
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def find(self, name: str) -> PageFile:
        """Return the file of a name, as it is on disk now.

        Args:
            name: its path below the directory, as an address has it: ``js/pages/draw.js``.

        Raises:
            NotFound: if there is none.
        """
        file = self._files.get(name)
        if not (file.is_unchanged() if file else self._has_nothing_new()):
            self._read()
            file = self._files.get(name)
        if file is None:
            raise NotFound
        return file

    def _has_nothing_new(self) -> bool:
        """Whether no file came or went: its folder would have another stamp."""
        return all(_stamp(folder) == stamp for folder, stamp in self._folders.items())

    def _read(self) -> None:
        """Read what is new and what has changed, and forget what is gone."""
        known, self._files, self._folders = self._files, {}, {}
        for path in self._walk():
            name = path.relative_to(self._directory).as_posix()
            file = known.get(name)
            if file is None or not file.is_unchanged():
                file = _read_file(path)
            if file is not None:
                self._files[name] = file

    def _walk(self) -> Iterator[Path]:
        """Pass all files that are served, and stamp each folder before it is read, so that no later file is missed."""
        self._folders[self._directory] = _stamp(self._directory)
        for folder, subfolders, names in os.walk(self._directory):
            self._folders.update((path, _stamp(path)) for path in map(Path(folder).joinpath, subfolders))
            yield from (path for path in map(Path(folder).joinpath, names) if path.suffix in MEDIA_TYPES)


def _stamp(path: Path) -> Stamp | None:
    """Return a file's or folder's stamp; None where it is gone."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size


def _read_file(path: Path) -> PageFile | None:
    """Return a file with all that is sent of it; None where it went away meanwhile."""
    stamp = _stamp(path)  # before the bytes: what is written after it is seen next time
    if stamp is None:
        return None
    try:
        body = path.read_bytes()
    except OSError:
        return None
    compressed = gzip.compress(body, compresslevel=6, mtime=0)  # without a time: every worker's bytes are the same
    always: Headers = ((b"cache-control", b"no-cache"),)
    if len(compressed) >= len(body):
        return PageFile(path, stamp, _represent(body, path.suffix, always), None)
    always = (*always, (b"vary", b"Accept-Encoding"))
    plain = _represent(body, path.suffix, always)
    gzipped = _represent(compressed, path.suffix, always, ((b"content-encoding", b"gzip"),))
    return PageFile(path, stamp, plain, gzipped)


def _represent(body: bytes, suffix: str, always: Headers, coding: Headers = ()) -> Representation:
    etag = b'"%s"' % hashlib.sha256(body).hexdigest()[:32].encode()
    kept: Headers = ((b"etag", etag), *always)
    length = str(len(body)).encode()
    described: Headers = ((b"content-type", MEDIA_TYPES[suffix].encode()), (b"content-length", length), *coding)
    return Representation(body, etag, kept, (*described, *kept))


def _field(scope: Scope, name: bytes) -> bytes:
    """Return a header's value, its lines put together; empty where it is not there."""
    return b",".join(value for field, value in scope["headers"] if field == name)


def _names(if_none_match: bytes, etag: bytes) -> bool:
    """Whether a list of entity tags names one, by the weak comparison (RFC 9110, sections 8.8.3.2 and 13.1.2)."""
    return if_none_match == etag or if_none_match.strip() == b"*" or etag in _ENTITY_TAG.findall(if_none_match)
