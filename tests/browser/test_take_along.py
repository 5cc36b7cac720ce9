"""What the page shows can be taken along: as a link, as numbers, as the call that gives the same."""

import csv
import json
import re
import shlex
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.hand import answer, draw_with_mouse, example, open_pad


def open_sheet(page: Page) -> None:
    open_pad(page)
    draw_with_mouse(page, example("7", "european"))
    expect(answer(page)).to_have_text("7")
    page.get_by_role("tab", name="Take along").click()


def test_link_opens_the_same_drawing_elsewhere(open_page: OpenPage) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    open_sheet(page)
    page.get_by_role("combobox", name="Network").select_option("mnist-mlp-lecture")
    expect(page.get_by_text("Copied.")).to_be_hidden()
    expect(answer(page)).to_have_text("7")
    page.get_by_role("button", name="Copy a link").click()
    expect(page.get_by_text("Copied.")).to_be_visible()
    link = page.evaluate("navigator.clipboard.readText()")

    elsewhere = open_page()
    elsewhere.goto(link)

    expect(answer(elsewhere)).to_have_text("7")
    expect(elsewhere.get_by_role("combobox", name="Network")).to_have_value("mnist-mlp-lecture")
    assert elsewhere.url.endswith("/")


def test_numbers_and_command_are_those_of_the_answer_on_the_page(page: Page) -> None:
    open_sheet(page)
    page.get_by_role("combobox", name="Of").select_option("hidden_2")
    command = shlex.split(page.locator("pre").inner_text().replace("\\\n", ""))
    with page.expect_download() as image:
        page.get_by_role("button", name="Save the image").click()
    with page.expect_download() as numbers:
        page.get_by_role("button", name="CSV").click()

    assert command[:3] == ["curl", "--data-binary", f"@{image.value.suggested_filename}"]
    sent = page.request.post(
        command[-1],
        data=Path(image.value.path()).read_bytes(),
        headers=dict([re.split(r": ?", command[4], maxsplit=1)]),
    )
    hidden = next(layer for layer in json.loads(sent.body())["layers"] if layer["name"] == "hidden_2")
    with Path(numbers.value.path()).open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert [float(row["activation"]) for row in rows] == hidden["activation"]["values"]
