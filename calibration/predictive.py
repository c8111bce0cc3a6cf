"""Posterior predictive: do simulated years look like the year observed, once seen through the same eyes?

The views: the article retold, its six tours with hosts drawn anew given origin, length and that they were reported; the
article's two weeks of whole simulated years; a year as the press reported it, each tour with the same chance, as the
fit of departures has it; the same without the tours that the article reports; the press's tours by window; all visits.
"""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from calibration.blocks import RHO, THEME_FACTS, WINDOWS, tours_by_window
from calibration.likelihood import HostChoice
from calibration.posterior import parameters_of
from calibration.targets import (
    WEEKS_OF_ARTICLE,
    ObservedVisits,
    Tour,
    published,
    tours_of_2023,
    tours_of_article,
)
from model import measures
from model.batch import Batch
from model.ensemble import simulate_all
from model.history import Histories
from model.parameters import CHOICE
from model.run import Run
from model.tallies import VisitLog
from model.world import THEMES, china

Pattern = Callable[[VisitLog], NDArray[np.float64]]
Row = tuple[object, ...]

PATTERNS = (
    measures.visits,
    measures.inside_clusters,
    measures.between_neighbours,
    measures.between_partners,
    measures.median_km,
    measures.reciprocity,
    measures.stops_per_tour,
    measures.hosts_visited,
    measures.concentration_of_hosts,
)
OF_HOSTS = tuple(pattern for pattern in PATTERNS if pattern not in (measures.visits, measures.stops_per_tour))
OF_WINDOW = (measures.visits, measures.stops_per_tour, measures.inside_clusters)
RETOLD, WINDOW, PRESS, REST = "article retold", "article's two weeks", "press, 2023", "press without the article"
COUNTS, ALL = "tours in the press", "all visits, 2023"


def posterior_predictive(
    draws: pd.DataFrame, *, years: int = 200, seed: int = 1, workers: int | None = None
) -> pd.DataFrame:
    """Observed patterns against the 90% range of simulated years, one row a view and pattern.

    Args:
        draws: posterior draws with the share of tours reported; the first ``years`` are used, one year each.
        years: simulated years.
        seed: of the years and of what is reported of them.
        workers: threads.

    Returns:
        Columns view, pattern, unit, observed, median, low, high, verdict ("inside", "missed" or "not observed").
    """
    used = draws.head(years)
    runs = [Run(parameters, seed, replicate) for replicate, parameters in enumerate(parameters_of(used))]
    histories = simulate_all(Batch.of(runs), "posterior predictive", workers)
    every = census(histories)
    rng = np.random.default_rng(seed)
    press = as_press(every, used["reporting"].to_numpy(dtype=float), rng)
    rest = [tour for tour in tours_of_2023() if not tour.in_article]
    rows = [
        *_patterns(RETOLD, OF_HOSTS, retell_article(used, rng), tours_of_article()),
        *_patterns(WINDOW, OF_WINDOW, as_article(every, rng), tours_of_article()),
        *_patterns(PRESS, PATTERNS, press, tours_of_2023()),
        *_patterns(REST, PATTERNS, without_article(press, rng), rest),
        *_windows(press),
        *_patterns(ALL, PATTERNS, every, None),
        *_themes(histories),
    ]
    return pd.DataFrame(rows, columns=["view", "pattern", "unit", "observed", "median", "low", "high", "verdict"])


def retell_article(draws: pd.DataFrame, rng: np.random.Generator) -> ObservedVisits:
    """The six tours of the article with other hosts, once for each draw, given that the article reported them."""
    world, tours = china(), tours_of_article()
    framed = [tour.in_article for tour in tours_of_2023()]
    appeals = HostChoice(tours_of_2023(), world).appeals(draws[list(CHOICE)].to_numpy(dtype=float))
    retold = [
        [
            Tour(tour.name, tour.origin, _reported_hosts(tour, appeal, rng))
            for tour, appeal in zip(tours, by_tour, strict=True)
        ]
        for by_tour in appeals[:, framed]
    ]
    return ObservedVisits.of(*retold, world=world)


