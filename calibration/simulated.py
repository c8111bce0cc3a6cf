"""Years simulated by the full model, and what would have been reported of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calibration.blocks import RHO
from calibration.targets import WEEKS_OF_ARTICLE, ObservedVisits, Tour
from model.batch import Run, simulate_all
from model.history import History
from model.parameters import Parameters

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Year:
    """What is kept of a simulated year: shape (visits,) each, themes (visits, 4)."""

    visits: ObservedVisits
    themes: Flags


def simulated_years(parameters: Sequence[Parameters], seed: int, label: str, workers: int | None) -> list[Year]:
    """One year of the full model for each set of parameters, with luck of its own."""
    runs = [Run(each, seed, replicate) for replicate, each in enumerate(parameters)]
    return list(simulate_all(runs, keep_visits, label, workers))


def keep_visits(history: History) -> Year:
    """The part of a history that the checks look at."""
    log = ObservedVisits(history.world, history.week, history.origin, history.host)
    return Year(log, history.themes)


def as_article(log: ObservedVisits, rng: np.random.Generator) -> ObservedVisits:
    """The visits the article would have reported: of its two weeks, whole tours inside a cluster, others by chance."""
    return only(log, told_by_article(log, rng))


def as_press(log: ObservedVisits, reporting: float, rng: np.random.Generator) -> ObservedVisits:
    """The visits the press would have reported: whole tours, each with the same chance."""
    return only(log, luck_of_tours(log, rng) < reporting)


def told_by_article(log: ObservedVisits, rng: np.random.Generator) -> Flags:
    """Whether the article would have reported the tour of each visit, shape (visits,)."""
    leaves = _any_of_tour(log, ~log.world.inside[log.origin, log.host])
    reported = ~leaves | (luck_of_tours(log, rng) < RHO)
    return np.asarray(reported & np.isin(log.week, WEEKS_OF_ARTICLE))


def collected(log: ObservedVisits, reporting: float, rng: np.random.Generator) -> list[Tour]:
    """The tours of a simulated year as they would have been collected.

    In its two weeks the article reports the tours of provinces that have a cluster, if inside it or by chance RHO; the
    press reports all other tours with chance ``reporting``. Just so do they enter the fit of hosts.
    """
    has_cluster = log.world.cluster != ""
    framed = np.isin(log.week, WEEKS_OF_ARTICLE) & has_cluster[log.origin]
    article = told_by_article(log, rng) & framed
    press = (luck_of_tours(log, rng) < reporting) & ~framed
    return [*tours_of(only(log, article), in_article=True), *tours_of(only(log, press), in_article=False)]


def tours_of(log: ObservedVisits, *, in_article: bool) -> list[Tour]:
    """The visits of a simulated year as tours."""
    hosts: dict[tuple[int, int], list[int]] = {}
    for week, origin, host in zip(log.week.tolist(), log.origin.tolist(), log.host.tolist(), strict=True):
        hosts.setdefault((week, origin), []).append(host)
    return [
        Tour(f"{origin}-{week}", origin, tuple(stops), week, in_article) for (week, origin), stops in hosts.items()
    ]


def only(log: ObservedVisits, chosen: Flags) -> ObservedVisits:
    """Some of the visits."""
    return ObservedVisits(log.world, log.week[chosen], log.origin[chosen], log.host[chosen])


def tour_of(log: ObservedVisits) -> NDArray[np.int64]:
    """A number for the tour of each visit, shape (visits,)."""
    return np.asarray(log.week * log.world.provinces + log.origin)


def luck_of_tours(log: ObservedVisits, rng: np.random.Generator) -> NDArray[np.float64]:
    """A number drawn evenly for each tour, the same for all its visits, shape (visits,)."""
    tours, of_visit = np.unique(tour_of(log), return_inverse=True)
    return rng.random(len(tours))[of_visit]


def _any_of_tour(log: ObservedVisits, flags: Flags) -> Flags:
    return np.isin(tour_of(log), tour_of(log)[flags])
