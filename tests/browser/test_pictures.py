"""Pictures come in by button, drop and paste, and what cannot be read is said in the page's language."""

import io
import json
import re

import numpy as np
import pytest
import skimage.data
from PIL import Image
from playwright.sync_api import FilePayload, Page, Request, Response, expect

from tests.browser.conftest import Complaints
from tests.browser.hand import answer, draw_with_mouse, drop, example, open_pad, pad, paste, pixels

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


def test_picture_is_fitted_by_its_centre_or_whole(pictures: Page, cat: bytes) -> None:
    choose(pictures, cat)
    expect(answer(pictures)).to_have_text("cat")

    with pictures.expect_response("**/predict?*fit=whole*") as answered:
        pictures.get_by_role("radio", name="Whole").check()

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


@pytest.mark.parametrize(
    ("name", "kind", "content"),
    [
        ("talk.pdf", "application/pdf", b"%PDF-1.7 no picture"),
        ("notes.txt", "text/plain", b"no picture either"),
        ("pixels.json", "application/json", b'{"pixels": []}'),
        ("empty.png", "image/png", b""),
    ],
)
@pytest.mark.parametrize("source", ["digits", "pictures"])
def test_file_that_is_no_picture_leaves_the_invitation_and_no_trace(
    page: Page, name: str, kind: str, content: bytes, source: str, complaints: Complaints
) -> None:
    complaints.expect("400|422")
    open_pad(page)
    if source == "pictures":
        page.get_by_role("radio", name="Pictures").check()

    drop(page, name, kind, content)

    expect(page.get_by_role("status").filter(has_text="This is not a picture that the server can read")).to_be_visible()
    expect(page.get_by_text("Drop a picture here")).to_be_visible()
    assert page.evaluate("sessionStorage.getItem('layerscope-draw-picture')") in (None, "null")


HOLD_JPEGS = """() => {
  const decode = window.createImageBitmap;
  window.held = new Promise((resolve) => {
    window.createImageBitmap = (file, ...rest) =>
      file.type === "image/jpeg"
        ? new Promise((done) => resolve(() => done(decode.call(window, file, ...rest))))
        : decode.call(window, file, ...rest);
  });
}"""
LET_GO = """async () => {
  (await window.held)();
  for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
}"""


def drop_slow_picture(page: Page) -> None:
    """Drop a JPEG whose decoding takes until ``LET_GO``."""
    buffer = io.BytesIO()
    Image.fromarray(skimage.data.chelsea()[::-1]).save(buffer, "JPEG")
    page.evaluate(HOLD_JPEGS)
    drop(page, "slow.jpg", "image/jpeg", buffer.getvalue())
    page.evaluate("window.held")


def test_newer_of_two_pictures_wins(pictures: Page, cat: bytes) -> None:
    drop_slow_picture(pictures)
    drop(pictures, "cat.png", "image/png", cat)
    expect(answer(pictures)).to_have_text("cat")
    picture = pictures.get_by_role("img", name="The picture that the network was shown")
    expect(picture).to_be_visible()
    source = picture.get_attribute("src")
    asked: list[Request] = []
    pictures.on("request", lambda request: asked.append(request) if "/predict" in request.url else None)

    pictures.evaluate(LET_GO)

    assert picture.get_attribute("src") == source
    assert not asked


@pytest.mark.parametrize("choice", ["network", "example", "pad"])
def test_picture_still_decoding_gives_way_to_what_is_chosen_meanwhile(page: Page, cat: bytes, choice: str) -> None:
    open_pad(page)
    if choice == "network":
        page.get_by_role("radio", name="Pictures").check()
    if choice == "pad":
        drop(page, "cat.png", "image/png", cat)
        expect(pad(page)).to_be_hidden()

    drop_slow_picture(page)
    if choice == "network":
        page.get_by_role("radio", name="Digits").check()
    elif choice == "example":
        page.get_by_role("button", name="Draw a 7").click()
    else:
        page.get_by_role("button", name="Draw", exact=True).click()
    expect(pad(page)).to_be_visible()
    page.evaluate(LET_GO)

    expect(pad(page)).to_be_visible()


def test_picture_that_the_browser_cannot_show_is_seen_as_the_network_sees_it(pictures: Page) -> None:
    buffer = io.BytesIO()
    Image.fromarray(skimage.data.chelsea()).save(buffer, "TIFF")
    stand = pictures.get_by_role("img", name="The picture that the network was shown")
    remark = pictures.get_by_role("status").filter(has_text="This browser cannot show this file")

    drop(pictures, "cat.tiff", "image/tiff", buffer.getvalue())

    expect(remark).to_be_visible()
    expect(answer(pictures)).to_have_text("cat")
    expect(stand).to_be_visible()
    assert pixels(stand) == pixels(pictures.get_by_role("img", name="What the network sees"))
    pictures.get_by_role("button", name="Draw", exact=True).click()
    expect(stand).to_be_hidden()
    expect(remark).to_be_hidden()


@pytest.mark.parametrize("by", ["finger", "keyboard"])
def test_empty_frame_is_a_button_that_chooses_a_picture(phone: Page, by: str, cat: bytes) -> None:
    open_pad(phone)
    phone.get_by_role("radio", name="Pictures").check()
    invitation = phone.get_by_role("button", name="Tap to choose a picture")
    expect(invitation).to_be_visible()
    expect(invitation).to_have_css("cursor", "pointer")
    box = phone.locator("[data-part=frame]").bounding_box()
    assert box is not None

    with phone.expect_file_chooser() as chooser:
        if by == "finger":
            phone.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 4)
        else:
            invitation.press("Enter")
    chooser.value.set_files(FilePayload(name="cat.png", mimeType="image/png", buffer=cat))

    expect(answer(phone)).to_have_text("cat")
    expect(invitation).to_be_hidden()
