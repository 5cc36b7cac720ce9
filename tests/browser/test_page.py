"""The page as a whole: it holds still, keeps to its server, and says what is wrong."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Complaints
from tests.browser.hand import answer, draw_with_mouse, example, open_pad

SCROLLS = """() => {
  const { scrollWidth, clientWidth, scrollHeight, clientHeight } = document.documentElement;
  return [scrollWidth > clientWidth, scrollHeight > clientHeight];
}"""
PROJECTORS = [{"viewport": {"width": 1280, "height": 720}}, {"viewport": {"width": 1920, "height": 1080}}]


@pytest.mark.parametrize("page", PROJECTORS, indirect=True)
@pytest.mark.parametrize("kind", ["Digits", "Pictures"])
def test_nothing_scrolls_on_a_projector(page: Page, kind: str) -> None:
    open_pad(page)
    page.get_by_role("radio", name=kind).check()
    expect(page.get_by_role("region", name="Output layer")).to_be_visible()

    assert page.evaluate(SCROLLS) == [False, False]
    for region in ("What the pointer is on", "Output layer"):
        expect(page.get_by_role("region", name=region)).to_be_in_viewport(ratio=1)


def test_phone_scrolls_down_and_never_sideways(phone: Page) -> None:
    open_pad(phone)

    assert phone.evaluate(SCROLLS) == [False, True]


def test_phone_shows_answer_and_pad_first(phone: Page) -> None:
    open_pad(phone)

    for name in ("Drawing pad",):
        expect(phone.get_by_label(name)).to_be_in_viewport(ratio=1)
    expect(phone.get_by_role("list", name="Probability of every class")).to_be_in_viewport(ratio=1)


def test_phone_tools_are_large_enough_for_a_finger(phone: Page) -> None:
    open_pad(phone)

    for name in ("Brush", "Eraser", "Undo", "Redo", "Clear", "Picture", "Menu"):
        box = phone.get_by_role("button", name=name, exact=True).bounding_box()

        assert box is not None
        assert min(box["width"], box["height"]) >= 44, name


def test_drawing_moves_nothing(page: Page) -> None:
    places = """() => [...document.querySelectorAll("canvas, h2, h3, button, li > *")].map((each) => {
      const { x, y, height } = each.getBoundingClientRect();
      return [each.className, x, y, height];
    })"""
    open_pad(page)
    empty = page.evaluate(places)

    draw_with_mouse(page, example("7"))
    expect(answer(page)).to_have_text("7")
    expect(page.locator(".answer-note")).to_be_hidden()  # a part of a 7 may look like no digit

    assert page.evaluate(places) == empty


@pytest.mark.parametrize("page", [{"color_scheme": "dark"}], indirect=True)
def test_dark_follows_the_system_and_the_switch_is_remembered(page: Page) -> None:
    open_pad(page)
    expect(page.locator("html")).to_have_css("background-color", "rgb(15, 18, 22)")

    page.get_by_role("button", name="Light or dark").click()
    expect(page.locator("html")).to_have_css("background-color", "rgb(246, 246, 243)")
    page.reload()

    expect(page.locator("html")).to_have_css("background-color", "rgb(246, 246, 243)")


@pytest.mark.parametrize("page", [{"locale": "pl-PL"}], indirect=True)
def test_polish_page_is_polish_in_words_and_numbers(page: Page) -> None:
    open_pad(page)
    draw_with_mouse(page, example("7"))

    expect(page.get_by_role("region", name="Warstwa ukryta 1")).to_contain_text("401\u2009920 parametrów")
    expect(page.get_by_role("status", name="Prawdopodobieństwo odpowiedzi")).to_have_text(
        re.compile("^\\d+,\\d\\d\u00a0%$")
    )


def test_all_ten_probabilities_are_listed_and_add_up(page: Page) -> None:
    open_pad(page)
    draw_with_mouse(page, example("8"))
    expect(answer(page)).not_to_have_text("")

    rows = page.get_by_role("list", name="Probability of every class").get_by_role("listitem").all_inner_texts()

    assert [row.split()[0] for row in rows] == list("0123456789")
    assert sum(float(row.split()[1].rstrip("%")) for row in rows) == pytest.approx(100, abs=0.05)


def test_answer_is_spoken_when_the_pen_rests(page: Page) -> None:
    open_pad(page)

    draw_with_mouse(page, example("7"))

    expect(page.get_by_text(re.compile("^The network reads 7"))).to_be_attached()


def test_lost_server_is_said_and_the_answer_comes_when_it_is_back(page: Page, complaints: Complaints) -> None:
    complaints.expect("ERR_CONNECTION_REFUSED|Failed to load")
    open_pad(page)
    draw_with_mouse(page, example("1"))
    expect(answer(page)).to_have_text("1")
    page.route("**/predict?*", lambda route: route.abort("connectionrefused"))

    page.keyboard.press("7")
    lost = page.get_by_role("status").filter(has_text="The server does not answer")
    expect(lost).to_be_visible()
    expect(answer(page)).to_have_text("1")
    page.unroute("**/predict?*")

    expect(answer(page)).to_have_text("7")
    expect(lost).to_be_hidden()


def test_busy_server_is_said_in_words(page: Page, complaints: Complaints) -> None:
    complaints.expect("503")
    open_pad(page)
    busy = {"type": "/problems/busy", "title": "Busy", "status": 503, "detail": ""}
    page.route(
        "**/predict?*", lambda route: route.fulfill(status=503, json=busy, headers={"Retry-After": "1"}), times=1
    )

    page.keyboard.press("2")

    expect(page.get_by_role("status").filter(has_text="The server is busy")).to_be_visible()
    expect(answer(page)).to_have_text("2")


def test_no_inline_script_or_style_is_let_through(page: Page) -> None:
    response = page.goto("/")

    assert response is not None
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("address", ["/problems/nothing-drawn", "/problems/not-found"])
@pytest.mark.parametrize("page", [{"locale": "pl-PL"}], indirect=True)
def test_problem_has_a_page_in_both_languages(page: Page, address: str) -> None:
    page.goto(address)

    expect(page.locator("html")).to_have_attribute("lang", "pl")
    expect(page.get_by_role("link", name="Do strony rysowania")).to_be_visible()
