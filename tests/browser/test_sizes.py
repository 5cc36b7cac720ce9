"""Every size of screen shows every tool and every layer, nothing over anything else; so do forced colours."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.hand import answer, draw_with_finger, draw_with_mouse, example, open_pad, pad, pixels
from tests.browser.test_page import SCROLLS

SIDEWAYS = {"viewport": {"width": 844, "height": 390}}
TOOLS = ("Brush", "Eraser", "Undo", "Redo", "Clear")

OVERPRINTS = """(host) => {
  const words = [];
  const walker = document.createTreeWalker(host, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { parentElement: parent, data } = walker.currentNode;
    if (!data.trim() || parent.closest(".visually-hidden, svg") || !parent.checkVisibility()) continue;
    const range = document.createRange();
    range.selectNodeContents(walker.currentNode);
    const clip = parent.closest(".panel-line, .foot-line, .sees-head")?.getBoundingClientRect();
    for (const box of range.getClientRects()) {
      if (!clip || box.top < clip.bottom) words.push([data.trim(), box]);
    }
  }
  const beside = (a, b) => a.right <= b.left + 1 || b.right <= a.left + 1;
  const below = (a, b) => a.bottom <= b.top + 3 || b.bottom <= a.top + 3;
  return words.flatMap(([word, a], i) => words.slice(i + 1)
    .filter(([, b]) => !beside(a, b) && !below(a, b)).map(([other]) => `${word} over ${other}`));
}"""
CUT_OFF = """(host) => [...host.querySelectorAll("h2, h3, .facts, .rule")]
  .filter((each) => each.checkVisibility() && !each.matches(".visually-hidden"))
  .filter((each) => getComputedStyle(each).overflow !== "visible")
  .filter((each) => each.scrollWidth > each.clientWidth + 1)
  .map((each) => each.textContent)"""


def choose_kind(page: Page, kind: str, layer: str) -> None:
    page.locator(f"[name=kind][value={kind}]").check()
    expect(page.locator(f"section[data-layer={layer}]")).to_be_visible()


@pytest.mark.parametrize("locale", ["en-GB", "pl-PL"])
@pytest.mark.parametrize(("kind", "layer"), [("digits", "hidden_3"), ("photos", "conv_4")])
@pytest.mark.parametrize("size", [(1000, 700), (1024, 768), (1180, 720), (1280, 720), (1920, 1080)])
def test_no_word_stands_over_another_or_is_cut(
    open_page: OpenPage, locale: str, kind: str, layer: str, size: tuple[int, int]
) -> None:
    page = open_page(locale=locale, viewport={"width": size[0], "height": size[1]})
    open_pad(page)
    choose_kind(page, kind, layer)
    if kind == "digits":
        page.keyboard.press("7")
        expect(answer(page)).to_have_text("7")

    whole = page.locator("main")

    assert whole.evaluate(OVERPRINTS) == []
    assert whole.evaluate(CUT_OFF) == []
    assert page.evaluate(SCROLLS) == [False, False]


@pytest.mark.parametrize("page", [{"locale": "pl-PL"}], indirect=True)
def test_nothing_scrolls_with_the_colour_pad_in_polish(page: Page) -> None:
    open_pad(page)
    choose_kind(page, "photos", "conv_4")

    page.get_by_role("button", name="Rysuj", exact=True).click()
    draw_with_mouse(page, [[(0.1, 0.2), (0.5, 0.25), (0.9, 0.2)]])
    expect(answer(page)).not_to_have_text("")

    assert page.evaluate(SCROLLS) == [False, False]


def test_brush_size_is_chosen_with_a_mouse(page: Page) -> None:
    open_pad(page)
    slider = page.get_by_role("slider", name="Brush size")
    box = slider.bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2

    page.mouse.click(box["x"] + 1, middle)
    expect(slider).to_have_value("6")
    page.mouse.click(box["x"] + box["width"] - 1, middle)
    expect(slider).to_have_value("40")

    assert box["width"] >= 96 + 16  # the travel, and the thumb itself


def test_pointer_over_a_layer_moves_nothing(page: Page) -> None:
    places = """() => [...document.querySelectorAll("section.panel :is(h3, p, button, canvas)")].map((each) => {
      const { x, y, width } = each.getBoundingClientRect();
      return [x, y, width];
    })"""
    open_pad(page)
    choose_kind(page, "photos", "conv_3")
    before = page.evaluate(places)

    page.get_by_role("application", name="Convolution 3:").hover()
    expect(page.get_by_role("button", name="Enlarge Convolution 3")).to_be_visible()

    assert page.evaluate(places) == before


def test_phone_takes_a_stroke_back_and_gives_it_again(phone: Page) -> None:
    open_pad(phone)
    draw_with_finger(phone, example("7"))
    drawn = pixels(pad(phone))

    redo = phone.get_by_role("button", name="Redo")
    phone.get_by_role("button", name="Undo").click()
    expect(redo).to_be_enabled()
    assert pixels(pad(phone)) != drawn
    redo.click()
    expect(redo).to_be_disabled()

    assert pixels(pad(phone)) == drawn


def test_phone_shows_the_output_layer_after_all_others(phone: Page) -> None:
    open_pad(phone)
    output = phone.get_by_role("region", name="Output layer")
    output.scroll_into_view_if_needed()

    expect(output).to_contain_text("logits")
    last = phone.get_by_role("region", name="Hidden layer 3").bounding_box()
    box = output.bounding_box()
    assert last is not None
    assert box is not None
    assert box["y"] > last["y"] + last["height"]
    output.get_by_role("button", name="Enlarge").click()
    expect(phone.get_by_role("region", name="Hidden layer 3")).to_be_hidden()
    output.get_by_role("button", name="Back").click()
    expect(phone.get_by_role("region", name="Hidden layer 3")).to_be_visible()


def test_output_layer_moves_with_the_size_of_the_window(page: Page) -> None:
    open_pad(page)
    output = page.get_by_role("region", name="Output layer")
    expect(page.get_by_role("region", name="Answer")).to_contain_text("Output layer")

    page.set_viewport_size({"width": 853, "height": 480})
    expect(page.get_by_role("region", name="Layers of the network")).to_contain_text("Output layer")
    page.set_viewport_size({"width": 1280, "height": 720})

    expect(page.get_by_role("region", name="Answer")).to_contain_text("Output layer")
    expect(output).to_have_count(1)


@pytest.mark.parametrize("phone", [SIDEWAYS], indirect=True)
def test_phone_on_its_side_shows_pad_and_tools_without_scrolling(phone: Page) -> None:
    open_pad(phone)

    expect(pad(phone)).to_be_in_viewport(ratio=1)
    for name in TOOLS:
        expect(phone.get_by_role("button", name=name, exact=True)).to_be_in_viewport(ratio=1)
    expect(phone.get_by_role("slider", name="Brush size")).to_be_in_viewport(ratio=1)

    choose_kind(phone, "photos", "conv_1")
    expect(phone.get_by_role("button", name="Draw", exact=True)).to_be_in_viewport(ratio=1)
    phone.get_by_role("button", name="Draw", exact=True).click()
    for name in (*TOOLS, "Black", "Grey"):
        expect(phone.get_by_role("button", name=name, exact=True)).to_be_in_viewport(ratio=1)
    assert phone.evaluate(SCROLLS)[0] is False


def test_sheet_hides_nothing_at_the_end_of_the_page(phone: Page) -> None:
    open_pad(phone)
    phone.get_by_role("application", name="Hidden layer 3").hover()
    sheet = phone.get_by_role("region", name="What the pointer is on")
    expect(sheet).to_contain_text("Hidden layer 3, unit")

    phone.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    output, over = phone.get_by_role("region", name="Output layer").bounding_box(), sheet.locator("> *").bounding_box()

    assert output is not None
    assert over is not None
    assert output["y"] + output["height"] <= over["y"]
    assert over["y"] + over["height"] <= 844


def test_menu_closes_on_escape_and_on_a_tap_beside_it(phone: Page) -> None:
    open_pad(phone)
    draw_with_finger(phone, example("7"))
    expect(answer(phone)).to_have_text("7")
    button, choice = phone.get_by_role("button", name="Menu"), phone.get_by_role("combobox", name="Network")

    button.click()
    expect(choice).to_be_visible()
    phone.keyboard.press("Escape")
    expect(choice).to_be_hidden()
    expect(answer(phone)).to_have_text("7")

    button.click()
    expect(button).to_have_attribute("aria-expanded", "true")
    phone.get_by_text("Pictures are classified on this server").click()
    expect(choice).to_be_hidden()
    expect(button).to_have_attribute("aria-expanded", "false")

    button.click()
    phone.get_by_role("button", name="Light or dark").click()
    expect(choice).to_be_hidden()


@pytest.mark.parametrize("viewport", [(390, 844), (1024, 768), (1280, 720)])
def test_accuracy_stands_with_the_name_of_its_data_set(open_page: OpenPage, viewport: tuple[int, int]) -> None:
    page = open_page(locale="pl-PL", viewport={"width": viewport[0], "height": viewport[1]})
    open_pad(page)

    fact = page.get_by_text(re.compile("na MNIST"))

    fact.scroll_into_view_if_needed()
    expect(fact).to_be_in_viewport(ratio=1)
    assert fact.evaluate("(each) => each.getClientRects().length") == 1


@pytest.mark.parametrize("page", [{"forced_colors": "active"}], indirect=True)
def test_forced_colours_leave_drawing_bars_and_choices_to_be_seen(page: Page) -> None:
    background = "(each) => getComputedStyle(each).backgroundColor"
    open_pad(page)
    page.keyboard.press("7")
    expect(answer(page)).to_have_text("7")

    expect(page.locator(".frame")).to_have_css("background-color", "rgb(14, 15, 19)")
    chosen, other = (page.locator(f".kinds input{which} + span") for which in (":checked", ":not(:checked)"))
    assert chosen.evaluate(background) != other.evaluate(background)
    brush, eraser = (page.get_by_role("button", name=name, exact=True) for name in ("Brush", "Eraser"))
    assert brush.evaluate(background) != eraser.evaluate(background)
    first = page.locator(".bar[data-first]")
    assert first.locator(".bar-fill").evaluate(background) != first.locator(".bar-track").evaluate(background)
    choose_kind(page, "photos", "conv_1")
    page.get_by_role("button", name="Draw", exact=True).click()
    expect(page.get_by_role("button", name="Red", exact=True)).to_have_css("background-color", "rgb(192, 57, 43)")
