"""Which explanations a network has, determined from its card."""

from app.bundle.card import ModelCard
from app.explain.arithmetic import is_affine_for_one_input
from app.network.thinning import dropout_layers


def explainers(card: ModelCard) -> list[str]:
    """Return the explanations that a network has, by the last part of their address below ``/explain``."""
    classifies = card.layers[-1].activation == "softmax"
    has = {
        "unit": True,
        "trace": classifies and is_affine_for_one_input(layer.activation for layer in card.layers[:-1]),
        "gradients": classifies,
        "gradcam": classifies and bool(convolutions(card)),
        "occlusion": classifies,
        "votes": classifies and bool(dropout_layers(card)),
    }
    return [name for name, present in has.items() if present]


def convolutions(card: ModelCard) -> list[str]:
    """Return the names of the network's convolutions, in layer order."""
    return [layer.name for layer in card.layers if layer.kind == "convolution"]
