"""The pictures that every server of a comparison is given: digits from the pad, on black or in colours."""

import io
import json

from PIL import Image, ImageDraw

from app.settings import ROOT

PAD_PX = 280
BRUSH_PX = 18
COLOURS = ("#15181d", "#7a4a21", "#c0392b", "#e8862e", "#3c8d40", "#2f80c2", "#8a919d")


def pad_pictures(preprocessing: str) -> list[bytes]:
    """Return every example digit as a PNG of 280 × 280: white ink on black, or for ``photos`` paint on white."""
    examples = json.loads((ROOT / "static" / "strokes.json").read_text(encoding="utf-8"))
    if preprocessing == "photos":
        return [
            _draw(example["strokes"], "RGB", "#ffffff", COLOURS[i % len(COLOURS)]) for i, example in enumerate(examples)
        ]
    return [_draw(example["strokes"], "L", "#000000", "#ffffff") for example in examples]


def _draw(strokes: list[list[tuple[float, float]]], mode: str, paper: str, ink: str) -> bytes:
    """Draw strokes with a round brush, points in 0..1 of the pad."""
    pad = Image.new(mode, (PAD_PX, PAD_PX), paper)
    pen = ImageDraw.Draw(pad)
    for stroke in strokes:
        path = [(x * PAD_PX, y * PAD_PX) for x, y in stroke]
        pen.line(path, fill=ink, width=BRUSH_PX, joint="curve")
        for x, y in (path[0], path[-1]):
            pen.circle((x, y), BRUSH_PX / 2, fill=ink)
    file = io.BytesIO()
    pad.save(file, "PNG")
    return file.getvalue()
