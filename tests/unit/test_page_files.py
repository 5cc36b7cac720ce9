"""The files of pages as they are sent: what of them, when not at all, and that an edited one is seen."""

import asyncio
import os
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.page_files import PageFiles
from app.problems import MethodNotAllowed, NotFound

SCRIPT = b'import "./other.js";\n' * 20

UNKNOWN = ("", ".", "js", "js/", "js/page", "js/page.js/", "JS/page.js", "js//page.js", "js/\0page.js", "x" * 5000)
ELSEWHERE = (
    "module.py",
    "../secret.js",
    "js/../../secret.js",
    "..\\secret.js",
    "js/../js/page.js",
    "/etc/passwd",
    "//x",
)


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """A folder of files, and a file beside it that is none of theirs."""
    (tmp_path / "secret.js").write_bytes(b"secret")
    directory = tmp_path / "static"
    (directory / "js").mkdir(parents=True)
    (directory / "js" / "page.js").write_bytes(SCRIPT)
    (directory / "short.css").write_bytes(b"a{}")
    (directory / "module.py").write_bytes(b"secret")
    make_old(directory / "js")
    return directory


def make_old(folder: Path) -> None:
    """Set a folder's time back: the clock of a file system stands still for milliseconds, and a test is faster."""
    os.utime(folder, (0, 0))


@pytest.fixture
def files(directory: Path) -> PageFiles:
    return PageFiles(directory)


def ask(files: PageFiles, url: str = "/js/page.js", method: str = "GET", **headers: str) -> httpx.Response:
    async def exchange() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(files), base_url="http://test") as client:
            named: dict[str, Any] = {name.replace("_", "-"): value for name, value in headers.items()}
            return await client.request(method, url, headers={"Accept-Encoding": "identity", **named})

    return asyncio.run(exchange())


def test_file_is_sent_as_it_is_where_nothing_else_is_asked_for(files):
    answer = ask(files)

    assert (answer.status_code, answer.content) == (200, SCRIPT)
    assert answer.headers["Content-Length"] == str(len(SCRIPT))
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert "Content-Encoding" not in answer.headers


def test_browser_that_takes_gzip_gets_less_under_a_tag_of_its_own(files):
    plain, compressed = ask(files), ask(files, Accept_Encoding="gzip, deflate, br")

    assert compressed.headers["Content-Encoding"] == "gzip"
    assert compressed.content == SCRIPT  # the client has decompressed it
    assert int(compressed.headers["Content-Length"]) < len(SCRIPT)
    assert compressed.headers["Vary"] == "Accept-Encoding"
    assert compressed.headers["ETag"] != plain.headers["ETag"]


def test_file_that_gzip_would_make_larger_is_the_same_for_all(files):
    answer = ask(files, "/short.css", Accept_Encoding="gzip")

    assert answer.content == b"a{}"
    assert not {"Content-Encoding", "Vary"} & {name.title() for name in answer.headers}


@pytest.mark.parametrize("coding", ["identity", "gzip"])
@pytest.mark.parametrize("asked", ["{}", "W/{}", '"another", {}', '"with, comma",W/{}', "*", " * "])
def test_browser_that_has_the_file_is_told_so_and_sent_nothing(files, coding, asked):
    first = ask(files, Accept_Encoding=coding)

    second = ask(files, Accept_Encoding=coding, If_None_Match=asked.format(first.headers["ETag"]))

    assert (second.status_code, second.content) == (304, b"")
    assert {name: second.headers[name] for name in ("ETag", "Cache-Control", "Vary")} == {
        name: first.headers[name] for name in ("ETag", "Cache-Control", "Vary")
    }
    assert not {"content-type", "content-length", "content-encoding"} & second.headers.keys()


@pytest.mark.parametrize("asked", ['"another"', "", '"', "another", 'W/"*"', '"*"'])
def test_browser_that_has_something_else_is_sent_the_file(files, asked):
    assert ask(files, If_None_Match=asked).content == SCRIPT


def test_tag_is_of_the_bytes_that_are_sent(files):
    plain = ask(files).headers["ETag"]

    assert ask(files, Accept_Encoding="gzip", If_None_Match=plain).status_code == 200


def test_every_worker_and_machine_gives_a_file_the_same_tag(files, directory):
    os.utime(directory / "js" / "page.js", (0, 0))
    other = PageFiles(directory)

    for coding in ("identity", "gzip"):
        assert ask(files, Accept_Encoding=coding).headers["ETag"] == ask(other, Accept_Encoding=coding).headers["ETag"]


def test_head_is_answered_with_the_headers_of_get(files):
    assert ask(files, method="HEAD").headers == ask(files).headers


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_file_takes_nothing_but_questions_for_it(files, method):
    with pytest.raises(MethodNotAllowed) as refused:
        ask(files, method=method)

    assert refused.value.headers == {"Allow": "GET, HEAD"}


@pytest.mark.parametrize("name", [*UNKNOWN, *ELSEWHERE])
def test_no_other_name_leads_to_a_file(files, name):
    with pytest.raises(NotFound):
        files.find(name)


def test_absolute_path_of_a_file_is_not_its_name(files, directory):
    with pytest.raises(NotFound):
        files.find(str(directory / "js" / "page.js"))


def test_file_is_read_once(files):
    assert files.find("js/page.js") is files.find("js/page.js")


def test_edited_file_is_seen_and_the_others_are_not_read_again(files, directory):
    before, other = ask(files), files.find("short.css")
    (directory / "js" / "page.js").write_bytes(b"edited")

    after = ask(files, If_None_Match=before.headers["ETag"])

    assert (after.status_code, after.content) == (200, b"edited")
    assert files.find("short.css") is other


def test_new_file_is_seen_in_a_new_folder_too(files, directory):
    (directory / "js" / "views").mkdir()
    make_old(directory / "js" / "views")
    with pytest.raises(NotFound):
        files.find("js/views/new.js")
    (directory / "js" / "views" / "new.js").write_bytes(b"new")

    assert files.find("js/views/new.js").plain.body == b"new"


def test_file_that_is_gone_is_not_found_and_the_others_are(files, directory):
    (directory / "js" / "page.js").unlink()

    with pytest.raises(NotFound):
        files.find("js/page.js")
    assert files.find("short.css").plain.body == b"a{}"


def test_every_file_of_the_pages_is_served_under_its_media_type(root):
    files = PageFiles(root / "static")
    types = {
        ".css": "text/css; charset=utf-8",
        ".js": "text/javascript; charset=utf-8",
        ".json": "application/json",
        ".svg": "image/svg+xml",
        ".webmanifest": "application/manifest+json",
    }

    for path in (path for path in (root / "static").rglob("*") if path.is_file()):
        file = files.find(path.relative_to(root / "static").as_posix())
        assert file.plain.body == path.read_bytes()
        assert (b"content-type", types[path.suffix].encode()) in file.plain.headers