def _reported_hosts(tour: Tour, appeals: NDArray[np.float64], rng: np.random.Generator) -> tuple[int, ...]:
    """Hosts drawn one after another, the largest appeals plus Gumbel noise, until a tour is one that was reported."""
    inside = china().inside[tour.origin]
    while True:
        utilities = appeals + rng.gumbel(size=len(appeals))
        utilities[tour.origin] = -np.inf
        hosts = np.argsort(-utilities)[: len(tour.hosts)]
        if inside[hosts].all() or rng.random() < RHO:
            return tuple(hosts.tolist())


def census(histories: Histories) -> ObservedVisits:
    """Every visit of every simulated year."""
    columns = (histories.replicate, histories.week, histories.origin, histories.host)
    return ObservedVisits(histories.world, histories.replicates, *columns)


def as_article(log: ObservedVisits, rng: np.random.Generator) -> ObservedVisits:
    """The visits the article would have reported: of its two weeks, whole tours inside a cluster, others by chance."""
    return log.only(_in_article(log, rng))


def as_press(log: ObservedVisits, reporting: NDArray[np.float64], rng: np.random.Generator) -> ObservedVisits:
    """The visits the press would have reported: whole tours, each of a year with the same chance, shape (years,)."""
    return log.only(_luck_of_tours(log, rng) < reporting[log.replicate])


def without_article(log: ObservedVisits, rng: np.random.Generator) -> ObservedVisits:
    """Reported visits less those that the article would report."""
    return log.only(~_in_article(log, rng))


def _in_article(log: ObservedVisits, rng: np.random.Generator) -> NDArray[np.bool_]:
    leaves = np.isin(log.tour, log.tour[~log.world.inside[log.origin, log.host]])
    reported = ~leaves | (_luck_of_tours(log, rng) < RHO)
    return np.asarray(reported & np.isin(log.week, WEEKS_OF_ARTICLE))


def _luck_of_tours(log: ObservedVisits, rng: np.random.Generator) -> NDArray[np.float64]:
    tours, of_visit = np.unique(log.tour, return_inverse=True)
    return rng.random(len(tours))[of_visit]


def _patterns(
    view: str, patterns: Sequence[Pattern], simulated: ObservedVisits, tours: Sequence[Tour] | None
) -> list[Row]:
    observed = None if tours is None else ObservedVisits.of(tours, world=china())
    rows: list[Row] = []
    for pattern in patterns:
        seen = np.nan if observed is None else float(pattern(observed)[0])
        unit = measures.OUTCOMES[pattern.__name__].unit
        rows.append((view, pattern.__name__, unit, seen, *_range(pattern(simulated), seen)))
    return rows


def _windows(simulated: ObservedVisits) -> list[Row]:
    """Tours in each window of the calendar, which the departures were fitted to."""
    _, first = np.unique(simulated.tour, return_index=True)
    weeks, years = simulated.week[first], simulated.replicate[first]
    counts = np.array([tours_by_window(weeks[years == year].tolist()) for year in range(simulated.replicates)])
    observed = tours_by_window([tour.week for tour in tours_of_2023() if tour.week is not None])
    return [
        (COUNTS, f"{window} (fitted)", "tours", float(seen), *_range(column, float(seen)))
        for window, seen, column in zip(WINDOWS, observed, counts.T, strict=True)
    ]


def _themes(histories: Histories) -> list[Row]:
    shares = (measures.economic_theme, measures.urbanisation_theme, measures.services_theme)
    rows: list[Row] = []
    for theme, fact, share in zip(THEMES, THEME_FACTS.values(), shares, strict=False):
        target = published(fact)
        rows.append((ALL, f"{theme} theme (fitted)", "share of visits", target, *_range(share(histories), target)))
    return rows


def _range(values: NDArray[np.float64], observed: float) -> tuple[float, float, float, str]:
    low, median, high = np.nanquantile(values, [0.05, 0.5, 0.95])
    if np.isnan(observed):
        return float(median), float(low), float(high), "not observed"
    return float(median), float(low), float(high), "inside" if low <= observed <= high else "missed"
