"""The log as lines of JSON."""

import io
import json
import logging
import logging.config

from app.http.logs import JsonLines, logging_config


def written(say) -> list[dict[str, object]]:
    """What a logger writes while ``say`` uses it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    logger = logging.getLogger("app.requests")
    logger.addHandler(handler)
    try:
        say(logger)
    finally:
        logger.removeHandler(handler)
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_each_event_is_one_object_with_its_fields():
    (line,) = written(lambda log: log.warning("%s answered", "ab12", extra={"fields": {"status": 200}}))

    assert (line["level"], line["logger"], line["message"], line["status"]) == (
        "warning",
        "app.requests",
        "ab12 answered",
        200,
    )
    assert str(line["time"]).endswith("+00:00")


def test_line_breaks_and_tracebacks_stay_inside_their_line():
    def fail(log: logging.Logger) -> None:
        try:
            1 / 0  # noqa: B018 - only its error is wanted
        except ZeroDivisionError:
            log.exception("it\nfailed")

    (line,) = written(fail)

    assert line["message"] == "it\nfailed"
    assert "ZeroDivisionError" in str(line["exception"])


def test_both_formats_are_configurations_that_logging_takes():
    for log_format in ("text", "json"):
        configuration = logging_config(log_format)
        del configuration["root"]  # that of the test run stays

        logging.config.dictConfig({**configuration, "incremental": False})
