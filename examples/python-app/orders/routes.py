"""HTTP endpoints of the service."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Blueprint, abort, jsonify, request, url_for
from flask.typing import ResponseReturnValue

from orders.settings import Settings
from orders.storage import Order, OrderStore
from orders.validation import parse_limit, parse_order


def create_blueprint(settings: Settings, store: OrderStore) -> Blueprint:
    """Return the endpoints, bound to these settings and this store."""
    blueprint = Blueprint("orders", __name__)

    @blueprint.get("/health")
    def health() -> ResponseReturnValue:
        return jsonify(status="ok", version=settings.app_version)

    @blueprint.get("/")
    def index() -> ResponseReturnValue:
        return jsonify(
            service="orders",
            version=settings.app_version,
            environment=settings.environment_name,
        )

    @blueprint.post("/orders")
    def create_order() -> ResponseReturnValue:
        item, quantity = parse_order(_json_body())
        order = Order(item=item, quantity=quantity)
        store.add(order)
        location = url_for(".get_order", order_id=order.id)
        return jsonify(asdict(order)), 201, {"Location": location}

    @blueprint.get("/orders")
    def list_orders() -> ResponseReturnValue:
        limit = parse_limit(request.args.get("limit"))
        return jsonify(orders=[asdict(order) for order in store.latest(limit)])

    @blueprint.get("/orders/<order_id>")
    def get_order(order_id: str) -> ResponseReturnValue:
        order = store.get(order_id)
        if order is None:
            abort(404, "the order does not exist")
        return jsonify(asdict(order))

    return blueprint


def _json_body() -> Any:
    """Return the decoded body, or None if it is not JSON."""
    try:
        return request.get_json(silent=True)
    except RecursionError:  # thousands of nested brackets
        return None
