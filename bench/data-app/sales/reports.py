"""What the sales add up to."""

import numpy as np
import pandas as pd


def totals(rows: list[dict]) -> dict[str, float]:
    """Return the revenue of each product."""
    if not rows:
        return {}
    table = pd.DataFrame(rows)
    table["revenue"] = table["price"] * table["pieces"]
    return table.groupby("product")["revenue"].sum().round(2).to_dict()


def spread(prices: list[float]) -> float:
    """Return how far the prices are apart, as their standard deviation."""
    return float(np.std(prices)) if prices else 0.0
