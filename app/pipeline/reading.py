"""The records of one image's processing: the prepared input, its batch, and the reading."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from app.arrays import ByteArray, FloatArray
from app.bundle.novelty import Novelty
from app.network.traced import Network, Readout
from app.preprocessing import Step


@dataclass(frozen=True)
class Received:
    """The image that arrived, and the steps that made it the network's input.

    Attributes:
        width: in pixels, upright.
        height: in pixels, upright.
        format: the file format, or ``pixels``.
        steps: the preprocessing steps, in order.
        pictures: each step's output, if kept.
    """

    width: int
    height: int
    format: str
    steps: tuple[Step, ...] = ()
    pictures: tuple[FloatArray | ByteArray, ...] = ()


@dataclass(frozen=True)
class NetworkInput:
    """An image that has become a network's input.

    Attributes:
        tensor: float32 in 0..1, in the shape given by the network's card.
        received: the image that arrived.
        decode_ms: how long decoding took.
        preprocess_ms: how long the steps took.
    """

    tensor: FloatArray
    received: Received
    decode_ms: float
    preprocess_ms: float


@dataclass(frozen=True)
class Passage:
    """The images that went through a network in one call.

    Attributes:
        network: the network.
        readout: every layer's numbers, for all of the images.
        novelty: how unlike the training data each image is; ``None`` where that is not measured.
        network_ms: how long the call took.
    """

    network: Network
    readout: Readout
    novelty: Sequence[Novelty | None]
    network_ms: float


@dataclass(frozen=True)
class Reading:
    """The result for one image.

    Attributes:
        input: the image as the network's input.
        passage: the batch that it was part of.
        index: its index in that batch.
        arrived: when the request had arrived, on the clock of ``time.perf_counter``.
        finished: when the network's call had ended.
    """

    input: NetworkInput
    passage: Passage
    index: int
    arrived: float
    finished: float

    @property
    def network(self) -> Network:
        """The network that read the image."""
        return self.passage.network

    @property
    def tensor(self) -> FloatArray:
        """The network's input: float32 in 0..1, in the shape given by its card."""
        return self.input.tensor

    @property
    def received(self) -> Received:
        """The image that arrived."""
        return self.input.received

    @cached_property
    def readout(self) -> Readout:
        """Every layer's numbers, for a batch of this one image."""
        return self.passage.readout.of(self.index)

    @property
    def novelty(self) -> Novelty | None:
        """How unlike the training data the image is; ``None`` where that is not measured."""
        return self.passage.novelty[self.index]

    @property
    def timing_ms(self) -> Mapping[str, float]:
        """How long each stage took; ``wait`` is the rest of the total."""
        parts = {
            "decode": self.input.decode_ms,
            "preprocess": self.input.preprocess_ms,
            "network": self.passage.network_ms,
        }
        total = 1e3 * (self.finished - self.arrived)
        return {"wait": max(0.0, total - sum(parts.values())), **parts, "total": total}

    @property
    def server_timing_ms(self) -> Mapping[str, float]:
        """The parts of ``timing_ms`` by the names that the ``Server-Timing`` header gives them."""
        timing = self.timing_ms
        return {
            "wait": timing["wait"],
            "decode": timing["decode"],
            "prepare": timing["preprocess"],
            "network": timing["network"],
        }
