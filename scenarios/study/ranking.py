"""Scenarios in order of what they do to an outcome, with the probability that one is first or last."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.measures import OUTCOMES
from scenarios.study.differences import by_draw, expected_values


def ranking(outcomes: pd.DataFrame, against: str) -> pd.DataFrame:
    """The scenarios in falling order of their mean posterior difference, one row an outcome and scenario.

    ``first`` and ``last`` are the shares of parameter draws under which a scenario raises or lowers the outcome most,
    luck averaged out as far as the replicates go; a tie counts in parts. Outcomes that were not measured in some
    history lose that draw.

    Args:
        outcomes: columns basis, scenario, draw, replicate and one for each outcome.
        against: the scenario subtracted.
    """
    posterior = outcomes[outcomes["basis"] == "posterior"]
    wide = {str(name): by_draw(table) for name, table in posterior.groupby("scenario", sort=False)}
    base = wide.pop(against)
    return pd.concat([_of_outcome(name, base, wide) for name in OUTCOMES], ignore_index=True)


def _of_outcome(name: str, base: dict[str, np.ndarray], wide: dict[str, dict[str, np.ndarray]]) -> pd.DataFrame:
    differences = np.stack([each[name] - base[name] for each in wide.values()])
    measured = differences[:, ~np.isnan(differences).any(axis=(0, 2))]
    if measured.shape[1] < 2:
        return pd.DataFrame()
    expected = np.stack([expected_values(each) for each in measured])
    table = pd.DataFrame({
        "outcome": name,
        "scenario": list(wide),
        "difference": expected.mean(axis=1),
        "first": _shares(expected == expected.max(axis=0)),
        "last": _shares(expected == expected.min(axis=0)),
    }).sort_values("difference", ascending=False, kind="stable")
    return table.assign(rank=np.arange(1, len(table) + 1))


def _shares(wins: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Share of draws that each scenario wins, from shape (scenarios, draws)."""
    return np.asarray((wins / wins.sum(axis=0)).mean(axis=1))
