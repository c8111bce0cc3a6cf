"""What sharing luck decision by decision is worth: variance of differences against that of independent seeds."""

import numpy as np
import pandas as pd

from calibration.posterior import posterior_draws
from model.batch import Batch
from model.ensemble import simulate_all
from model.measures import OUTCOMES, Numbers, measure_all
from model.parameters import Parameters
from model.run import Run
from scenarios.study.scenario import find_scenario

Timetable = tuple[Parameters, dict[int, Parameters]]

OTHER_LUCK = 1_000_000
REPLICATES = 4  # of each draw, to tell luck from parameters
COLUMNS = ("outcome", "shared", "independent", "times", "times_in_all")


def shared_luck(
    scenario: str = "stronger_central_coordination", draws: int = 60, seed: int = 1, workers: int | None = None
) -> pd.DataFrame:
    """Variance of the difference between a scenario and the baseline, with shared and with independent luck.

    Both share the posterior draw: the baseline is simulated under the luck of the scenario and under another.

    Returns:
        Columns COLUMNS, one row an outcome: the variance of differences that luck makes within a draw, when shared and
        when independent; how many times as many histories of a draw independent luck needs for the same precision; and
        the same where the scatter of parameters counts too, which neither removes. Infinite where shared luck leaves no
        variance, not a number where neither does.
    """
    found, bases = find_scenario(scenario), posterior_draws(draws)
    changed = [found.timetable(base) for base in bases]
    unchanged: list[Timetable] = [(base, {}) for base in bases]
    after = _outcomes(changed, seed, 0, workers)
    before = [_outcomes(unchanged, seed, luck, workers) for luck in (0, OTHER_LUCK)]
    return pd.DataFrame([_row(name, after, before) for name in OUTCOMES], columns=list(COLUMNS))


def _outcomes(timetables: list[Timetable], seed: int, luck: int, workers: int | None) -> dict[str, Numbers]:
    """Every outcome, shape (draws, REPLICATES)."""
    runs = [
        Run(start, seed, luck + place * REPLICATES + replicate, later=later)
        for place, (start, later) in enumerate(timetables)
        for replicate in range(REPLICATES)
    ]
    measured = measure_all(simulate_all(Batch.of(runs), "histories", workers))
    return {name: values.reshape(-1, REPLICATES) for name, values in measured.items()}


def _row(name: str, after: dict[str, Numbers], before: list[dict[str, Numbers]]) -> tuple[str | float, ...]:
    differences = [after[name] - arm[name] for arm in before]
    luck = [float(np.nanmean(each.var(axis=1, ddof=1))) for each in differences]
    whole = [float(np.nanvar(each)) for each in differences]
    with np.errstate(divide="ignore", invalid="ignore"):
        times, in_all = (float(np.divide(independent, shared)) for shared, independent in (luck, whole))
    return name, *luck, times, in_all


def as_text(table: pd.DataFrame) -> str:
    """The table, an outcome a line."""
    head = "Variance of a difference by luck, shared and independent, and how many times as many histories that takes:"
    lines = [f"{'outcome':<32}{'shared':>12}{'independent':>13}{'times':>9}{'with parameters':>17}"]
    for row in table.to_dict("records"):
        variances = f"{row['shared']:>12.3g}{row['independent']:>13.3g}"
        lines.append(f"{row['outcome']:<32}{variances}{row['times']:>9.1f}{row['times_in_all']:>17.1f}")
    return "\n".join([head, *lines])
