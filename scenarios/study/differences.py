"""Paired differences between a scenario and its baseline, with what they rest on."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.measures import OUTCOMES

Numbers = NDArray[np.float64]
COLUMNS = (
    "scenario", "outcome", "unit", "baseline", "difference", "low", "high", "parameter_share", "standard_error",
    "verdict", "rests_on", "basis", "draws", "replicates",
)


def paired_differences(outcomes: pd.DataFrame, against: str) -> pd.DataFrame:
    """One row for each basis, scenario and outcome, from a tidy table of outcomes.

    A pair is the scenario and the baseline under the same draw of parameters and the same luck. ``low`` and ``high``
    hold 90% of the differences of a single year, parameters and luck together; ``parameter_share`` is the part of
    their variance that is parameter uncertainty; ``standard_error`` is of the mean difference.

    Args:
        outcomes: columns basis, scenario, draw, replicate and one for each outcome.
        against: the scenario subtracted.
    """
    rows = []
    for (basis, scenario), table in outcomes.groupby(["basis", "scenario"], sort=False):
        if scenario == against:
            continue
        base = outcomes[(outcomes["basis"] == basis) & (outcomes["scenario"] == against)]
        for name in OUTCOMES:
            before, after = _by_draw(base, name), _by_draw(table, name)
            rows.append({"scenario": scenario, "basis": basis, **_row(name, before, after)})
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _by_draw(table: pd.DataFrame, outcome: str) -> Numbers:
    """Values of one outcome, shape (draws, replicates)."""
    return np.asarray(table.pivot(index="draw", columns="replicate", values=outcome), dtype=float)


def _row(name: str, before: Numbers, after: Numbers) -> dict[str, object]:
    difference = after - before
    low, high = np.nanquantile(difference, [0.05, 0.95])
    share, error = parameter_share_and_error(difference)
    return {
        "outcome": name,
        "unit": OUTCOMES[name].unit,
        "baseline": float(np.nanmean(before)),
        "difference": float(np.nanmean(difference)),
        "low": float(low),
        "high": float(high),
        "parameter_share": share,
        "standard_error": error,
        "verdict": verdict(difference, float(low), float(high)),
        "rests_on": OUTCOMES[name].rests_on,
        "draws": difference.shape[0],
        "replicates": difference.shape[1],
    }


def parameter_share_and_error(values: Numbers) -> tuple[float, float]:
    """Share of the variance that lies between draws, and the standard error of the mean (one-way random effects).

    Args:
        values: shape (draws, replicates), at least two of each; not-a-number where there was nothing to measure.
    """
    complete = values[~np.isnan(values).any(axis=1)]
    if len(complete) < 2:
        return np.nan, np.nan
    means, replicates = complete.mean(axis=1), complete.shape[1]
    luck = float(complete.var(axis=1, ddof=1).mean())
    parameters = max(0.0, float(means.var(ddof=1)) - luck / replicates)
    total = luck + parameters
    return (parameters / total if total > 0 else np.nan), float(np.sqrt(means.var(ddof=1) / len(means)))


def verdict(differences: Numbers, low: float, high: float) -> str:
    """A plain word for paired differences and the interval that holds 90% of them."""
    if not differences.any():
        return "the same in every pair"
    if low > 0:
        return "rises"
    return "falls" if high < 0 else "cannot be told from zero"
