"""A hand for the tests: example strokes on the pad, by mouse and by finger, and files that come in by other ways."""

import base64
import json
from collections.abc import Sequence
from functools import cache
from math import hypot
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

ROOT = Path(__file__).parents[2]
NEAR = 0.008  # of the pad's side: two of its pixels
Point = tuple[float, float]

MAKE_TRANSFER = """([name, type, base64]) => {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const transfer = new DataTransfer();
  transfer.items.add(new File([bytes], name, { type }));
  return transfer;
}"""


@cache
def example(digit: str, hand: str = "american") -> Sequence[Sequence[Point]]:
    """The strokes of an example digit, points in 0..1 of the pad; each costs a frame: few."""
    examples = json.loads((ROOT / "static" / "strokes.json").read_text())
    strokes = next(each["strokes"] for each in examples if each["label"] == digit and each["hand"] == hand)
    return [fewer_points(stroke) for stroke in strokes]


def fewer_points(stroke: Sequence[Point]) -> list[Point]:
    """Leave out points while none is further than ``NEAR`` from the line (Douglas and Peucker, 1973)."""
    (first_x, first_y), (last_x, last_y) = stroke[0], stroke[-1]
    length = hypot(last_x - first_x, last_y - first_y)

    def distance(point: Point) -> float:
        x, y = point[0] - first_x, point[1] - first_y
        return abs(x * (last_y - first_y) - y * (last_x - first_x)) / length if length else hypot(x, y)

    furthest = max(range(len(stroke)), key=lambda index: distance(stroke[index]))
    if distance(stroke[furthest]) <= NEAR:
        return [stroke[0], stroke[-1]]
    return fewer_points(stroke[: furthest + 1])[:-1] + fewer_points(stroke[furthest:])


def open_pad(page: Page) -> None:
    """Go to the drawing page and wait until its network stands there."""
    page.goto("/")
    expect(page.locator("main[data-ready]")).to_be_attached()


def pad(page: Page) -> Locator:
    return page.get_by_label("Drawing pad").or_(page.get_by_label("Pole do rysowania"))


def on_screen(page: Page, stroke: Sequence[Point]) -> list[Point]:
    box = pad(page).bounding_box()
    assert box is not None
    return [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in stroke]


def press_and_move(page: Page, points: Sequence[Point]) -> None:
    """Begin a stroke and leave the button down."""
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*point)


def draw_with_mouse(page: Page, strokes: Sequence[Sequence[Point]]) -> None:
    for stroke in strokes:
        press_and_move(page, on_screen(page, stroke))
        page.mouse.up()


def draw_with_finger(page: Page, strokes: Sequence[Sequence[Point]]) -> None:
    client = page.context.new_cdp_session(page)

    def touch(kind: str, *points: Point) -> None:
        touches = [{"x": x, "y": y} for x, y in points]
        client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})

    for stroke in strokes:
        points = on_screen(page, stroke)
        touch("touchStart", points[0])
        for point in points[1:]:
            touch("touchMove", point)
        touch("touchEnd")


def answer(page: Page) -> Locator:
    return page.get_by_role("status", name="Answer", exact=True).or_(
        page.get_by_role("status", name="Odpowiedź", exact=True)
    )


def drop(page: Page, name: str, kind: str, content: bytes) -> None:
    """Let a file fall onto the page."""
    transfer = page.evaluate_handle(MAKE_TRANSFER, [name, kind, base64.b64encode(content).decode()])
    page.dispatch_event("body", "drop", {"dataTransfer": transfer})


def paste(page: Page, name: str, kind: str, content: bytes) -> None:
    """Paste a file from the clipboard."""
    transfer = page.evaluate_handle(MAKE_TRANSFER, [name, kind, base64.b64encode(content).decode()])
    page.evaluate(
        "(clipboardData) => document.body.dispatchEvent(new ClipboardEvent('paste', {clipboardData, bubbles: true}))",
        transfer,
    )


def pixels(canvas: Locator) -> str:
    """What a canvas shows, to be compared."""
    return str(canvas.evaluate("(canvas) => canvas.toDataURL()"))
