"""How both fuzzers let Hypothesis generate: so many cases from a seed, shrunk where one fails, none remembered."""

from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, Phase, seed, settings


def generated(count: int, start: int) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return what is put over a property.

    Args:
        count: how many cases.
        start: the seed from which they follow.
    """
    thorough = settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    return lambda check: seed(start)(thorough(check))
