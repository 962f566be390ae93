"""Orders and the thread-safe store that keeps them in memory."""

from __future__ import annotations

import threading
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timezone


@dataclass(frozen=True)
class Order:
    """An accepted order."""

    item: str
    quantity: int
    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    created_at: str = field(default_factory=lambda: datetime.now(timezone.utc).isoformat())


class OrderStore:
    """Keep orders in the order of their arrival; safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._orders: dict[str, Order] = {}

    def add(self, order: Order) -> None:
        """Store an order under its id."""
        with self._lock:
            self._orders[order.id] = order

    def get(self, order_id: str) -> Order | None:
        """Return the order with this id, or None."""
        with self._lock:
            return self._orders.get(order_id)

    def latest(self, limit: int) -> list[Order]:
        """Return up to ``limit`` orders, the newest first."""
        with self._lock:
            orders = list(self._orders.values())
        return orders[: -limit - 1 : -1]
