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
"""The files that are served, by suffix. Other files there, such as a package's modules, are not."""

VERSION_DIGITS = 16
"""How many characters of the hash are used in addresses: 64 bits distinguish releases."""

ASK_AGAIN = (b"cache-control", b"no-cache")
KEEP = (b"cache-control", b"public, max-age=31536000, immutable")
"""A year, the longest that caches agree on; ``immutable`` (RFC 8246) holds even where a person reloads the page."""

_VERSION = re.compile(f"[0-9a-f]{{{VERSION_DIGITS}}}")
_ENTITY_TAG = re.compile(rb'(?:W/)?("[^"]*")')

Headers = tuple[tuple[bytes, bytes], ...]
Stamp = tuple[int, int]
"""When a file was last written, in nanoseconds, and its size in bytes; an edit changes it."""


@dataclass(frozen=True, slots=True)
class Representation:
    """A file in one coding, with the headers that every address sends with it.

    Attributes:
        body: the bytes that are sent.
        etag: their strong entity tag; each coding has its own, as RFC 9110 section 8.8.3.3 requires.
        kept_headers: the headers of a 304, for a browser that has these bytes already.
        headers: those sent with the bytes.
    """

    body: bytes
    etag: bytes
    kept_headers: Headers
    headers: Headers


@dataclass(frozen=True, slots=True)
class PageFile:
    """A file as it was when it was read, in every coding.

    Attributes:
        path: where it lies.
        stamp: changes when the file is edited.
        plain: the file itself.
        gzipped: the file compressed, if that makes it smaller.
    """

    path: Path
    stamp: Stamp
    plain: Representation
    gzipped: Representation | None

    def is_unchanged(self) -> bool:
        """Whether the file is unchanged since it was read."""
        return _stamp(self.path) == self.stamp


@dataclass(frozen=True, slots=True)
class Tree:
    """All files as they were when read.

    Attributes:
        files: by their paths below the directory, as addresses have them: ``js/pages/draw.js``.
        folders: the folders' stamps, which change when files are added or removed.
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
        """Whether the file of this name is unchanged since it was read, or still missing."""
        file = self.files.get(name)
        return file.is_unchanged() if file else self._has_nothing_new()

    def is_unchanged(self) -> bool:
        """Whether every file is unchanged since it was read, and none was added."""
        return self._has_nothing_new() and all(file.is_unchanged() for file in self.files.values())

    def _has_nothing_new(self) -> bool:
        """Whether no file was added or removed: its folder would have another stamp."""
        return all(_stamp(folder) == stamp for folder, stamp in self.folders.items())


class PageFiles:
    """Serves the files of a directory and its subdirectories; mounted at their address.

    A browser caches each file. Under the current version it does not revalidate it; under every other address it
    revalidates it each time (``no-cache``), so that an upgrade takes effect at once. Range requests are ignored: no
    file is large enough to be sent in parts.

    Args:
        directory: the directory of the files; all are read.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._tree = _read_tree(directory, {})  # replaced as a whole, because other threads render pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send a file, or 304 if the browser has it.

        Raises:
            NotFound: if no file has this name.
            MethodNotAllowed: if the method is neither GET nor HEAD.
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
        """Return the version of all files as they are on disk now, which a page uses in their addresses.

        It checks each file for an edit, one stat each: a third of a millisecond for a page.
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
    """Split an address below the mount into a version, if it has one, and a file's name."""
    first, _, rest = address.partition("/")
    return (first, rest) if _VERSION.fullmatch(first) else (None, address)


def _read_tree(directory: Path, known: Mapping[str, PageFile]) -> Tree:
    """Read new and changed files, keep the others, and drop removed ones."""
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
    """Yield all served files, and stamp each folder before it is read, so that no later file is missed."""
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
    """Return a file's or folder's stamp; None if it is gone."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size


def _read_file(path: Path) -> PageFile | None:
    """Return a file with everything that is sent for it; None if it was removed meanwhile."""
    stamp = _stamp(path)  # before the bytes, so that a later edit is noticed next time
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
    """Return a header's value, its lines joined; empty if it is missing."""
    return b",".join(value for field, value in scope["headers"] if field == name)


def _names(if_none_match: bytes, etag: bytes) -> bool:
    """Whether a list of entity tags names one, by the weak comparison (RFC 9110, sections 8.8.3.2 and 13.1.2)."""
    return if_none_match == etag or if_none_match.strip() == b"*" or etag in _ENTITY_TAG.findall(if_none_match)
