"""One unit, taken apart on the page: what is printed adds up, and every part of it leads on."""

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.hand import answer, draw_with_mouse, example, open_pad
from tests.browser.test_layers import inspector, picture_of

SEVEN_READ = re.compile("^The network reads 7")


def show_seven(page: Page) -> None:
    """Draw a 7 and let the pen rest."""
    open_pad(page)
    draw_with_mouse(page, example("7"))
    expect(page.get_by_text(SEVEN_READ)).to_be_attached()


def pin(page: Page, layer: str, x: int, y: int) -> Any:
    """Click on a unit, and return what the server says of it."""
    with page.expect_response("**/explain/unit?*") as explained:
        picture_of(page, layer).click(position={"x": x, "y": y})
    return explained.value.json()


def column(page: Page) -> tuple[list[float], float]:
    """The whole sum as it is printed: the parts, and what they come to."""
    table = inspector(page).get_by_role("table", name="the whole sum")
    cells = table.get_by_role("row").filter(has_not_text="after").get_by_role("cell").all_inner_texts()
    numbers = [float(cell.replace("−", "-")) for cell in cells]
    return numbers[:-1], numbers[-1]


def test_pinned_unit_is_a_sum_that_adds_up_as_printed_and_leads_to_its_source(page: Page) -> None:
    show_seven(page)

    explained = pin(page, "Hidden layer 2", 35, 25)

    expect(inspector(page).get_by_role("rowheader", name="pre-activation")).to_be_visible()
    parts, total = column(page)
    assert len(parts) == 4
    assert round(sum(parts), 7) == total
    assert abs(total - explained["value"]) <= 0.0005
    page.get_by_role("button", name="recompute it").click()
    code = page.get_by_role("dialog").locator("pre")
    expect(code).to_contain_text(f'"hidden_2", "hidden_1", "centre", {explained["address"]["unit"]}')
    page.keyboard.press("Escape")
    expect(code).to_be_hidden()
    source = explained["supporting"][0]["unit"]
    inspector(page).get_by_role("button", name=f"unit {source} ").click()
    expect(inspector(page)).to_contain_text(f"Hidden layer 1, unit {source}")


def test_temperature_is_an_experiment_and_changes_no_answer(page: Page) -> None:
    show_seven(page)
    pin(page, "Output layer", 150, 10)
    chosen = inspector(page).get_by_role("table", name="Softmax").get_by_role("row", name=re.compile("^7"))
    probability = inspector(page).get_by_role("row", name=re.compile("^after softmax"))
    own = probability.inner_text()
    certain = chosen.inner_text()

    with page.expect_response(re.compile("temperature=10")):
        inspector(page).get_by_role("slider", name="Temperature").fill("100")

    expect(chosen).not_to_have_text(certain)
    expect(inspector(page)).to_contain_text("only an experiment")
    assert probability.inner_text() == own
    expect(answer(page)).to_have_text("7")


def test_first_weights_are_templates_and_each_leads_to_its_unit(page: Page) -> None:
    show_seven(page)

    page.get_by_role("button", name="Weights of Hidden layer 1").click()
    layer = page.get_by_role("region", name="Hidden layer 1")
    expect(layer).to_contain_text("a picture of weights for each unit")
    pin(page, "Hidden layer 1", 5, 5)

    expect(inspector(page)).to_contain_text("Hidden layer 1, unit 0")


def test_window_of_a_pooling_follows_the_pointer_and_plays(page: Page) -> None:
    open_pad(page)
    page.get_by_role("radio", name="Pictures").check()
    page.get_by_role("button", name="Draw", exact=True).click()
    draw_with_mouse(page, [[(0.1, 0.2), (0.5, 0.6), (0.9, 0.2)]])
    expect(answer(page)).not_to_have_text("")
    picture_of(page, "Pooling 1").click(position={"x": 50, "y": 50})
    inspector(page).get_by_role("tab", name="Sliding window").click()
    made: Locator = inspector(page).get_by_role("application", name=re.compile("^The map that it makes"))

    made.hover(position={"x": 2, "y": 2})
    place = inspector(page).get_by_text(re.compile(r"at \(\d+, \d+\)"))
    expect(place).to_contain_text("at (0, 0): ≈")
    inspector(page).get_by_role("button", name="Slide row by row").click()

    expect(inspector(page).get_by_role("button", name="Pause")).to_be_visible()
    passed = place.inner_text()
    expect(place).not_to_have_text(passed)
    inspector(page).get_by_role("button", name="Pause").click()
