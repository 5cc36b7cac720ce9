"""Digits in MNIST form: what the picture was drawn on, how large, where and in which ink makes no difference."""

import io

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image
from scipy import ndimage

from app.preprocessing import Prepared, prepare, prepare_digit
from app.preprocessing.images import UprightImage, decode_image
from app.preprocessing.measures import box_of, stroke_width
from app.problems import NothingDrawn
from training.data.strokes import draw

Grey = npt.NDArray[np.uint8]

FIVE = [[(0.8, 0.0), (0.2, 0.0), (0.15, 0.45), (0.6, 0.4), (0.8, 0.7), (0.5, 1.0), (0.1, 0.9)]]
SEVEN = [[(0.1, 0.0), (0.8, 0.0), (0.35, 1.0)]]
SEVEN_WITH_BAR = [*SEVEN, [(0.25, 0.5), (0.75, 0.5)]]
PAD = draw(FIVE)


def grey(pixels: Grey) -> UprightImage:
    return UprightImage(np.broadcast_to(pixels[..., np.newaxis], (*pixels.shape, 3)), None, "PNG")


def tensor(pixels: Grey) -> npt.NDArray[np.float32]:
    return prepare_digit(grey(pixels)).tensor


def step(prepared: Prepared, name: str) -> dict[str, float]:
    return next(dict(taken.parameters) for taken in prepared.steps if taken.name == name)


def difference(a: npt.NDArray[np.float32], b: npt.NDArray[np.float32]) -> float:
    """Mean over the ink: 0 where they are the same, about 2 where they have nothing in common."""
    return float(np.abs(a - b).sum() / a.sum())


def in_uneven_light(ink: npt.NDArray[np.float32], seed: int = 0) -> Grey:
    """Ink on paper, lit from one side, through a camera with some grain."""
    rows, columns = ink.shape
    light = np.linspace(1.0, 0.45, columns) * np.linspace(1.0, 0.8, rows)[:, np.newaxis]
    grain = np.random.default_rng(seed).normal(0, 0.01, ink.shape)
    return np.clip(((0.85 - 0.6 * ink) * light + grain) * 255, 0, 255).astype(np.uint8)


def mnist_form() -> Grey:
    """A digit as MNIST has them."""
    return np.rint(tensor(PAD) * 255).astype(np.uint8)


def test_the_form_is_that_of_mnist() -> None:
    prepared = prepare_digit(grey(PAD))

    assert prepared.tensor.shape == (28, 28)
    assert prepared.tensor.dtype == np.float32
    assert prepared.tensor.min() == 0
    assert 0.95 < prepared.tensor.max() <= 1
    top, bottom, left, right = box_of(prepared.tensor > 0)
    assert max(bottom - top, right - left) == 20
    assert ndimage.center_of_mass(prepared.tensor) == pytest.approx((14, 14), abs=0.2)


def test_the_steps_are_named_in_the_order_they_were_taken() -> None:
    names = [taken.name for taken in prepare("digits", grey(PAD)).steps]

    assert names == [
        *("alpha", "reduce", "grey", "sheet", "polarity", "background", "contrast", "specks"),
        *("crop", "enlarge", "stroke", "fit", "centre"),
    ]


def test_the_crop_is_given_in_pixels_of_the_picture() -> None:
    picture = np.zeros((600, 900), np.uint8)
    picture[100:400, 500:560] = 255

    crop = step(prepare_digit(grey(picture)), "crop")

    assert crop == pytest.approx({"left": 500, "top": 100, "width": 60, "height": 300}, abs=5)


@given(brightness=st.integers(120, 255), ground=st.integers(0, 60))
@example(brightness=255, ground=14)
@settings(max_examples=20, deadline=None)
def test_inverting_makes_no_difference(brightness: int, ground: int) -> None:
    picture = (ground + PAD.astype(float) / 255 * (brightness - ground)).astype(np.uint8)

    light, dark = prepare_digit(grey(picture)), prepare_digit(grey(255 - picture))

    assert difference(light.tensor, dark.tensor) < 0.02
    assert (step(light, "polarity")["inverted"], step(dark, "polarity")["inverted"]) == (0, 1)


@given(down=st.integers(-40, 40), across=st.integers(-70, 70))
@settings(max_examples=30, deadline=None)
def test_moving_the_ink_makes_no_difference(down: int, across: int) -> None:
    moved = np.roll(PAD, (down, across), axis=(0, 1))

    # The centre of mass comes to lie on the nearest third of a pixel, which may be the next one.
    assert difference(tensor(PAD), tensor(moved)) < 0.25


