"""Parses the parts of a network that a query names: layers in full, units switched off, steps left out, a class."""

import re

from app import problems
from app.bundle.card import ModelCard
from app.network.thinning import switchable_units
from app.preprocessing import STEPS

UNIT_OFF = re.compile(r"\s*([^:,]+):([0-9]{1,9})\s*")


def layers_in_full(asked: str, card: ModelCard) -> frozenset[str]:
    """Return the names of the layers whose numbers are returned.

    Args:
        asked: `none`, `summary`, `full`, or names separated by commas.
        card: the network's.

    Raises:
        UnknownLayer: if there is no layer of one of the names.
    """
    names = tuple(layer.name for layer in card.layers)
    if asked in ("none", "summary"):
        return frozenset()
    if asked == "full":
        return frozenset(names)
    wanted = frozenset(name.strip() for name in asked.split(","))
    if not wanted <= set(names):
        raise problems.UnknownLayer(names)
    return wanted


def units_off(asked: str | None, card: ModelCard) -> dict[str, list[int]]:
    """Return the units and maps that are switched off, in order, by the name of their layer.

    Args:
        asked: `layer:unit`, separated by commas; ``None`` for none.
        card: the network's.

    Raises:
        InvalidRequest: if it has another form.
        UnknownLayer: if a layer does not exist.
        NoUnits: if a layer has no units that can be switched off.
        UnitOutOfRange: if a layer has fewer units.
    """
    off: dict[str, set[int]] = {}
    for part in () if asked is None else asked.split(","):
        match = UNIT_OFF.fullmatch(part)
        if match is None:
            raise problems.InvalidRequest(
                "“off” names units as layer:unit, separated by commas: hidden_1:7,hidden_1:8."
            )
        off.setdefault(match[1], set()).add(int(match[2]))
    switchable = switchable_units(card)
    for name, units in off.items():
        if name not in {layer.name for layer in card.layers}:
            raise problems.UnknownLayer([layer.name for layer in card.layers])
        if name not in switchable:
            raise problems.NoUnits(list(switchable))
        if max(units) >= switchable[name]:
            raise problems.UnitOutOfRange((switchable[name],), ("unit",))
    return {name: sorted(units) for name, units in off.items()}


def skipped_steps(asked: str | None, card: ModelCard) -> frozenset[str]:
    """Return the names of the preprocessing's steps that are left out.

    Args:
        asked: names, separated by commas; ``None`` for none.
        card: the network's.

    Raises:
        FixedStep: if one of the names is not a step's, or its step cannot be left out.
    """
    skippable = [name for name, may_be_skipped in STEPS[card.input.preprocessing].items() if may_be_skipped]
    skipped = frozenset(() if asked is None else (name.strip() for name in asked.split(",")))
    if not skipped <= set(skippable):
        raise problems.FixedStep(skippable)
    return skipped


def check_label(label: str | None, card: ModelCard) -> None:
    """Refuse a label that is not a class of the network; ``None`` means none.

    Raises:
        UnknownLabel: if there is no such class.
    """
    if label is not None and label not in card.classes.en:
        raise problems.UnknownLabel(card.classes.en)
