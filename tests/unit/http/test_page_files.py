"""The files of pages as they are sent: what of them, when not at all, how long kept, and that an edited one is seen."""

import asyncio
import os
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from app.http.page_files import PageFiles
from app.problems import MethodNotAllowed, NotFound

SCRIPT = b'import "./other.js";\n' * 20

UNKNOWN = ("", ".", "js", "js/", "js/page", "js/page.js/", "JS/page.js", "js//page.js", "js/\0page.js", "x" * 5000)
KEPT, ASKED_AFTER = "public, max-age=31536000, immutable", "no-cache"
ANOTHER_VERSION = "0123456789abcdef"

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


def make_old(folder: Path, second: int = 0) -> None:
    """Set a folder's time back: the clock of a file system stands still for milliseconds, and a test is faster."""
    os.utime(folder, (second, second))


@pytest.fixture
def files(directory: Path) -> PageFiles:
    return PageFiles(directory)


def ask(files: PageFiles, url: str = "/js/page.js", method: str = "GET", **headers: str) -> httpx.Response:
    async def exchange() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(files), base_url="http://test") as client:
            named: dict[str, Any] = {name.replace("_", "-"): value for name, value in headers.items()}
            return await client.request(method, url, headers={"Accept-Encoding": "identity", **named})

    return asyncio.run(exchange())


def ask_path(files: PageFiles, path: str) -> None:
    """Ask for an address as it stands, which a client would tidy up first."""

    async def nothing(*_: Any) -> dict[str, Any]:
        return {}

    asyncio.run(files({"type": "http", "method": "GET", "path": path, "headers": []}, nothing, nothing))


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
def test_browser_that_has_the_file_gets_304_without_a_body(files, coding, asked):
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
def test_file_accepts_only_get_and_head(files, method):
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


@pytest.mark.parametrize("coding", ["identity", "gzip"])
def test_file_is_kept_under_the_version_of_all_and_asked_after_elsewhere(files, coding):
    answers = {
        address: ask(files, f"{address}/js/page.js", Accept_Encoding=coding)
        for address in (f"/{files.version()}", f"/{ANOTHER_VERSION}", "")
    }

    assert {answer.content for answer in answers.values()} == {SCRIPT}
    assert len({answer.headers["ETag"] for answer in answers.values()}) == 1
    assert [answer.headers["Cache-Control"] for answer in answers.values()] == [KEPT, ASKED_AFTER, ASKED_AFTER]


def test_browser_that_revalidates_is_told_how_long_to_keep_it(files):
    """Its file may be of another release, and of the same bytes."""
    tag = ask(files, f"/{ANOTHER_VERSION}/js/page.js").headers["ETag"]

    again = ask(files, f"/{files.version()}/js/page.js", If_None_Match=tag)

    assert (again.status_code, again.headers["Cache-Control"]) == (304, KEPT)


@pytest.mark.parametrize("name", [*UNKNOWN, *ELSEWHERE, f"{ANOTHER_VERSION}/js/page.js"])
def test_no_other_name_leads_to_a_file_under_a_version(files, name):
    for version in (files.version(), ANOTHER_VERSION):
        with pytest.raises(NotFound):
            ask_path(files, f"/{version}/{name}")


@pytest.mark.parametrize("first", ["0123456789abcde", "0123456789abcdef0", "0123456789ABCDEF", "0123456789abcdeg", ""])
def test_what_is_no_version_is_a_folder_that_is_not_there(files, first):
    with pytest.raises(NotFound):
        ask_path(files, f"/{first}/js/page.js")


def test_version_is_of_names_and_bytes_and_the_same_on_every_machine(files, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "js").mkdir(parents=True)
    (elsewhere / "short.css").write_bytes(b"a{}")
    (elsewhere / "js" / "page.js").write_bytes(SCRIPT)
    os.utime(elsewhere / "js" / "page.js", (0, 0))

    assert PageFiles(elsewhere).version() == files.version()

    (elsewhere / "js" / "page.js").rename(elsewhere / "js" / "other.js")
    assert PageFiles(elsewhere).version() != files.version()


