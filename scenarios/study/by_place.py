"""Differences between a scenario and its baseline province by province, and cluster by cluster."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.world import CLUSTERS, DOMAINS, World
from scenarios.study.differences import expected_interval

HISTORY = ["draw", "replicate"]
ELSEWHERE = "in no cluster"
# What is told of every province: unit, and what it rests on.
MEASURES = {
    "capability_gained": ("capability index x 1000", "assumed"),
    "visits_received": ("visits", "identified"),
    "visits_made": ("visits", "identified"),
}
COLUMNS = (
    "scenario", "measure", "unit", "rests_on", "place", "baseline", "difference", "expected_low", "expected_high",
)


def by_province(visits: pd.DataFrame, capability: pd.DataFrame, against: str, world: World) -> pd.DataFrame:
    """Paired posterior differences of every province, from the tables of a comparison.

    Args:
        visits, capability: as a comparison has them.
        against: the scenario subtracted.
        world: the provinces.

    Returns:
        Columns COLUMNS, one row a scenario, measure and province; the interval is of the expected difference, 90%.
    """
    return _told(visits, capability, against, {name: [name] for name in world.names})


def by_cluster(visits: pd.DataFrame, capability: pd.DataFrame, against: str, world: World) -> pd.DataFrame:
    """The same for the mean province of each cluster, and of those in none."""
    names = np.array(world.names)
    members = {title: names[world.cluster == code].tolist() for code, title in {**CLUSTERS, "": ELSEWHERE}.items()}
    return _told(visits, capability, against, {title: each for title, each in members.items() if each})


def _told(
    visits: pd.DataFrame, capability: pd.DataFrame, against: str, places: Mapping[str, list[str]]
) -> pd.DataFrame:
    values = _of_scenarios(visits, capability)
    base, rows = values[against], []
    for scenario in [name for name in values if name != against]:
        for measure, (unit, basis) in MEASURES.items():
            for place, members in places.items():
                before, after = (_grid(each[measure][members].mean(axis=1)) for each in (base, values[scenario]))
                low, high = expected_interval(after - before)
                told = (float(before.mean()), float((after - before).mean()), low, high)
                rows.append((scenario, measure, unit, basis, place, *told))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _of_scenarios(visits: pd.DataFrame, capability: pd.DataFrame) -> dict[str, dict[str, pd.DataFrame]]:
    """Every measure of every scenario, one row a history and one column a province."""
    rows = capability[capability["basis"] == "posterior"]
    rows = rows.assign(mean=1000.0 * rows[list(DOMAINS)].mean(axis=1))
    gone = visits[visits["basis"] == "posterior"]
    values = {}
    for name, table in rows.groupby("scenario", sort=False):
        wide = table.pivot(index=HISTORY, columns=["moment", "province"], values="mean")
        own = gone[gone["scenario"] == name]
        gained = pd.DataFrame(wide["end"]) - pd.DataFrame(wide["start"])
        values[str(name)] = {
            "capability_gained": gained,
            "visits_received": _counted(own, "host", gained),
            "visits_made": _counted(own, "origin", gained),
        }
    return values


def _counted(visits: pd.DataFrame, whose: str, like: pd.DataFrame) -> pd.DataFrame:
    counts = visits.groupby([*HISTORY, whose]).size().unstack(whose, fill_value=0)
    return counts.reindex(index=like.index, columns=like.columns, fill_value=0).astype(float)


def _grid(values: pd.Series) -> NDArray[np.float64]:
    """One number a history as an array of shape (draws, replicates)."""
    return np.asarray(values.unstack("replicate"), dtype=float)
