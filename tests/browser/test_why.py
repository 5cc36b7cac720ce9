"""Why this class: every level of the trace adds up to the logit as it is printed, and threads lead to the ink."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.hand import answer, draw_with_mouse, example, on_screen, open_pad, press_and_move

ROWS = """(table) => [...table.querySelectorAll("tbody tr, tfoot tr")]
  .map((row) => [...row.cells].map((cell) => cell.textContent))"""


@pytest.fixture
def seven(page: Page) -> Page:
    open_pad(page)
    draw_with_mouse(page, example("7"))
    expect(answer(page)).to_have_text("7")
    return page


def number(printed: str) -> float:
    return float(printed.replace("−", "-"))


def levels(page: Page) -> list[Locator]:
    return page.get_by_role("group", name="What adds up to the logit").get_by_role("table").all()


def check_levels(page: Page, said: dict[str, Any]) -> None:
    """Every level that was answered has its column, and what is printed in it comes to the printed logit."""
    tables = levels(page)
    assert len(tables) == len(said["levels"])
    for table in tables:
        *terms, total = [number(row[-1]) for row in table.evaluate(ROWS)]
        assert round(sum(terms), 3) == total == round(said["logit"], 3)


def test_levels_add_up_to_the_logit_as_printed_and_to_the_difference_to_another_class(seven: Page) -> None:
    with seven.expect_response("**/explain/trace*") as explained:
        seven.get_by_role("tab", name="Why?").click()
    logit = explained.value.json()

    expect(seven.get_by_role("heading", name="Why 7?")).to_contain_text(f"logit +{logit['logit']:.3f}")
    check_levels(seven, logit)

    with seven.expect_response("**/explain/trace*against=1*") as explained:
        seven.get_by_role("combobox", name="Other class").select_option("1")
    difference = explained.value.json()

    heading = seven.get_by_role("heading", name="Why 7 and not 1?")
    expect(heading).to_contain_text(f"7 over 1: logit difference +{difference['logit']:.3f}")
    check_levels(seven, difference)

    seven.get_by_role("radio", name="One picture").check()
    *terms, total = [number(row[-1]) for row in seven.locator(".affine-sum").evaluate(ROWS)]
    assert round(sum(terms), 3) == total == round(difference["logit"], 3)


def test_class_that_is_clicked_is_explained_by_threads_that_are_gone_while_the_pen_draws(seven: Page) -> None:
    threads = seven.locator(".threads")

    seven.get_by_role("list", name=re.compile("class")).get_by_role("button", name="3").click()

    expect(seven.get_by_role("tab", name="Why?")).to_have_attribute("aria-selected", "true")
    expect(seven.get_by_role("heading", name="Why 3?")).to_contain_text("logit")
    expect(threads).to_be_visible()
    press_and_move(seven, on_screen(seven, [(0.3, 0.5), (0.5, 0.5), (0.6, 0.55)]))
    expect(threads).to_be_hidden()
    seven.mouse.up()
    expect(threads).to_be_visible()
    seven.get_by_role("tab", name="Layers").click()
    expect(threads).to_have_count(0)
