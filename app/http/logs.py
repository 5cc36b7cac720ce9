"""The log, on standard error: one line of text per event, or one JSON object per line for log collectors.

Request bodies are never logged.
"""

import logging
from datetime import UTC, datetime
from typing import Any, Literal

import orjson

LogFormat = Literal["text", "json"]
LogLevel = Literal["DEBUG", "INFO", "WARNING", "ERROR"]


class JsonLines(logging.Formatter):
    """Writes a record as one JSON object: time, level, logger, message, and the ``extra={"fields": ...}``."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as a line, its traceback inside it."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return orjson.dumps(line, default=str).decode()


def logging_config(log_format: LogFormat, log_level: LogLevel = "INFO") -> dict[str, Any]:
    """Return the configuration for ``logging.config.dictConfig``; uvicorn uses it too, so that there is one log.

    Args:
        log_format: of every line.
        log_level: of the application's loggers; libraries log from ``INFO`` on.
    """
    formatters: dict[LogFormat, dict[str, Any]] = {
        "text": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
        "json": {"()": JsonLines},
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": formatters[log_format]},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "loggers": {"app": {"level": log_level}},
        "root": {"level": "INFO", "handlers": ["stderr"]},
    }
