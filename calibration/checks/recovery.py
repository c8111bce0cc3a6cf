"""Recovery: are planted parameters found again in what would be reported of the full model's visits?"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from calibration.blocks import (
    choice_block,
    departures_block,
    draw_onward,
    stops_of,
    tours_by_window,
)
from calibration.checks.contract import Check, Setting
from calibration.importance import sample_by_importance
from calibration.likelihood import ReportedHostChoice
from calibration.parallel import each
from calibration.posterior import parameters_of
from calibration.simulated import collected, simulated_years
from calibration.targets import Tour
from model.world import china

SIZE = 1000
LEAST, MOST = 0.85, 0.95


@dataclass(frozen=True)
class Planted:
    """A simulated world: the parameters behind it, and the tours that were reported of it."""

    truth: dict[str, float]
    tours: list[Tour]
    seed: int


def recovery(setting: Setting) -> Check:
    """Are planted parameters found again in what is reported of the full model's own visits?

    Parameters are draws of the posterior, so that the worlds are like ours. Themes are left out: no visit log tells
    them to the fit.
    """
    draws = setting.posterior.draws.head(setting.sizes.worlds)
    years = simulated_years(parameters_of(draws), setting.seed, "worlds to recover", setting.workers)
    rng = np.random.default_rng(setting.seed)
    planted = [
        Planted({str(name): value for name, value in row.items()}, collected(year.visits, row["reporting"], rng), seed)
        for seed, (year, (_, row)) in enumerate(zip(years, draws.iterrows(), strict=True))
    ]
    table = summed_up(pd.concat(each(recover, planted, "recovery", setting.workers), ignore_index=True))
    coverage = float(table["coverage"].mean())
    return Check(
        "recovery", _question(), LEAST <= coverage <= MOST, _told(table, coverage, len(planted)), table,
        {"coverage90": coverage, "recovery_worlds": len(planted)},
    )


def recover(planted: Planted) -> pd.DataFrame:
    """One row a parameter: truth, and mean, spread and 90% interval of the posterior given what was reported."""
    world, weeks = china(), [tour.week for tour in planted.tours if tour.week is not None]
    blocks = (
        choice_block(ReportedHostChoice(planted.tours, world)),
        departures_block(tours_by_window(weeks), world),
    )
    fits = [sample_by_importance(block, seed=planted.seed, size=SIZE).draws(SIZE, planted.seed) for block in blocks]
    draws = pd.concat([*fits, draw_onward(stops_of(planted.tours), size=SIZE, seed=planted.seed)], axis=1)
    return pd.DataFrame({
        "parameter": draws.columns, "truth": [planted.truth[str(name)] for name in draws],
        "mean": draws.mean().to_numpy(), "sd": draws.std().to_numpy(),
        "low": draws.quantile(0.05).to_numpy(), "high": draws.quantile(0.95).to_numpy(),
    })


def summed_up(rows: pd.DataFrame) -> pd.DataFrame:
    """Coverage of the 90% intervals by parameter, and mean error in posterior standard deviations."""
    rows = rows.assign(
        covered=rows["truth"].between(rows["low"], rows["high"]), error=(rows["mean"] - rows["truth"]) / rows["sd"]
    )
    by_parameter = rows.groupby("parameter", sort=False)
    table = by_parameter.agg(coverage=("covered", "mean"), error=("error", "mean"), planted=("truth", "mean"),
                             found=("mean", "mean"), sd=("sd", "mean"))
    return table.reset_index()


def _told(table: pd.DataFrame, coverage: float, worlds: int) -> str:
    worst = table.iloc[int((table["coverage"] - 0.9).abs().argmax())]
    return (
        f"90% intervals hold the truth in {coverage:.1%} of {len(table)} parameters x {worlds} worlds (asked: "
        f"{LEAST:.0%} to {MOST:.0%}); furthest off is {worst['parameter']} with {worst['coverage']:.0%}."
    )


def _question() -> str:
    return str(recovery.__doc__).splitlines()[0]
