"""Scores of tours by fits that have not seen them: leaving one tour out, leaving a cluster out, and other years.

The fit that leaves a tour out need not be made anew: its draws are those of the whole fit, weighted by one over the
tour's likelihood, the weights Pareto-smoothed (PSIS-LOO, Vehtari, Gelman and Gabry 2017). Where the tail of the
weights is too heavy (k above 0.7), the fit is made anew without the tour.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from calibration.blocks import PARTS, RHO, RIVALS, choice_block, full_weights
from calibration.fit import OTHER_FITS
from calibration.importance import LAST_K, Weighted, sample_by_importance, smoothed
from calibration.likelihood import HostChoice, ReportedHostChoice, log_orders
from calibration.targets import Tour
from model.parameters import CHOICE
from model.world import china

Numbers = NDArray[np.float64]
UNIFORM = "uniform"


@dataclass(frozen=True)
class Contender:
    """A model of host choice that is scored: the terms it has, and the rho that its fit believes in."""

    name: str
    terms: tuple[str, ...]
    rho: float


MODEL = Contender("model", CHOICE, RHO)
# Scored on who is visited; rivals are fitted without the correction, which favours them
SCORED = (MODEL, *(Contender(name, terms, rho) for name, (terms, rho) in OTHER_FITS.items()))


def all_believing(rho: float) -> tuple[Contender, ...]:
    """Model, rivals and the model without a part, all with the same belief in how the article selected."""
    return tuple(Contender(name, terms, rho) for name, terms in {"model": CHOICE, **RIVALS, **PARTS}.items())


@dataclass(frozen=True)
class Fitted:
    """One contender fitted to all tours.

    Attributes:
        weighted: its draws.
        fitted: log likelihood of each tour as it entered the fit, shape (draws, tours).
        scored: log probability of each tour's hosts with nothing on record, over their orders, shape (draws, tours).
    """

    weighted: Weighted
    fitted: Numbers
    scored: Numbers


def fitted_to(contender: Contender, tours: Sequence[Tour], seed: int, size: int) -> Fitted:
    """A contender fitted to all tours."""
    choice = ReportedHostChoice(tours, china())
    weighted = sample_by_importance(choice_block(choice, contender.terms, rho=contender.rho), seed=seed, size=size)
    return Fitted(weighted, *_both(contender, weighted, choice))


def leave_one_out(contender: Contender, tours: Sequence[Tour], seed: int, size: int) -> pd.DataFrame:
    """Scores of each tour by the fit to all others, one row a tour.

    Returns:
        Columns contender, rho, tour, k (shape of the tail of the weights), refitted, score (log probability of the
        hosts, over their orders, nothing on record) and as_told (given the record and what the article reports).
    """
    choice = ReportedHostChoice(tours, china())
    whole = fitted_to(contender, tours, seed, size)
    rows = []
    for place, tour in enumerate(tours):
        log_weights, k = smoothed(whole.weighted.log_weights - whole.fitted[:, place])
        fit = whole
        if k > LAST_K:
            fit, log_weights = _without(contender, choice, place, seed, size)
        score, told = (_log_mean(log_weights, each[:, place]) for each in (fit.scored, fit.fitted))
        rows.append((contender.name, contender.rho, tour.name, k, k > LAST_K, score, told))
    return pd.DataFrame(rows, columns=["contender", "rho", "tour", "k", "refitted", "score", "as_told"])


def uniform_scores(tours: Sequence[Tour], rho: float = RHO) -> pd.DataFrame:
    """The same table for uniform choice, which has nothing to fit."""
    nothing, choice = np.zeros((1, len(CHOICE))), ReportedHostChoice(tours, china())
    score = HostChoice(undated(tours), china()).log_probability(nothing)[0] - log_orders(tours)
    told = choice.log_probability_of_report(nothing, np.array([rho]))[0]
    names = [tour.name for tour in tours]
    return pd.DataFrame({
        "contender": UNIFORM, "rho": rho, "tour": names, "k": 0.0, "refitted": False, "score": score, "as_told": told,
    })


def scores_on(weighted: Weighted, tours: Sequence[Tour]) -> Numbers:
    """Log posterior predictive probability of tours the fit has not seen, nothing on record, shape (tours,)."""
    weights = all_weights(weighted)
    by_draw = HostChoice(undated(tours), china()).log_probability(weights) - log_orders(tours)
    return np.array([_log_mean(weighted.log_weights, column) for column in by_draw.T])


def all_weights(weighted: Weighted) -> Numbers:
    """Draws of all ten weights, shape (size, 10), those not fitted being 0."""
    columns = [CHOICE.index(name) for name in weighted.names]
    return full_weights(weighted.points, columns, len(CHOICE))


def undated(tours: Sequence[Tour]) -> list[Tour]:
    """The same tours with nothing on record, as scores have them."""
    return [Tour(tour.name, tour.origin, tour.hosts) for tour in tours]


def _both(contender: Contender, weighted: Weighted, choice: ReportedHostChoice) -> tuple[Numbers, Numbers]:
    weights = all_weights(weighted)
    fitted = choice.log_probability_of_report(weights, np.full(len(weights), contender.rho))
    scored = HostChoice(undated(choice.tours), china()).log_probability(weights) - log_orders(choice.tours)
    return fitted, scored


def _without(
    contender: Contender, choice: ReportedHostChoice, place: int, seed: int, size: int
) -> tuple[Fitted, Numbers]:
    power = np.ones(len(choice.tours))
    power[place] = 0.0
    block = choice_block(choice, contender.terms, rho=contender.rho, weights=power)
    weighted = sample_by_importance(block, seed=seed, size=size)
    return Fitted(weighted, *_both(contender, weighted, choice)), weighted.log_weights


def _log_mean(log_weights: Numbers, logs: Numbers) -> float:
    return float(np.logaddexp.reduce(log_weights + logs))


def compared(scores: pd.DataFrame, baseline: str, visits: float) -> pd.DataFrame:
    """Each contender's score per visit, and how far the baseline is ahead of it, with standard errors.

    Args:
        scores: a row a tour, a column a contender: log scores.
        baseline: the contender that the others are compared with.
        visits: number of visits in the tours.

    Returns:
        Columns score, score_se, ahead, ahead_se, verdict; standard errors from the spread between tours.
    """
    tours = len(scores)
    table = pd.DataFrame({
        "score": scores.sum() / visits,
        "score_se": np.sqrt(tours * scores.var()) / visits,
    })
    lead = -scores.sub(scores[baseline], axis=0)
    table["ahead"] = lead.sum() / visits
    table["ahead_se"] = np.sqrt(tours * lead.var()) / visits
    table["verdict"] = [_word(ahead, se) for ahead, se in zip(table["ahead"], table["ahead_se"], strict=True)]
    return table


def _word(ahead: float, se: float) -> str:
    if se == 0.0:
        return ""
    return "ahead" if ahead > 2 * se else "behind" if ahead < -2 * se else "cannot be told"
