"""Two slots: one input beside another, one network beside another."""

from playwright.sync_api import Page, expect

from tests.browser.hand import answer, draw_with_mouse, example, open_pad, pixels


def test_one_click_sets_two_networks_side_by_side_on_a_barred_seven(page: Page) -> None:
    open_pad(page)
    page.get_by_role("tab", name="Compare").click()

    page.get_by_role("button", name="Two networks, one barred 7").click()

    expect(answer(page)).to_have_text("7")
    table = page.get_by_role("tabpanel").get_by_role("table").first
    lecture = table.get_by_role("row").filter(has=page.get_by_role("rowheader", name="2", exact=True))
    expect(lecture.get_by_role("cell").first).to_have_attribute("data-first", "")  # the largest of the other network's
    expect(page.get_by_role("combobox", name="Or a second network:")).to_have_value("mnist-mlp-lecture")


def test_kept_input_stays_while_another_is_drawn_and_layers_show_the_difference(page: Page) -> None:
    open_pad(page)
    draw_with_mouse(page, example("3"))
    expect(answer(page)).to_have_text("3")
    page.get_by_role("tab", name="Compare").click()
    page.get_by_role("button", name="Keep this input as A").click()
    page.get_by_role("radio", name="A", exact=True).check(force=True)
    page.evaluate("() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
    layer = page.locator("[data-layer=hidden_3] canvas")
    three = pixels(layer)
    page.keyboard.press("Delete")
    draw_with_mouse(page, example("8"))
    expect(answer(page)).to_have_text("8")
    assert pixels(layer) == three

    page.get_by_role("radio", name="B", exact=True).check(force=True)

    page.wait_for_function("([canvas, old]) => canvas.toDataURL() !== old", arg=[layer.element_handle(), three])

    page.get_by_role("radio", name="B − A").check(force=True)

    page.wait_for_function("([canvas, old]) => canvas.toDataURL() !== old", arg=[layer.element_handle(), three])
    expect(page.get_by_role("tabpanel")).to_contain_text("+100.0")
