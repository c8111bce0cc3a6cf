"""What a sweep says: where each outcome went, and which parameter took it there."""

from textwrap import wrap

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from model.measures import OUTCOMES

LEGEND = (
    "Luck: part of the variance left within points, by luck and by draws of what was not varied. In brackets: the rank "
    "correlation of the means of points with the parameter. Assumed: rests on rates that nobody has measured."
)
WIDTH = 118
WIDTHS = "{:<41}{:>10}{:>24}{:>8}  {}"


def effects(outcomes: pd.DataFrame, varied: list[str]) -> pd.DataFrame:
    """One row a scenario and outcome, from the outcomes of a sweep.

    Columns: mean over all histories; low and high, between which lie the means of 90% of points; luck, the part of the
    variance that is left within points (luck, and draws of what was not varied); and for each parameter varied the rank
    correlation of the points' means with it (Spearman), not a number where the outcome never changed.
    """
    rows = []
    for scenario, table in outcomes.groupby("scenario", sort=False):
        by_point = table.groupby("point")
        means, settings = by_point[list(OUTCOMES)].mean(), by_point[varied].first()
        within = by_point[list(OUTCOMES)].var(ddof=1).mean()
        for name, item in OUTCOMES.items():
            rows.append({
                "scenario": scenario, "outcome": name, "unit": item.unit, "rests_on": item.rests_on,
                "mean": table[name].mean(), "low": means[name].quantile(0.05), "high": means[name].quantile(0.95),
                "luck": share_of_luck(means[name], float(within[name])),
                **{parameter: _rank_correlation(settings[parameter], means[name]) for parameter in varied},
            })  # fmt: skip
    return pd.DataFrame(rows)


def share_of_luck(means: pd.Series, within: float) -> float:
    """Part of the variance of single histories that is left within points; unknown from one replicate."""
    whole = within + float(means.var(ddof=0))
    return within / whole if whole > 0 else np.nan


def _rank_correlation(setting: pd.Series, mean: pd.Series) -> float:
    known = mean.notna()
    if setting[known].nunique() < 2 or mean[known].nunique() < 2:
        return np.nan
    return float(np.corrcoef(rankdata(setting[known]), rankdata(mean[known]))[0, 1])


def as_text(table: pd.DataFrame, varied: list[str]) -> str:
    """The effects as a small table for each scenario, with the parameter that an outcome follows most."""
    lines = []
    for scenario, rows in table.groupby("scenario", sort=False):
        lines += ["", str(scenario), WIDTHS.format("outcome", "mean", "means of 90% of points", "luck", "follows most")]
        lines += [_line(row, varied) for _, row in rows.iterrows()]
    return "\n".join([*lines, "", *wrap(LEGEND, WIDTH)])


def _line(row: pd.Series, varied: list[str]) -> str:
    span = f"{row['low']:.3g} to {row['high']:.3g}"
    luck = "" if np.isnan(row["luck"]) else f"{row['luck']:.0%}"
    name = row["outcome"] + (" (assumed)" if row["rests_on"] == "assumed" else "")
    return WIDTHS.format(name, f"{row['mean']:.3g}", span, luck, _strongest(row[varied].astype(float)))


def _strongest(correlations: pd.Series) -> str:
    if correlations.isna().all():
        return "nothing"
    name = str(correlations.abs().idxmax())
    return f"{name} ({correlations[name]:+.2f})"
