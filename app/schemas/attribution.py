"""The answers of gradients, Grad-CAM, occlusion and votes as models; ``wire/attribution.py`` writes them.

A score is a class's logit or its probability; every gradient and every map is of one score.
"""

from typing import Literal

from pydantic import Field

from app.bundle.card import LayerKind
from app.schemas.answers import Answer, Tensor


class Scored(Answer):
    """The network's answer, and the score of the class that is asked after."""

    model: str
    label: str = Field(description="The network's answer.")
    target: str
    of: Literal["logit", "probability"]
    score: float = Field(description="The target's.")


class ClassGradient(Answer):
    """How one class's score changes with the network's input."""

    target: str
    score: float
    input: Tensor = Field(description="∂ score / ∂ input, in the shape of the input.")


class GradientReading(Answer):
    """How the score changes with a layer's values."""

    min: float
    max: float
    mean: float
    values: list[float] | None = Field(
        None, description="Row-major, in the layer's shape; with `layers=full` or by name."
    )


class LayerGradientAnswer(Answer):
    """One layer's gradients."""

    name: str
    kind: LayerKind
    shape: list[int]
    pre_activation: GradientReading | None = Field(None, description="Absent where the layer has no activation.")
    activation: GradientReading | None = Field(
        None, description="Absent where the score lies before it: what comes out of the softmax changes no logit."
    )


class GradientExplanation(Answer):
    """Gradients of one class's score, or of every class's, for this one image."""

    model: str
    label: str = Field(description="The network's answer.")
    of: Literal["logit", "probability"]
    scale: float = Field(ge=0, description="The largest magnitude in `gradients`: one scale for all their pictures.")
    gradients: list[ClassGradient] = Field(
        description="Of the target; with `target=all` of each class, in class order."
    )
    layers: list[LayerGradientAnswer] | None = Field(None, description="In order, where asked for with `layers`.")


class GradCamExplanation(Scored):
    """Grad-CAM (Selvaraju et al., 2017): the maps of one convolution, each weighed by its mean gradient."""

    layer: str
    map_weights: Tensor = Field(description="One a map: the gradient's mean over it (equation 1).")
    signed: Tensor = Field(description="Σ map × weight, at the layer's resolution: negative where it speaks against.")
    heat: Tensor = Field(description="The same without what is negative (equation 2).")
    signed_upsampled: Tensor = Field(description="`signed` in the input's rows and columns, bilinear.")
    heat_upsampled: Tensor = Field(description="`heat` in the input's rows and columns, bilinear.")


class OcclusionExplanation(Scored):
    """Occlusion (Zeiler and Fergus, 2014, section 4.2): how far the score falls where a window covers the image."""

    window: int = Field(ge=1, description="Side of the covered square, in pixels of the network's input.")
    stride: int = Field(ge=1, description="Pixels from one place to the next.")
    fill: Literal["zero", "grey", "mean"]
    map: Tensor = Field(
        description="One value a place: at (row, column) the window begins at pixel (row × stride, column × stride). "
        "Positive where covering hurts."
    )


class DropoutRate(Answer):
    """One dropout layer that is left on."""

    layer: str
    rate: float


class ClassVotes(Answer):
    """How thinned networks stand to one class."""

    label: str
    probability: float = Field(ge=0, le=1, description="The whole network's.")
    votes: int = Field(ge=0, description="How many thinned networks put this class first.")
    mean: float = Field(description="Of the thinned networks' probabilities.")
    deviation: float = Field(ge=0, description="Their standard deviation.")


class VotesExplanation(Answer):
    """What networks answer that are each thinned by dropout; the same seed gives the same networks."""

    model: str
    label: str = Field(description="The whole network's answer.")
    samples: int
    seed: int
    dropout: list[DropoutRate]
    classes: list[ClassVotes] = Field(description="In class order.")
    probabilities: Tensor = Field(description="Of each thinned network, in class order: samples × classes.")
