"""Tests of the production server: the command in the Dockerfile, run without Docker."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
DEADLINE = 20.0

# Every variable that the server reads, so that the caller's environment has no effect.
ENVIRONMENT = {
    "BIND_ADDRESS": "127.0.0.1",
    "LOG_LEVEL": "INFO",
    "APP_VERSION": "1.2.3",
    "ENVIRONMENT_NAME": "test",
    "GUNICORN_CMD_ARGS": "",
}


class Server:
    """The server process, its port and its output."""

    def __init__(self, output: Path, **environment: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.output = output
        with output.open("wb") as stream:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *dockerfile_command()],
                cwd=PROJECT,
                env={**os.environ, **ENVIRONMENT, "PORT": str(self.port), **environment},
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=subprocess.STDOUT,
            )

    def connect(self) -> socket.socket:
        """Open a connection with a timeout."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=DEADLINE)

    def is_listening(self) -> bool:
        """Return whether the port accepts connections."""
        try:
            self.connect().close()
        except ConnectionRefusedError:
            return False
        return True

    def request(self, method: str, path: str) -> tuple[int, dict[str, object]]:
        """Send one request and return status and decoded body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=DEADLINE)
        try:
            connection.request(method, path)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()

    def log(self) -> list[dict[str, object]]:
        """Return the log; fails if a line is not JSON."""
        return [json.loads(line) for line in self.output.read_text().splitlines()]

    def wait_for_exit(self) -> int:
        """Return the exit code."""
        return self.process.wait(timeout=DEADLINE)

    def close(self) -> None:
        """Make sure that the process has stopped."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(timeout=DEADLINE)


def dockerfile_command() -> list[str]:
    """Return the exec-form CMD of the Dockerfile."""
    lines = (PROJECT / "Dockerfile").read_text().splitlines()
    (command,) = [line for line in lines if line.startswith("CMD ")]
    words: list[str] = json.loads(command[len("CMD ") :])
    return words


def wait_until(condition: Callable[[], bool]) -> None:
    """Wait for the condition, at most until the deadline."""
    end = time.monotonic() + DEADLINE
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.05)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """Run the server for one test."""
    server = Server(tmp_path / "output")
    try:
        wait_until(lambda: server.process.poll() is not None or server.is_listening())
        assert server.process.poll() is None, server.output.read_text()
        yield server
    finally:
        server.close()


def test_serves_and_stops_cleanly_on_sigterm(server: Server) -> None:
    assert server.request("GET", "/health")[0] == 200
    status, body = server.request("GET", "/")
    assert (status, body["environment"]) == (200, "test")
    assert server.request("GET", "/orders/unknown")[0] == 404

    started = time.monotonic()
    server.process.send_signal(signal.SIGTERM)
    assert server.wait_for_exit() == 0
    assert time.monotonic() - started < 5

    log = server.log()
    paths = [entry["path"] for entry in log if entry["logger"] == "orders.request"]
    assert paths == ["/", "/orders/unknown"]
    messages = [str(entry["message"]) for entry in log if entry["logger"] == "gunicorn.error"]
    (booted,) = [text for text in messages if text.startswith("Booting worker with pid: ")]
    with pytest.raises(ProcessLookupError):
        os.kill(int(booted.rsplit(" ", 1)[1]), 0)


def test_request_in_flight_completes_after_sigterm(server: Server) -> None:
    body = b'{"item": "book", "quantity": 1}'
    head = (
        "POST /orders HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\nExpect: 100-continue\r\n\r\n"
    )
    with server.connect() as connection, connection.makefile("rb") as answer:
        # "100 Continue" proves that a worker thread has the request and waits for its body.
        connection.sendall(head.encode())
        assert answer.readline().startswith(b"HTTP/1.1 100")
        assert answer.readline() == b"\r\n"

        server.process.send_signal(signal.SIGTERM)
        wait_until(lambda: not server.is_listening())
        assert server.process.poll() is None

        connection.sendall(body)
        assert answer.readline().startswith(b"HTTP/1.1 201")
        assert json.loads(answer.read().split(b"\r\n\r\n", 1)[1])["item"] == "book"
    assert server.wait_for_exit() == 0


def test_wrong_settings_stop_the_start_with_a_clear_text(tmp_path: Path) -> None:
    server = Server(tmp_path / "output", PORT="eighty")
    try:
        assert server.wait_for_exit() == 1
    finally:
        server.close()
    assert server.output.read_text() == (
        "Invalid configuration: PORT must be a whole number from 1 to 65535, not 'eighty'\n"
    )
