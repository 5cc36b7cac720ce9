"""What if: units are switched off, steps left out, and the answer moves with them and comes back."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.hand import answer, draw_with_mouse, example, open_pad, pixels

PROBABILITY = "Probability of the answer"


@pytest.fixture
def seven(page: Page) -> Page:
    """A page with a 7 on its pad, its last frame drawn: the answer is spoken when the pen rests."""
    open_pad(page)
    draw_with_mouse(page, example("7"))
    expect(page.get_by_text(re.compile("^The network reads 7"))).to_be_attached()
    return page


def probability(page: Page) -> Locator:
    return page.get_by_role("status", name=PROBABILITY)


def test_units_that_matter_move_the_answer_and_all_on_again_restores_it(seven: Page) -> None:
    layer = seven.get_by_role("application", name="Hidden layer 3")
    whole, drawn = probability(seven).inner_text(), pixels(layer)
    seven.get_by_role("tab", name="What if").click()

    seven.get_by_role("group", name="what speaks most for 7").get_by_role("button", name="100", exact=True).click()

    expect(seven.get_by_role("heading", name="100 units are off")).to_be_visible()
    expect(seven.get_by_role("switch")).to_have_count(100)
    expect(probability(seven)).not_to_have_text(whole)
    row = seven.get_by_role("table", name="Probabilities").get_by_role("row").filter(has_text=re.compile("^7"))
    expect(row).to_contain_text(whole)
    expect(row).to_contain_text(re.compile(r"−\d+\.\d pp"))
    assert pixels(layer) != drawn

    seven.get_by_role("button", name="All on again").click()

    expect(probability(seven)).to_have_text(whole)
    seven.get_by_role("tab", name="Layers").click()
    seven.wait_for_function("([canvas, old]) => canvas.toDataURL() === old", arg=[layer.element_handle(), drawn])


def test_unit_is_switched_by_its_key_and_by_its_button(seven: Page) -> None:
    with seven.expect_request("**/predict?*off=hidden_2%3A35*"):
        seven.get_by_role("application", name="Hidden layer 2").click(position={"x": 35, "y": 25})
        seven.keyboard.press("x")
    expect(seven.get_by_role("button", name="Without 1 unit")).to_be_visible()

    seven.get_by_role("button", name="Switch on").click()

    expect(seven.get_by_role("button", name="Switch off")).to_be_visible()
    expect(seven.get_by_role("button", name="Without 1 unit")).to_be_hidden()


def test_step_that_is_left_out_changes_what_the_network_sees(seven: Page) -> None:
    sees = seven.get_by_role("img", name="What the network sees")
    usual = pixels(sees)
    seven.get_by_role("button", name="steps").click()
    step = seven.get_by_role("switch", name="Cropped")

    step.click()

    expect(step).to_have_attribute("aria-checked", "false")
    expect(answer(seven)).not_to_have_text("")
    seven.wait_for_function("([canvas, old]) => canvas.toDataURL() !== old", arg=[sees.element_handle(), usual])
    seven.get_by_role("button", name="Take all steps again").click()
    seven.wait_for_function("([canvas, old]) => canvas.toDataURL() === old", arg=[sees.element_handle(), usual])
    expect(step).to_have_attribute("aria-checked", "true")


def test_networks_vote_and_others_are_drawn_again(seven: Page) -> None:
    with seven.expect_response("**/explain/votes?*seed=0*") as first:
        seven.get_by_role("tab", name="Votes").click()
    expect(seven.get_by_role("heading", name=re.compile(r"of 50 thinned networks read 7"))).to_be_visible()

    with seven.expect_response("**/explain/votes?*seed=1*") as second:
        seven.get_by_role("button", name="Draw again").click()

    assert first.value.json()["probabilities"] != second.value.json()["probabilities"]
