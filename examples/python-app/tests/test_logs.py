"""Tests of the log format."""

from __future__ import annotations

import json
import logging
import logging.config
import sys

from orders.logs import JsonFormatter, logging_config


def test_line_is_one_json_object() -> None:
    record = logging.makeLogRecord(
        {
            "name": "orders",
            "levelname": "INFO",
            "msg": "two\nlines %s",
            "args": ("here",),
            "created": 0,
            "fields": {"status": 200},
        }
    )
    line = JsonFormatter().format(record)
    assert "\n" not in line
    assert json.loads(line) == {
        "time": "1970-01-01T00:00:00+00:00",
        "level": "INFO",
        "logger": "orders",
        "message": "two\nlines here",
        "status": 200,
    }


def test_exception_is_part_of_the_line() -> None:
    try:
        raise ValueError("broken")
    except ValueError:
        record = logging.makeLogRecord({"msg": "failed", "exc_info": sys.exc_info()})
    entry = json.loads(JsonFormatter().format(record))
    assert entry["exception"].endswith("ValueError: broken")


def test_level_applies_to_service_and_server() -> None:
    config = logging_config("WARNING")
    assert config["root"]["level"] == "WARNING"
    assert config["loggers"]["gunicorn.error"]["level"] == "WARNING"
