"""Negative controls: wrong models that the checks must reject, or the checks are worth nothing."""

from dataclasses import replace

import numpy as np
import pandas as pd

from calibration.checks.contract import Check, Setting
from calibration.checks.predictive import misses
from calibration.checks.ranks import LEVEL, Trial, evenness, ranks_of_choice
from calibration.leave_out import MODEL, UNIFORM, compared, leave_one_out, uniform_scores
from calibration.parallel import each
from calibration.posterior import parameters_of
from calibration.predictive import PRESS, against_years
from calibration.simulated import simulated_years
from calibration.targets import Tour
from model.parameters import CHOICE
from model.world import china

IGNORED = "a fit that ignores the selection, were all tours told by the article, by the check of ranks"
TWICE = "a fit that counts every tour twice, by the check of ranks"
SHUFFLED = "hosts shuffled between tours, by leave-one-tour-out"
RANDOM = "hosts at random, by the posterior predictive check"
YEARS = 40
Control = tuple[str, str, float, float, bool]


def negative_control(setting: Setting) -> Check:
    """Do the checks reject models that are wrong?"""
    told = tuple(replace(tour, in_article=True) for tour in setting.posterior.tours)
    controls = (
        _by_ranks(setting, IGNORED, Trial(told, 0, rho=1.0)),
        _by_ranks(setting, TWICE, Trial(setting.posterior.tours, 0, power=2.0)),
        _shuffled(setting),
        _random(setting),
    )
    table = pd.DataFrame(controls, columns=["wrong_model", "statistic", "value", "threshold", "rejected"])
    rejected = bool(table["rejected"].all())
    sentences = [f"{row.wrong_model}: {row.statistic} {row.value:.3g} against {row.threshold:.3g}, "
            f"{'rejected' if row.rejected else 'NOT rejected'}" for row in table.itertuples()]
    return Check(
        "negative-control", str(negative_control.__doc__), rejected, "; ".join(sentences) + ".", table,
        {"negative_control_rejected": rejected},
    )


def _by_ranks(setting: Setting, name: str, trial: Trial) -> Control:
    trials = [replace(trial, seed=setting.seed + place) for place in range(setting.sizes.controls)]
    tested = evenness(pd.DataFrame(each(ranks_of_choice, trials, "negative control", setting.workers)))
    smallest = float(tested["p"].min())
    return name, "smallest p", smallest, LEVEL / len(tested), smallest < LEVEL / len(tested)


def _shuffled(setting: Setting) -> Control:
    tours = shuffled(setting.posterior.tours, np.random.default_rng(setting.seed))
    scores = leave_one_out(MODEL, tours, setting.seed, setting.sizes.draws)
    table = pd.DataFrame({"model": scores["score"], UNIFORM: uniform_scores(tours)["score"]})
    row = compared(table, "model", sum(len(tour.hosts) for tour in tours)).loc[UNIFORM].to_dict()
    return SHUFFLED, "lead over uniform", row["ahead"], 2 * row["ahead_se"], bool(row["ahead"] < 2 * row["ahead_se"])


def shuffled(tours: tuple[Tour, ...], rng: np.random.Generator) -> tuple[Tour, ...]:
    """The same origins, weeks and lengths, with hosts drawn evenly: nothing of who visits whom is left."""
    others = [np.delete(np.arange(china().provinces), tour.origin) for tour in tours]
    return tuple(
        replace(tour, hosts=tuple(rng.choice(row, len(tour.hosts), replace=False).tolist()), in_article=False)
        for tour, row in zip(tours, others, strict=True)
    )


def _random(setting: Setting) -> Control:
    draws = setting.posterior.draws.head(min(YEARS, setting.sizes.years)).assign(**dict.fromkeys(CHOICE, 0.0))
    years = simulated_years(parameters_of(draws), setting.seed, "hosts at random", setting.workers)
    table = against_years(draws, years, setting.posterior.tours, setting.seed)
    missed = misses(table[table["view"] == PRESS])
    return RANDOM, "patterns missed in the press view", float(len(missed)), 2.0, len(missed) > 2
