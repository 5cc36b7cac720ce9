"""The answer of ``GET /models/{name}/accuracy`` as models; ``wire/ablation.py`` writes it."""

from pydantic import Field

from app.schemas.answers import Answer, UnitsOff


class Interval(Answer):
    """Wilson's 95 % confidence interval (1927) of the accuracy on all such images."""

    low: float = Field(ge=0, le=1)
    high: float = Field(ge=0, le=1)


class ClassAccuracy(Answer):
    """How many images of one class there are, and the share classified correctly."""

    label: str
    examples: int
    accuracy: float | None = Field(description="Null if there is no image of this class.")


class SampleScore(Answer):
    """A network's accuracy and loss on the images."""

    accuracy: float = Field(ge=0, le=1)
    interval: Interval
    loss: float = Field(ge=0, description="The mean cross-entropy, in nats.")
    classes: list[ClassAccuracy] = Field(description="In class order.")


class AblationAnswer(Answer):
    """A network without some of its units compared with the whole one, on the same test images."""

    model: str
    dataset: str
    examples: int = Field(description="How many test images: the first 2,000, or all if there are fewer.")
    off: list[UnitsOff] = Field(description="What is switched off in `without`.")
    whole: SampleScore
    without: SampleScore
    lost: int = Field(ge=0, description="How many images only the whole network classifies correctly.")
    gained: int = Field(ge=0, description="How many images are classified correctly only without these units.")
