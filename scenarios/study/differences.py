"""Paired differences between a scenario and its baseline, with what they rest on."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr

from model.measures import OUTCOMES

Numbers = NDArray[np.float64]
NINETY_PERCENT = 1.645  # standard deviations on either side of a normal mean
COLUMNS = (
    "scenario", "outcome", "unit", "baseline", "difference", "expected_low", "expected_high", "low", "high",
    "parameter_share", "standard_error", "standardised", "precision", "above_zero", "verdict", "rests_on", "basis",
    "draws", "replicates",
)


def paired_differences(outcomes: pd.DataFrame, against: str) -> pd.DataFrame:
    """One row for each basis, scenario and outcome, from a tidy table of outcomes.

    A pair is the scenario and the baseline under the same draw of parameters and the same luck. ``expected_low`` and
    ``expected_high`` bound the expected difference with 90% probability, given what is known of the parameters and with
    luck averaged out. ``low`` and ``high`` hold 90% of the differences of single years, parameters and luck together;
    ``parameter_share`` is the part of their variance that is parameter uncertainty. ``standard_error`` is the Monte
    Carlo error of the mean difference. ``standardised`` is the difference in standard deviations of the baseline's
    single years, and ``above_zero`` the probability that the expected difference is positive. ``precision`` is half the
    90% interval of the Monte Carlo error, in the same standard deviations or, where it is larger, in the difference.

    Draws with a history in which an outcome could not be measured are left out of its row.

    Args:
        outcomes: columns basis, scenario, draw, replicate and one for each outcome.
        against: the scenario subtracted.
    """
    rows = []
    for (basis, scenario), table in outcomes.groupby(["basis", "scenario"], sort=False):
        if scenario == against:
            continue
        base = by_draw(outcomes[(outcomes["basis"] == basis) & (outcomes["scenario"] == against)])
        changed = by_draw(table)
        for name in OUTCOMES:
            rows.append({"scenario": scenario, "basis": basis, **_row(name, base[name], changed[name])})
    return pd.DataFrame(rows, columns=list(COLUMNS))


def by_draw(table: pd.DataFrame) -> dict[str, Numbers]:
    """Values of every outcome of one scenario, shape (draws, replicates) each."""
    wide = table.pivot(index="draw", columns="replicate", values=list(OUTCOMES))
    return {name: np.asarray(wide[name], dtype=float) for name in OUTCOMES}


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
    parameters, luck = variance_components(difference)
    expected, single_year = expected_interval(difference), middle(difference)
    error, spread = standard_error(difference), float(baseline.std(ddof=1))
    scale = max(spread, abs(float(difference.mean())))
    return {
        "baseline": float(baseline.mean()),
        "difference": float(difference.mean()),
        "expected_low": expected[0],
        "expected_high": expected[1],
        "low": single_year[0],
        "high": single_year[1],
        "parameter_share": parameters / (parameters + luck) if parameters + luck > 0 else np.nan,
        "standard_error": error,
        "standardised": float(difference.mean()) / spread if spread > 0 else np.nan,
        "precision": NINETY_PERCENT * error / scale if scale > 0 else np.nan,
        "above_zero": above_zero(difference),
        "verdict": verdict(expected, single_year),
    }


def middle(values: Numbers) -> tuple[float, float]:
    """The interval that holds the middle 90% of values."""
    low, high = np.quantile(values, [0.05, 0.95])
    return float(low), float(high)


def expected_interval(values: Numbers) -> tuple[float, float]:
    """Where the expected difference lies with 90% probability, from paired differences, shape (draws, replicates).

    The interval is never narrower than the Monte Carlo error allows.
    """
    low, high = middle(expected_values(values))
    mean, reach = float(values.mean(axis=1).mean()), NINETY_PERCENT * standard_error(values)
    return min(low, mean - reach), max(high, mean + reach)


def expected_values(values: Numbers) -> Numbers:
    """The expected difference under each draw of parameters, shape (draws,).

    Means over a few replicates scatter by luck as well as by parameters, so they are drawn in towards the common mean
    until their variance is that of the parameters.
    """
    means = values.mean(axis=1)
    parameters, _ = variance_components(values)
    scale = np.sqrt(parameters / means.var(ddof=1)) if means.var() > 0 else 0.0
    return np.asarray(means.mean() + scale * (means - means.mean()))


def above_zero(values: Numbers) -> float:
    """Probability that the expected difference is positive, Monte Carlo error included; undefined if nothing differs.

    Args:
        values: paired differences, shape (draws, replicates).
    """
    expected, error = expected_values(values), standard_error(values)
    if not values.any():
        return np.nan
    return float(ndtr(expected / error).mean() if error > 0 else (expected > 0).mean())


def standard_error(values: Numbers) -> float:
    """Monte Carlo error of the mean of values of shape (draws, replicates), the draws being independent."""
    return float(values.mean(axis=1).std(ddof=1) / np.sqrt(len(values)))


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
