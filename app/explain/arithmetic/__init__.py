"""A network's numbers as sums: one unit's sum, and the trace from a logit down to the pixels.

Float64 arithmetic on the float32 weights and on the network's own float32 activations. No network is run here and
nothing is cached: arrays in, frozen records of numbers and arrays out.

``stages.py`` represents a network and its values for one image as stages; ``operations.py`` gives the terms of each
kind of layer; ``sums.py`` decomposes one unit; ``trace.py`` goes from a class's logit down to the pixels.
"""

from app.explain.arithmetic.operations import Place
from app.explain.arithmetic.stages import Stage, lay_out
from app.explain.arithmetic.sums import Rest, SoftmaxTerms, Term, UnitSum, softmax_terms, take_apart
from app.explain.arithmetic.trace import AffinePicture, Contribution, Level, Trace, is_affine_for_one_input, trace_logit
from app.explain.arithmetic.windows import Window

__all__ = [
    "AffinePicture",
    "Contribution",
    "Level",
    "Place",
    "Rest",
    "SoftmaxTerms",
    "Stage",
    "Term",
    "Trace",
    "UnitSum",
    "Window",
    "is_affine_for_one_input",
    "lay_out",
    "softmax_terms",
    "take_apart",
    "trace_logit",
]
