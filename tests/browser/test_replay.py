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


def test_replay_is_of_the_network_without_the_units_that_are_off_and_begins_anew_with_another(page: Page) -> None:
    open_pad(page)
    draw_with_mouse(page, example("8"))
    expect(answer(page)).to_have_text("8")
    page.get_by_role("tab", name="What if").click()
    page.get_by_role("group", name="what speaks most for 8").get_by_role("button", name="100", exact=True).click()
    expect(page.get_by_role("heading", name="100 units are off")).to_be_visible()
    probability = page.get_by_role("status", name="Probability of the answer")
    expect(probability).not_to_have_text("100.00%")
    thinned = float(probability.inner_text().rstrip("%"))

    page.get_by_role("tab", name="Replay").click()

    expect(page.get_by_role("tabpanel")).to_contain_text(f"At 100% of the ink: 8, {thinned:.1f}%")
    page.get_by_role("application", name="Hidden layer 2").hover(position={"x": 35, "y": 25})
    with page.expect_request(lambda request: "layers=none" in request.url and "hidden_2" in request.url):
        page.keyboard.press("x")