@pytest.mark.parametrize("margin", [12, 20, 33])
@pytest.mark.parametrize("strokes", [FIVE, SEVEN, SEVEN_WITH_BAR])
def test_the_drawn_region_is_read_as_the_whole_pad(strokes: list[list[tuple[float, float]]], margin: int) -> None:
    pad = np.maximum(draw(strokes), 14)  # the pad's ground is not quite black
    top, bottom, left, right = box_of(pad > 14)
    region = pad[top - margin : bottom + margin, left - margin : right + margin]

    assert difference(tensor(pad), tensor(region)) < 0.25


@given(size=st.integers(90, 900), fill=st.floats(0.3, 0.95))
@settings(max_examples=20, deadline=None)
def test_the_size_makes_no_difference(size: int, fill: float) -> None:
    brush = 18 / (280 * 0.7) * size * fill  # as thick for its size as on the pad
    scaled = draw(FIVE, pad_px=size, brush_px=brush, fill=fill)

    assert difference(tensor(PAD), tensor(scaled)) < 0.3


@pytest.mark.parametrize("brush_px", [2, 4, 18, 34, 50])
def test_every_brush_comes_near_the_pen_of_mnist(brush_px: int) -> None:
    seen = tensor(draw(FIVE, brush_px=brush_px))

    assert 1.8 <= stroke_width(seen > 0.5) <= 3.6


def test_a_hairline_in_a_large_picture_is_not_lost() -> None:
    assert difference(tensor(PAD), tensor(draw(FIVE, pad_px=1400, brush_px=3, fill=0.9))) < 0.6


@pytest.mark.parametrize("seed", range(3))
def test_uneven_light_is_taken_away(seed: int) -> None:
    photograph = in_uneven_light(PAD / np.float32(255), seed)

    assert difference(tensor(PAD), tensor(photograph)) < 0.25


def test_a_shadow_across_the_paper_is_taken_away() -> None:
    paper = 0.85 - 0.6 * PAD / 255
    paper[:, 170:] *= 0.6

    assert difference(tensor(PAD), tensor((ndimage.gaussian_filter(paper, 2) * 255).astype(np.uint8))) < 0.35


def test_a_sheet_on_a_dark_table_is_found() -> None:
    table = np.full((420, 520), 50, np.uint8)
    table[60:360, 90:430] = 225
    table[75:355, 120:400] = 225 - (PAD * 0.7).astype(np.uint8)

    prepared = prepare_digit(grey(table))

    assert any(taken.name == "sheet" and taken.applied for taken in prepared.steps)
    assert difference(tensor(PAD), prepared.tensor) < 0.25


@pytest.mark.parametrize("brush_px", [18, 40])
def test_a_digit_that_touches_every_side_is_no_sheet(brush_px: int) -> None:
    eight = [[(0.5 + 0.35 * np.sin(2 * angle), 0.5 - 0.5 * np.cos(angle)) for angle in np.linspace(0, 2 * np.pi, 60)]]
    pad = draw(eight, brush_px=brush_px)
    top, bottom, left, right = box_of(pad > 0)

    assert difference(tensor(pad), tensor(pad[top:bottom, left:right])) < 0.15


def test_faint_ink_is_raised() -> None:
    faint = 250 - (PAD / 255 * 20).astype(np.uint8)

    assert difference(tensor(PAD), tensor(faint)) < 0.2


@pytest.mark.parametrize("ink", [0, 40, 255])
def test_ink_on_nothing_is_its_own_alpha(ink: int) -> None:
    colour = np.broadcast_to(np.uint8(ink), (*PAD.shape, 3))

    prepared = prepare_digit(UprightImage(colour, PAD, "PNG"))

    assert difference(tensor(PAD), prepared.tensor) < 0.05


def test_a_card_with_transparent_corners_is_continued() -> None:
    card = np.repeat((255 - PAD)[..., np.newaxis], 3, axis=-1)
    alpha = np.full(PAD.shape, 255, np.uint8)
    alpha[:20, :20] = alpha[-30:, -30:] = 0

    assert difference(tensor(PAD), prepare_digit(UprightImage(card, alpha, "PNG")).tensor) < 0.05


@pytest.mark.parametrize(
    ("ground", "ink"),
    [((255, 255, 255), (255, 240, 60)), ((64, 150, 64), (200, 84, 60)), ((0, 0, 0), (10, 10, 255))],
)
def test_ink_that_differs_in_colour_alone_is_found(ground: tuple[int, ...], ink: tuple[int, ...]) -> None:
    share = PAD[..., np.newaxis] / 255
    picture = np.rint(np.array(ground) * (1 - share) + np.array(ink) * share).astype(np.uint8)

    assert difference(tensor(PAD), prepare_digit(UprightImage(picture, None, "PNG")).tensor) < 0.15


