"""A fixed sample of the questions of ``make fuzz``, by the running server's own schema."""

import pytest

from tests.fuzz.api import ask


@pytest.mark.filterwarnings("default")  # Hypothesis's and Schemathesis's own, of strategies that are large
def test_questions_by_the_schema_are_answered_by_the_schema(server_url: str) -> None:
    tally = ask(server_url, 60, start=1)

    statuses = {status for _, status in tally.statuses}
    assert tally.statuses.total() >= 60
    assert {200, 404, 422} <= statuses
