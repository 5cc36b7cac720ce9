"""Test images on the page: one at random, the mistakes in turn, what is said of them, and where there are none."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from app.bundle.files import read_bundle
from app.bundle.gallery import GALLERY, write_gallery
from tests.browser.conftest import Complaints, OpenPage
from tests.conftest import serve

NAME = "mnist-mlp-lecture"


@pytest.fixture(scope="module")
def gallery_url(models_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server with two networks, and for one of them five test images made by code: bars, two of them misread."""
    directory = tmp_path_factory.mktemp("gallery")
    shutil.copytree(models_dir / "mnist-mlp", directory / "models" / "mnist-mlp", ignore=lambda *_: [GALLERY])
    bundle = read_bundle(Path(shutil.copytree(models_dir / NAME, directory / "models" / NAME)))
    images = np.zeros((5, 28, 28), np.uint8)
    for index, image in enumerate(images):
        image[4:24, 8 + 2 * index : 12 + 2 * index] = 250
    probabilities = np.full((5, 10), 0.01, np.float32)
    probabilities[np.arange(5), 1] = (0.91, 0.81, 0.71, 0.61, 0.51)
    write_gallery(bundle, "Bars", images, np.array([1, 7, 1, 4, 1], np.uint8), probabilities)
    with serve(directory / "models", directory / "log") as url:
        yield url


@pytest.fixture
def page(open_page: OpenPage, complaints: Complaints, gallery_url: str) -> Page:
    complaints.server_url = gallery_url
    page = open_page(base_url=gallery_url)
    page.goto("/")
    expect(page.locator("[data-part=lab][data-ready]")).to_be_attached()
    page.get_by_role("combobox", name="Network").select_option(NAME)
    return page


def caption(page: Page) -> object:
    return page.locator("[data-part=test-caption]")


def test_mistakes_come_in_turn_the_surest_first_and_begin_again(page: Page) -> None:
    following = page.get_by_role("button", name="Next mistake")

    for words in ("Test image 1: 7, but read as 1", "Test image 3: 4, but read as 1", "Test image 1: 7, but read as 1"):
        following.click()
        expect(caption(page)).to_have_text(words)
    expect(page.get_by_label("Answer", exact=True)).not_to_be_empty()


def test_random_image_is_read_and_what_it_is_goes_with_it(page: Page) -> None:
    page.get_by_role("button", name="Random").click()

    expect(caption(page)).to_contain_text("Test image")
    page.get_by_role("button", name="Draw", exact=True).click()

    expect(caption(page)).to_be_hidden()


def test_where_there_are_none_the_page_says_how_to_make_them(page: Page) -> None:
    page.get_by_role("combobox", name="Network").select_option("mnist-mlp")

    expect(page.get_by_text("none here: make gallery")).to_be_visible()
    expect(page.get_by_role("button", name="Next mistake")).to_be_hidden()
