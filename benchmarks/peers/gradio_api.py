"""A Gradio function behind its API, by the one-request form and without its queue: the fastest that it has.

BENCH_NETWORK=mnist-mlp PORT=9000 .cache/bench-venv/bin/python -m benchmarks.peers.gradio_api
"""

from typing import Any

import gradio
import numpy as np

from benchmarks.peers.classifier import HOST, PORT, Classifier


def build() -> gradio.Blocks:
    """Load the network and return the application."""
    classifier = Classifier()

    def predict(image: str) -> dict[str, Any]:
        return classifier.answer(classifier.traced(classifier.tensor(image)[np.newaxis])[0])

    with gradio.Blocks(analytics_enabled=False) as blocks:
        gradio.api(predict, api_name="predict", queue=False, concurrency_limit=None)
    return blocks


if __name__ == "__main__":
    build().launch(server_name=HOST, server_port=PORT, quiet=True)
