"""Tests of the HTTP endpoints."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

JSON = "application/json"


def test_health(client: FlaskClient) -> None:
    answer = client.get("/health")
    assert answer.status_code == 200
    assert answer.get_json() == {"status": "ok", "version": "1.2.3"}


def test_index(client: FlaskClient) -> None:
    answer = client.get("/")
    assert answer.status_code == 200
    assert answer.get_json() == {"service": "orders", "version": "1.2.3", "environment": "test"}


def test_create_and_get(client: FlaskClient) -> None:
    created = client.post("/orders", json={"item": " book ", "quantity": 2})
    order = created.get_json()
    assert created.status_code == 201
    assert (order["item"], order["quantity"]) == ("book", 2)
    assert created.headers["Location"] == f"/orders/{order['id']}"
    found = client.get(created.headers["Location"])
    assert found.status_code == 200
    assert found.get_json() == order


def test_list_is_newest_first_and_limited(client: FlaskClient) -> None:
    assert client.get("/orders").get_json() == {"orders": []}
    for item in ("a", "b", "c"):
        client.post("/orders", json={"item": item, "quantity": 1})
    assert [o["item"] for o in client.get("/orders").get_json()["orders"]] == ["c", "b", "a"]
    limited = client.get("/orders?limit=2").get_json()["orders"]
    assert [o["item"] for o in limited] == ["c", "b"]


@pytest.mark.parametrize("limit", ["", "0", "101", "-1", "ten", "9" * 5000])
def test_wrong_limit(client: FlaskClient, limit: str) -> None:
    answer = client.get(f"/orders?limit={limit}")
    assert answer.status_code == 400
    assert list(answer.get_json()["problems"]) == ["limit"]


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, ["item", "quantity"]),
        ({"item": "  ", "quantity": 1}, ["item"]),
        ({"item": "x" * 101, "quantity": 1}, ["item"]),
        ({"item": 5, "quantity": 1}, ["item"]),
        ({"item": "book", "quantity": 0}, ["quantity"]),
        ({"item": "book", "quantity": 1001}, ["quantity"]),
        ({"item": "book", "quantity": 1.5}, ["quantity"]),
        ({"item": "book", "quantity": "1"}, ["quantity"]),
        ({"item": "book", "quantity": True}, ["quantity"]),
        ({"item": "book", "quantity": 1, "price": 3}, ["price"]),
        ([], ["body"]),
    ],
)
def test_wrong_order(client: FlaskClient, body: Any, fields: list[str]) -> None:
    answer = client.post("/orders", json=body)
    assert answer.status_code == 400
    assert answer.get_json()["error"] == "invalid input"
    assert sorted(answer.get_json()["problems"]) == fields
    assert client.get("/orders").get_json() == {"orders": []}


@pytest.mark.parametrize(
    ("data", "content_type"),
    [
        (b"", JSON),
        (b"{", JSON),
        (b"\xff", JSON),
        (b"[" * 10_000, JSON),
        (b'{"item": "book", "quantity": 1}', "text/plain"),
    ],
)
def test_body_is_not_json(client: FlaskClient, data: bytes, content_type: str) -> None:
    answer = client.post("/orders", data=data, content_type=content_type)
    assert answer.status_code == 400
    assert list(answer.get_json()["problems"]) == ["body"]


def test_body_too_large(client: FlaskClient) -> None:
    answer = client.post("/orders", json={"item": "x" * 20_000, "quantity": 1})
    assert answer.status_code == 413
    assert "error" in answer.get_json()


@pytest.mark.parametrize("path", ["/orders/unknown", "/nowhere"])
def test_not_found(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.content_type == JSON
    assert answer.get_json()["error"]


def test_wrong_method_keeps_the_allow_header(client: FlaskClient) -> None:
    answer = client.delete("/orders")
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]
    assert answer.content_type == JSON


def test_unexpected_error_is_json_and_tells_no_details(app: Flask) -> None:
    @app.get("/broken")
    def broken() -> str:
        raise RuntimeError("a secret")

    answer = app.test_client().get("/broken")
    assert answer.status_code == 500
    assert answer.content_type == JSON
    assert b"a secret" not in answer.data


def test_request_is_logged(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="orders.request"):
        client.get("/orders/unknown", headers={"X-Amzn-Trace-Id": "Root=1-2"})
        client.get("/health")
    (record,) = caplog.records
    fields = record.fields  # type: ignore[attr-defined]
    assert fields.pop("duration_ms") >= 0
    assert fields == {
        "method": "GET",
        "path": "/orders/unknown",
        "status": 404,
        "trace_id": "Root=1-2",
    }
