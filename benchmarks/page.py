"""Sixty strokes on the drawing page in Chromium: from the pen's last event to the frame that shows the whole answer.

    python -m benchmarks.page [--strokes 60] [--networks mnist-mlp cifar10-cnn] [--json FILE]

A server is started as a user starts it, the page opened at 1280 × 720, and digits of two hands are drawn on the pad by
pointer events at a person's speed. Of each stroke it is measured how long after the pen has left the pad the bars and
every layer show the finished drawing; ``observe.js`` says how. That the image sent last is what the pad holds is
checked, and counted as lost where it is not. Exits with 1 where a target is missed.
"""

import argparse
import asyncio
import base64
import io
import json
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image
from playwright.async_api import CDPSession, Page, ViewportSize, async_playwright

from benchmarks.figures import CACHE, describe, drift, machine, percentile, print_table, write_figures
from benchmarks.hand import Stroke, draw_digits
from benchmarks.serving import serve_layerscope
from tests.browser.conftest import CHROMIUM_ARGUMENTS
from tests.browser.provide_chromium import MISSING, find_chromium

VIEWPORT: ViewportSize = {"width": 1280, "height": 720}
PATIENCE_MS = 5000  # a stroke that is not shown by then is lost
BAR_TOLERANCE = 0.06  # points: bars are printed with a digit or two behind the point
MARGIN_PX = 16  # paper that the page keeps around the ink
SEED = 20
COLOURS = 9  # in the palette of the pad for pictures


@dataclass(frozen=True)
class Target:
    """What is asked of one network."""

    median_ms: float
    p95_ms: float
    frame_bytes: int | None = None


TARGETS: Mapping[str, Target] = {
    "mnist-mlp": Target(median_ms=50, p95_ms=100),
    "cifar10-cnn": Target(median_ms=80, p95_ms=150, frame_bytes=80_000),
}
MOST_ON_THEIR_WAY = 2
MOST_DRIFT = 1.5
"""The last ten strokes may take this many times what the first ten took; a growing queue takes more and more."""

STAGES = ("asking", "answering", "drawing", "frame")
"""From the pen's last event until the question leaves; its answer is there; it is drawn; the next frame begins."""


@dataclass(frozen=True)
class Shown:
    """One stroke, from the moment in which the pen left the pad: milliseconds, stage by stage and in all."""

    asking: float
    answering: float
    drawing: float
    frame: float
    total: float
    server: float
    on_their_way: int
    asked: int


class Wire:
    """The bytes of each frame as they came over the wire, headers and compressed body, as Chromium counted them."""

    def __init__(self, client: CDPSession) -> None:
        self.frame_bytes: list[int] = []
        self._frames: set[str] = set()
        client.on("Network.requestWillBeSent", self._asked)
        client.on("Network.loadingFinished", self._finished)

    def _asked(self, event: dict[str, Any]) -> None:
        if "format=frame" in event["request"]["url"]:
            self._frames.add(event["requestId"])

    def _finished(self, event: dict[str, Any]) -> None:
        if event["requestId"] in self._frames:
            self._frames.remove(event["requestId"])
            self.frame_bytes.append(int(event["encodedDataLength"]))


def main() -> int:
    """Measure each network, print the tables, write the figures down; return 1 where a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--strokes", type=int, default=60, help="how many strokes a network (default: %(default)s)")
    parser.add_argument("--networks", nargs="+", default=list(TARGETS), help="which networks (default: %(default)s)")
    parser.add_argument(
        "--json", type=Path, default=CACHE / "bench-page.json", help="the figures (default: %(default)s)"
    )
    options = parser.parse_args()
    facts = machine()
    print(f"{options.strokes} strokes a network, {describe(facts)}\n", flush=True)
    measured = asyncio.run(measure(options.networks, options.strokes))
    networks = {name: summarise(name, *each) for name, each in measured.items()}
    report(networks)
    write_figures({"machine": facts, "networks": networks}, options.json)
    missed = [f"{name}: {miss}" for name, figures in networks.items() for miss in figures["missed"]]
    print("\n".join(["", "Missed:", *missed]) if missed else "Every target is met.")
    return 1 if missed else 0


async def measure(networks: Sequence[str], strokes: int) -> dict[str, tuple[list[Shown | str], list[int]]]:
    """Return for each network what became of its strokes, and the bytes of its frames."""
    chromium = find_chromium()
    if chromium is None:
        raise SystemExit(MISSING)
    with serve_layerscope() as server:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGUMENTS)
            measured = {}
            for name in networks:
                page = await browser.new_page(viewport=VIEWPORT, base_url=server.url, locale="en-GB")
                await page.add_init_script(path=Path(__file__).with_name("observe.js"))
                await page.goto("/")
                await page.locator("main[data-ready]").wait_for(state="attached")
                await choose(page, name)
                measured[name] = await play(page, strokes)
                await page.close()
            await browser.close()
    return measured


async def choose(page: Page, name: str) -> None:
    """Choose a network by the page's own controls, and its pad."""
    listing = await page.evaluate("fetch('/models').then((response) => response.json())")
    kinds = {model["name"]: model["input"]["preprocessing"] for model in listing["models"]}
    if kinds[name] == "photos":
        await page.locator("[data-part=kinds] label:has(input[value=photos])").click()
    await page.locator("[data-part=network-choice]").select_option(name)
    if kinds[name] == "photos":
        await page.locator("[data-part=to-pad]").click()
    await page.locator("[data-layer] canvas").first.wait_for()


