from sales.storage import add, open_storage, rows


def test_rows_are_those_that_were_added():
    engine = open_storage()
    add(engine, "tea", 2.5, 2)
    assert rows(engine) == [{"product": "tea", "price": 2.5, "pieces": 2}]
