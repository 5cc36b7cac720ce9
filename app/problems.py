"""Every error that a client can cause, as an RFC 9457 problem.

A problem has everything that the client needs: a stable ``type``, a title, a status, a sentence that says what to
change, and the limit if there is one. It never repeats the input. This module is independent of HTTP frameworks:
``http/errors.py`` turns a raised problem into a response.
"""

from collections.abc import Mapping, Sequence
from typing import ClassVar

Member = str | int | float | Sequence[str] | Sequence[int]


class Problem(Exception):
    """An error that a client caused and can correct.

    Args:
        detail: one or two sentences: what was wrong, and what to send instead.
        members: further members of the problem object, such as the limit that was exceeded.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    status: ClassVar[int]
    headers: Mapping[str, str] = {}

    def __init__(self, detail: str, **members: Member) -> None:
        super().__init__(detail)
        self.detail = detail
        self.members = members

    def body(self) -> dict[str, Member]:
        """Return the problem object, as RFC 9457 section 3 names its members."""
        return {
            "type": f"/problems/{self.name}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            **self.members,
        }


class NotAnImage(Problem):
    """The bytes are not an image in a supported format."""

    name, title, status = "not-an-image", "This is not an image", 400

    def __init__(self, reason: str) -> None:
        super().__init__(f"{reason} Send a PNG, JPEG, WebP, GIF, BMP, TIFF or AVIF picture.")


class BrokenImage(Problem):
    """The bytes begin as an image, but cannot be read to their end."""

    name, title, status = "broken-image", "This picture is damaged", 400

    def __init__(self, reason: str) -> None:
        super().__init__(f"{reason} Save the picture again and send the whole file.")


class TooManyBytes(Problem):
    """The body is larger than the server accepts."""

    name, title, status = "too-many-bytes", "This is too large to send", 413

    def __init__(self, limit: int) -> None:
        detail = f"The body may hold at most {limit} bytes. Send a smaller or more strongly compressed picture."
        super().__init__(detail, limit_bytes=limit)


class TooManyPixels(Problem):
    """The picture has more pixels than the server decodes."""

    name, title, status = "too-many-pixels", "This picture has too many pixels", 413

    def __init__(self, pixels: int, limit: int) -> None:
        detail = f"The picture has {pixels} pixels, and at most {limit} are read. Make it smaller and send it again."
        super().__init__(detail, pixels=pixels, limit_pixels=limit)


class TooManyFiles(Problem):
    """One request carried more images than the server accepts."""

    name, title, status = "too-many-files", "These are too many images at once", 413

    def __init__(self, limit: int) -> None:
        detail = f"One request may carry at most {limit} images. Send the others in further requests."
        super().__init__(detail, limit_files=limit)


class UnsupportedBody(Problem):
    """The body's content type cannot carry an image."""

    name, title, status = "unsupported-body", "The body is of a kind that is not read here", 415

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"{reason} Send multipart/form-data with a part “file”, the image itself with “Content-Type: image/png” or "
            "“application/octet-stream”, or “application/json” with “image” or “pixels”."
        )


class InvalidRequest(Problem):
    """A parameter or a member of the body is missing, unknown or out of range."""

    name, title, status = "invalid-request", "The request cannot be understood", 422


class InvalidPixels(Problem):
    """``pixels`` has another shape than the network's input, or a value outside 0..1."""

    name, title, status = "invalid-pixels", "“pixels” does not fit this network", 422


class NothingDrawn(Problem):
    """The picture holds no ink: a blank pad is not a digit."""

    name, title, status = "nothing-drawn", "Nothing is drawn", 422

    def __init__(self, without: Sequence[str] = ()) -> None:
        if without:
            names = ", ".join(without)
            super().__init__(f"No ink is left in the picture without: {names}. Draw a digit, or leave fewer steps out.")
        else:
            super().__init__("No ink was found in the picture. Draw a digit, or send one with more contrast.")


class FixedStep(Problem):
    """The preprocessing has no such step, or the step cannot be left out."""

    name, title, status = "fixed-step", "This step cannot be left out", 422

    def __init__(self, steps: Sequence[str]) -> None:
        super().__init__(f"Only these steps can be left out for this network: {', '.join(steps)}.", steps=list(steps))


