"""The answers of gradients, Grad-CAM, occlusion and votes as models; ``wire/attribution.py`` writes them.

A score is a class's logit or its probability; every gradient and every map is of one score.
"""

from typing import Literal

from pydantic import Field

from app.bundle.card import LayerKind
from app.schemas.answers import Answer, Tensor


class Scored(Answer):
    """The network's answer, and the score of the target class."""

    model: str
    label: str = Field(description="The network's answer.")
    target: str
    of: Literal["logit", "probability"]
    score: float = Field(description="The target's.")


class ClassGradient(Answer):
    """The gradient of one class's score with respect to the network's input."""

    target: str
    score: float
    input: Tensor = Field(description="∂ score / ∂ input, in the shape of the input.")


class GradientReading(Answer):
    """The gradient of the score with respect to a layer's values."""

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
        None, description="Absent if the score does not depend on it: a logit does not depend on the softmax's output."
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
    layers: list[LayerGradientAnswer] | None = Field(None, description="In order, if requested with `layers`.")


class GradCamExplanation(Scored):
    """Grad-CAM (Selvaraju et al., 2017): the maps of one convolution, each weighted by its mean gradient."""

    layer: str
    map_weights: Tensor = Field(description="One per map: the gradient's mean over it (equation 1).")
    signed: Tensor = Field(
        description="Σ map × weight, at the layer's resolution: negative where it opposes the class."
    )
    heat: Tensor = Field(description="The same with negative values set to zero (equation 2).")
    signed_upsampled: Tensor = Field(description="`signed` in the input's rows and columns, bilinear.")
    heat_upsampled: Tensor = Field(description="`heat` in the input's rows and columns, bilinear.")


class OcclusionExplanation(Scored):
    """Occlusion (Zeiler and Fergus, 2014, section 4.2): how far the score falls where a window covers the image."""

    window: int = Field(ge=1, description="Side of the covered square, in pixels of the network's input.")
    stride: int = Field(ge=1, description="Pixels from one place to the next.")
    fill: Literal["zero", "grey", "mean"]
    map: Tensor = Field(
        description="One value per place: at (row, column) the window begins at pixel (row × stride, column × stride). "
        "Positive where covering lowers the score."
    )


class DropoutRate(Answer):
    """One dropout layer that is left on."""

    layer: str
    rate: float


class ClassVotes(Answer):
    """The votes and probabilities of one class."""

    label: str
    probability: float = Field(ge=0, le=1, description="The whole network's.")
    votes: int = Field(ge=0, description="How many runs put this class first.")
    mean: float = Field(description="The mean of the runs' probabilities.")
    deviation: float = Field(ge=0, description="Their standard deviation.")


class VotesExplanation(Answer):
    """The answers of several runs with dropout left on; the same seed gives the same runs."""

    model: str
    label: str = Field(description="The whole network's answer.")
    samples: int
    seed: int
    dropout: list[DropoutRate]
    classes: list[ClassVotes] = Field(description="In class order.")
    probabilities: Tensor = Field(description="For each run, in class order: samples × classes.")
