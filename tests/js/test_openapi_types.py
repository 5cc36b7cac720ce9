"""The types that the page reads answers by are those that the server describes."""

import os

import pytest

from tests.js.openapi_types import GENERATOR, TYPES, generate


@pytest.mark.skipif(not GENERATOR.exists() and "CI" not in os.environ, reason="needs `npm ci`")
def test_types_of_the_answers_are_as_the_server_describes_them():
    assert TYPES.read_text() == generate(), "Write them anew with `make types`."