class UnknownModel(Problem):
    """No network of this name is ready."""

    name, title, status = "unknown-model", "There is no such network", 404

    def __init__(self, ready: Sequence[str]) -> None:
        names = ", ".join(ready) or "none"
        super().__init__(f"No network of this name is ready. Those that are: {names}.", models=list(ready))


class UnknownLayer(Problem):
    """The network has no layer of this name."""

    name, title, status = "unknown-layer", "This network has no such layer", 404

    def __init__(self, layers: Sequence[str]) -> None:
        super().__init__(f"This network has no such layer. It has: {', '.join(layers)}.", layers=list(layers))


class NoWeights(Problem):
    """The layer exists, but has no weights."""

    name, title, status = "no-weights", "This layer holds no weights", 404

    def __init__(self, layers: Sequence[str]) -> None:
        super().__init__(f"This layer holds no weights. Those that do: {', '.join(layers)}.", layers=list(layers))


class NoStatistics(Problem):
    """The layer exists, but its values on the test set were not measured."""

    name, title, status = "no-statistics", "This layer was not measured", 404

    def __init__(self, layers: Sequence[str]) -> None:
        names = ", ".join(layers) or "none"
        super().__init__(
            f"The values of this layer on the test set were not measured. Measured layers: {names}.",
            layers=list(layers),
        )


class NoCode(Problem):
    """The network is not an autoencoder, so it has no code to decode."""

    name, title, status = "no-code", "This network has no code", 404

    def __init__(self, models: Sequence[str]) -> None:
        names = ", ".join(models) or "none"
        super().__init__(f"This network has no code to decode. Those that have one: {names}.", models=list(models))


class InvalidCode(Problem):
    """``code`` has another length than the network's, or contains a value that is not a number or too large."""

    name, title, status = "invalid-code", "“code” does not fit this network", 422

    def __init__(self, numbers: int, limit: int) -> None:
        detail = f"“code” must be a list of {numbers} numbers, each in -{limit}..{limit}."
        super().__init__(detail, numbers=numbers, minimum=-limit, maximum=limit)


class UnknownLabel(Problem):
    """The network has no class of this name."""

    name, title, status = "unknown-label", "This network knows no such class", 404

    def __init__(self, labels: Sequence[str]) -> None:
        super().__init__(f"This network has no such class. Its classes: {', '.join(labels)}.", labels=list(labels))


class UnitOutOfRange(Problem):
    """The layer exists, but has no unit at this place."""

    name, title, status = "unit-out-of-range", "This layer has no such unit", 422

    def __init__(self, shape: Sequence[int], axes: Sequence[str]) -> None:
        ranges = ", ".join(f"“{axis}” in 0..{side - 1}" for axis, side in zip(axes, shape, strict=True))
        super().__init__(f"This layer has no unit at this place. It has: {ranges}.", shape=list(shape))


class NoArithmetic(Problem):
    """The layer exists, but has no sum to decompose: it is the network's input."""

    name, title, status = "no-arithmetic", "This layer computes nothing", 404

    def __init__(self, layers: Sequence[str]) -> None:
        super().__init__(f"This layer computes nothing. Those that do: {', '.join(layers)}.", layers=list(layers))


class NoUnits(Problem):
    """The layer exists, but has no units that can be switched off."""

    name, title, status = "no-units", "This layer has nothing to switch off", 404

    def __init__(self, layers: Sequence[str]) -> None:
        super().__init__(
            f"This layer has no units that can be switched off. Those that have: {', '.join(layers)}.",
            layers=list(layers),
        )


class NoMaps(Problem):
    """The layer exists, but is not a convolution."""

    name, title, status = "no-maps", "This layer is no convolution", 404

    def __init__(self, layers: Sequence[str]) -> None:
        super().__init__(f"This layer is not a convolution. Those that are: {', '.join(layers)}.", layers=list(layers))


class NoExplanation(Problem):
    """The network is not of a kind that this explanation needs."""

    name, title, status = "no-explanation", "This network is not explained in this way", 404

    def __init__(self, explainers: Sequence[str], needs: str | None = None) -> None:
        names = ", ".join(explainers)
        said = "does not fit this network" if needs is None else f"needs {needs}, which this network does not have"
        super().__init__(f"This explanation {said}. Those that fit it: {names}.", explainers=list(explainers))


class NoGallery(Problem):
    """This server has no test images of this network: they are made locally and never committed."""

    name, title, status = "no-gallery", "There is no gallery of this network", 404

    def __init__(self, reason: str, model: str) -> None:
        super().__init__(f"{reason} Make one with “make gallery” or “python -m training gallery {model}”.")


