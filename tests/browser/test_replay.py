"""Back along the ink: what the network answered while the drawing grew."""

import re

from playwright.sync_api import Page, expect

from tests.browser.hand import answer, draw_with_mouse, example, open_pad, pad, pixels


def test_dragging_back_along_an_eight_shows_the_five_that_it_was_and_leaving_gives_it_back(page: Page) -> None:
    open_pad(page)
    draw_with_mouse(page, example("8"))
    expect(answer(page)).to_have_text("8")
    drawn = pixels(pad(page))
    page.get_by_role("tab", name="Replay").click()
    expect(page.get_by_role("tabpanel")).to_contain_text(re.compile(r"5 became 8 at \d\d%"))

    page.get_by_role("slider", name="Back along the ink").fill("30")

    expect(answer(page)).to_have_text("5")
    expect(page.get_by_role("tabpanel")).to_contain_text("At 63% of the ink: 5")
    page.get_by_role("tab", name="Layers").click()
    expect(answer(page)).to_have_text("8")
    assert pixels(pad(page)) == drawn
