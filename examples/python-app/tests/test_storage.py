"""Tests of the store."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from orders.storage import Order, OrderStore


def test_get() -> None:
    store = OrderStore()
    order = Order(item="book", quantity=1)
    assert store.get(order.id) is None
    store.add(order)
    assert store.get(order.id) == order


def test_latest() -> None:
    store = OrderStore()
    orders = [Order(item=str(number), quantity=1) for number in range(3)]
    for order in orders:
        store.add(order)
    assert store.latest(1) == [orders[2]]
    assert store.latest(3) == store.latest(10) == orders[::-1]


def test_threads_lose_no_order_and_may_list_meanwhile() -> None:
    store = OrderStore()

    def work(number: int) -> int:
        store.add(Order(item=str(number), quantity=1))
        return len(store.latest(2000))

    with ThreadPoolExecutor(max_workers=8) as pool:
        seen = list(pool.map(work, range(1000)))
    assert max(seen) == 1000
    assert {order.item for order in store.latest(2000)} == {str(n) for n in range(1000)}
