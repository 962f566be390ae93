import pytest
from fastapi.testclient import TestClient

from sales.web import create_app


@pytest.fixture
def client():
    return TestClient(create_app())


def test_health(client):
    assert client.get("/health").json() == {"status": "ok"}


def test_report_of_a_sale(client):
    assert client.post("/sales", json={"product": "tea", "price": 2, "pieces": 3}).status_code == 201
    assert client.get("/report").json() == {"totals": {"tea": 6.0}, "spread": 0.0}


@pytest.mark.parametrize("change", [{"product": ""}, {"price": 0}, {"pieces": -1}])
def test_a_wrong_sale_is_refused(client, change):
    sale = {"product": "tea", "price": 2, "pieces": 3, **change}
    assert client.post("/sales", json=sale).status_code == 422
