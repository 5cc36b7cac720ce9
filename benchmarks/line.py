"""One image along the whole line, station by station, and the same network through ``keras.Model.predict``.

    OPENBLAS_NUM_THREADS=1 TF_NUM_INTRAOP_THREADS=1 python -m benchmarks.line [--repeat 200] [--json FILE]

Medians of CPU time in milliseconds for one image, in this process: what other processes do beside it counts for less
than it would in wall time. Libraries compute with one thread, as in a worker that has one core. The last three lines
are of one image among sixteen that go together.
"""

import argparse
import io
import json
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from app.http.metrics import Metrics
from app.http.responses import JsonResponse
from app.network.library import ServedNetwork, open_library
from app.network.probe import load_model
from app.network.readings import classify, read_layers, read_novelty, reconstruct
from app.pipeline.bodies import ImageFile
from app.pipeline.preparing import Task
from app.pipeline.reader import read_together
from app.pipeline.reading import Reading
from app.preprocessing import prepare
from app.preprocessing.images import ImageLimits, decode_image
from app.routes.predict import describe
from app.settings import ROOT
from app.wire.answers import frame
from app.wire.arrays import image_arrays, npz

PAD_PX = 280
BRUSH_PX = 18
TOGETHER = 16


def main() -> None:
    """Measure every network in ``models/`` and print one table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeat", type=int, default=200, help="how often each station runs (default: %(default)s)")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    options = parser.parse_args()
    library = open_library(ROOT / "models")
    rows = {name: measure(served, options.repeat) for name, served in library.networks.items()}
    print_table(rows)
    if options.json is not None:
        options.json.write_text(json.dumps(rows, indent=1), encoding="utf-8")


def measure(served: ServedNetwork, repeat: int) -> dict[str, float]:
    """Return the median milliseconds of each station for one image of the pad."""
    network = served.network
    content = pad_png()
    image = decode_image(content)
    kind = network.card.input.preprocessing
    tensor = prepare(kind, image).tensor[np.newaxis]
    readout = network.run(tensor)
    tensors = {layer.name: layer.pre_activation[0] for layer in readout.layers if layer.pre_activation is not None}
    model = load_model(ROOT / "models" / network.card.name / "model.keras")
    inputs = tensor.reshape(1, *model.input_shape[1:])

    def answer() -> object:
        if network.card.task == "reconstruction":
            return reconstruct(readout, 0, tensor[0])
        return classify(readout, 0, network.card.classes.en)

    def to_json(tasks: Sequence[Task]) -> list[JsonResponse]:
        readings = read_together(metrics, tasks)
        return [JsonResponse(describe(reading)) for reading in readings if isinstance(reading, Reading)]

    several = np.repeat(tensor, TOGETHER, axis=0)
    several_readouts = network.run(several)
    every_layer = [layer.name for layer in readout.layers]
    metrics = Metrics()
    tasks = [Task(served, ImageFile(content), ImageLimits(), "centre") for _ in range(TOGETHER)]
    stations: dict[str, Callable[[], object]] = {
        "decode": lambda: decode_image(content),
        "preprocess": lambda: prepare(kind, image),
        "network, every layer": lambda: network.run(tensor),
        "novelty": lambda: read_novelty(served.novelty, readout),
        "readings": lambda: (answer(), read_layers(readout, 0)),
        "frame": lambda: frame({}, tensors),
        "npz, every layer": lambda: npz(
            network.card, image_arrays(network.card, readout, tensor[0], None, every_layer)
        ),
        "bytes to JSON, alone": lambda: to_json(tasks[:1]),
        "model.predict, answer only": lambda: model.predict(inputs, verbose=0),
    }
    together: dict[str, Callable[[], object]] = {
        "network, together": lambda: network.run(several),
        "novelty, together": lambda: read_novelty(served.novelty, several_readouts),
        "bytes to JSON, together": lambda: to_json(tasks),
    }
    alone = {station: median_ms(call, repeat) for station, call in stations.items()}
    return alone | {station: round(median_ms(call, repeat) / TOGETHER, 3) for station, call in together.items()}


def median_ms(call: Callable[[], object], repeat: int) -> float:
    """Return the median CPU time of a call in milliseconds, the first calls left out."""
    for _ in range(5):
        call()
    times = []
    for _ in range(repeat):
        began = time.process_time()
        call()
        times.append(1e3 * (time.process_time() - began))
    return round(statistics.median(times), 3)


def pad_png() -> bytes:
    """Return a seven as the pad would send it: 280 × 280, white on black, a round brush of 18 pixels."""
    pad = Image.new("L", (PAD_PX, PAD_PX))
    ImageDraw.Draw(pad).line([(80, 70), (200, 70), (130, 215)], fill=255, width=BRUSH_PX, joint="curve")
    file = io.BytesIO()
    pad.save(file, "PNG")
    return file.getvalue()


def print_table(rows: dict[str, dict[str, float]]) -> None:
    """Print one column a network, one line a station."""
    print(f"{'ms, median':28}" + "".join(f"{name:>24}" for name in rows))
    for station in next(iter(rows.values()), {}):
        print(f"{station:28}" + "".join(f"{figures[station]:24.3f}" for figures in rows.values()))


if __name__ == "__main__":
    main()
