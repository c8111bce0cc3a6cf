"""Every outcome, declared once: a pure function of a history with its unit, basis and sentence.

Outcomes of the visits rest on parameters that the visit data and published theme shares identify. Outcomes of learning
rest on assumed rates, and say so wherever they are shown.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from model.declaration import Status
from model.history import History
from model.world import ECONOMIC, THEMES, World

Numbers = NDArray[np.float64]


class VisitLog(Protocol):
    """Visits of any kind, simulated or observed; every array has shape (visits,)."""

    @property
    def world(self) -> World:
        """Where the visits took place."""

    @property
    def week(self) -> NDArray[Any]:
        """Week of each visit."""

    @property
    def origin(self) -> NDArray[np.int64]:
        """Province that sends the delegation."""

    @property
    def host(self) -> NDArray[np.int64]:
        """Province that receives it."""


@dataclass(frozen=True)
class Outcome:
    """A number that a history ends in."""

    name: str
    unit: str
    rests_on: Status
    sentence: str
    measure: Callable[[History], float]


OUTCOMES: dict[str, Outcome] = {}


def outcome(unit: str, rests_on: Status) -> Callable[[Callable[[Any], float]], Callable[[Any], float]]:
    """Declare a function of a history as an outcome; its docstring is the sentence."""

    def declare(measure: Callable[[Any], float]) -> Callable[[Any], float]:
        sentence = (measure.__doc__ or "").strip()
        OUTCOMES[measure.__name__] = Outcome(measure.__name__, unit, rests_on, sentence, measure)
        return measure

    return declare


def measure_all(history: History) -> dict[str, float]:
    """Every outcome of one history by name; not a number where there were no visits to measure."""
    return {name: float(item.measure(history)) for name, item in OUTCOMES.items()}


# Of the visits


@outcome("visits", "identified")
def visits(log: VisitLog) -> float:
    """Number of visits, one for each stop of a tour."""
    return float(len(log.host))


@outcome("stops", "identified")
def stops_per_tour(log: VisitLog) -> float:
    """Mean number of stops of a tour."""
    tours = len(set(zip(log.week.tolist(), log.origin.tolist(), strict=True)))
    return len(log.host) / tours if tours else np.nan


@outcome("share of visits", "identified")
def inside_clusters(log: VisitLog) -> float:
    """Share of visits between provinces of one city cluster, core or hinterland."""
    return _share_on(log, log.world.inside)


@outcome("share of visits", "identified")
def between_neighbours(log: VisitLog) -> float:
    """Share of visits between provinces that share a border."""
    return _share_on(log, log.world.borders)


@outcome("share of visits", "identified")
def between_partners(log: VisitLog) -> float:
    """Share of visits between official East-West or Northeast-East partners."""
    return _share_on(log, log.world.paired)


@outcome("km", "identified")
def median_km(log: VisitLog) -> float:
    """Median great-circle distance of a visit."""
    return float(np.median(log.world.km[log.origin, log.host])) if len(log.host) else np.nan


@outcome("share of visits", "identified")
def reciprocity(log: VisitLog) -> float:
    """Share of visits between two provinces that visited each other."""
    went = visit_matrix(log) > 0
    return _share_on(log, went.T)


@outcome("index 0 to 1", "identified")
def concentration_of_hosts(log: VisitLog) -> float:
    """Gini coefficient of the number of visits received."""
    received = np.sort(np.bincount(log.host, minlength=log.world.provinces))
    n, total = len(received), received.sum()
    ranks = np.arange(1, n + 1)
    return float((2 * ranks - n - 1) @ received / (n * total)) if total else np.nan


@outcome("provinces", "identified")
def hosts_visited(log: VisitLog) -> float:
    """Number of provinces that received a visit."""
    return float(len(np.unique(log.host)))


@outcome("share of visits", "identified")
def to_the_more_capable(log: VisitLog) -> float:
    """Share of visits to a host whose mean initial capability is higher than the visitor's."""
    mean = log.world.capability.mean(axis=1)
    return _share_on(log, mean[:, None] < mean[None, :])


@outcome("share of visits", "identified")
def economic_theme(history: History) -> float:
    """Share of visits with economic development among their themes."""
    return _share_with(history, "economy")


@outcome("share of visits", "identified")
def urbanisation_theme(history: History) -> float:
    """Share of visits with urbanisation among their themes."""
    return _share_with(history, "urbanisation")


