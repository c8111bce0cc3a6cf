"""Is the mechanism needed? The nulls and the baseline against the patterns that the press of 2023 shows."""

from collections.abc import Sequence
from textwrap import wrap

import pandas as pd

from calibration.posterior import parameters_of, shipped_draws
from calibration.predictive import PRESS, RETOLD, against_years
from calibration.score import score_draws
from calibration.targets import tours_of_2023
from model.batch import Batch
from model.ensemble import simulate_all
from model.parameters import CHOICE
from model.run import Run
from model.world import china
from scenarios.study.scenario import find_scenario

BASELINE = "baseline"
NULLS = ("random_hosts", "nearest_host", "no_learning")
VIEWS = (PRESS, RETOLD)
LEGEND = (
    "Distance: of the observed value from the median, in half widths of the baseline's 90% range. Score: mean log "
    "probability of a visit of 2023; the baseline was fitted on the same visits; its scores on tours left out are "
    "in calibration/posterior/rivals.csv."
)
WIDTH = 118
WORDS = {True: "does worse than the baseline", False: "DOES NOT DO WORSE than the baseline"}


def against_patterns(
    scenarios: Sequence[str] = NULLS, years: int = 200, seed: int = 1, workers: int | None = None
) -> pd.DataFrame:
    """Observed patterns against simulated years of the baseline and of each scenario, under the same draws and luck.

    Args:
        scenarios: names of files in ``scenarios/``.
        years: simulated years, each of one posterior draw.
        seed: of luck and of what is reported.
        workers: threads.

    Returns:
        The views of VIEWS as ``calibration.predictive`` tells them, with columns ``scenario`` and ``distance``: how far
        the observed value lies from the median, in half widths of the baseline's 90% range.
    """
    tables = {name: _patterns(name, years, seed, workers) for name in (BASELINE, *scenarios)}
    half = (tables[BASELINE]["high"] - tables[BASELINE]["low"]) / 2.0
    for table in tables.values():
        table["distance"] = (table["observed"] - table["median"]).abs() / half.where(half > 0)
    return pd.concat(tables, names=["scenario"]).reset_index("scenario").reset_index(drop=True)


def _patterns(name: str, years: int, seed: int, workers: int | None) -> pd.DataFrame:
    scenario, draws = find_scenario(name), shipped_draws().head(years)
    timetables = [scenario.timetable(draw) for draw in parameters_of(draws)]
    runs = [Run(start, seed, year, later=later) for year, (start, later) in enumerate(timetables)]
    simulated = simulate_all(Batch.of(runs), name, workers)
    table = against_years(_weights(draws, name), simulated, tours_of_2023(), seed)
    return table[table["view"].isin(VIEWS) & table["observed"].notna()].reset_index(drop=True)


def _weights(draws: pd.DataFrame, name: str) -> pd.DataFrame:
    """The draws with what the scenario changes of the choice of hosts."""
    changes = find_scenario(name).changes
    return draws.assign(**{each: changes[each] for each in CHOICE if each in changes})


def needed(patterns: pd.DataFrame) -> pd.DataFrame:
    """One row a scenario: patterns inside the 90% range, mean distance, and log score of a visit of 2023.

    ``worse`` is whether the mean distance is larger and the score lower than the baseline's.
    """
    draws, tours = shipped_draws(), tours_of_2023()
    names = list(patterns["scenario"].unique())
    scores = score_draws(tours, {name: _weights(draws, name) for name in names}, china())
    rows = patterns.groupby("scenario", sort=False).agg(
        patterns=("verdict", "size"), inside=("verdict", lambda word: int((word == "inside").sum())),
        distance=("distance", "mean"),
    )  # fmt: skip
    table = rows.assign(score=[scores[name] for name in rows.index])
    base = table.loc[BASELINE]
    return table.assign(worse=(table["distance"] > base["distance"]) & (table["score"] < base["score"]))


def as_text(table: pd.DataFrame) -> str:
    """The table, and in words for each null whether the mechanism is needed for these patterns."""
    shown = table.drop(columns="worse").to_string(float_format="{:.2f}".format)
    verdicts = [f"{name} {WORDS[bool(row['worse'])]}." for name, row in table.iterrows() if name != BASELINE]
    even = [name for name, row in table.iterrows() if name != BASELINE and not row["worse"]]
    remark = f"What {', '.join(map(str, even))} leaves out is not needed for the visits observed." if even else ""
    return "\n".join([shown, "", *verdicts, *([remark] if remark else []), *wrap(LEGEND, WIDTH)])
