"""The answer of ``GET /models/{name}/accuracy`` as models; ``wire/ablation.py`` writes it."""

from pydantic import Field

from app.schemas.answers import Answer, UnitsOff


class Interval(Answer):
    """Wilson's interval (1927), with a confidence of 95 %: where the accuracy on all such images lies."""

    low: float = Field(ge=0, le=1)
    high: float = Field(ge=0, le=1)


class ClassAccuracy(Answer):
    """How many images there are of one class, and the share that was read rightly."""

    label: str
    examples: int
    accuracy: float | None = Field(description="Null where there is no image of this class.")


class SampleScore(Answer):
    """How well a network does on the images."""

    accuracy: float = Field(ge=0, le=1)
    interval: Interval
    loss: float = Field(ge=0, description="The mean cross-entropy, in nats.")
    classes: list[ClassAccuracy] = Field(description="In class order.")


class AblationAnswer(Answer):
    """A network without some of its units beside the whole one, on the same test images."""

    model: str
    dataset: str
    examples: int = Field(description="How many test images: the first 2,000, or all where there are fewer.")
    off: list[UnitsOff] = Field(description="What is switched off in `without`.")
    whole: SampleScore
    without: SampleScore
    lost: int = Field(ge=0, description="How many images only the whole network reads rightly.")
    gained: int = Field(ge=0, description="How many are read rightly only without these units.")
