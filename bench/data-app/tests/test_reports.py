import pytest

from sales.reports import spread, totals


def test_totals_of_nothing():
    assert totals([]) == {}


def test_totals_by_product():
    rows = [
        {"product": "tea", "price": 2.5, "pieces": 2},
        {"product": "tea", "price": 3.0, "pieces": 1},
        {"product": "cup", "price": 9.9, "pieces": 1},
    ]
    assert totals(rows) == {"tea": 8.0, "cup": 9.9}


@pytest.mark.parametrize(("prices", "expected"), [([], 0.0), ([4.0], 0.0), ([1.0, 3.0], 1.0)])
def test_spread(prices, expected):
    assert spread(prices) == expected
