"""An autoencoder on the page: what it draws again, and the space of its codes."""

import json
from typing import Any

import httpx
import numpy as np
from playwright.sync_api import Locator, Page, Response, expect

from tests.browser.hand import draw_with_mouse, example, open_pad, pixels

NAME = "mnist-autoencoder"
BRIGHTNESS = """(canvas) => {
  const small = Object.assign(document.createElement("canvas"), { width: 28, height: 28 });
  const context = small.getContext("2d");
  context.imageSmoothingEnabled = false;
  context.drawImage(canvas, 0, 0, 28, 28);
  return [...context.getImageData(0, 0, 28, 28).data].filter((_, i) => i % 4 === 0);
}"""


def open_autoencoder(page: Page) -> None:
    open_pad(page)
    page.get_by_role("combobox", name="Network").select_option(NAME)
    expect(page.get_by_role("region", name="Reconstruction")).to_be_visible()


def brightness(canvas: Locator) -> np.ndarray:
    """A picture's 784 pixels in 0..1."""
    return np.array(canvas.evaluate(BRIGHTNESS)) / 255


def answer_in(frame: bytes) -> dict[str, Any]:
    """What a frame's header says, as ``app/wire/answers.py`` writes it."""
    length = int.from_bytes(frame[4:8], "little")
    answer: dict[str, Any] = json.loads(frame[8 : 8 + length])["answer"]
    return answer


def code_of(page: Page) -> list[float]:
    """The numbers that the reply says."""
    said = page.get_by_role("region", name="The answer").get_by_label("Code", exact=True).inner_text()
    return [float(number.replace("\u2212", "-")) for number in said.split("\u2002")]


def test_seven_is_drawn_again_near_its_input_and_its_code_is_the_servers(page: Page) -> None:
    open_autoencoder(page)
    frames: list[Response] = []
    page.on("response", lambda response: frames.append(response) if "format=frame" in response.url else None)

    draw_with_mouse(page, example("7"))

    reply = page.get_by_role("region", name="The answer")
    expect(page.get_by_text("Drawn again, squared error")).to_be_attached()
    answer = answer_in(frames[-1].body())
    np.testing.assert_allclose(code_of(page), answer["code"], rtol=1e-3)
    error = reply.get_by_label("Mean squared error of a pixel").inner_text()
    np.testing.assert_allclose(float(error), answer["error"], rtol=1e-2)
    again = brightness(reply.get_by_role("region", name="Reconstruction").locator("canvas"))
    seen = brightness(page.get_by_role("img", name="What the network sees"))
    np.testing.assert_allclose(again, answer["reconstruction"]["values"], atol=0.03)  # 8 bits of a pre-activation
    assert np.square(again - seen).mean() < 0.03


def test_point_that_is_dragged_is_drawn_by_the_decoder_and_goes_back(page: Page, server_url: str) -> None:
    open_autoencoder(page)
    draw_with_mouse(page, example("7"))
    page.get_by_role("tab", name="Space of codes").click()
    sheet = page.get_by_role("tabpanel")
    point = sheet.get_by_role("button", name="The code. Drag it")
    expect(point).to_be_visible()
    expect(page.get_by_text("Drawn again, squared error")).to_be_attached()
    own, before = code_of(page), pixels(sheet.get_by_role("img", name="What the decoder draws"))
    box = sheet.get_by_role("img", name="Map of the MNIST test images").bounding_box()
    assert box is not None

    point.hover()
    page.mouse.down()
    with page.expect_response(lambda response: "/decode" in response.url):  # one move, one code
        page.mouse.move(box["x"] + 0.85 * box["width"], box["y"] + 0.3 * box["height"])
    page.mouse.up()

    picture = sheet.get_by_role("img", name="What the decoder draws")
    page.wait_for_function("([canvas, old]) => canvas.toDataURL() !== old", arg=[picture.element_handle(), before])
    expect(sheet).to_contain_text("Nearest test image: 1")
    decoded = httpx.post(f"{server_url}/decode", params={"model": NAME}, json={"code": code_of(page)}).json()
    expected = np.array(decoded["reconstruction"]["values"])
    np.testing.assert_allclose(brightness(picture), expected, atol=0.02)  # the code is said to four digits
    np.testing.assert_allclose(
        brightness(page.get_by_role("region", name="Reconstruction").locator("canvas")), expected, atol=0.02
    )
    page.keyboard.press("Escape")

    assert code_of(page) == own
    page.wait_for_function("([canvas, old]) => canvas.toDataURL() === old", arg=[picture.element_handle(), before])
