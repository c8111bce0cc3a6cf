"""Do simulated years look like the year observed, once seen through the same eyes?

The views: the article retold, its tours with hosts drawn anew given origin, length and that they were reported; the
article's two weeks of whole simulated years; a year as the press reported it, each tour with the same chance, as the
fit of departures has it; the same without the tours that the article reports; the press's tours by window; all visits.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from calibration.blocks import RHO, THEME_FACTS, WINDOWS, tours_by_window
from calibration.likelihood import HostChoice
from calibration.simulated import Year, as_article, as_press, only, told_by_article, tour_of
from calibration.targets import ObservedVisits, Tour, published
from model import measures
from model.measures import VisitLog
from model.parameters import CHOICE
from model.world import THEMES, World, china

Pattern = Callable[[VisitLog], float]
Row = tuple[object, ...]

MOST_VISITED = 5


def most_visited_hosts(log: VisitLog) -> float:
    """Share of visits that the five most visited hosts receive."""
    received = np.sort(np.bincount(log.host, minlength=log.world.provinces))
    return float(received[-MOST_VISITED:].sum() / received.sum()) if received.sum() else np.nan


PATTERNS: tuple[Pattern, ...] = (
    measures.visits,
    measures.inside_clusters,
    measures.between_neighbours,
    measures.between_partners,
    measures.median_km,
    measures.reciprocity,
    measures.stops_per_tour,
    measures.hosts_visited,
    measures.concentration_of_hosts,
    most_visited_hosts,
)
OF_HOSTS = tuple(pattern for pattern in PATTERNS if pattern not in (measures.visits, measures.stops_per_tour))
OF_WINDOW = (measures.visits, measures.stops_per_tour, measures.inside_clusters)
RETOLD, WINDOW, PRESS, REST = "article retold", "article's two weeks", "press, 2023", "press without the article"
COUNTS, ALL = "tours in the press", "all visits, 2023"
LIKENESS = "hosts_like_the_mean_year"
COLUMNS = ["view", "pattern", "unit", "observed", "median", "low", "high", "verdict"]


def against_years(
    draws: pd.DataFrame, years: Sequence[Year], tours: Sequence[Tour], seed: int
) -> pd.DataFrame:
    """Observed patterns against the 90% range of simulated years, one row a view and pattern.

    Args:
        draws: the draws behind the years, one each, with the share of tours reported.
        years: simulated years.
        tours: what was observed.
        seed: of what is reported of the years.

    Returns:
        COLUMNS; the verdict is "inside", "missed" or "not observed".
    """
    rng, world = np.random.default_rng(seed), china()
    article = [tour for tour in tours if tour.in_article]
    press = [as_press(year.visits, share, rng) for year, share in zip(years, draws["reporting"], strict=True)]
    rows: list[Row] = []
    if article:
        windows = [as_article(year.visits, rng) for year in years]
        rest = [only(log, ~told_by_article(log, rng)) for log in press]
        rows += _patterns(RETOLD, OF_HOSTS, retell(article, tours, draws, rng), article)
        rows += _patterns(WINDOW, OF_WINDOW, windows, article)
        rows += _patterns(REST, PATTERNS, rest, [tour for tour in tours if not tour.in_article])
    rows += _patterns(PRESS, PATTERNS, press, tours)
    rows += [_likeness(press, ObservedVisits.of(tours, world))]
    rows += _windows(press, tours)
    rows += _patterns(ALL, PATTERNS, [year.visits for year in years], None)
    rows += _themes(years)
    return pd.DataFrame(rows, columns=COLUMNS)


def retell(
    told: Sequence[Tour], tours: Sequence[Tour], draws: pd.DataFrame, rng: np.random.Generator
) -> list[ObservedVisits]:
    """The tours of the article with other hosts, once for each draw, given that the article reported them.

    Args:
        told: the tours of the article.
        tours: all tours observed, whose record they see.
        draws: weights of host choice.
        rng: luck.
    """
    world, framed = china(), [tour.in_article for tour in tours]
    appeals = HostChoice(tours, world).appeals(draws[list(CHOICE)].to_numpy(dtype=float))
    retold = []
    for by_tour in appeals[:, framed]:
        hosts = [reported_hosts(tour, appeal, world, rng) for tour, appeal in zip(told, by_tour, strict=True)]
        again = [Tour(tour.name, tour.origin, new) for tour, new in zip(told, hosts, strict=True)]
        retold.append(ObservedVisits.of(again, world))
    return retold


def reported_hosts(
    tour: Tour, appeals: NDArray[np.float64], world: World, rng: np.random.Generator
) -> tuple[int, ...]:
    """Hosts of a tour of the article, drawn until they are ones that it would have reported."""
    inside = world.inside[tour.origin]
    while True:
        hosts = drawn_hosts(tour, appeals, rng)
        if inside[list(hosts)].all() or rng.random() < RHO:
            return hosts


def drawn_hosts(tour: Tour, appeals: NDArray[np.float64], rng: np.random.Generator) -> tuple[int, ...]:
    """Hosts drawn one after another: those of the largest appeals plus Gumbel noise."""
    utilities = appeals + rng.gumbel(size=len(appeals))
    utilities[tour.origin] = -np.inf
    return tuple(np.argsort(-utilities)[: len(tour.hosts)].tolist())


def _patterns(
    view: str, patterns: Sequence[Pattern], simulated: Sequence[ObservedVisits], tours: Sequence[Tour] | None
) -> list[Row]:
    observed = None if tours is None else ObservedVisits.of(tours, china())
    rows: list[Row] = []
    for pattern in patterns:
        seen = np.nan if observed is None else pattern(observed)
        rows.append((view, pattern.__name__, _unit(pattern), seen, *_range(list(map(pattern, simulated)), seen)))
    return rows


def _unit(pattern: Pattern) -> str:
    outcome = measures.OUTCOMES.get(pattern.__name__)
    return outcome.unit if outcome else "share of visits"


def _likeness(simulated: Sequence[ObservedVisits], observed: ObservedVisits) -> Row:
    """Rank correlation of visits received, by province, with the mean of the simulated years."""
    received = np.array([np.bincount(log.host, minlength=log.world.provinces) for log in simulated])
    mean = received.mean(axis=0)
    values = [_rank_correlation(each, mean) for each in received]
    seen = _rank_correlation(np.bincount(observed.host, minlength=len(mean)), mean)
    return (PRESS, LIKENESS, "rank correlation", seen, *_range(values, seen))


def _rank_correlation(one: NDArray[Any], other: NDArray[Any]) -> float:
    ranks = [pd.Series(each).rank() for each in (one, other)]
    return float(ranks[0].corr(ranks[1]))


def _windows(simulated: Sequence[ObservedVisits], tours: Sequence[Tour]) -> list[Row]:
    """Tours in each window of the calendar, which the departures were fitted to."""
    counts = np.array([tours_by_window(_weeks_of_tours(log)) for log in simulated])
    observed = tours_by_window([tour.week for tour in tours if tour.week is not None])
    return [
        (COUNTS, f"{window} (fitted)", "tours", float(seen), *_range(column.tolist(), float(seen)))
        for window, seen, column in zip(WINDOWS, observed, counts.T, strict=True)
    ]


def _weeks_of_tours(log: ObservedVisits) -> list[int]:
    tours, first = np.unique(tour_of(log), return_index=True)
    return log.week[first].tolist() if len(tours) else []


def _themes(simulated: Sequence[Year]) -> list[Row]:
    shares = np.array([year.themes.mean(axis=0) for year in simulated if len(year.themes)])
    rows: list[Row] = []
    for theme, fact, column in zip(THEMES, THEME_FACTS.values(), shares.T, strict=False):
        target = published(fact)
        rows.append((ALL, f"{theme} theme (fitted)", "share of visits", target, *_range(column.tolist(), target)))
    return rows


def _range(values: Sequence[float], observed: float) -> tuple[float, float, float, str]:
    finite = [value for value in values if not np.isnan(value)]
    low, median, high = np.quantile(finite, [0.05, 0.5, 0.95]) if finite else (np.nan, np.nan, np.nan)
    if np.isnan(observed):
        return float(median), float(low), float(high), "not observed"
    return float(median), float(low), float(high), "inside" if low <= observed <= high else "missed"