def test_version_does_not_depend_on_what_gzip_makes(files, directory, monkeypatch):
    monkeypatch.setattr("app.http.page_files.gzip.compress", lambda body, **_: body[:7])

    assert PageFiles(directory).version() == files.version()


@pytest.mark.parametrize("change", ["edited", "added", "moved", "removed"])
def test_every_change_makes_another_version_and_its_undoing_the_first_again(files, directory, change):
    first, page = files.version(), directory / "js" / "page.js"
    if change == "edited":
        page.write_bytes(b"edited")
    elif change == "added":
        (directory / "js" / "new.js").write_bytes(b"new")
    elif change == "moved":
        page.rename(directory / "js" / "moved.js")
    else:
        page.unlink()
    make_old(directory / "js", second=1)

    assert files.version() != first

    for path in (directory / "js").iterdir():
        path.unlink()
    page.write_bytes(SCRIPT)
    assert files.version() == first


def test_file_that_is_not_served_is_not_in_the_version(files, directory):
    version = files.version()

    (directory / "module.py").write_bytes(b"edited")
    (directory / "js" / "page.js.swp").write_bytes(b"an editor's")

    assert files.version() == version


def test_edited_file_is_not_kept_under_the_version_before(files, directory):
    """An address that is known from before the edit must not give the new bytes for good."""
    before = files.version()
    (directory / "js" / "page.js").write_bytes(b"edited")

    old = ask(files, f"/{before}/js/page.js")
    new = ask(files, f"/{files.version()}/js/page.js")

    assert old.content == new.content == b"edited"
    assert [answer.headers["Cache-Control"] for answer in (old, new)] == [ASKED_AFTER, KEPT]


def test_worker_that_has_not_seen_an_edit_lets_nothing_be_kept_under_the_new_version(files, directory):
    other = PageFiles(directory)
    (directory / "js" / "page.js").write_bytes(b"edited")
    version = files.version()

    unseen = ask(other, f"/{version}/short.css").headers["Cache-Control"]
    edited = ask(other, f"/{version}/js/page.js")

    assert unseen == ASKED_AFTER
    assert (edited.content, edited.headers["Cache-Control"]) == (b"edited", KEPT)
    assert ask(other, f"/{version}/short.css").headers["Cache-Control"] == KEPT


def test_version_reads_no_file_again_that_was_not_edited(files, directory):
    other = files.find("short.css")
    (directory / "js" / "page.js").write_bytes(b"edited")

    files.version()

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


@pytest.mark.parametrize("root_path", ["", "/behind/a/proxy"])
def test_files_are_found_below_the_address_they_are_mounted_at(files, root_path):
    """Pins what Starlette's mount passes on: the whole path, and in ``root_path`` the part before the file's name."""
    mounted = Starlette(routes=[Mount("/static", files)])

    async def exchange() -> httpx.Response:
        transport = httpx.ASGITransport(mounted, root_path=root_path)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return await client.get(f"{root_path}/static/js/page.js")

    assert asyncio.run(exchange()).content == SCRIPT


def test_every_file_of_the_pages_is_served_under_its_media_type(root):
    files = PageFiles(root / "static")
    types = {
        ".css": "text/css; charset=utf-8",
        ".js": "text/javascript; charset=utf-8",
        ".json": "application/json",
        ".svg": "image/svg+xml",
        ".webmanifest": "application/manifest+json",
    }

    for path in (path for path in (root / "static").rglob("*") if path.is_file() and not path.name.endswith(".d.ts")):
        file = files.find(path.relative_to(root / "static").as_posix())
        assert file.plain.body == path.read_bytes()
        assert (b"content-type", types[path.suffix].encode()) in file.plain.headers
