"""Recovery: are planted parameters found again in what would be reported of the full model's visits?

Truth is drawn from the prior, over which a 90% interval holds it nine times in ten if model, reporting and likelihood
agree; and once more from the posterior, in worlds like ours, to see what the press sample and the priors do there.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from calibration.blocks import (
    REPORTING,
    choice_block,
    departures_block,
    draw_onward,
    stops_of,
    tours_by_window,
)
from calibration.checks.contract import Check, Setting
from calibration.fit import prior_table
from calibration.importance import sample_by_importance
from calibration.likelihood import ReportedHostChoice
from calibration.parallel import each
from calibration.posterior import parameters_of
from calibration.priors import draw
from calibration.simulated import census, collected, simulated_years
from calibration.targets import Tour
from model.world import china

SIZE = 1000
LEAST, MOST = 0.85, 0.95
PRIOR, POSTERIOR = "truth from the prior", "truth from the posterior"
FEWEST_TOURS = 5
MOST_TOURS = 120  # fitted for their hosts, the earliest of the year: twice those of 2023, and it saves time


@dataclass(frozen=True)
class Planted:
    """A simulated world: the study it is of, the parameters behind it, and the tours that were reported of it."""

    study: str
    truth: dict[str, float]
    tours: list[Tour]
    seed: int


def recovery(setting: Setting) -> Check:
    """Are planted parameters found again in what is reported of the full model's own visits?

    Themes are left out: no visit log tells them to the fit.
    """
    worlds = setting.sizes.worlds
    prior = prior_table(worlds, setting.seed)
    prior["reporting"] = draw(REPORTING, worlds, np.random.default_rng(setting.seed))
    planted = [
        *_plant(PRIOR, prior, setting), *_plant(POSTERIOR, setting.posterior.draws.head(worlds), setting)
    ]
    table = summed_up(pd.concat(each(recover, planted, "recovery", setting.workers), ignore_index=True))
    coverage = table.groupby("study")["coverage"].mean().to_dict()
    return Check(
        "recovery", _question(), LEAST <= coverage[PRIOR] <= MOST, _told(table, coverage, len(planted)), table,
        {"coverage90": coverage[PRIOR], "coverage90_worlds_like_ours": coverage[POSTERIOR],
         "recovery_worlds": sum(one.study == PRIOR for one in planted)},
    )


def _plant(study: str, draws: pd.DataFrame, setting: Setting) -> list[Planted]:
    """Worlds of which enough tours are reported to be fitted at all."""
    years = census(simulated_years(parameters_of(draws), setting.seed, study, setting.workers))
    truths = [{str(name): value for name, value in row.items()} for row in draws.to_dict("records")]
    tours = collected(years, draws["reporting"].to_numpy(dtype=float), np.random.default_rng(setting.seed))
    return [
        Planted(study, truth, seen, place)
        for place, (truth, seen) in enumerate(zip(truths, tours, strict=True)) if len(seen) >= FEWEST_TOURS
    ]


def recover(planted: Planted) -> pd.DataFrame:
    """One row a parameter: truth, and mean, spread and 90% interval of the posterior given what was reported."""
    world, weeks = china(), [tour.week for tour in planted.tours if tour.week is not None]
    blocks = (
        choice_block(ReportedHostChoice(earliest(planted.tours), world)),
        departures_block(tours_by_window(weeks), world),
    )
    fits = [sample_by_importance(block, seed=planted.seed, size=SIZE).draws(SIZE, planted.seed) for block in blocks]
    draws = pd.concat([*fits, draw_onward(stops_of(planted.tours), size=SIZE, seed=planted.seed)], axis=1)
    return pd.DataFrame({
        "study": planted.study, "parameter": draws.columns, "truth": [planted.truth[str(name)] for name in draws],
        "mean": draws.mean().to_numpy(), "sd": draws.std().to_numpy(),
        "low": draws.quantile(0.05).to_numpy(), "high": draws.quantile(0.95).to_numpy(),
    })


def earliest(tours: list[Tour]) -> list[Tour]:
    """The first MOST_TOURS of a year, with nothing missing from their record that was reported."""
    return sorted(tours, key=lambda tour: tour.week or 0)[:MOST_TOURS]


def summed_up(rows: pd.DataFrame) -> pd.DataFrame:
    """Coverage of the 90% intervals by study and parameter, and mean error in posterior standard deviations."""
    rows = rows.assign(
        covered=rows["truth"].between(rows["low"], rows["high"]), error=(rows["mean"] - rows["truth"]) / rows["sd"]
    )
    groups = rows.groupby(["study", "parameter"], sort=False)
    table = groups.agg(coverage=("covered", "mean"), error=("error", "mean"), planted=("truth", "mean"),
                       found=("mean", "mean"), sd=("sd", "mean"), worlds=("truth", "size"))
    return table.reset_index()


def _told(table: pd.DataFrame, coverage: dict[object, float], worlds: int) -> str:
    worst = table[table["study"] == POSTERIOR].sort_values("coverage").head(3)
    named = ", ".join(f"{name} {share:.0%}" for name, share in zip(worst["parameter"], worst["coverage"], strict=True))
    return (
        f"90% intervals hold {coverage[PRIOR]:.1%} of truths drawn from the prior (asked: {LEAST:.0%} to {MOST:.0%}) "
        f"and {coverage[POSTERIOR]:.1%} of those drawn from the posterior, over {worlds} worlds in all. In worlds like "
        f"ours the lowest are {named}: drawn towards 0 by their prior and by visits that went unreported."
    )


def _question() -> str:
    return str(recovery.__doc__).splitlines()[0]
