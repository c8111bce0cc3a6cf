"""Which assumed parameter could turn the sign of a difference: each at either end of its range in turn."""

from collections.abc import Iterator
from dataclasses import replace
from textwrap import wrap

import numpy as np
import pandas as pd

from model.batch import Batch
from model.ensemble import simulate_all
from model.measures import OUTCOMES, Numbers, measure_all
from model.parameters import DECLARATIONS, Parameters
from model.run import Run
from scenarios.study.differences import expected_interval
from scenarios.study.scenario import find_scenario
from scenarios.study.variants import BASELINE, Sample

COLUMNS = ("parameter", "value", "outcome", "rests_on", "difference", "expected_low", "expected_high", "turned")
AS_DRAWN = "as drawn"
LEGEND = (
    "One assumed parameter at a time is held at an end of its assumed range, all else as drawn; 90% of the expected "
    "difference. Turned: the interval there lies on the other side of zero than the one with all as drawn."
)
WIDTH = 118


def at_ends(
    scenario: str, against: str = BASELINE, sample: Sample | None = None, workers: int | None = None
) -> pd.DataFrame:
    """Posterior differences with every assumed parameter as drawn, and with each at the ends of its range in turn.

    What a scenario itself changes stays as the scenario has it, so that holding it moves only the other.

    Returns:
        Columns COLUMNS, one row a setting and outcome; the first setting, AS_DRAWN, holds nothing.

    Raises:
        InputError: for an unknown scenario.
    """
    sample = sample or Sample()
    names, settings = (against, scenario), [(AS_DRAWN, np.nan), *_ends(sample)]
    runs = [run for name, value in settings for run in _runs(names, name, value, sample)]
    measured = measure_all(simulate_all(Batch.of(runs), "ends of ranges", workers))
    shape = (len(settings), len(names), sample.draws, sample.replicates)
    rows = [
        (*setting, outcome, OUTCOMES[outcome].rests_on, *_told(values[place, 1] - values[place, 0]))
        for outcome, values in ((name, each.reshape(shape)) for name, each in measured.items())
        for place, setting in enumerate(settings)
    ]
    return _with_turned(pd.DataFrame(rows, columns=list(COLUMNS[:-1])))


def _ends(sample: Sample) -> list[tuple[str, float]]:
    assumed = [
        (name, item.prior) for name, item in DECLARATIONS.items()
        if item.status == "assumed" and item.prior is not None and name not in sample.fixed
    ]
    return [(name, end) for name, prior in assumed for end in (prior.first, prior.second)]


def _runs(scenarios: tuple[str, ...], name: str, value: float, sample: Sample) -> Iterator[Run]:
    held = sample if name == AS_DRAWN else replace(sample, fixed={**sample.fixed, name: value})
    bases: list[Parameters] = held.bases["posterior"]
    for found in map(find_scenario, scenarios):
        for draw, base in enumerate(bases):
            start, later = found.timetable(base)
            for replicate in range(sample.replicates):
                yield Run(start, sample.seed, draw * sample.replicates + replicate, sample.weeks, later)


def _told(values: Numbers) -> tuple[float, float, float]:
    measured = values[~np.isnan(values).any(axis=1)]
    if len(measured) < 2:
        return np.nan, np.nan, np.nan
    return float(measured.mean()), *expected_interval(measured)


def _with_turned(table: pd.DataFrame) -> pd.DataFrame:
    drawn = table[table["parameter"] == AS_DRAWN].set_index("outcome").loc[table["outcome"]]
    up = (drawn["expected_low"] > 0).to_numpy() & (table["expected_high"] < 0).to_numpy()
    down = (drawn["expected_high"] < 0).to_numpy() & (table["expected_low"] > 0).to_numpy()
    return table.assign(turned=up | down)


def as_text(table: pd.DataFrame, scenario: str, against: str, sample: Sample) -> str:
    """For each outcome the range of the mean difference, the parameter that moves it most, and those that turn it."""
    lines = [
        f"{scenario} against {against}: {sample}.",
        f"{'outcome':<41}{'as drawn':>10}{'range of the mean':>24}  moved most by",
    ]
    for outcome, rows in table.groupby("outcome", sort=False):
        if not rows["difference"].any():
            continue
        drawn, moved = rows["difference"].iloc[0], rows.iloc[1:]
        most = moved.loc[(moved["difference"] - drawn).abs().idxmax()]
        mark = " (assumed)" if rows["rests_on"].iloc[0] == "assumed" else ""
        span = f"{rows['difference'].min():+.3g} to {rows['difference'].max():+.3g}"
        turned = ", ".join(moved.loc[moved["turned"], "parameter"].unique())
        told = f"{most['parameter']} = {most['value']:g}{'; turned by ' + turned if turned else ''}"
        lines.append(f"{f'{outcome}{mark}':<41}{drawn:>+10.3g}{span:>24}  {told}")
    return "\n".join([*lines, "", *wrap(LEGEND, WIDTH)])
