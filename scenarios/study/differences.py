"""Paired differences between a scenario and its baseline, with what they rest on."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.measures import OUTCOMES

Numbers = NDArray[np.float64]
NINETY_PERCENT = 1.645  # standard deviations on either side of a normal mean
COLUMNS = (
    "scenario", "outcome", "unit", "baseline", "difference", "expected_low", "expected_high", "low", "high",
    "parameter_share", "standard_error", "verdict", "rests_on", "basis", "draws", "replicates",
)


def paired_differences(outcomes: pd.DataFrame, against: str) -> pd.DataFrame:
    """One row for each basis, scenario and outcome, from a tidy table of outcomes.

    A pair is the scenario and the baseline under the same draw of parameters and the same luck. ``expected_low`` and
    ``expected_high`` bound the expected difference with 90% probability, given what is known of the parameters and with
    luck averaged out. ``low`` and ``high`` hold 90% of the differences of single years, parameters and luck together;
    ``parameter_share`` is the part of their variance that is parameter uncertainty. ``standard_error`` is the Monte
    Carlo error of the mean difference.

    Draws with a history in which an outcome could not be measured are left out of its row.

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
    measured = ~np.isnan(after - before).any(axis=1)
    return {
        "outcome": name,
        "unit": OUTCOMES[name].unit,
        "rests_on": OUTCOMES[name].rests_on,
        "draws": before.shape[0],
        "replicates": before.shape[1],
        **_told(before[measured], (after - before)[measured]),
    }


def _told(baseline: Numbers, difference: Numbers) -> dict[str, object]:
    """What can be said of paired differences, shape (draws, replicates); nothing of fewer than two draws."""
    if len(difference) < 2:
        return {"verdict": "nothing to measure"}
    mean = float(difference.mean())
    low, high = map(float, np.quantile(difference, [0.05, 0.95]))
    parameters, luck = variance_components(difference)
    error = float(difference.mean(axis=1).std(ddof=1) / np.sqrt(len(difference)))
    reach = NINETY_PERCENT * float(np.sqrt(parameters + error**2))
    return {
        "baseline": float(baseline.mean()),
        "difference": mean,
        "expected_low": mean - reach,
        "expected_high": mean + reach,
        "low": low,
        "high": high,
        "parameter_share": parameters / (parameters + luck) if parameters + luck > 0 else np.nan,
        "standard_error": error,
        "verdict": verdict((mean - reach, mean + reach), (low, high)),
    }


def variance_components(values: Numbers) -> tuple[float, float]:
    """Variance between draws of parameters, and that of luck within a draw (one-way random effects).

    Args:
        values: shape (draws, replicates), at least two of each.
    """
    luck = float(values.var(axis=1, ddof=1).mean())
    between = float(values.mean(axis=1).var(ddof=1))
    return max(0.0, between - luck / values.shape[1]), luck


def verdict(expected: tuple[float, float], single_year: tuple[float, float]) -> str:
    """A plain word for a difference, from the 90% intervals of its expectation and of single years."""
    if expected == single_year == (0.0, 0.0):
        return "the same in every pair"
    if not (expected[0] > 0 or expected[1] < 0):
        return "cannot be told from zero"
    direction = "rises" if expected[0] > 0 else "falls"
    return direction if single_year[0] > 0 or single_year[1] < 0 else f"{direction} on average"
