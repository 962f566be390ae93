"""Fixtures shared by the tests."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from orders.app import create_app
from orders.settings import Settings


@pytest.fixture
def app() -> Flask:
    """Return a new application with settings that differ from the defaults."""
    return create_app(Settings(app_version="1.2.3", environment_name="test"))


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Return a client of the application."""
    return app.test_client()
