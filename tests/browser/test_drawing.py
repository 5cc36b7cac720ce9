"""A person draws, and the network answers while the stroke still grows."""

import pytest
from playwright.sync_api import Page, Request, Route, expect

from tests.browser.conftest import Complaints
from tests.browser.hand import (
    answer,
    draw_with_finger,
    draw_with_mouse,
    example,
    on_screen,
    open_pad,
    pad,
    pixels,
    press_and_move,
)


@pytest.mark.parametrize("digit", "0123456789")
def test_every_american_digit_drawn_with_a_mouse_is_read(page: Page, digit: str) -> None:
    open_pad(page)

    draw_with_mouse(page, example(digit))

    expect(answer(page)).to_have_text(digit)


@pytest.mark.parametrize("digit", "27")
def test_digit_drawn_with_a_finger_is_read(phone: Page, digit: str) -> None:
    open_pad(phone)

    draw_with_finger(phone, example(digit))

    expect(answer(phone)).to_have_text(digit)


def test_answer_comes_before_the_stroke_has_ended(page: Page) -> None:
    open_pad(page)
    [stroke] = example("2")
    points = on_screen(page, stroke)

    press_and_move(page, points[: len(points) // 3])

    expect(answer(page)).not_to_have_text("")
    for point in points[len(points) // 3 :]:
        page.mouse.move(*point)
    expect(answer(page)).to_have_text("2")
    page.mouse.up()


def test_blank_pad_asks_nothing_and_answers_nothing(page: Page) -> None:
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request) if "/predict" in request.url else None)

    open_pad(page)
    assert not asked

    draw_with_mouse(page, example("1"))
    expect(answer(page)).to_have_text("1")
    page.get_by_role("button", name="Clear").click()

    expect(answer(page)).to_have_text("")
    expect(page.get_by_role("listitem").filter(has_text="%")).to_have_count(0)


def test_one_request_at_a_time_and_the_last_stroke_is_never_lost(page: Page) -> None:
    open_pad(page)
    asked: list[Request] = []
    held: list[Route] = []
    page.on("request", lambda request: asked.append(request) if "/predict" in request.url else None)
    page.route("**/predict?*", lambda route: route.continue_() if held else held.append(route))

    draw_with_mouse(page, example("4"))
    expect(page.get_by_role("status").filter(has_text="The server is slow")).to_be_visible()
    while_held = len(asked)
    held[0].continue_()

    assert while_held == 1
    expect(answer(page)).to_have_text("4")
    expect(page.get_by_role("status").filter(has_text="The server is slow")).to_be_hidden()


def test_undo_redo_and_clear(page: Page) -> None:
    open_pad(page)
    undo, redo, clear = (page.get_by_role("button", name=name) for name in ("Undo", "Redo", "Clear"))
    expect(undo).to_be_disabled()
    draw_with_mouse(page, example("1"))
    one = pixels(pad(page))
    draw_with_mouse(page, example("7"))
    both = pixels(pad(page))

    undo.click()
    assert pixels(pad(page)) == one
    expect(answer(page)).to_have_text("1")

    redo.click()
    assert pixels(pad(page)) == both

    clear.click()
    expect(answer(page)).to_have_text("")
    undo.click()
    assert pixels(pad(page)) == both


def test_keys_do_what_the_buttons_do(page: Page) -> None:
    open_pad(page)

    page.keyboard.press("3")
    expect(answer(page)).to_have_text("3")
    page.keyboard.press("Delete")
    expect(answer(page)).to_have_text("")
    page.keyboard.press("Control+z")
    expect(answer(page)).to_have_text("3")
    page.keyboard.press("e")
    expect(page.get_by_role("button", name="Eraser")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("b")
    expect(page.get_by_role("button", name="Brush", exact=True)).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("]")
    expect(page.get_by_role("slider", name="Brush size")).to_have_value("20")


def test_eraser_takes_ink_away(page: Page) -> None:
    open_pad(page)
    draw_with_mouse(page, example("1"))
    expect(answer(page)).to_have_text("1")

    page.get_by_role("button", name="Eraser").click()
    page.get_by_role("slider", name="Brush size").fill("40")
    draw_with_mouse(page, example("1"))

    expect(answer(page)).to_have_text("")


@pytest.mark.parametrize("hand", ["American", "European"])
def test_example_is_drawn_for_me(page: Page, hand: str) -> None:
    open_pad(page)
    page.get_by_role("radio", name=hand).check()

    page.get_by_role("button", name="Draw a 0").click()

    expect(answer(page)).to_have_text("0")
    expect(page.get_by_role("button", name="Undo")).to_be_enabled()


@pytest.mark.parametrize("page", [{"reduced_motion": "reduce"}], indirect=True)
def test_example_appears_at_once_where_motion_is_not_wanted(page: Page) -> None:
    open_pad(page)
    page.get_by_role("button", name="Draw a 5").click()
    whole = pixels(pad(page))

    expect(answer(page)).to_have_text("5")

    assert pixels(pad(page)) == whole


def test_drawing_survives_a_reload_and_a_change_of_language(page: Page) -> None:
    open_pad(page)
    draw_with_mouse(page, example("6"))
    expect(answer(page)).to_have_text("6")
    drawn = pixels(pad(page))

    page.reload()
    expect(answer(page)).to_have_text("6")
    assert pixels(pad(page)) == drawn

    page.get_by_role("link", name="polski").click()
    expect(page.get_by_role("button", name="Wyczyść")).to_be_visible()
    expect(answer(page)).to_have_text("6")
    assert pixels(pad(page)) == drawn


def test_one_finger_draws_and_two_still_zoom(phone: Page) -> None:
    open_pad(phone)

    expect(pad(phone)).to_have_css("touch-action", "pinch-zoom")


def test_dot_leaves_ink(page: Page) -> None:
    open_pad(page)
    empty = pixels(pad(page))

    pad(page).click()

    expect(answer(page)).not_to_have_text("")
    assert pixels(pad(page)) != empty


def test_escape_leaves_the_drawing_alone(page: Page) -> None:
    open_pad(page)
    draw_with_mouse(page, example("7"))
    expect(answer(page)).to_have_text("7")
    drawn = pixels(pad(page))
    page.get_by_role("application", name="Hidden layer 1").click()

    for _ in range(3):  # out of the enlarged layer, out of the value that is read, and once more
        page.keyboard.press("Escape")

    expect(page.get_by_role("application", name="Hidden layer 2")).to_be_visible()
    assert pixels(pad(page)) == drawn
    expect(answer(page)).to_have_text("7")


@pytest.mark.parametrize("name", ["Undo", "Redo"])
def test_last_step_back_or_forth_keeps_the_focus(page: Page, name: str) -> None:
    open_pad(page)
    draw_with_mouse(page, example("1"))
    if name == "Redo":
        page.get_by_role("button", name="Undo").click()
    button = page.get_by_role("button", name=name)

    button.focus()
    page.keyboard.press("Enter")

    expect(button).to_be_disabled()
    expect(button).to_be_focused()


SPOKEN = """() => {
  const region = document.querySelector("[data-part=spoken]");
  window.spoken = [];
  new MutationObserver(() => window.spoken.push(region.textContent)).observe(region, {childList: true});
}"""


@pytest.mark.parametrize("end", ["clear", "speck"])
def test_answer_that_is_gone_is_not_spoken_any_more(page: Page, end: str, complaints: Complaints) -> None:
    complaints.expect("422")
    open_pad(page)
    draw_with_mouse(page, example("7"))
    expect(page.get_by_text("The network reads 7")).to_be_attached()

    page.keyboard.press("Delete")
    if end == "speck":
        speck = {"type": "/problems/nothing-drawn", "title": "Nothing is drawn", "status": 422, "detail": ""}
        page.route("**/predict?*", lambda route: route.fulfill(status=422, json=speck))
        with page.expect_response("**/predict?*"):
            pad(page).click()

    expect(page.get_by_text("Nothing to read")).to_be_attached()
    expect(page.get_by_text("The network reads 7")).to_have_count(0)


def test_same_answer_is_spoken_again(page: Page) -> None:
    open_pad(page)
    draw_with_mouse(page, example("1"))
    expect(page.get_by_text("The network reads 1")).to_be_attached()
    page.evaluate(SPOKEN)

    page.get_by_role("button", name="Undo").click()
    page.get_by_role("button", name="Redo").click()

    expect(page.get_by_text("The network reads 1")).to_be_attached()
    heard = page.evaluate("window.spoken")
    assert "" in heard
    assert heard[-1].startswith("The network reads 1")


def test_pointing_at_values_does_not_repeat_the_answer(page: Page) -> None:
    open_pad(page)
    draw_with_mouse(page, example("1"))
    expect(page.get_by_text("The network reads 1")).to_be_attached()
    page.evaluate(SPOKEN)

    with page.expect_response("**/predict?*layers=hidden_1*"):  # asked for when the pen has rested
        page.get_by_role("application", name="Hidden layer 1").hover()

    assert page.evaluate("window.spoken") == []
