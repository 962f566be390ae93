"""Application factory: combines settings, storage, endpoints and request logs."""

from __future__ import annotations

import json
import logging
import time

from flask import Flask, Response, g, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from orders.routes import create_blueprint
from orders.settings import Settings
from orders.storage import OrderStore
from orders.validation import InvalidInput

MAX_BODY_BYTES = 16 * 1024

request_log = logging.getLogger("orders.request")


def create_app(settings: Settings) -> Flask:
    """Return a new application with an empty order store."""
    app = Flask("orders")
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    app.register_blueprint(create_blueprint(settings, OrderStore()))
    app.register_error_handler(InvalidInput, _invalid_input)
    app.register_error_handler(HTTPException, _http_error)
    app.before_request(_start_clock)
    app.after_request(_log_request)
    return app


def _invalid_input(error: InvalidInput) -> ResponseReturnValue:
    """Return 400 with the invalid fields."""
    return jsonify(error=str(error), problems=error.problems), 400


def _http_error(error: HTTPException) -> ResponseReturnValue:
    """Return HTTP errors as JSON and keep their headers, such as Allow."""
    response = error.get_response()
    response.data = json.dumps({"error": error.description})
    response.content_type = "application/json"
    return response


def _start_clock() -> None:
    """Store the time at which the request arrived."""
    g.started = time.perf_counter()


def _log_request(response: Response) -> Response:
    """Log the request; health checks only at level DEBUG."""
    fields = {
        "method": request.method,
        "path": request.path,
        "status": response.status_code,
        "duration_ms": round((time.perf_counter() - g.started) * 1000, 1),
    }
    trace_id = request.headers.get("X-Amzn-Trace-Id")
    if trace_id:
        fields["trace_id"] = trace_id
    level = logging.DEBUG if request.path == "/health" else logging.INFO
    request_log.log(level, "request", extra={"fields": fields})
    return response
