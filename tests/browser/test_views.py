"""Views on fixed arrays, held to the elements and pixels that they last built.

What a scene builds is written as indented text; a canvas is written as its pixels, row by row, as runs of one colour.
After a change that is meant, ``LAYERSCOPE_WRITE_VIEWS=1`` writes the files in ``views/`` anew: read their difference
before you commit it.
"""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import OpenPage

VIEWS = Path(__file__).parent / "views"
SCENES = VIEWS / "scenes.js"
NAMES = re.findall(r'^  "(.+)"\(host', SCENES.read_text(), re.MULTILINE)

PAGE = """<!doctype html><html lang="en"><head>{links}</head><body></body></html>"""

BUILD = """
async ({ name, language }) => {
  const load = (path) => import(`/static/js/${path}`);
  const [{ scenes }, { createTexts }, { fetchTexts }, { written }] = await Promise.all(
    ["scenes.js", "lib/screen/i18n.js", "lib/api/api.js", "written.js"].map(load),
  );
  const host = document.body.appendChild(document.createElement("div"));
  scenes[name](host, createTexts(await fetchTexts(language), language));
  return [...host.children].map((child) => written(child)).join("");
}
"""


@pytest.fixture
def page_of_views(open_page: OpenPage, server_url: str) -> Page:
    """An empty page in the page's styles, with the scenes among its scripts."""
    page = open_page(color_scheme="light")
    links = "".join(re.findall(r'<link rel="stylesheet"[^>]*>', page.request.get("/").text()))
    scripts = re.compile(r"/static/js/(scenes|written)\.js$")
    page.route(scripts, lambda route: route.fulfill(path=VIEWS / Path(route.request.url).name))
    page.route("**/views", lambda route: route.fulfill(body=PAGE.format(links=links), content_type="text/html"))
    page.goto("/views")
    return page


@pytest.mark.parametrize("name", NAMES)
def test_view_builds_what_it_built_before(page_of_views: Page, name: str) -> None:
    built = page_of_views.evaluate(BUILD, {"name": name, "language": "en"})

    file = VIEWS / f"{name.replace(' ', '-')}.txt"
    if os.environ.get("LAYERSCOPE_WRITE_VIEWS"):
        file.write_text(built)
    assert built == file.read_text()
