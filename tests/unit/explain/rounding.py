"""How far a network's float32 sums may lie from exact ones: the tolerances of the tests of sums and traces.

Where the rounding errors of ``n`` operations are independent and have mean zero, each term of a sum is off by at most
``λ · √n · u`` of itself with ``u = 2⁻²⁴``, but for a probability of ``2 exp(−λ²/2)`` (Higham and Mary, "A New Approach
to Probabilistic Rounding Error Analysis", 2019, section 2). Here ``λ`` is 5: one in 100,000. The errors of all the
units above a level reach the logit times their gradients, and add up in the same way, as a root of squares.
"""

from collections.abc import Sequence

import numpy as np
import tensorflow as tf

from app.explain.arithmetic import Stage
from app.explain.arithmetic.operations import Convolution, Dense, Elementwise, Terms

UNIT_ROUNDOFF = 2.0**-24
DEVIATIONS = 5
OF_OUR_OWN = 1e-12  # what float64 may add, generously


def allowed_in_sum(stage: Stage, terms: Terms) -> float:
    """Return the tolerance for one unit's sum; next to nothing for a layer that hands values on."""
    magnitude = np.abs(terms.values).sum() + abs(terms.bias)
    return DEVIATIONS * _error_per_magnitude(stage) * float(magnitude) + OF_OUR_OWN


def allowed_in_levels(stages: Sequence[Stage], gradient_by_logits: np.ndarray) -> list[float]:
    """Return the tolerance for each level of a trace, from the output to the input."""
    gradient, variance, allowed = gradient_by_logits, 0.0, [OF_OUR_OWN]
    for stage in reversed(stages):
        passed = gradient * (stage.sums > 0) if stage.layer.activation == "relu" else gradient
        variance += float(np.square(_error_per_magnitude(stage) * _magnitudes(stage) * passed).sum())
        allowed.append(DEVIATIONS * variance**0.5 + OF_OUR_OWN)
        gradient = stage.operation.pull_back(passed, stage.inputs)
    return allowed


def _error_per_magnitude(stage: Stage) -> float:
    """Return ``√n · u``: the bias is one term more, and the rounding of the products one error more."""
    if isinstance(stage.operation, Dense | Convolution):
        return (stage.operation.kernel[..., 0].size + 2) ** 0.5 * UNIT_ROUNDOFF
    return 3**0.5 * UNIT_ROUNDOFF if stage.layer.kind == "normalization" else 0.0


def _magnitudes(stage: Stage) -> np.ndarray:
    """Return ``Σ|term| + |bias|`` of every unit of a layer."""
    inputs, operation = np.abs(stage.inputs), stage.operation
    if isinstance(operation, Dense):
        return inputs.ravel() @ np.abs(operation.kernel) + np.abs(operation.bias)
    if isinstance(operation, Convolution):
        strides, padding = operation.sliding.strides, operation.sliding.padding.upper()
        sums = tf.nn.conv2d(inputs[np.newaxis], np.abs(operation.kernel), strides, padding)
        return sums.numpy()[0] + np.abs(operation.bias)
    if isinstance(operation, Elementwise):
        return inputs.reshape(operation.factor.shape) * np.abs(operation.factor) + np.abs(operation.offset)
    return stage.sums
