"""Serves the pages' files from memory, plain and gzipped.

A page has more than a hundred files, and a classroom opens it at once. All are read, compressed and hashed when the
server starts; a request costs one lookup and one stat, which detects an edited file, as the templates' loader does.
Only names that were found in the directory are looked up, so no address leads outside it.

A file has two addresses. A browser revalidates the plain one, ``/static/css/tokens.css``, each time. Pages use
``/static/<version>/css/tokens.css``, where the version is a hash of all files: its content never changes, so a browser
does not ask again, and modules that import each other by relative addresses stay below the same version without a build
step. The price is that an upgrade sends every file once more.

Versions mix where two releases serve one address, where a page stays open during an upgrade, and where one worker has
seen an edit before another. Under a version that is not its own a server sends the file it has, with ``no-cache``, so
no address breaks and no mixture is cached.

Considered instead: Starlette's ``StaticFiles`` opens and reads the file at each request; servestatic compresses and
hashes at a build step, and has no version that holds for relative imports; a proxy in front does the same work, but a
lecture runs without one.
"""

import gzip
import hashlib
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocketClose

from app.http.codings import accepts_gzip
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

VERSION_DIGITS = 16
"""How much of the hash stands in addresses: 64 bits tell releases apart."""

ASK_AGAIN = (b"cache-control", b"no-cache")
KEEP = (b"cache-control", b"public, max-age=31536000, immutable")
"""A year, the longest that caches agree on; ``immutable`` (RFC 8246) holds even where a person reloads the page."""

_VERSION = re.compile(f"[0-9a-f]{{{VERSION_DIGITS}}}")
_ENTITY_TAG = re.compile(rb'(?:W/)?("[^"]*")')

Headers = tuple[tuple[bytes, bytes], ...]
Stamp = tuple[int, int]
"""When a file was last written, in nanoseconds, and its size in bytes: one that was edited has another."""


@dataclass(frozen=True, slots=True)
class Representation:
    """A file in one coding, with the headers that go with it wherever it is sent from.

    Attributes:
        body: the bytes that are sent.
        etag: their strong entity tag; each coding has its own, as RFC 9110 section 8.8.3.3 wants it.
        kept_headers: the headers of a 304, for a browser that has these bytes already.
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


@dataclass(frozen=True, slots=True)
class Tree:
    """All files as they were when they were read.

    Attributes:
        files: by their paths below the directory, as addresses have them: ``js/pages/draw.js``.
        folders: tell whether files came or went.
        version: names this tree wherever it is read: a hash of the files' names and bytes.
    """

    files: Mapping[str, PageFile]
    folders: Mapping[Path, Stamp | None]
    version: str

    def find(self, name: str) -> PageFile:
        """Return the file of a name.

        Raises:
            NotFound: if there is none.
        """
        if name not in self.files:
            raise NotFound
        return self.files[name]

    def is_unchanged_at(self, name: str) -> bool:
        """Whether the file of this name is still what was read, or there is still none."""
        file = self.files.get(name)
        return file.is_unchanged() if file else self._has_nothing_new()

    def is_unchanged(self) -> bool:
        """Whether every file is still what was read, and there is no other."""
        return self._has_nothing_new() and all(file.is_unchanged() for file in self.files.values())

    def _has_nothing_new(self) -> bool:
        """Whether no file came or went: its folder would have another stamp."""
        return all(_stamp(folder) == stamp for folder, stamp in self.folders.items())


class PageFiles:
    """Answers for the files of a directory and those below it; mounted where they are to be found.

    A browser keeps a file. Under the current version it need not ask after it; under every other address it asks each
    time (``no-cache``), so that an upgrade is seen at once. Ranges are not looked at: no file is large enough to be
    sent in parts.

    Args:
        directory: where the files lie; read whole.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._tree = _read_tree(directory, {})  # replaced whole: pages are made in other threads

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
        version, name = _part(scope["path"].removeprefix(scope.get("root_path", "") + "/"))
        tree = self._tree_at(name)
        file = tree.find(name)
        takes_gzip = accepts_gzip(_field(scope, b"accept-encoding").decode("latin-1"))
        sent = file.gzipped if file.gzipped and takes_gzip else file.plain
        has_it = _names(_field(scope, b"if-none-match"), sent.etag)
        status, headers, body = (304, sent.kept_headers, b"") if has_it else (200, sent.headers, sent.body)
        headers = (*headers, KEEP if version == tree.version else ASK_AGAIN)
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def find(self, name: str) -> PageFile:
        """Return the file of a name, as it is on disk now.

        Args:
            name: its path below the directory, as a plain address has it: ``js/pages/draw.js``.

        Raises:
            NotFound: if there is none.
        """
        return self._tree_at(name).find(name)

    def version(self) -> str:
        """Return the name of all files as they are on disk now, under which a page finds them.

        It looks whether any was edited, one stat each: a third of a millisecond for a page.
        """
        if not self._tree.is_unchanged():
            self._read()
        return self._tree.version

    def _tree_at(self, name: str) -> Tree:
        """Return the files as they were read, the named one as it is on disk now.

        Others may have been edited since; their tree's version still names this file as it is.
        """
        if not self._tree.is_unchanged_at(name):
            self._read()
        return self._tree

    def _read(self) -> None:
        self._tree = _read_tree(self._directory, self._tree.files)


def _part(address: str) -> tuple[str | None, str]:
    """Part an address below the mount into a version, where one stands there, and a file's name."""
    first, _, rest = address.partition("/")
    return (first, rest) if _VERSION.fullmatch(first) else (None, address)


def _read_tree(directory: Path, known: Mapping[str, PageFile]) -> Tree:
    """Read what is new and what has changed, keep the rest, and forget what is gone."""
    folders = {directory: _stamp(directory)}
    files = {}
    for path in _walk(directory, folders):
        name = path.relative_to(directory).as_posix()
        file = known.get(name)
        if file is None or not file.is_unchanged():
            file = _read_file(path)
        if file is not None:
            files[name] = file
    return Tree(files, folders, _version_of(files))


def _walk(directory: Path, folders: dict[Path, Stamp | None]) -> Iterator[Path]:
    """Pass all files that are served, and stamp each folder before it is read, so that no later file is missed."""
    for folder, subfolders, names in os.walk(directory):
        folders.update((path, _stamp(path)) for path in map(Path(folder).joinpath, subfolders))
        yield from (path for path in map(Path(folder).joinpath, names) if path.suffix in MEDIA_TYPES)


def _version_of(files: Mapping[str, PageFile]) -> str:
    """Hash names, media types and bytes; nothing that depends on the machine, such as times or what gzip makes."""
    digest = hashlib.sha256()
    for name, file in sorted(files.items()):
        described = (os.fsencode(name), MEDIA_TYPES[file.path.suffix].encode(), file.plain.etag)
        digest.update(b"\0".join(described) + b"\0")
    return digest.hexdigest()[:VERSION_DIGITS]


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
    if len(compressed) >= len(body):
        return PageFile(path, stamp, _represent(body, path.suffix), None)
    always: Headers = ((b"vary", b"Accept-Encoding"),)
    plain = _represent(body, path.suffix, always)
    gzipped = _represent(compressed, path.suffix, always, ((b"content-encoding", b"gzip"),))
    return PageFile(path, stamp, plain, gzipped)


def _represent(body: bytes, suffix: str, always: Headers = (), coding: Headers = ()) -> Representation:
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
