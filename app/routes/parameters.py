"""Query parameters and problems that several routes share, each declared once."""

from typing import Annotated

from pydantic import Field

from app import problems
from app.preprocessing import Fit

IMAGE_PROBLEMS: tuple[type[problems.Problem], ...] = (
    problems.NotAnImage,
    problems.BrokenImage,
    problems.UnknownModel,
    problems.TooManyBytes,
    problems.TooManyPixels,
    problems.UnsupportedBody,
    problems.InvalidRequest,
    problems.InvalidPixels,
    problems.NothingDrawn,
    problems.NoModel,
    problems.Busy,
    problems.TookTooLong,
    problems.SlowBody,
)
"""The problems with any image that is sent to a network."""

ModelName = Annotated[
    str | None, Field(description="The network's name; `GET /models` lists them. The default network if none is named.")
]
FitChoice = Annotated[
    Fit, Field(description="How a photograph is made square: cropped to its centre, or squeezed whole.")
]
Layers = Annotated[
    str,
    Field(
        description="What to return of the layers: `none`; `summary`, a few figures per layer; `full`, every number; "
        "or names of layers, separated by commas, in full, with the figures of the others.",
        examples=["none", "summary", "full", "hidden_1,output"],
    ),
]
UnitsOff = Annotated[
    str | None,
    Field(
        description="Units of hidden dense layers, or maps of convolutions, whose activation is set to zero: each as "
        "`layer:unit`, counted from 0, separated by commas.",
        examples=["hidden_3:7,hidden_3:40"],
    ),
]
SkippedSteps = Annotated[
    str | None,
    Field(
        description="Steps of the preprocessing to leave out, separated by commas; `GET /models/{name}` lists under "
        "`steps` which can be. Leaving out a digit's `crop` leaves out `fit` "
        "as well. Not for `pixels`, which need none.",
        examples=["background,specks", "stroke", "centre", "crop"],
    ),
]
