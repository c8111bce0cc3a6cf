"""Simulation-based calibration: truth drawn from the prior must be an even draw among draws of its posterior.

Parameters are drawn from the prior, data like those of 2023 from the likelihood's own story (the same origins, weeks
and lengths, hosts drawn one after another, the tours of the article until they are ones it would report), and fitted.
The rank of each true value among the posterior draws is even if and only if likelihood, priors and sampler agree
(Talts et al. 2018); the log likelihood of the truth is ranked too (Modrak et al. 2023).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from calibration.blocks import (
    RHO,
    choice_block,
    departures_block,
    draw_onward,
    expected_tours,
    priors_of,
)
from calibration.checks.contract import Check, Setting
from calibration.importance import sample_by_importance
from calibration.likelihood import ReportedHostChoice, covariates_of_tour, pulls
from calibration.parallel import each
from calibration.predictive import drawn_hosts, reported_hosts
from calibration.priors import draw
from calibration.sampling import Block
from calibration.targets import Tour
from model.parameters import CHOICE, MOST_STOPS, ONWARD, Parameters
from model.world import World, china

Numbers = NDArray[np.float64]
SIZE, RANKED, BINS = 1000, 99, 20
LEVEL = 0.01
LIKELIHOOD = "log likelihood of hosts"


@dataclass(frozen=True)
class Trial:
    """One data set to simulate and fit.

    Attributes:
        tours: those it is like.
        seed: of its luck.
        rho: the selection that the fit believes in.
        power: how often the fit counts each tour.
    """

    tours: tuple[Tour, ...]
    seed: int
    rho: float = RHO
    power: float = 1.0


def ranks(setting: Setting) -> Check:
    """Is a truth drawn from the prior an even draw among the draws of its posterior?"""
    trials = [Trial(setting.posterior.tours, setting.seed + place) for place in range(setting.sizes.ranks)]
    table = pd.DataFrame(each(ranks_of, trials, "ranks", setting.workers))
    tested = evenness(table)
    p_min, adjusted = float(tested["p"].min()), float(min(1.0, tested["p"].min() * len(tested)))
    return Check(
        "ranks", str(ranks.__doc__), adjusted > LEVEL, _told(tested, len(trials)),
        table.melt(var_name="quantity", value_name="rank"),
        {"sbc_p_min": p_min, "sbc_p_adjusted": adjusted, "sbc_quantities": len(tested), "sbc_data_sets": len(trials)},
    )


def ranks_of(trial: Trial) -> dict[str, int]:
    """Rank of each true value among RANKED draws of its posterior, by quantity."""
    return ranks_of_choice(trial) | ranks_of_departures(trial.seed) | ranks_of_onward(trial)


def ranks_of_choice(trial: Trial) -> dict[str, int]:
    """Ranks of the weights of host choice, and of the log likelihood."""
    rng, world = np.random.default_rng([trial.seed, 1]), china()
    truth = np.array([draw(prior, 1, rng)[0] for prior in priors_of(CHOICE).values()])
    choice = ReportedHostChoice(simulated_tours(trial.tours, truth, world, rng), world)
    block = choice_block(choice, rho=trial.rho, weights=np.full(len(trial.tours), trial.power))
    draws = _draws(block, trial.seed)
    likelihoods = block.log_likelihood(draws.to_numpy())
    rank_of_likelihood = int((likelihoods < block.log_likelihood(truth[None])[0]).sum())
    return _ranks(dict(zip(CHOICE, truth.tolist(), strict=True)), draws) | {LIKELIHOOD: rank_of_likelihood}


def simulated_tours(tours: Sequence[Tour], weights: Numbers, world: World, rng: np.random.Generator) -> list[Tour]:
    """The same tours with hosts drawn anew, week by week, each seeing those drawn before it.

    Args:
        tours: origins, weeks and numbers of stops; those of the article are drawn until it would report them.
        weights: of host choice, shape (10,).
        world: the provinces.
        rng: luck.
    """
    drawn: list[Tour] = []
    for tour in sorted(tours, key=lambda one: -1 if one.week is None else one.week):
        appeals = weights @ pulls(covariates_of_tour(tour, drawn, world, Parameters()))
        framed = tour.in_article and len(tour.hosts) <= world.inside[tour.origin].sum()
        hosts = reported_hosts(tour, appeals, world, rng) if framed else drawn_hosts(tour, appeals, rng)
        drawn.append(Tour(tour.name, tour.origin, hosts, tour.week, tour.in_article))
    return drawn


def ranks_of_departures(seed: int) -> dict[str, int]:
    """Ranks of the rates of departure and of the share reported."""
    rng, world = np.random.default_rng([seed, 2]), china()
    priors = departures_block(np.zeros(1), world).priors
    truth = {name: float(draw(prior, 1, rng)[0]) for name, prior in priors.items()}
    point = np.array(list(truth.values()))
    counts = rng.poisson(point[-1] * expected_tours(world, point[None, :-1])[0]).astype(float)
    return _ranks(truth, _draws(departures_block(counts, world), seed))


def ranks_of_onward(trial: Trial) -> dict[str, int]:
    """Ranks of the chances of going on."""
    rng = np.random.default_rng([trial.seed, 3])
    truth = {name: float(draw(prior, 1, rng)[0]) for name, prior in priors_of(ONWARD).items()}
    goes_on = rng.random((len(trial.tours), MOST_STOPS - 1)) < np.array(list(truth.values()))
    stops = 1 + np.cumprod(goes_on, axis=1).sum(axis=1)
    return _ranks(truth, draw_onward(stops, size=RANKED, seed=trial.seed))


def _draws(block: Block, seed: int) -> pd.DataFrame:
    return sample_by_importance(block, seed=seed, size=SIZE).draws(RANKED, seed)


def _ranks(truth: dict[str, float], draws: pd.DataFrame) -> dict[str, int]:
    return {name: int((draws[name] < value).sum()) for name, value in truth.items()}


def evenness(table: pd.DataFrame) -> pd.DataFrame:
    """Chi-square test of each quantity's ranks against even ones in BINS bins.

    Args:
        table: ranks from 0 to RANKED; a row a data set, a column a quantity.

    Returns:
        Rows quantities; columns p and mean_rank (0.5 where ranks are even).
    """
    p = {}
    for name in table.columns:
        counts, _ = np.histogram(table[name], bins=BINS, range=(0, RANKED + 1))
        p[name] = stats.chisquare(counts).pvalue
    return pd.DataFrame({"p": p, "mean_rank": table.mean() / RANKED})


def _told(tested: pd.DataFrame, trials: int) -> str:
    worst = str(tested["p"].idxmin())
    return (
        f"Chi-square tests of {BINS} bins over {trials} data sets, Bonferroni's correction for {len(tested)} "
        f"quantities: the smallest p is {tested['p'].min():.3g} ({worst}), to be above {LEVEL / len(tested):.2g}."
    )
