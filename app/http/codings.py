"""Which content coding a client accepts: gzip or none."""

import gzip


def accepts_gzip(accept_encoding: str) -> bool:
    """Whether a client accepts gzip, or otherwise ``*``, with a weight above zero (RFC 9110, section 12.5.3).

    Args:
        accept_encoding: the header's value; empty if there is none.
    """
    weights: dict[str, str] = {}
    for part in accept_encoding.lower().split(","):
        coding, _, weight = "".join(part.split()).partition(";q=")
        weights[coding] = weight or "1"
    return weights.get("gzip", weights.get("*", "0")).strip("0.") != ""


def compress(body: bytes) -> bytes | None:
    """Return a body compressed quickly with gzip, or ``None`` if that would not make it smaller."""
    compressed = gzip.compress(body, compresslevel=1, mtime=0)
    return compressed if len(compressed) < len(body) else None
