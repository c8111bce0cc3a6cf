"""Visits of every pair, counted from a visit log."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from results.style import Provinces


def pair_totals(visits: pd.DataFrame, world: Provinces) -> NDArray[np.float64]:
    """Return the visits from each origin (row) to each host (column), shape (n, n), in the world's order.

    A column `weight`, where there is one, says what a row counts for (1 / histories, when several histories
    are stacked); without it every row counts 1. Raises ValueError for a province the world does not have.
    """
    places = {name: place for place, name in enumerate(world.names)}
    strangers = sorted((set(visits["origin"]) | set(visits["host"])) - places.keys())
    if strangers:
        raise ValueError(f"the world has no province called {', '.join(map(str, strangers))}")
    totals = np.zeros((len(places), len(places)))
    weight = visits["weight"].to_numpy(float) if "weight" in visits else np.ones(len(visits))
    rows = visits["origin"].map(places).to_numpy(int)
    columns = visits["host"].map(places).to_numpy(int)
    np.add.at(totals, (rows, columns), weight)
    return totals
