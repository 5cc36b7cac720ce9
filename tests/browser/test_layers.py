"""Every layer is on the page, as one picture, and every value of it can be read."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.hand import answer, draw_with_mouse, example, open_pad, pixels

DIGITS, PICTURES = "mnist-mlp-lecture", "cifar10-cnn-lecture"


def picture_of(page: Page, title: str) -> Locator:
    return page.get_by_role("application", name=title)


def inspector(page: Page) -> Locator:
    return page.get_by_role("region", name="What the pointer is on")


@pytest.fixture
def seven(page: Page) -> Page:
    """A page with a 7 on its pad, its last frame drawn: the answer is spoken when the pen rests."""
    open_pad(page)
    draw_with_mouse(page, example("7"))
    expect(answer(page)).to_have_text("7")
    expect(page.get_by_text(re.compile("^The network reads 7"))).to_be_attached()
    return page


@pytest.mark.parametrize(("kind", "model"), [("Digits", DIGITS), ("Pictures", PICTURES)])
def test_every_layer_of_the_card_stands_on_the_page_in_its_order(page: Page, kind: str, model: str) -> None:
    open_pad(page)
    page.get_by_role("radio", name=kind).check()
    card = page.request.get(f"/models/{model}").json()

    summary = page.get_by_role("table", name="All layers in numbers")

    expect(summary.get_by_role("rowheader")).to_have_count(len(card["layers"]))
    placed = page.locator("main [data-layer]").evaluate_all("(all) => all.map((each) => each.dataset.layer)")
    assert sorted(placed) == sorted(layer["name"] for layer in card["layers"] if layer["kind"] != "input")
    shown = [layer["name"] for layer in card["layers"] if layer["name"] in placed and layer["name"] != "output"]
    assert [name for name in placed if name != "output"] == shown


def test_layer_says_its_kind_size_parameters_and_range(seven: Page) -> None:
    panel = seven.get_by_role("region", name="Hidden layer 1")

    expect(panel).to_contain_text("dense · 512")
    expect(panel).to_contain_text("401\u2009920 parameters")
    expect(panel).to_contain_text("0\u2009…")
    expect(panel).to_contain_text("silent")


def test_layers_follow_the_drawing(seven: Page) -> None:
    layer = picture_of(seven, "Hidden layer 3")
    before = pixels(layer)

    seven.keyboard.press("Delete")
    draw_with_mouse(seven, example("0"))

    expect(answer(seven)).to_have_text("0")
    assert pixels(layer) != before


def test_value_under_the_pointer_is_the_networks_own(seven: Page) -> None:
    with seven.expect_response("**/predict?*layers=hidden_2*") as exact:
        picture_of(seven, "Hidden layer 2").hover(position={"x": 35, "y": 25})
    layer = next(each for each in exact.value.json()["layers"] if each["name"] == "hidden_2")
    unit = 2 * 16 + 3
    value = layer["pre_activation"]["values"][unit]

    expect(inspector(seven)).to_contain_text("Hidden layer 2, unit 35")
    expect(inspector(seven)).to_contain_text(f"before ReLU {value:#.4g}".replace("-", "−"))


def test_arrow_keys_read_from_unit_to_unit(seven: Page) -> None:
    picture_of(seven, "Hidden layer 1").focus()

    seven.keyboard.press("ArrowRight")
    expect(inspector(seven)).to_contain_text("Hidden layer 1, unit 0")
    seven.keyboard.press("ArrowRight")
    expect(inspector(seven)).to_contain_text("Hidden layer 1, unit 1")
    seven.keyboard.press("ArrowDown")
    expect(inspector(seven)).to_contain_text("Hidden layer 1, unit 17")


def test_click_pins_a_value_that_stays_while_others_are_read(seven: Page) -> None:
    picture_of(seven, "Hidden layer 2").click(position={"x": 35, "y": 25})
    picture_of(seven, "Hidden layer 1").hover(position={"x": 5, "y": 5})

    expect(inspector(seven).get_by_role("heading", name="Hidden layer 2, unit 35")).to_be_visible()
    expect(inspector(seven)).to_contain_text("Hidden layer 1, unit 0")
    seven.keyboard.press("Escape")
    expect(inspector(seven).get_by_role("heading", name="All layers")).to_be_visible()


@pytest.mark.parametrize("order", ["by activation", "by contribution to the class"])
def test_units_stand_in_the_order_that_is_chosen(seven: Page, order: str) -> None:
    before = pixels(picture_of(seven, "Hidden layer 3"))

    seven.get_by_role("combobox", name="Order").select_option(order)

    layer = seven.locator("[data-layer=hidden_3] canvas")
    seven.wait_for_function("([canvas, old]) => canvas.toDataURL() !== old", arg=[layer.element_handle(), before])


def test_relu_is_shown_to_remove_the_negative_half(seven: Page) -> None:
    panel = seven.get_by_role("region", name="Hidden layer 1")
    after = pixels(picture_of(seven, "Hidden layer 1"))

    panel.get_by_role("button", name="after ReLU").click()

    expect(panel).to_contain_text("−")
    assert pixels(picture_of(seven, "Hidden layer 1")) != after
    panel.get_by_role("button", name="after ReLU").click()
    expect(panel).not_to_contain_text("−")
    assert pixels(picture_of(seven, "Hidden layer 1")) == after


def test_layer_is_enlarged_and_shrunk_again(seven: Page) -> None:
    layer = picture_of(seven, "Hidden layer 2")
    small = layer.bounding_box()

    layer.dblclick()
    expect(picture_of(seven, "Hidden layer 1")).to_be_hidden()
    large = layer.bounding_box()
    seven.keyboard.press("Escape")

    expect(picture_of(seven, "Hidden layer 1")).to_be_visible()
    assert small is not None
    assert large is not None
    assert large["width"] > 2 * small["width"]
    assert layer.bounding_box() == small
    expect(answer(seven)).to_have_text("7")


def test_dropout_opens_like_a_layer(seven: Page) -> None:
    seven.get_by_role("button", name=re.compile(r"Dropout \d+%")).first.click()

    expect(picture_of(seven, "Dropout 1")).to_be_visible()
    seven.keyboard.press("Escape")
    expect(picture_of(seven, "Dropout 1")).to_have_count(0)


@pytest.mark.parametrize(
    ("title", "layer", "tiles"), [("Convolution 1", "conv_1", 32), ("Convolution 4", "conv_4", 64)]
)
def test_enlarged_kernels_are_shown_with_eight_pixels_a_weight_and_a_gap(
    page: Page, title: str, layer: str, tiles: int
) -> None:
    open_pad(page)
    page.get_by_role("radio", name="Pictures").check()
    panel = page.get_by_role("region", name=title)
    maps = pixels(picture_of(page, title))

    with page.expect_response(f"**/weights/{layer}"):
        panel.get_by_role("button", name=f"Kernels of {title}").click()

    expect(panel).to_contain_text("kernel")
    assert pixels(picture_of(page, title)) != maps
    picture_of(page, title).dblclick()
    box = picture_of(page, title).bounding_box()
    assert box is not None
    assert box["width"] * box["height"] >= tiles * ((3 + 1 / 3) * 8) ** 2


def test_layers_are_listed_in_numbers_too(seven: Page) -> None:
    row = seven.get_by_role("table", name="All layers in numbers").get_by_role("row", name="Hidden layer 2")

    expect(row).to_contain_text("512 × 512 + 512 = 262\u2009656")
    expect(row).to_contain_text("%")


@pytest.mark.parametrize(("role", "name"), [("button", re.compile(r"Dropout \d+%")), ("application", "Hidden layer 2")])
def test_focus_returns_to_what_opened_a_layer(seven: Page, role: Any, name: Any) -> None:
    opener = seven.get_by_role(role, name=name).first

    opener.focus()
    seven.keyboard.press("Enter")
    expect(seven.locator("[data-enlarged]").first).to_be_attached()
    seven.keyboard.press("Escape")

    expect(opener).to_be_focused()


def test_closed_inspector_gives_the_focus_to_the_layer_that_was_read(seven: Page) -> None:
    layer = picture_of(seven, "Hidden layer 2")
    layer.hover()
    close = inspector(seven).get_by_role("button", name="Back to all layers")

    close.focus()
    seven.keyboard.press("Enter")

    expect(close).to_be_hidden()
    expect(layer).to_be_focused()