async def play(page: Page, count: int) -> tuple[list[Shown | str], list[int]]:
    """Draw strokes, and return what became of each: its times, or why it is lost."""
    client = await page.context.new_cdp_session(page)
    await client.send("Network.enable")
    wire = Wire(client)
    box = await page.locator("canvas.pad").bounding_box()
    assert box is not None
    shown = []
    for number, stroke in enumerate(draw_digits(count, box["x"], box["y"], box["width"], SEED)):
        if stroke.begins:
            await page.locator("[data-part=clear]").click()
            await dip_the_brush(page, number)
        await asyncio.sleep(stroke.pause_s)
        await draw(client, stroke)
        seen = await page.evaluate(f"observed.stroke({PATIENCE_MS})")
        end = [
            (part - corner) / box["width"] for part, corner in zip(stroke.points[-1], (box["x"], box["y"]), strict=True)
        ]
        shown.append(judge(seen, end))
    return shown, wire.frame_bytes


async def dip_the_brush(page: Page, number: int) -> None:
    """Take the next colour where there are colours."""
    swatch = page.locator("[data-part=palette] .swatch").nth(number % COLOURS)
    if await swatch.is_visible():
        await swatch.click()


async def draw(client: CDPSession, stroke: Stroke) -> None:
    """Send a stroke's pointer events at its pace, as a device does: without waiting until the page has seen them."""

    async def point(kind: str, at: tuple[float, float], buttons: int) -> None:
        button = "none" if kind == "mouseMoved" and not buttons else "left"
        event = {"type": kind, "x": at[0], "y": at[1], "button": button, "buttons": buttons, "clickCount": 1}
        await client.send("Input.dispatchMouseEvent", event)

    first, *others = stroke.points
    await point("mouseMoved", first, 0)
    began = time.perf_counter()
    sent = [asyncio.create_task(point("mousePressed", first, 1))]
    for number, at in enumerate(others, start=1):
        await asyncio.sleep(max(began + number * stroke.interval_s - time.perf_counter(), 0))
        sent.append(asyncio.create_task(point("mouseMoved", at, 1)))
    await asyncio.sleep(max(began + len(stroke.points) * stroke.interval_s - time.perf_counter(), 0))
    sent.append(asyncio.create_task(point("mouseReleased", stroke.points[-1], 0)))
    await asyncio.gather(*sent)


def judge(seen: dict[str, Any] | None, end: Sequence[float]) -> Shown | str:
    """Return a stroke's times; or say why it is lost: the page does not show what its pad holds.

    Args:
        seen: what ``observe.js`` tells of it.
        end: where the pen left the pad, in 0..1.
    """
    if seen is None:
        return f"not shown within {PATIENCE_MS} ms"
    side = seen["side"]
    raster = np.frombuffer(base64.b64decode(seen["raster"]), np.uint8).reshape(side, side, 4)
    column, row = (min(int(part * side), side - 1) for part in end)
    if raster[row, column, 3] == 0:
        return "the pad lacks the stroke's end"
    if not holds(base64.b64decode(seen["body"]), raster):
        return "the image that was sent last is not what the pad holds"
    answer = frame_header(base64.b64decode(seen["reply"]))["answer"]
    if not agree(seen["bars"], [each["probability"] for each in answer["probabilities"]]):
        return "the bars do not show the last answer"
    moments = [seen[moment] for moment in ("up", "sent", "answered", "drawn", "shown")]
    asking, answering, drawing, frame = (later - earlier for earlier, later in pairwise(moments))
    total = seen["shown"] - seen["up"]
    return Shown(asking, answering, drawing, frame, total, answer["timing_ms"]["total"], seen["most"], seen["asked"])


def holds(body: bytes, raster: npt.NDArray[np.uint8]) -> bool:
    """Whether an image is the pad's drawing: on white paper, or its ink alone with a margin."""
    image = np.asarray(Image.open(io.BytesIO(body))).astype(int)
    alpha = raster[..., 3].astype(int)
    if image.ndim == 3:
        cover = alpha[..., np.newaxis] / 255
        paper = raster[..., :3] * cover + 255 * (1 - cover)
        return image.shape == paper.shape and bool(np.abs(image - paper).max() <= 1)
    rows, columns = (np.flatnonzero(alpha.any(axis=axis)) for axis in (1, 0))
    top, left = (max(inked[0] - MARGIN_PX, 0) for inked in (rows, columns))
    ink = alpha[top : rows[-1] + MARGIN_PX + 1, left : columns[-1] + MARGIN_PX + 1]
    return image.shape == ink.shape and bool((image == ink).all())


