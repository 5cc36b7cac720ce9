"""The named steps of a preprocessing, recorded as they are applied."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

import numpy as np

from app.arrays import ByteArray, FloatArray

Result = TypeVar("Result")


@dataclass(frozen=True)
class Step:
    """One step from the picture to the tensor.

    Attributes:
        name: the step's name everywhere, such as ``"crop"``.
        applied: whether it changed anything.
        parameters: the numbers that it found or used.
        skipped: whether it was left out on request.
    """

    name: str
    applied: bool
    parameters: Mapping[str, float] = field(default_factory=dict)
    skipped: bool = False


@dataclass(frozen=True)
class Prepared:
    """A network's input, and the steps that made it.

    Attributes:
        tensor: float32 in 0..1, shape ``(28, 28)`` with bright ink, or ``(32, 32, 3)``.
        steps: in the order in which they were applied.
        pictures: each step's output, if requested: uint8, or float32 in 0..1, shape ``(rows, columns)`` or
            ``(rows, columns, 3)``.
    """

    tensor: FloatArray
    steps: tuple[Step, ...]
    pictures: tuple[FloatArray | ByteArray, ...] = ()


@dataclass(frozen=True)
class StepOptions:
    """Which steps of a preprocessing are left out, and whether their outputs are kept.

    Attributes:
        skip: the names of the steps that are left out.
        keep_pictures: whether each step's output is kept.
    """

    skip: frozenset[str] = frozenset()
    keep_pictures: bool = False


USUAL: Final = StepOptions()


class Trail:
    """Collects the steps of one preparation: ``array = trail.take(some_step(array))``."""

    def __init__(self, options: StepOptions = USUAL) -> None:
        self._options = options
        self._steps: list[Step] = []
        self._pictures: list[Any] = []

    def take(self, outcome: tuple[Result, Step]) -> Result:
        """Record the step, return its result."""
        result, step = outcome
        self._steps.append(step)
        if self._options.keep_pictures:
            self._pictures.append(result)
        return result

    def may(
        self,
        name: str,
        step: Callable[[Result], tuple[Result, Step]],
        picture: Result,
        otherwise: Callable[[Result], Result] = lambda picture: picture,
    ) -> Result:
        """Apply a step; if it is to be left out, apply ``otherwise`` instead, which by default does nothing."""
        if name in self._options.skip:
            return self.take((otherwise(picture), Step(name, applied=False, skipped=True)))
        return self.take(step(picture))

    def prepared(self, tensor: FloatArray) -> Prepared:
        """The result, with the recorded steps."""
        return Prepared(tensor, tuple(self._steps), tuple(self._pictures))

    def parameter(self, step: str, name: str) -> float:
        """A parameter that an earlier step recorded."""
        return next(taken.parameters[name] for taken in self._steps if taken.name == step)


def to_unit(pixels: ByteArray) -> FloatArray:
    """Bytes as float32 in 0..1, each divided by 255 and correctly rounded."""
    return np.divide(pixels, np.float32(255), dtype=np.float32)
