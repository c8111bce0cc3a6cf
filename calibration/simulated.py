"""Years simulated by the full model, and what would have been reported of them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from calibration.blocks import RHO
from calibration.targets import WEEKS_OF_ARTICLE, ObservedVisits, Tour
from model.batch import Batch
from model.ensemble import simulate_all
from model.history import Histories
from model.parameters import Parameters
from model.run import Run

Flags = NDArray[np.bool_]
Numbers = NDArray[np.float64]


def simulated_years(parameters: Sequence[Parameters], seed: int, label: str, workers: int | None) -> Histories:
    """One year of the full model for each set of parameters, with luck of its own."""
    runs = [Run(each, seed, replicate) for replicate, each in enumerate(parameters)]
    return simulate_all(Batch.of(runs), label, workers)


def census(histories: Histories) -> ObservedVisits:
    """Every visit of every simulated year."""
    columns = (histories.replicate, histories.week, histories.origin, histories.host)
    return ObservedVisits(histories.world, histories.replicates, *columns)


def as_article(log: ObservedVisits, rng: np.random.Generator) -> ObservedVisits:
    """The visits the article would have reported: of its two weeks, whole tours inside a cluster, others by chance."""
    return log.only(told_by_article(log, rng))


def as_press(log: ObservedVisits, reporting: Numbers, rng: np.random.Generator) -> ObservedVisits:
    """The visits the press would have reported: whole tours, each of a year with the same chance, shape (years,)."""
    return log.only(luck_of_tours(log, rng) < reporting[log.replicate])


def told_by_article(log: ObservedVisits, rng: np.random.Generator) -> Flags:
    """Whether the article would have reported the tour of each visit, shape (visits,)."""
    leaves = np.isin(log.tour, log.tour[~log.world.inside[log.origin, log.host]])
    reported = ~leaves | (luck_of_tours(log, rng) < RHO)
    return np.asarray(reported & np.isin(log.week, WEEKS_OF_ARTICLE))


def collected(log: ObservedVisits, reporting: Numbers, rng: np.random.Generator) -> list[list[Tour]]:
    """The tours of each simulated year as they would have been collected.

    In its two weeks the article reports the tours of provinces that have a cluster, if inside it or by chance RHO; the
    press reports all other tours with the chance of the year, shape (years,). Just so do they enter the fit of hosts.
    """
    has_cluster = np.asarray(log.world.cluster != "")
    framed = np.isin(log.week, WEEKS_OF_ARTICLE) & has_cluster[log.origin]
    article = log.only(told_by_article(log, rng) & framed)
    press = log.only((luck_of_tours(log, rng) < reporting[log.replicate]) & ~framed)
    both = zip(tours_of(article, in_article=True), tours_of(press, in_article=False), strict=True)
    return [[*told, *seen] for told, seen in both]


def tours_of(log: ObservedVisits, *, in_article: bool) -> list[list[Tour]]:
    """The tours of each year."""
    hosts: dict[tuple[int, int, int], list[int]] = {}
    columns = (log.replicate, log.week, log.origin, log.host)
    for year, week, origin, host in zip(*(column.tolist() for column in columns), strict=True):
        hosts.setdefault((year, week, origin), []).append(host)
    years: list[list[Tour]] = [[] for _ in range(log.replicates)]
    for (year, week, origin), stops in hosts.items():
        years[year].append(Tour(f"{origin}-{week}", origin, tuple(stops), week, in_article))
    return years


def luck_of_tours(log: ObservedVisits, rng: np.random.Generator) -> Numbers:
    """A number drawn evenly for each tour, the same for all its visits, shape (visits,)."""
    tours, of_visit = np.unique(log.tour, return_inverse=True)
    return rng.random(len(tours))[of_visit]
