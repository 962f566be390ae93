"""Validation of the input of clients."""

from __future__ import annotations

from typing import Any

MAX_ITEM_LENGTH = 100
MAX_QUANTITY = 1000
MAX_LIMIT = 100
DEFAULT_LIMIT = 20


class InvalidInput(ValueError):
    """The client's input is not valid; ``problems`` maps a field to its problem."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__("invalid input")
        self.problems = problems


def parse_order(body: Any) -> tuple[str, int]:
    """Return item and quantity from a decoded JSON body."""
    if not isinstance(body, dict):
        raise InvalidInput({"body": "must be a JSON object sent as application/json"})
    problems = {name: "is not a known field" for name in body if name not in ("item", "quantity")}

    item = body.get("item")
    item = item.strip() if isinstance(item, str) else ""
    if not 1 <= len(item) <= MAX_ITEM_LENGTH:
        problems["item"] = f"must be a string of 1 to {MAX_ITEM_LENGTH} characters"

    quantity = body.get("quantity")
    # JSON's true and false are integers to Python.
    if not isinstance(quantity, int) or isinstance(quantity, bool):
        quantity = 0
    if not 1 <= quantity <= MAX_QUANTITY:
        problems["quantity"] = f"must be a whole number from 1 to {MAX_QUANTITY}"

    if problems:
        raise InvalidInput(problems)
    return item, quantity


def parse_limit(text: str | None) -> int:
    """Return the page size of the ``limit`` query parameter."""
    if text is None:
        return DEFAULT_LIMIT
    if not (text.isascii() and text.isdigit() and len(text) <= 3 and 1 <= int(text) <= MAX_LIMIT):
        raise InvalidInput({"limit": f"must be a whole number from 1 to {MAX_LIMIT}"})
    return int(text)