class NoAccuracy(Problem):
    """The network does not classify, so its answers have no accuracy."""

    name, title, status = "no-accuracy", "This network has no accuracy", 404

    def __init__(self, models: Sequence[str]) -> None:
        names = ", ".join(models) or "none"
        super().__init__(f"This network does not classify. Those that do: {names}.", models=list(models))


class UnknownImage(Problem):
    """The gallery ends before this index."""

    name, title, status = "unknown-image", "The gallery holds no such image", 404

    def __init__(self, images: int) -> None:
        super().__init__(f"The gallery holds {images} images; their indices begin at 0.", images=images)


class NoAtlas(Problem):
    """The test set was not measured in this network, or not in this layer."""

    name, title, status = "no-atlas", "There is no atlas of this", 404

    def __init__(self, model: str, layers: Sequence[str]) -> None:
        if layers:
            detail = f"The atlas holds no images for this layer. It does for: {', '.join(layers)}."
        else:
            detail = f"There is no atlas of this network. Measure it with “python -m training evaluate {model}”."
        super().__init__(detail, layers=list(layers))


class NoModel(Problem):
    """No network could be loaded."""

    name, title, status = "no-model", "No network is ready", 503
    headers: Mapping[str, str] = {"Retry-After": "10"}

    def __init__(self) -> None:
        super().__init__("No network could be loaded. GET /readyz says why.")


class Busy(Problem):
    """More work of this kind is running or waiting than the server accepts."""

    name, title, status = "busy", "The server is busy", 503
    headers: Mapping[str, str] = {"Retry-After": "1"}

    def __init__(self, doing: str, limit: int) -> None:
        super().__init__(
            f"The server's limit is reached: {limit} {doing}. Send the request again in a second.", limit=limit
        )


class TookTooLong(Problem):
    """The answer was not ready in time; the work was cancelled."""

    name, title, status = "took-too-long", "The answer took too long", 503
    headers: Mapping[str, str] = {"Retry-After": "5"}

    def __init__(self, limit: float) -> None:
        detail = (
            f"The answer was not ready within {limit:g} seconds and was cancelled. Try again later, or request less."
        )
        super().__init__(detail, limit_seconds=limit)


class SlowBody(Problem):
    """The body did not arrive in time."""

    name, title, status = "slow-body", "The picture arrives too slowly", 408

    def __init__(self, limit: float) -> None:
        detail = f"The body had not arrived after {limit:g} seconds. Send a smaller picture, or over a faster line."
        super().__init__(detail, limit_seconds=limit)


class NotFound(Problem):
    """There is nothing at this address."""

    name, title, status = "not-found", "There is nothing here", 404

    def __init__(self) -> None:
        super().__init__("There is nothing at this address. /docs lists every call.")


class MethodNotAllowed(Problem):
    """The address exists, but answers to another method."""

    name, title, status = "method-not-allowed", "This address answers to another method", 405

    def __init__(self, allowed: str) -> None:
        super().__init__(f"This address answers to {allowed or 'other methods'}.")
        self.headers = {"Allow": allowed} if allowed else {}


class InternalError(Problem):
    """An unexpected error in the server; the log has details under the request's id."""

    name, title, status = "internal-error", "The server made a mistake", 500

    def __init__(self) -> None:
        super().__init__("The server made a mistake. Its log has details under this answer's X-Request-Id.")


PROBLEMS: Mapping[str, type[Problem]] = {
    problem.name: problem
    for problem in (
        NotAnImage,
        BrokenImage,
        TooManyBytes,
        TooManyPixels,
        TooManyFiles,
        UnsupportedBody,
        InvalidRequest,
        InvalidPixels,
        NothingDrawn,
        FixedStep,
        UnknownModel,
        UnknownLayer,
        NoWeights,
        NoStatistics,
        NoCode,
        InvalidCode,
        UnknownLabel,
        UnitOutOfRange,
        NoArithmetic,
        NoUnits,
        NoMaps,
        NoExplanation,
        NoGallery,
        NoAccuracy,
        UnknownImage,
        NoAtlas,
        NoModel,
        Busy,
        TookTooLong,
        SlowBody,
        NotFound,
        MethodNotAllowed,
        InternalError,
    )
}
