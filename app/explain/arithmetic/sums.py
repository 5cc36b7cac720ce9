"""One unit's value as a sum of input × weight terms; and the softmax, class by class.

The listed terms, the rest and the bias add up in float64. The network added the same terms in float32, in its own
order; ``residual`` is its value minus this sum. The error of ``n`` terms added in float32, in any order, is at most
``n·u / (1 − n·u) · Σ|term|`` with ``u = 2⁻²⁴`` (Higham, "Accuracy and Stability of Numerical Algorithms", 2002,
sections 3.1 and 4.2); the bias counts as one term and the rounding of the products as one more. Because errors have
either sign, the typical error has ``√n`` in place of ``n`` (Higham and Mary, "A New Approach to Probabilistic Rounding
Error Analysis", 2019); the tests check the networks against that.
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
    """The sum of all terms that are not listed."""

    count: int
    sum: float


@dataclass(frozen=True)
class UnitSum:
    """One unit decomposed: ``bias + Σ supporting + Σ opposing + rest`` is its sum.

    Attributes:
        bias: what is added to the products.
        supporting: the largest positive terms, largest first; equal ones in the input's order.
        opposing: the largest negative ones, likewise.
        rest: all others.
        value: the network's own value: the pre-activation, if there is an activation function.
        residual: ``value`` minus the sum of the terms given here.
        activation: the layer's output.
        window: the input window of a convolution or a pooling, or ``None``.
        candidates: float32, shape ``(rows, columns)``: the values of which a pooling took the largest, or ``None``.
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
        maximum: the largest logit, subtracted from each of them so that no exponential overflows.
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
    """Return one unit's value as a sum of terms.

    A zero term is listed only if it is the only term, as in a pooling.

    Args:
        stage: the unit's layer.
        place: its place in the layer.
        top: how many positive and how many negative terms are listed.

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
        logits: float32, one per class.
        temperature: divides them; above 1 the answer is less confident, below 1 more (Guo et al., "On Calibration of
            Modern Neural Networks", 2017, section 4.2). The network itself uses 1.
    """
    doubles = logits.astype(np.float64)
    exponentials = np.exp((doubles - doubles.max()) / temperature)
    total = float(exponentials.sum())
    return SoftmaxTerms(temperature, float(doubles.max()), exponentials, total, exponentials / total)


def rest_without(values: DoubleArray, given: IndexArray) -> Rest:
    """Return the sum of all values except those at the given indices."""
    others = np.ones(values.shape, bool)
    others[given] = False
    return Rest(int(others.sum()), float(values[others].sum()))


def _largest(values: DoubleArray, count: int) -> IndexArray:
    """Return the indices of the largest positive values; equal ones in their order."""
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
