"""The interface of the service."""

from fastapi import FastAPI
from pydantic import BaseModel, Field

from sales.reports import spread, totals
from sales.storage import add, open_storage, rows


class NewSale(BaseModel):
    """What a client sends."""

    product: str = Field(min_length=1, max_length=80)
    price: float = Field(gt=0)
    pieces: int = Field(gt=0)


def create_app() -> FastAPI:
    """Return the service with a storage of its own."""
    service = FastAPI()
    storage = open_storage()

    @service.get("/health")
    def health() -> dict:
        return {"status": "ok"}

    @service.post("/sales", status_code=201)
    def post_sale(sale: NewSale) -> dict:
        add(storage, sale.product, sale.price, sale.pieces)
        return {"product": sale.product}

    @service.get("/report")
    def report() -> dict:
        found = rows(storage)
        return {"totals": totals(found), "spread": spread([row["price"] for row in found])}

    return service


app = create_app()
