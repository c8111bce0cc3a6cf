"""Do simulated years look like the year observed, once seen through the same eyes?

The views: the article retold, its tours with hosts drawn anew given origin, length and that they were reported; the
article's two weeks of whole simulated years; a year as the press reported it, each tour with the same chance, as the
fit of departures has it; the same without the tours that the article reports; the press's tours by window; all visits.
"""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from calibration.blocks import RHO, THEME_FACTS, WINDOWS, tours_by_window
from calibration.likelihood import HostChoice
from calibration.simulated import as_article, as_press, census, told_by_article
from calibration.targets import ObservedVisits, Tour, published
from model import measures, tallies
from model.history import Histories
from model.parameters import CHOICE
from model.tallies import VisitLog
from model.world import THEMES, World, china

Numbers = NDArray[np.float64]
Pattern = Callable[[VisitLog], Numbers]
Row = tuple[object, ...]

MOST_VISITED = 5


def most_visited_hosts(log: VisitLog) -> Numbers:
    """Share of visits that the five most visited hosts receive."""
    received = np.sort(tallies.received(log), axis=1)
    return tallies.ratio(received[:, -MOST_VISITED:].sum(axis=1), received.sum(axis=1))


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


def against_years(draws: pd.DataFrame, years: Histories, tours: Sequence[Tour], seed: int) -> pd.DataFrame:
    """Observed patterns against the 90% range of simulated years, one row a view and pattern.

    Args:
        draws: the draws behind the years, one each, with the share of tours reported.
        years: simulated years.
        tours: what was observed.
        seed: of what is reported of the years.

    Returns:
        COLUMNS; the verdict is "inside", "missed" or "not observed".
    """
    rng, every = np.random.default_rng(seed), census(years)
    press = as_press(every, draws["reporting"].to_numpy(dtype=float), rng)
    rows = [
        *_of_article(draws, every, press, tours, rng),
        *_patterns(PRESS, PATTERNS, press, tours),
        _likeness(press, tours),
        *_windows(press, tours),
        *_patterns(ALL, PATTERNS, every, None),
        *_themes(years),
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def _of_article(
    draws: pd.DataFrame, every: ObservedVisits, press: ObservedVisits, tours: Sequence[Tour], rng: np.random.Generator
) -> list[Row]:
    """The views that tell the article's tours from the others; none where no tour is of the article."""
    told = [tour for tour in tours if tour.in_article]
    if not told:
        return []
    rest = press.only(~told_by_article(press, rng))
    return [
        *_patterns(RETOLD, OF_HOSTS, retell(told, tours, draws, rng), told),
        *_patterns(WINDOW, OF_WINDOW, as_article(every, rng), told),
        *_patterns(REST, PATTERNS, rest, [tour for tour in tours if not tour.in_article]),
    ]


def retell(
    told: Sequence[Tour], tours: Sequence[Tour], draws: pd.DataFrame, rng: np.random.Generator
) -> ObservedVisits:
    """The tours of the article with other hosts, once for each draw, given that the article reported them.

    Args:
        told: the tours of the article.
        tours: all tours observed, whose record they see.
        draws: weights of host choice.
        rng: luck.
    """
    world, framed = china(), [tour.in_article for tour in tours]
    appeals = HostChoice(tours, world).appeals(draws[list(CHOICE)].to_numpy(dtype=float))
    retold = [
        [
            Tour(tour.name, tour.origin, reported_hosts(tour, appeal, world, rng))
            for tour, appeal in zip(told, by_tour, strict=True)
        ]
        for by_tour in appeals[:, framed]
    ]
    return ObservedVisits.of(*retold, world=world)


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
    view: str, patterns: Sequence[Pattern], simulated: ObservedVisits, tours: Sequence[Tour] | None
) -> list[Row]:
    observed = None if tours is None else ObservedVisits.of(tours, world=china())
    rows: list[Row] = []
    for pattern in patterns:
        seen = np.nan if observed is None else float(pattern(observed)[0])
        rows.append((view, pattern.__name__, _unit(pattern), seen, *_range(pattern(simulated), seen)))
    return rows


def _unit(pattern: Pattern) -> str:
    outcome = measures.OUTCOMES.get(pattern.__name__)
    return outcome.unit if outcome else "share of visits"


def _likeness(simulated: ObservedVisits, tours: Sequence[Tour]) -> Row:
    """Rank correlation of visits received, by province, with the mean of the simulated years."""
    received = pd.DataFrame(tallies.received(simulated).T).rank()
    mean = pd.Series(tallies.received(simulated).mean(axis=0)).rank()
    observed = pd.Series(tallies.received(ObservedVisits.of(tours, world=china()))[0]).rank()
    seen = float(observed.corr(mean))
    return (PRESS, LIKENESS, "rank correlation", seen, *_range(np.array(received.corrwith(mean), dtype=float), seen))


def _windows(simulated: ObservedVisits, tours: Sequence[Tour]) -> list[Row]:
    """Tours in each window of the calendar, which the departures were fitted to."""
    _, first = np.unique(simulated.tour, return_index=True)
    weeks, years = simulated.week[first], simulated.replicate[first]
    counts = np.array([tours_by_window(weeks[years == year].tolist()) for year in range(simulated.replicates)])
    observed = tours_by_window([tour.week for tour in tours if tour.week is not None])
    return [
        (COUNTS, f"{window} (fitted)", "tours", float(seen), *_range(column, float(seen)))
        for window, seen, column in zip(WINDOWS, observed, counts.T, strict=True)
    ]


def _themes(years: Histories) -> list[Row]:
    shares = (measures.economic_theme, measures.urbanisation_theme, measures.services_theme)
    rows: list[Row] = []
    for theme, fact, share in zip(THEMES, THEME_FACTS.values(), shares, strict=False):
        target = published(fact)
        rows.append((ALL, f"{theme} theme (fitted)", "share of visits", target, *_range(share(years), target)))
    return rows


def _range(values: Numbers, observed: float) -> tuple[float, float, float, str]:
    finite = values[~np.isnan(values)]
    low, median, high = np.quantile(finite, [0.05, 0.5, 0.95]).tolist() if len(finite) else [np.nan] * 3
    if np.isnan(observed):
        return median, low, high, "not observed"
    return median, low, high, "inside" if low <= observed <= high else "missed"
