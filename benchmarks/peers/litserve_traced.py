"""LitServe around a traced function, its batching on.

BENCH_NETWORK=mnist-mlp PORT=9000 .cache/bench-venv/bin/python -m benchmarks.peers.litserve_traced

FAST_QUEUE=1 takes LitServe's ZeroMQ queue between its processes in place of Python's.
"""

import os

import litserve
import numpy as np
import numpy.typing as npt
from fastapi import Request

MAX_BATCH_SIZE = 16  # as many as there are connections

FloatArray = npt.NDArray[np.float32]


class TracedClassifier(litserve.LitAPI):
    """Decodes and prepares one by one, and calls the network for all that wait."""

    def setup(self, device: str) -> None:
        """Load the network in the worker; the other processes import no TensorFlow."""
        from benchmarks.peers.classifier import Classifier

        self.classifier = Classifier()

    def decode_request(self, request: Request) -> FloatArray:
        """Return one picture as the network's input."""
        return self.classifier.tensor(request["image"])  # LitServe hands the JSON over

    def batch(self, inputs: list[FloatArray]) -> FloatArray:
        """Put those that wait together."""
        return np.stack(inputs)

    def predict(self, x: FloatArray) -> FloatArray:
        """Return the probabilities of a batch."""
        return self.classifier.traced(x)

    def unbatch(self, output: FloatArray) -> list[FloatArray]:
        """Take a batch apart."""
        return list(output)

    # Without an annotation, as LitServe's guide has it: with one, FastAPI would validate each answer.
    def encode_response(self, output: FloatArray):  # noqa: ANN201
        """Return what is said of one picture."""
        return self.classifier.answer(output)


if __name__ == "__main__":
    # Without a wait a batch is what has come in meanwhile: with one, sixteen connections wait for nothing.
    api = TracedClassifier(max_batch_size=MAX_BATCH_SIZE, batch_timeout=0)
    server = litserve.LitServer(api, accelerator="cpu", fast_queue=bool(os.environ.get("FAST_QUEUE")))
    server.run(
        host=os.environ["HOST"],
        port=int(os.environ["PORT"]),
        log_level="warning",
        access_log=False,
        generate_client_file=False,
    )
