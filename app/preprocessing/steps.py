"""What every preprocessing is made of: named steps that are recorded as they are taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]
ByteArray = npt.NDArray[np.uint8]
Result = TypeVar("Result")


@dataclass(frozen=True)
class Step:
    """One step on the way from the picture to the tensor.

    Attributes:
        name: what the step is called everywhere, such as ``"crop"``.
        applied: whether it changed anything.
        parameters: the numbers that it found or used.
    """

    name: str
    applied: bool
    parameters: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Prepared:
    """What a network is shown, and how it came about.

    Attributes:
        tensor: float32 in 0..1, shape ``(28, 28)`` with bright ink, or ``(32, 32, 3)``.
        steps: in the order in which they were taken.
    """

    tensor: FloatArray
    steps: tuple[Step, ...]


class Trail:
    """Collects the steps of one preparation: ``array = trail.take(some_step(array))``."""

    def __init__(self) -> None:
        self._steps: list[Step] = []

    def take(self, outcome: tuple[Result, Step]) -> Result:
        """Record the step, hand on its result."""
        result, step = outcome
        self._steps.append(step)
        return result

    def parameter(self, step: str, name: str) -> float:
        """A number that an earlier step recorded."""
        return next(taken.parameters[name] for taken in self._steps if taken.name == step)

    @property
    def steps(self) -> tuple[Step, ...]:
        """What was recorded so far, in order."""
        return tuple(self._steps)


def to_unit(pixels: ByteArray) -> FloatArray:
    """Bytes as float32 in 0..1, each divided by 255 and correctly rounded."""
    return np.divide(pixels, np.float32(255), dtype=np.float32)
