"""Which explanations a network has: what each of them needs, looked up on the card."""

from app.arithmetic import is_affine_for_one_input
from app.bundle import ModelCard


def explainers(card: ModelCard) -> list[str]:
    """Return the explanations that a network has, by the last part of their address below ``/explain``."""
    has = {
        "unit": True,
        "trace": card.layers[-1].activation == "softmax"
        and is_affine_for_one_input(layer.activation for layer in card.layers[:-1]),
    }
    return [name for name, present in has.items() if present]
