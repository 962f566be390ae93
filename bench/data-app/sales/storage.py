"""Where sales are kept."""

from sqlalchemy import Float, Integer, String, create_engine, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.pool import StaticPool


class Base(DeclarativeBase):
    """The tables of this service."""


class Sale(Base):
    """One line of an order."""

    __tablename__ = "sales"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    product: Mapped[str] = mapped_column(String(80))
    price: Mapped[float] = mapped_column(Float)
    pieces: Mapped[int] = mapped_column(Integer)


def open_storage() -> Engine:
    """Return an empty storage in memory."""
    engine = create_engine(
        "sqlite://", connect_args={"check_same_thread": False}, poolclass=StaticPool
    )
    Base.metadata.create_all(engine)
    return engine


def add(engine: Engine, product: str, price: float, pieces: int) -> None:
    """Keep one sale."""
    with Session(engine) as session:
        session.add(Sale(product=product, price=price, pieces=pieces))
        session.commit()


def rows(engine: Engine) -> list[dict]:
    """Return all sales."""
    with Session(engine) as session:
        return [
            {"product": sale.product, "price": sale.price, "pieces": sale.pieces}
            for sale in session.scalars(select(Sale))
        ]