@outcome("share of visits", "identified")
def services_theme(history: History) -> float:
    """Share of visits with ecology, culture or other public services among their themes."""
    return _share_with(history, "services")


# Of learning


@outcome("capability index x 1000", "assumed")
def capability_gained(history: History) -> float:
    """Rise of mean capability over provinces and domains from start to end."""
    return 1000.0 * float(history.capability[-1].mean() - history.capability[0].mean())


@outcome("capability index x 1000", "assumed")
def learnt_per_visit(history: History) -> float:
    """Capability a visitor gains from a visit, summed over domains."""
    return 1000.0 * float(history.learnt.sum(axis=1).mean()) if len(history.host) else np.nan


@outcome("% of initial", "assumed")
def spread_closed(history: History) -> float:
    """Fall of the standard deviation of mean capability between provinces (sigma-convergence)."""
    return _fall(history.capability.mean(axis=2).std(axis=1))


@outcome("% of initial", "assumed")
def spread_between_clusters_closed(history: History) -> float:
    """Fall of the standard deviation between clusters of their mean capability."""
    members = [history.world.cluster == cluster for cluster in history.world.integration_of]
    means = [history.capability[:, each].mean(axis=(1, 2)) for each in members if each.any()]
    return _fall(np.std(means, axis=0)) if len(means) > 1 else np.nan


@outcome("% of initial", "assumed")
def gap_to_best_closed(history: History) -> float:
    """Fall of the mean distance to the best province, over provinces and domains."""
    ahead = history.capability.max(axis=1, keepdims=True) - history.capability
    return _fall(ahead.mean(axis=(1, 2)))


@outcome("index 0 to 1 x 1000", "assumed")
def integration_gained(history: History) -> float:
    """Rise of mean integration over all pairs of provinces."""
    pairs = ~np.eye(history.world.provinces, dtype=bool)
    return _rise_of_integration(history, pairs)


@outcome("index 0 to 1 x 1000", "assumed")
def integration_inside_gained(history: History) -> float:
    """Rise of mean integration over pairs inside a cluster."""
    return _rise_of_integration(history, history.world.inside)


@outcome("index 0 to 1 x 1000", "assumed")
def duplication(history: History) -> float:
    """Rise of the similarity of industrial structures inside clusters."""
    if not history.world.inside.any():
        return np.nan
    start, end = (_similarity(history.capability[week], history.world.inside) for week in (0, -1))
    return 1000.0 * (end - start)


@outcome("agreements", "assumed")
def agreements(history: History) -> float:
    """Number of cooperation agreements signed."""
    return float(history.agreement.sum())


@outcome("index", "assumed")
def projects(history: History) -> float:
    """Projects brought by economic visits, an index."""
    return float(history.projects.sum())


# By province and pair


def visit_matrix(log: VisitLog) -> NDArray[np.int64]:
    """Number of visits from each origin (row) to each host (column), shape (n, n)."""
    counts = np.zeros((log.world.provinces, log.world.provinces), dtype=np.int64)
    np.add.at(counts, (log.origin, log.host), 1)
    return counts


def _share_on(log: VisitLog, pairs: NDArray[np.bool_]) -> float:
    return float(pairs[log.origin, log.host].mean()) if len(log.host) else np.nan


def _share_with(history: History, theme: str) -> float:
    return float(history.themes[:, THEMES.index(theme)].mean()) if len(history.host) else np.nan


def _fall(path: Numbers) -> float:
    return float(100.0 * (path[0] - path[-1]) / path[0]) if path[0] > 0 else np.nan


def _rise_of_integration(history: History, pairs: NDArray[np.bool_]) -> float:
    if not pairs.any():
        return np.nan
    return 1000.0 * float((history.integration[-1] - history.integration[0])[pairs].mean())


def _similarity(capability: Numbers, pairs: NDArray[np.bool_]) -> float:
    """Mean of one minus half the Krugman specialisation index over pairs."""
    economy = capability[:, : len(ECONOMIC)]
    total = economy.sum(axis=1, keepdims=True)
    shares = np.divide(economy, total, out=np.full_like(economy, 1.0 / len(ECONOMIC)), where=total > 0)
    unlike = np.abs(shares[:, None, :] - shares[None, :, :]).sum(axis=2) / 2.0
    return float(1.0 - unlike[pairs].mean())
