"""Tests of the settings."""

from __future__ import annotations

import importlib

import pytest

from orders.settings import Settings, SettingsError


def test_defaults() -> None:
    assert Settings.from_environment({}) == Settings(
        bind_address="127.0.0.1",
        port=8080,
        log_level="INFO",
        app_version="development",
        environment_name="local",
    )


def test_empty_counts_as_not_set() -> None:
    assert Settings.from_environment({"PORT": "", "APP_VERSION": ""}) == Settings()


def test_values_from_the_environment() -> None:
    settings = Settings.from_environment(
        {
            "BIND_ADDRESS": "0.0.0.0",
            "PORT": "9000",
            "LOG_LEVEL": "debug",
            "APP_VERSION": "2024.1+abc",
            "ENVIRONMENT_NAME": "staging",
        }
    )
    assert settings == Settings("0.0.0.0", 9000, "DEBUG", "2024.1+abc", "staging")


@pytest.mark.parametrize(("address", "bind"), [("0.0.0.0", "0.0.0.0:8080"), ("::", "[::]:8080")])
def test_bind(address: str, bind: str) -> None:
    assert Settings(bind_address=address).bind == bind


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BIND_ADDRESS", "localhost"),
        ("PORT", "http"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "-1"),
        ("PORT", "8080\n"),
        ("LOG_LEVEL", "verbose"),
        ("APP_VERSION", "1.0 beta"),
        ("ENVIRONMENT_NAME", "eu/prod"),
    ],
)
def test_wrong_value_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"^Invalid configuration: {name} must be"):
        Settings.from_environment({name: value})


def test_every_wrong_value_is_named_at_once() -> None:
    with pytest.raises(SettingsError, match=r"PORT must be .*; LOG_LEVEL must be "):
        Settings.from_environment({"PORT": "x", "LOG_LEVEL": "x"})


def test_server_entry_point_uses_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("BIND_ADDRESS", "PORT", "LOG_LEVEL", "ENVIRONMENT_NAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("APP_VERSION", "from-environment")
    wsgi = importlib.import_module("orders.wsgi")
    answer = wsgi.app.test_client().get("/health")
    assert answer.get_json()["version"] == "from-environment"
