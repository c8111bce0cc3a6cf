"""Posterior predictive: do simulated years look like the year observed, once seen through the same eyes?

The views: the article retold, its six tours with hosts drawn anew given origin, length and that they were reported; the
article's two weeks of whole simulated years; a year as the press reported it, each tour with the same chance, as the
fit of departures has it; the same without the tours that the article reports; the press's tours by window; all visits.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

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
from model.batch import Run, simulate_all
from model.history import History
from model.measures import VisitLog
from model.parameters import CHOICE
from model.world import THEMES, china

Pattern = Callable[[VisitLog], float]
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


@dataclass(frozen=True)
class Year:
    """What is kept of a simulated year: shape (visits,) each, themes (visits, 4)."""

    visits: ObservedVisits
    themes: NDArray[np.bool_]


def posterior_predictive(
    draws: pd.DataFrame, *, years: int = 200, seed: int = 1, workers: int | None = None
) -> pd.DataFrame:
    """Observed patterns against the 90% range of simulated years, one row a view and pattern.

    Args:
        draws: posterior draws with the share of tours reported; the first ``years`` are used, one year each.
        years: simulated years.
        seed: of the years and of what is reported of them.
        workers: processes.

    Returns:
        Columns view, pattern, unit, observed, median, low, high, verdict ("inside", "missed" or "not observed").
    """
    used = draws.head(years)
    runs = [Run(parameters, seed, replicate) for replicate, parameters in enumerate(parameters_of(used))]
    simulated = list(simulate_all(runs, keep_visits, "posterior predictive", workers))
    rng = np.random.default_rng(seed)
    press = [as_press(year, share, rng) for year, share in zip(simulated, used["reporting"], strict=True)]
    rest = [tour for tour in tours_of_2023() if not tour.in_article]
    rows = [
        *_patterns(RETOLD, OF_HOSTS, retell_article(used, rng), tours_of_article()),
        *_patterns(WINDOW, OF_WINDOW, [as_article(year, rng) for year in simulated], tours_of_article()),
        *_patterns(PRESS, PATTERNS, press, tours_of_2023()),
        *_patterns(REST, PATTERNS, [without_article(log, rng) for log in press], rest),
        *_windows(press),
        *_patterns(ALL, PATTERNS, [year.visits for year in simulated], None),
        *_themes(simulated),
    ]
    return pd.DataFrame(rows, columns=["view", "pattern", "unit", "observed", "median", "low", "high", "verdict"])


def retell_article(draws: pd.DataFrame, rng: np.random.Generator) -> list[ObservedVisits]:
    """The six tours of the article with other hosts, once for each draw, given that the article reported them."""
    world, tours = china(), tours_of_article()
    framed = [tour.in_article for tour in tours_of_2023()]
    appeals = HostChoice(tours_of_2023(), world).appeals(draws[list(CHOICE)].to_numpy(dtype=float))
    retold = []
    for by_tour in appeals[:, framed]:
        hosts = [_reported_hosts(tour, appeal, rng) for tour, appeal in zip(tours, by_tour, strict=True)]
        again = [Tour(tour.name, tour.origin, new) for tour, new in zip(tours, hosts, strict=True)]
        retold.append(ObservedVisits.of(again, world))
    return retold


def _reported_hosts(tour: Tour, appeals: NDArray[np.float64], rng: np.random.Generator) -> tuple[int, ...]:
    """Hosts drawn one after another, the largest appeals plus Gumbel noise, until a tour is one that was reported."""
    inside = china().inside[tour.origin]
    while True:
        utilities = appeals + rng.gumbel(size=len(appeals))
        utilities[tour.origin] = -np.inf
        hosts = np.argsort(-utilities)[: len(tour.hosts)]
        if inside[hosts].all() or rng.random() < RHO:
            return tuple(hosts.tolist())


def keep_visits(history: History) -> Year:
    """The part of a history that the checks look at."""
    log = ObservedVisits(history.world, history.week, history.origin, history.host)
    return Year(log, history.themes)


def as_article(year: Year, rng: np.random.Generator) -> ObservedVisits:
    """The visits the article would have reported: of its two weeks, whole tours inside a cluster, others by chance."""
    return _only(year.visits, _in_article(year.visits, rng))


def as_press(year: Year, reporting: float, rng: np.random.Generator) -> ObservedVisits:
    """The visits the press would have reported: whole tours, each with the same chance."""
    return _only(year.visits, _luck_of_tours(year.visits, rng) < reporting)


def without_article(log: ObservedVisits, rng: np.random.Generator) -> ObservedVisits:
    """Reported visits less those that the article would report."""
    return _only(log, ~_in_article(log, rng))


def _in_article(log: ObservedVisits, rng: np.random.Generator) -> NDArray[np.bool_]:
    leaves = _any_of_tour(log, ~log.world.inside[log.origin, log.host])
    reported = ~leaves | (_luck_of_tours(log, rng) < RHO)
    return np.asarray(reported & np.isin(log.week, WEEKS_OF_ARTICLE))


def _tour_of(log: ObservedVisits) -> NDArray[np.int64]:
    return np.asarray(log.week * log.world.provinces + log.origin)


def _any_of_tour(log: ObservedVisits, flags: NDArray[np.bool_]) -> NDArray[np.bool_]:
    return np.isin(_tour_of(log), _tour_of(log)[flags])


def _luck_of_tours(log: ObservedVisits, rng: np.random.Generator) -> NDArray[np.float64]:
    tours, of_visit = np.unique(_tour_of(log), return_inverse=True)
    return rng.random(len(tours))[of_visit]


def _only(log: ObservedVisits, chosen: NDArray[np.bool_]) -> ObservedVisits:
    return ObservedVisits(log.world, log.week[chosen], log.origin[chosen], log.host[chosen])


def _patterns(
    view: str, patterns: Sequence[Pattern], simulated: Sequence[ObservedVisits], tours: Sequence[Tour] | None
) -> list[Row]:
    observed = None if tours is None else ObservedVisits.of(tours, china())
    rows: list[Row] = []
    for pattern in patterns:
        seen = np.nan if observed is None else pattern(observed)
        unit = measures.OUTCOMES[pattern.__name__].unit
        rows.append((view, pattern.__name__, unit, seen, *_range(list(map(pattern, simulated)), seen)))
    return rows


def _windows(simulated: Sequence[ObservedVisits]) -> list[Row]:
    """Tours in each window of the calendar, which the departures were fitted to."""
    counts = np.array([tours_by_window(_weeks_of_tours(log)) for log in simulated])
    observed = tours_by_window([tour.week for tour in tours_of_2023() if tour.week is not None])
    return [
        (COUNTS, f"{window} (fitted)", "tours", float(seen), *_range(column.tolist(), float(seen)))
        for window, seen, column in zip(WINDOWS, observed, counts.T, strict=True)
    ]


def _weeks_of_tours(log: ObservedVisits) -> list[int]:
    tours, first = np.unique(_tour_of(log), return_index=True)
    return log.week[first].tolist() if len(tours) else []


def _themes(simulated: Sequence[Year]) -> list[Row]:
    shares = np.array([year.themes.mean(axis=0) for year in simulated if len(year.themes)])
    rows: list[Row] = []
    for theme, fact, column in zip(THEMES, THEME_FACTS.values(), shares.T, strict=False):
        target = published(fact)
        rows.append((ALL, f"{theme} theme (fitted)", "share of visits", target, *_range(column.tolist(), target)))
    return rows


def _range(values: Sequence[float], observed: float) -> tuple[float, float, float, str]:
    low, median, high = np.nanquantile(values, [0.05, 0.5, 0.95])
    if np.isnan(observed):
        return float(median), float(low), float(high), "not observed"
    return float(median), float(low), float(high), "inside" if low <= observed <= high else "missed"
