"""Paired differences between a scenario and its baseline, with what they rest on."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.measures import OUTCOMES

Numbers = NDArray[np.float64]
NINETY_PERCENT = 1.645  # standard deviations on either side of a normal mean
COLUMNS = (
    "scenario", "outcome", "unit", "baseline", "difference", "expected_low", "expected_high", "low", "high",
    "least", "most", "standardised", "probability_rises", "parameter_share", "standard_error", "verdict", "rests_on",
    "basis", "draws", "replicates",
)


def paired_differences(outcomes: pd.DataFrame, against: str) -> pd.DataFrame:
    """One row for each basis, scenario and outcome, from a tidy table of outcomes.

    A pair is the scenario and the baseline under the same draw of parameters and the same luck. ``expected_low`` and
    ``expected_high`` bound the expected difference with 90% probability, given what is known of the parameters and with
    luck averaged out. ``low`` and ``high`` hold 90% of the differences of single years, parameters and luck together;
    ``parameter_share`` is the part of their variance that is parameter uncertainty. ``least`` and ``most`` are how far
    the expected difference reached over all draws of parameters, assumed ones drawn from their whole range.
    ``standardised`` is the difference in standard deviations of single years of the baseline. ``probability_rises`` is
    the share of draws of parameters under which the expected difference is positive, a half for each that is zero.
    ``standard_error`` is the Monte Carlo error of the mean difference.

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
    parameters, luck = variance_components(difference)
    expected, single_year = expected_interval(difference), middle(difference)
    means, spread = difference.mean(axis=1), float(baseline.std())
    return {
        "baseline": float(baseline.mean()),
        "difference": float(difference.mean()),
        "expected_low": expected[0],
        "expected_high": expected[1],
        "low": single_year[0],
        "high": single_year[1],
        "least": float(means.min()),
        "most": float(means.max()),
        "standardised": float(difference.mean()) / spread if spread > 0 else np.nan,
        "probability_rises": float((means > 0).mean() + (means >= 0).mean()) / 2,
        "parameter_share": parameters / (parameters + luck) if parameters + luck > 0 else np.nan,
        "standard_error": standard_error(difference),
        "verdict": verdict(expected, single_year),
    }


def middle(values: Numbers) -> tuple[float, float]:
    """The interval that holds the middle 90% of values."""
    low, high = np.quantile(values, [0.05, 0.95])
    return float(low), float(high)


def expected_interval(values: Numbers) -> tuple[float, float]:
    """Where the expected difference lies with 90% probability, from paired differences, shape (draws, replicates).

    Means over a few replicates scatter by luck as well as by parameters, so they are drawn in towards the common mean
    until their variance is that of the parameters. The interval is never narrower than the Monte Carlo error allows.
    """
    means, error = values.mean(axis=1), standard_error(values)
    parameters, _ = variance_components(values)
    scale = np.sqrt(parameters / means.var(ddof=1)) if error > 0 else 0.0
    low, high = middle(means.mean() + scale * (means - means.mean()))
    reach = NINETY_PERCENT * error
    return min(low, float(means.mean()) - reach), max(high, float(means.mean()) + reach)


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