def frame_header(frame: bytes) -> dict[str, Any]:
    """Return the JSON header of a frame."""
    header: dict[str, Any] = json.loads(frame[8 : 8 + int.from_bytes(frame[4:8], "little")])
    return header


def agree(bars: Sequence[str], probabilities: Sequence[float]) -> bool:
    """Whether the bars' words are these probabilities, a share too small to be printed as “less than”."""
    return len(bars) == len(probabilities) and all(
        abs(float(words.strip("<>≈~ %\u00a0")) - 100 * probability) <= BAR_TOLERANCE
        for words, probability in zip(bars, probabilities, strict=True)
    )


def summarise(name: str, strokes: Sequence[Shown | str], frame_bytes: Sequence[int]) -> dict[str, Any]:
    """Return one network's figures beside its targets."""
    shown = [stroke for stroke in strokes if isinstance(stroke, Shown)]
    lost = [stroke for stroke in strokes if isinstance(stroke, str)]
    if not shown:
        return {"strokes": len(strokes), "lost": lost, "missed": ["no stroke was shown"]}
    totals = [stroke.total for stroke in shown]
    figures: dict[str, Any] = {
        "strokes": len(strokes),
        "lost": lost,
        "median_ms": round(percentile(totals, 0.5), 1),
        "p95_ms": round(percentile(totals, 0.95), 1),
        "max_ms": round(max(totals), 1),
        "stages_median_ms": {
            stage: round(percentile([asdict(stroke)[stage] for stroke in shown], 0.5), 1)
            for stage in (*STAGES, "server")
        },
        "last_over_first": round(drift(totals), 2),
        "on_their_way": max(stroke.on_their_way for stroke in shown),
        "questions": sum(stroke.asked for stroke in shown),
        "frame_bytes": max(frame_bytes),
        "target": asdict(TARGETS[name]) if name in TARGETS else None,
        "each_ms": [round(total, 1) for total in totals],
    }
    return {**figures, "missed": misses(figures, TARGETS.get(name))}


def misses(figures: Mapping[str, Any], target: Target | None) -> list[str]:
    """Return in words what one network's figures fall short of."""
    found = [f"a stroke was lost: {why}" for why in figures["lost"]]
    if figures["on_their_way"] > MOST_ON_THEIR_WAY:
        found.append(f"{figures['on_their_way']} questions were on their way at once")
    if figures["last_over_first"] > MOST_DRIFT:
        found.append(f"the last ten strokes took {figures['last_over_first']} times as long as the first ten")
    if target is None:
        return found
    if figures["median_ms"] > target.median_ms:
        found.append(f"median {figures['median_ms']} ms, target {target.median_ms:.0f}")
    if figures["p95_ms"] > target.p95_ms:
        found.append(f"95th percentile {figures['p95_ms']} ms, target {target.p95_ms:.0f}")
    if target.frame_bytes is not None and figures["frame_bytes"] > target.frame_bytes:
        found.append(f"a frame of {figures['frame_bytes']} bytes, target {target.frame_bytes}")
    return found


def report(networks: Mapping[str, Mapping[str, Any]]) -> None:
    """Print what was measured beside the targets, and where the time goes."""

    def beside(value: float, name: str, limit: str) -> str:
        target = asdict(TARGETS[name])[limit] if name in TARGETS else None
        return f"{value:,.0f}" if target is None else f"{value:,.0f} (≤ {target:,.0f})"

    measured = {name: figures for name, figures in networks.items() if "median_ms" in figures}
    print("From the pen's last event to bars and layers, ms (targets)")
    print_table(
        [
            "network",
            "strokes",
            "lost",
            "median",
            "p95",
            "max",
            "last/first ten",
            "on their way",
            "largest frame, bytes",
        ],
        [
            [
                name,
                str(each["strokes"]),
                str(len(each["lost"])),
                beside(each["median_ms"], name, "median_ms"),
                beside(each["p95_ms"], name, "p95_ms"),
                f"{each['max_ms']:.0f}",
                f"{each['last_over_first']:.2f}",
                str(each["on_their_way"]),
                beside(each["frame_bytes"], name, "frame_bytes"),
            ]
            for name, each in measured.items()
        ],
    )
    print("\nWhere it goes, medians, ms")
    print_table(
        ["network", *STAGES, "in the server"],
        [[name, *(f"{ms:.1f}" for ms in each["stages_median_ms"].values())] for name, each in measured.items()],
    )


if __name__ == "__main__":
    sys.exit(main())
