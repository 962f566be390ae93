"""Settings of the service, read from the environment and validated at startup."""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass

LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


class SettingsError(ValueError):
    """The environment contains values that are not valid."""


@dataclass(frozen=True)
class Settings:
    """Validated settings; the defaults suit a developer's machine."""

    bind_address: str = "127.0.0.1"
    port: int = 8080
    log_level: str = "INFO"
    app_version: str = "development"
    environment_name: str = "local"

    @property
    def bind(self) -> str:
        """Return ``address:port`` in the form that gunicorn expects."""
        host = f"[{self.bind_address}]" if ":" in self.bind_address else self.bind_address
        return f"{host}:{self.port}"

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> Settings:
        """Read the settings; one error names every variable that is not valid."""
        bind_address = environ.get("BIND_ADDRESS") or cls.bind_address
        port = environ.get("PORT") or str(cls.port)
        log_level = (environ.get("LOG_LEVEL") or cls.log_level).upper()
        app_version = environ.get("APP_VERSION") or cls.app_version
        environment_name = environ.get("ENVIRONMENT_NAME") or cls.environment_name

        problems = []
        if not _is_ip_address(bind_address):
            problems.append(f"BIND_ADDRESS must be an IP address, not {bind_address!r}")
        if not re.fullmatch(r"[0-9]{1,5}", port) or not 1 <= int(port) <= 65535:
            problems.append(f"PORT must be a whole number from 1 to 65535, not {port!r}")
        if log_level not in LOG_LEVELS:
            problems.append(f"LOG_LEVEL must be one of {', '.join(LOG_LEVELS)}, not {log_level!r}")
        if not re.fullmatch(r"[!-~]{1,128}", app_version):
            problems.append(
                f"APP_VERSION must be 1 to 128 visible ASCII characters, not {app_version!r}"
            )
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", environment_name):
            problems.append(
                "ENVIRONMENT_NAME must be 1 to 64 letters, digits, '-' or '_', "
                f"not {environment_name!r}"
            )
        if problems:
            raise SettingsError("Invalid configuration: " + "; ".join(problems))

        return cls(
            bind_address=bind_address,
            port=int(port),
            log_level=log_level,
            app_version=app_version,
            environment_name=environment_name,
        )


def _is_ip_address(text: str) -> bool:
    """Return whether the text is an IPv4 or IPv6 address."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
