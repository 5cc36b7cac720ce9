"""One unit's value as a sum: which inputs made it, and by how much; and the softmax, class by class.

The terms that are given, the rest and the bias add up in float64. The network added the same terms in float32, in an
order of its own; ``residual`` is its value minus ours. Of ``n`` terms added in float32 in whatever order the error is
at most ``n·u / (1 − n·u) · Σ|term|`` with ``u = 2⁻²⁴`` (Higham, "Accuracy and Stability of Numerical Algorithms",
2002, sections 3.1 and 4.2), the bias being one of them and the rounding of the products one more. Errors of either
sign make it about ``√n`` where the bound says ``n`` (Higham and Mary, "A New Approach to Probabilistic Rounding Error
Analysis", 2019): the tests hold the networks to that.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app.arrays import DoubleArray, FloatArray
from app.explain.arithmetic.operations import Convolution, Dense, MaxPooling, Place, Terms
from app.explain.arithmetic.stages import Stage
from app.explain.arithmetic.windows import Window

IndexArray = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Term:
    """One input × weight, and where in the layer's input it comes from; ``value`` is their product in float64."""

    place: Place
    input: np.floating
    weight: np.floating
    value: float


@dataclass(frozen=True)
class Rest:
    """All the terms that are not given one by one."""

    count: int
    sum: float


@dataclass(frozen=True)
class UnitSum:
    """One unit taken apart: ``bias + Σ supporting + Σ opposing + rest`` is its sum.

    Attributes:
        bias: what is added to the products.
        supporting: the largest positive terms, largest first; equal ones in the input's order.
        opposing: the largest negative ones, likewise.
        rest: all others.
        value: the network's own value: what goes into the activation function, where there is one.
        residual: ``value`` minus the sum of all that is given here.
        activation: what comes out of the layer.
        window: where a convolution or a pooling looks, or ``None``.
        candidates: float32, shape ``(rows, columns)``: of which values a pooling took the largest, or ``None``.
        weights: float32: a dense unit's weights in the shape of its input, a convolution's in that of its window,
            all input channels included; ``None`` for layers without.
        products: float64: input × weight in the same shape, zero where the window lies on padding.
    """

    bias: float
    supporting: tuple[Term, ...]
    opposing: tuple[Term, ...]
    rest: Rest
    value: float
    residual: float
    activation: float
    window: Window | None
    candidates: FloatArray | None
    weights: FloatArray | None
    products: DoubleArray | None


@dataclass(frozen=True)
class SoftmaxTerms:
    """A softmax, class by class: ``probability = exponential / total``.

    Attributes:
        temperature: what the logits were divided by.
        maximum: the largest logit, which is taken off each of them so that no exponential overflows.
        exponentials: float64, ``exp((logit − maximum) / temperature)``.
        total: their sum.
        probabilities: float64.
    """

    temperature: float
    maximum: float
    exponentials: DoubleArray
    total: float
    probabilities: DoubleArray


def take_apart(stage: Stage, place: Place, top: int) -> UnitSum:
    """Return one unit as the sum that it is.

    A term that is zero is given one by one only where it is all that there is, as in a pooling.

    Args:
        stage: the unit's layer.
        place: where in the layer it stands.
        top: how many terms for and how many against are given one by one.

    Raises:
        IndexError: if the layer has no such place.
    """
    terms = stage.operation.terms(stage.inputs, place)
    values = terms.values.ravel()
    supporting, opposing = _largest(values, top), _largest(-values, top)
    if len(values) == 1 and values[0] == 0:
        supporting = np.zeros(1, np.intp)
    rest = rest_without(values, np.concatenate([supporting, opposing]))
    sum_of_all = values[supporting].sum() + values[opposing].sum() + rest.sum + terms.bias
    value = float(stage.sums[place])
    weights, products = _pictures(stage, place, terms)
    return UnitSum(
        bias=terms.bias,
        supporting=_given(terms, supporting),
        opposing=_given(terms, opposing),
        rest=rest,
        value=value,
        residual=value - float(sum_of_all),
        activation=float(stage.activation[place]),
        window=_window(stage, place),
        candidates=_candidates(stage, place),
        weights=weights,
        products=products,
    )


def softmax_terms(logits: FloatArray, temperature: float = 1.0) -> SoftmaxTerms:
    """Return a softmax term by term.

    Args:
        logits: float32, one a class.
        temperature: divides them; above 1 the answer is less sure, below 1 surer (Guo et al., "On Calibration of Modern
            Neural Networks", 2017, section 4.2). A network answers with 1.
    """
    doubles = logits.astype(np.float64)
    exponentials = np.exp((doubles - doubles.max()) / temperature)
    total = float(exponentials.sum())
    return SoftmaxTerms(temperature, float(doubles.max()), exponentials, total, exponentials / total)


def rest_without(values: DoubleArray, given: IndexArray) -> Rest:
    """Return what all values add up to but those at the indices given."""
    others = np.ones(values.shape, bool)
    others[given] = False
    return Rest(int(others.sum()), float(values[others].sum()))


def _largest(values: DoubleArray, count: int) -> IndexArray:
    """Return where the largest of the positive values stand; equal ones in their order."""
    order = np.argsort(-values, kind="stable")[:count]
    largest: IndexArray = order[values[order] > 0]
    return largest


def _given(terms: Terms, indices: IndexArray) -> tuple[Term, ...]:
    inputs, weights, values = terms.inputs.ravel(), terms.weights.ravel(), terms.values.ravel()
    return tuple(
        Term(terms.place(int(index)), inputs[index], weights[index], float(values[index])) for index in indices
    )


def _window(stage: Stage, place: Place) -> Window | None:
    if isinstance(stage.operation, Convolution | MaxPooling):
        return stage.operation.window(stage.inputs, place)
    return None


def _candidates(stage: Stage, place: Place) -> FloatArray | None:
    return stage.operation.candidates(stage.inputs, place) if isinstance(stage.operation, MaxPooling) else None


def _pictures(stage: Stage, place: Place, terms: Terms) -> tuple[FloatArray | None, DoubleArray | None]:
    """Return the unit's weights, and input × weight in the same shape."""
    if isinstance(stage.operation, Dense):
        return stage.operation.kernel[:, place[0]].reshape(stage.inputs.shape), terms.values
    if isinstance(stage.operation, Convolution):
        weights = stage.operation.kernel[..., place[2]]
        products = np.zeros(weights.shape)
        products[stage.operation.window(stage.inputs, place).covered] = terms.values
        return weights, products
    return None, None
