"""Posterior predictive: do simulated years look like the year observed, once seen through the same eyes?

Three views of each simulated year: as the article reported (two weeks of March, tours inside a cluster always, others
with the relative chance rho), as the press reported (the article's, and every tour with the chance ``reporting``), and
all visits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

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
from model.world import THEMES, china

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
THEME_OF_FACT = {"economic_theme": 0, "urbanisation_theme": 1, "public_services_theme": 2}
ARTICLE, PRESS, ALL = "article, March", "press, 2023", "all visits, 2023"


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
        draws: posterior draws with rho and reporting; the first ``years`` are used, one year each.
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
    seen = list(zip(simulated, used["rho"], used["reporting"], strict=True))
    article = [as_article(year, rho, rng) for year, rho, _ in seen]
    press = [as_press(year, rho, reporting, rng) for year, rho, reporting in seen]
    everything = [year.visits for year in simulated]
    rows = [
        *_patterns(ARTICLE, article, tours_of_article()),
        *_patterns(PRESS, press, tours_of_2023()),
        *_patterns(ALL, everything, None),
        *_themes(simulated),
    ]
    return pd.DataFrame(rows, columns=["view", "pattern", "unit", "observed", "median", "low", "high", "verdict"])


def keep_visits(history: History) -> Year:
    """The part of a history that the checks look at."""
    log = ObservedVisits(history.world, history.week, history.origin, history.host)
    return Year(log, history.themes)


def as_article(year: Year, rho: float, rng: np.random.Generator) -> ObservedVisits:
    """The visits the article would have reported: of its two weeks, whole tours inside a cluster, others by chance."""
    return _only(year.visits, _in_article(year.visits, rho, rng))


def as_press(year: Year, rho: float, reporting: float, rng: np.random.Generator) -> ObservedVisits:
    """The visits the press would have reported: what the article did, and any other tour with the same chance."""
    log = year.visits
    return _only(log, _in_article(log, rho, rng) | (_luck_of_tours(log, rng) < reporting))


def _in_article(log: ObservedVisits, rho: float, rng: np.random.Generator) -> NDArray[np.bool_]:
    leaves = _any_of_tour(log, ~log.world.inside[log.origin, log.host])
    reported = ~leaves | (_luck_of_tours(log, rng) < rho)
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
    view: str, simulated: Sequence[ObservedVisits], tours: Sequence[Tour] | None
) -> list[tuple[object, ...]]:
    observed = None if tours is None else ObservedVisits.of(tours, china())
    rows: list[tuple[object, ...]] = []
    for pattern in PATTERNS:
        seen = np.nan if observed is None else pattern(observed)
        unit = measures.OUTCOMES[pattern.__name__].unit
        rows.append((view, pattern.__name__, unit, seen, *_range(list(map(pattern, simulated)), seen)))
    return rows


def _themes(simulated: Sequence[Year]) -> list[tuple[object, ...]]:
    share = partial(np.mean, axis=0)
    shares = np.array([share(year.themes) for year in simulated if len(year.themes)])
    return [
        (ALL, f"theme {THEMES[column]}", "share of visits", published(fact),
         *_range(shares[:, column].tolist(), published(fact)))
        for fact, column in THEME_OF_FACT.items()
    ]


def _range(values: Sequence[float], observed: float) -> tuple[float, float, float, str]:
    low, median, high = np.nanquantile(values, [0.05, 0.5, 0.95])
    if np.isnan(observed):
        return float(median), float(low), float(high), "not observed"
    return float(median), float(low), float(high), "inside" if low <= observed <= high else "missed"
