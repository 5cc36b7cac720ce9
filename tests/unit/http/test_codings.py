"""Which content coding a client takes, as RFC 9110 section 12.5.3 has it."""

import pytest

from app.http.codings import accepts_gzip


@pytest.mark.parametrize(
    ("accept_encoding", "takes_it"),
    [
        ("gzip", True),
        ("GZip, deflate, br, zstd", True),
        ("br;q=1.0, gzip ; q=0.001", True),
        ("br,\tgzip", True),
        ("*", True),
        ("gzip;q=1, *;q=0", True),
        ("", False),
        ("br", False),
        ("identity", False),
        ("gzip;q=0", False),
        ("gzip;q=0.000", False),
        ("*;q=0", False),
        ("*, gzip;q=0", False),
    ],
)
def test_gzip_is_taken_where_it_or_anything_has_a_weight(accept_encoding, takes_it):
    assert accepts_gzip(accept_encoding) is takes_it
