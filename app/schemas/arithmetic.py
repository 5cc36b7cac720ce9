"""The answers of ``POST /explain/unit`` and ``POST /explain/trace`` as models; ``wire/arithmetic.py`` writes them.

Sums are float64 arithmetic on float32 numbers, and each has the difference from the network's own value. The terms of a
sum are given with all digits of their float64; inputs, weights and activations as float32.
"""

from pydantic import Field

from app.bundle.card import LayerKind
from app.schemas.answers import Answer, Tensor


class Address(Answer):
    """A value's place in a layer: `unit`, or `row`, `column` and, in maps and colour pictures, `channel`."""

    unit: int | None = Field(None, ge=0)
    row: int | None = Field(None, ge=0)
    column: int | None = Field(None, ge=0)
    channel: int | None = Field(None, ge=0)


class SumTerm(Address):
    """One input × weight, at the input's place in `source`."""

    input: float
    weight: float
    value: float = Field(description="Their product, in float64.")


class SumRest(Answer):
    """The sum of everything that is not listed."""

    count: int = Field(ge=0)
    sum: float


class Source(Answer):
    """The layer whose values are added up; dropout and flatten, which change no value, are skipped."""

    layer: str
    shape: list[int]


class Activation(Answer):
    """The sum after the layer's activation function."""

    function: str
    value: float = Field(description="The network's own.")


class Padding(Answer):
    """How many of a window's rows and columns lie outside the map: they are zero and contribute nothing."""

    top: int = Field(ge=0)
    bottom: int = Field(ge=0)
    left: int = Field(ge=0)
    right: int = Field(ge=0)


class WindowPlace(Answer):
    """The input window of a convolution or a pooling: its first row and column in `source`, negative in the padding."""

    row: int
    column: int
    rows: int
    columns: int
    padding: Padding


class SoftmaxClass(Answer):
    """One class in the softmax."""

    label: str
    logit: float
    exponential: float = Field(description="exp((logit − maximum) / temperature)")
    probability: float = Field(ge=0, le=1, description="exponential / total")


class Softmax(Answer):
    """A softmax, class by class."""

    temperature: float = Field(
        description="Divides the logits. The network itself uses 1; other values are experiments."
    )
    maximum: float = Field(description="The largest logit, subtracted from each so that no exponential overflows.")
    total: float = Field(description="The sum of the exponentials.")
    classes: list[SoftmaxClass] = Field(description="In class order.")
    residual: float | None = Field(
        description="The network's own probability of this class minus the one here; null at a temperature that is not "
        "the network's."
    )


class UnitExplanation(Answer):
    """One unit's value as a sum: `bias` + Σ `supporting` + Σ `opposing` + `rest` = `value` − `residual`."""

    model: str
    layer: str
    kind: LayerKind
    address: Address
    source: Source
    bias: float
    supporting: list[SumTerm] = Field(description="The largest positive terms, largest first.")
    opposing: list[SumTerm] = Field(description="The largest negative terms, likewise.")
    rest: SumRest
    value: float = Field(
        description="The network's own float32 value; the pre-activation, if there is an activation function."
    )
    residual: float = Field(description="`value` minus the sum: the rounding error of the network's float32 sum.")
    activation: Activation | None = Field(None, description="Absent where the layer has no activation function.")
    window: WindowPlace | None = Field(None, description="For a convolution or a pooling.")
    candidates: Tensor | None = Field(
        None, description="For a pooling: the values in its window; the largest is the only term."
    )
    weights: Tensor | None = Field(
        None,
        description="The unit's weights: for a dense layer in the source's shape, for a convolution in the window's.",
    )
    products: Tensor | None = Field(None, description="Input × weight in the same shape, in float64.")
    softmax: Softmax | None = Field(None, description="For a layer that ends in a softmax.")


class ThreadSource(Address):
    """A unit of the next level down, and its contribution to the logit through this unit."""

    value: float


class UnitContribution(Address):
    """One unit's contribution to the logit: activation × ∂ logit / ∂ activation = Σ `sources` + `rest` + `bias`."""

    activation: float
    value: float
    sources: list[ThreadSource] = Field(description="The largest, at their places in the next level; none of a pixel.")
    rest: SumRest = Field(description="Its other sources.")
    bias: float = Field(description="The contribution of its own bias to the logit.")


class TraceLevel(Answer):
    """One layer's share: Σ `units` + `rest` + `bias` = `logit` − `residual`."""

    layer: str
    shape: list[int]
    units: list[UnitContribution] = Field(description="The largest by magnitude, positive and negative.")
    rest: SumRest
    bias: float = Field(description="The contribution of the biases of all layers above.")
    residual: float = Field(description="The network's logit minus the sum, from rounding in the layers above.")


class BiasShare(Answer):
    """The contribution of one layer's biases to the logit."""

    layer: str
    value: float


class Affine(Answer):
    """The network as one weighted sum, for this one input: Σ `products` + `constant` = `logit` − `residual`."""

    weights: Tensor = Field(description="∂ logit / ∂ pixel, in the shape of the input.")
    products: Tensor = Field(description="Pixel × weight in the same shape, in float64.")
    constant: float
    residual: float


class TraceExplanation(Answer):
    """From a class's logit, or the difference of two, down to the pixels."""

    model: str
    label: str = Field(description="The network's answer.")
    target: str
    against: str | None
    logit: float = Field(description="The network's own; with `against`, its difference from that class's.")
    levels: list[TraceLevel] = Field(description="From the output down to the input.")
    biases: list[BiasShare] = Field(description="Of each layer that has any, from the output down.")
    affine: Affine
