"""Heat-maps are of the class that is asked after; layers show gradients only while these are of the very image."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.hand import answer, draw_with_mouse, example, on_screen, open_pad, pixels, press_and_move

GRADIENTS_NOW = "The layers show how the score changes with their values."
VALUES_STILL = "The layers show their values until the gradients are there."


def layer(page: Page, title: str) -> Locator:
    return page.get_by_role("application", name=f"{title}:")


def heat_map(page: Page, title: str, words: str) -> Locator:
    return page.get_by_role("application", name=re.compile(f"^{title}: {words}"))


@pytest.fixture
def seven(page: Page) -> Page:
    """A page with a 7 on its pad, its last frame drawn, and the heat-maps open and there."""
    open_pad(page)
    draw_with_mouse(page, example("7"))
    expect(page.get_by_text(re.compile("^The network reads 7"))).to_be_attached()
    page.get_by_role("tab", name="Heat-maps").click()
    expect(heat_map(page, "Occlusion", "strongest at rows")).to_be_visible()
    return page


def test_heat_maps_are_of_the_answer_and_then_of_the_class_that_is_chosen(seven: Page) -> None:
    expect(seven.get_by_text("What speaks for “7”")).to_be_visible()
    maps = [heat_map(seven, title, "strongest at") for title in ("Gradient", "Grad. × input", "Occlusion")]
    of_seven = [pixels(each) for each in maps]

    with seven.expect_response("**/explain/gradients*target=all*") as all_classes:
        seven.get_by_role("checkbox", name="All classes on one scale").check()
    score = all_classes.value.json()["gradients"][1]["score"]
    one = seven.get_by_role("button", name=re.compile(r"^1, .*strongest at row"))
    expect(one).to_contain_text(f"{score:#.3g}".replace("-", "−"))
    one.click()
    seven.get_by_role("checkbox", name="All classes on one scale").uncheck()

    expect(seven.get_by_text("What speaks for “1”")).to_be_visible()
    expect(seven.locator(".heat-map[data-stale]")).to_have_count(0)
    assert all(pixels(each) != before for each, before in zip(maps, of_seven, strict=True))
    expect(answer(seven)).to_have_text("7")


def test_layers_show_gradients_of_the_very_image_and_give_their_values_back(seven: Page) -> None:
    hidden, panel = layer(seven, "Hidden layer 1"), seven.get_by_role("region", name="Hidden layer 1")
    values = pixels(hidden)
    asked: list[str] = []

    with seven.expect_response("**/explain/gradients*layers=full*") as full:
        seven.get_by_role("checkbox", name="Layers show gradients").check()
    gradient = full.value.json()["layers"][1]["activation"]["values"][0]
    expect(seven.get_by_text(GRADIENTS_NOW)).to_be_visible()
    expect(panel).to_contain_text("−")
    assert pixels(hidden) != values
    hidden.hover(position={"x": 4, "y": 4})
    expect(seven.get_by_text(f"unit 0, hidden_1: gradient {gradient:#.4g}".replace("-", "−"))).to_be_visible()

    seven.on("request", lambda request: asked.append(request.url) if "/explain/" in request.url else None)
    press_and_move(seven, on_screen(seven, [(0.2, 0.9), (0.5, 0.9), (0.8, 0.9)]))
    expect(seven.get_by_text(VALUES_STILL)).to_be_visible()
    expect(panel).not_to_contain_text("−")
    assert asked == []
    seven.mouse.up()
    expect(seven.get_by_text(GRADIENTS_NOW)).to_be_visible()
    expect(panel).to_contain_text("−")
    assert asked

    seven.get_by_role("tab", name="Layers").click()
    expect(panel).not_to_contain_text("−")
