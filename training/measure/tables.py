"""Measurements as tables for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from app.bundle.card import Calibration, Robustness

Confusion = Sequence[Sequence[int]]


def format_confusion(classes: Sequence[str], confusion: Confusion) -> str:
    """The confusion matrix, with each class's accuracy beside its row.

    Args:
        classes: their names, in order.
        confusion: examples by true class (row) and answer (column).
    """
    width = max(len("true class"), *(len(name) for name in classes))
    column = 1 + max(4, *(len(str(count)) for row in confusion for count in row))
    lines = [f"  {'true class':<{width}}{''.join(f'{name[: column - 1]:>{column}}' for name in classes)}  {'right':>8}"]
    for place, (name, row) in enumerate(zip(classes, confusion, strict=True)):
        counts = "".join(f"{count:>{column}}" for count in row)
        lines.append(f"  {name:<{width}}{counts}  {_percent(row[place] / max(sum(row), 1), 8)}")
    return "\n".join(["Read as", *lines])


def format_calibration(calibration: Calibration) -> str:
    """The calibration error, each bin that has an example, and the effect of a temperature."""
    count = len(calibration.bins)
    lines = [f"Expected calibration error: {_percent(calibration.error)} on {calibration.examples} test images"]
    lines.append(f"  {'confidence':>15}  {'examples':>8}  {'mean':>8}  {'right':>8}")
    for place, part in enumerate(calibration.bins):
        if part.examples:
            span = f"{100 * place / count:.1f} to {100 * (place + 1) / count:.1f} %"
            means = f"{_percent(part.confidence, 8)}  {_percent(part.accuracy, 8)}"
            lines.append(f"  {span:>15}  {part.examples:>8}  {means}")
    mended = calibration.temperature
    source = {"validation": "held-out training images", "test": "test images, one half of them"}[mended.fitted_on]
    lines.append(
        f"  Logits divided by {mended.value:.3f}, fitted on {mended.fitted_examples} {source}: "
        f"{_percent(mended.error_before)} becomes {_percent(mended.error)} on {mended.examples} test images"
    )
    return "\n".join(lines)


def format_robustness(measured: Sequence[Robustness]) -> str:
    """One change as two rows: the amounts, and the accuracy under each."""
    first = measured[0]
    amounts = "".join(f"{entry.amount:>9g}" for entry in measured)
    accuracies = "".join(f" {_percent(entry.accuracy, 8)}" for entry in measured)
    return f"  {f'{first.change}, {first.unit}':<20}{amounts}\n  {'':<20}{accuracies}"


def _percent(share: float, width: int = 0) -> str:
    return f"{f'{100 * share:.2f} %':>{width}}"
