"""Pictures come in by button, drop and paste, and what cannot be read is said in the page's language."""

import io
import json
import re

import numpy as np
import pytest
import skimage.data
from PIL import Image
from playwright.sync_api import FilePayload, Page, Response, expect

from tests.browser.conftest import Complaints
from tests.browser.hand import answer, draw_with_mouse, drop, example, open_pad, pad, paste

PIXELS = """(canvas, places) => places.map(([x, y]) => [
  ...canvas.getContext("2d").getImageData(x, y, 1, 1).data.slice(0, 3)
])"""


def png(pixels: "np.ndarray") -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()


def received(response: Response) -> tuple[str, int, int]:
    """What the server says that it was sent: format, width and height."""
    body = response.body()
    header = json.loads(body[8 : 8 + int.from_bytes(body[4:8], "little")])
    picture = header["answer"]["input"]
    return picture["format"], picture["width"], picture["height"]


@pytest.fixture(scope="module")
def cat() -> bytes:
    """Chelsea, 451 × 300, public domain."""
    return png(skimage.data.chelsea())


@pytest.fixture
def pictures(page: Page) -> Page:
    """The page with a network for pictures chosen."""
    open_pad(page)
    page.get_by_role("radio", name="Pictures").check()
    expect(page.get_by_text("Drop a picture here")).to_be_visible()
    return page


def choose(page: Page, content: bytes, name: str = "cat.png") -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Open a picture").click()
    chooser.value.set_files(FilePayload(name=name, mimeType="image/png", buffer=content))


def test_picture_chosen_by_a_button_is_read(pictures: Page, cat: bytes) -> None:
    choose(pictures, cat)

    expect(answer(pictures)).to_have_text("cat")
    expect(pictures.get_by_role("img", name="The picture that the network was shown")).to_be_visible()


def test_picture_can_be_dropped_anywhere(pictures: Page, cat: bytes) -> None:
    drop(pictures, "cat.png", "image/png", cat)

    expect(answer(pictures)).to_have_text("cat")


def test_picture_can_be_pasted(pictures: Page, cat: bytes) -> None:
    paste(pictures, "cat.png", "image/png", cat)

    expect(answer(pictures)).to_have_text("cat")


def test_large_picture_is_made_smaller_before_it_travels(pictures: Page, cat: bytes) -> None:
    large = png(np.asarray(Image.fromarray(skimage.data.chelsea()).resize((1804, 1200))))

    with pictures.expect_response("**/predict?*") as answered:
        drop(pictures, "large.png", "image/png", large)

    assert received(answered.value) == ("PNG", 640, 426)
    expect(answer(pictures)).to_have_text("cat")


def test_tiny_picture_travels_untouched(pictures: Page) -> None:
    tiny = png(np.asarray(Image.fromarray(skimage.data.chelsea()).resize((32, 32))))

    with pictures.expect_response("**/predict?*") as answered:
        drop(pictures, "tiny.png", "image/png", tiny)

    assert received(answered.value) == ("PNG", 32, 32)


def test_picture_is_fitted_whole_or_by_its_centre(pictures: Page, cat: bytes) -> None:
    choose(pictures, cat)
    expect(answer(pictures)).to_have_text("cat")

    with pictures.expect_response("**/predict?*fit=centre*") as answered:
        pictures.get_by_role("radio", name="Centre").check()

    assert answered.value.ok


def test_picture_survives_a_reload(pictures: Page, cat: bytes) -> None:
    choose(pictures, cat)
    expect(answer(pictures)).to_have_text("cat")

    pictures.reload()

    expect(answer(pictures)).to_have_text("cat")
    expect(pictures.get_by_role("radio", name="Pictures")).to_be_checked()


def test_photograph_of_a_digit_stands_in_the_pads_place_and_gives_it_back(page: Page) -> None:
    open_pad(page)
    draw_with_mouse(page, example("1"))
    photograph = np.full((280, 280, 3), 235, np.uint8)
    for row, column in ((round(y * 280), round(x * 280)) for stroke in example("7") for x, y in stroke):
        photograph[row - 8 : row + 8, column - 8 : column + 8] = (30, 40, 90)

    drop(page, "seven.png", "image/png", png(photograph))
    expect(answer(page)).to_have_text("7")
    expect(pad(page)).to_be_hidden()
    page.get_by_role("button", name="Draw", exact=True).click()

    expect(pad(page)).to_be_visible()
    expect(answer(page)).to_have_text("1")


def test_picture_can_be_painted_in_colour(pictures: Page) -> None:
    pictures.get_by_role("button", name="Draw", exact=True).click()
    pictures.get_by_role("button", name="Sky blue").click()

    with pictures.expect_response("**/predict?*") as answered:
        draw_with_mouse(pictures, [[(0.1, 0.2), (0.5, 0.25), (0.9, 0.2)]])

    assert received(answered.value) == ("BMP", 280, 280)
    expect(answer(pictures)).not_to_have_text("")
    seen = pictures.get_by_role("img", name="What the network sees")
    paper, paint = seen.evaluate(PIXELS, [[16, 28], [16, 7]])
    assert paper == [255, 255, 255]
    assert paint[2] > paint[0] + 20


@pytest.mark.parametrize(
    ("page", "content", "words"),
    [
        ({"locale": "pl-PL"}, b"\0\0\0\x18ftypheic" + bytes(64), "Serwer nie potrafi odczytać tego pliku jako obrazu"),
        ({"locale": "en-GB"}, b"\x89PNG\r\n\x1a\n" + bytes(40), "This picture is damaged"),
    ],
    indirect=["page"],
)
def test_file_that_cannot_be_read_is_said_in_the_pages_language(
    page: Page, content: bytes, words: str, complaints: Complaints
) -> None:
    complaints.expect("400")
    open_pad(page)

    drop(page, "photo", "image/heic", content)

    expect(page.get_by_role("status").filter(has_text=words)).to_be_visible()
    expect(page.get_by_text(re.compile("^(Drop a picture here|Upuść tu obraz)$"))).to_be_visible()
    expect(answer(page)).to_have_text("")