def test_specks_are_dropped() -> None:
    dusty = PAD.copy()
    places = np.random.default_rng(1).integers(0, 279, (25, 2))
    for row, column in places:
        dusty[row : row + 2, column : column + 2] = 255

    prepared = prepare_digit(grey(dusty))

    assert step(prepared, "specks")["dropped"] >= 10
    assert difference(tensor(PAD), prepared.tensor) < 0.15


def test_a_stroke_apart_from_the_rest_is_kept() -> None:
    picture = np.zeros((280, 280), np.uint8)
    picture[60:78, 100:180] = 255  # the bar of a 5, not quite joined
    picture[90:220, 96:114] = 255

    assert step(prepare_digit(grey(picture)), "specks")["dropped"] == 0


def test_a_far_dot_is_dropped() -> None:
    picture = draw(SEVEN, fill=0.4).copy()
    picture[255:270, 5:20] = 255

    assert step(prepare_digit(grey(picture)), "specks")["dropped"] == 1


@pytest.mark.parametrize("inverted", [False, True])
def test_mnist_form_passes_to_the_bit(inverted: bool) -> None:  # noqa: FBT001
    pixels = mnist_form()
    file = io.BytesIO()
    Image.fromarray(255 - pixels if inverted else pixels).save(file, "PNG")

    prepared = prepare_digit(decode_image(file.getvalue()))

    assert (prepared.tensor == pixels / np.float32(255)).all()
    assert step(prepared, "polarity")["inverted"] == int(inverted)


def test_a_small_picture_out_of_form_is_brought_into_it() -> None:
    off_centre = np.roll(mnist_form(), 3, axis=1)

    prepared = prepare_digit(grey(off_centre))

    assert "mnist_form" not in [taken.name for taken in prepared.steps]
    assert difference(mnist_form() / np.float32(255), prepared.tensor) < 0.35


@pytest.mark.parametrize("level", [0, 14, 128, 255])
@pytest.mark.parametrize("shape", [(280, 280), (28, 28), (1, 1), (1, 300), (700, 2)])
def test_a_uniform_picture_is_blank(shape: tuple[int, int], level: int) -> None:
    with pytest.raises(NothingDrawn):
        tensor(np.full(shape, level, np.uint8))


@pytest.mark.parametrize("deviation", [1, 3, 8])
@pytest.mark.parametrize("level", [20, 128, 250])
def test_noise_alone_is_blank(level: int, deviation: int) -> None:
    noise = np.random.default_rng(0).normal(level, deviation, (280, 280))

    with pytest.raises(NothingDrawn):
        tensor(np.clip(noise, 0, 255).astype(np.uint8))


def test_paper_in_uneven_light_is_blank() -> None:
    with pytest.raises(NothingDrawn):
        tensor(in_uneven_light(np.zeros((400, 500), np.float32)))


def test_a_grain_of_dust_is_blank() -> None:
    picture = np.zeros((280, 280), np.uint8)
    picture[100:103, 100:103] = 255

    with pytest.raises(NothingDrawn):
        tensor(picture)


def test_a_transparent_picture_is_blank() -> None:
    with pytest.raises(NothingDrawn):
        prepare_digit(UprightImage(np.zeros((30, 30, 3), np.uint8), np.zeros((30, 30), np.uint8), "PNG"))


@given(
    rows=st.integers(1, 70),
    columns=st.integers(1, 70),
    seed=st.integers(0, 2**32 - 1),
    share=st.floats(0, 1),
    with_alpha=st.booleans(),
)
@settings(max_examples=150, deadline=None)
def test_any_picture_has_a_tensor_or_is_blank(
    rows: int,
    columns: int,
    seed: int,
    share: float,
    with_alpha: bool,  # noqa: FBT001
) -> None:
    random = np.random.default_rng(seed)
    rgb = random.integers(0, 256, (rows, columns, 3), np.uint8)
    rgb[random.random((rows, columns)) < share] = random.integers(0, 256, 3)
    alpha = random.choice(np.array([0, 90, 255], np.uint8), (rows, columns)) if with_alpha else None

    try:
        seen = prepare_digit(UprightImage(rgb, alpha, "PNG")).tensor
    except NothingDrawn:
        return

    assert seen.shape == (28, 28)
    assert seen.dtype == np.float32
    assert 0 <= seen.min() <= seen.max() <= 1
