"""Every outcome, declared once: a pure function of histories with its unit, basis and sentence.

Outcomes of the visits rest on parameters that the visit data and published theme shares identify. Outcomes of learning
rest on assumed rates, and say so wherever they are shown. Each takes any number of histories at once and gives one
number for each, shape (replicates,); not a number where there were no visits to measure.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model import tallies
from model.declaration import Status
from model.history import Histories, History
from model.tallies import VisitLog
from model.world import ECONOMIC, THEMES

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Outcome:
    """A number that a history ends in."""

    name: str
    unit: str
    rests_on: Status
    sentence: str
    measure: Callable[[Histories], Numbers]


OUTCOMES: dict[str, Outcome] = {}


def outcome(unit: str, rests_on: Status) -> Callable[[Callable[[Any], Numbers]], Callable[[Any], Numbers]]:
    """Declare a function of histories as an outcome; its docstring is the sentence."""

    def declare(measure: Callable[[Any], Numbers]) -> Callable[[Any], Numbers]:
        sentence = (measure.__doc__ or "").strip()
        OUTCOMES[measure.__name__] = Outcome(measure.__name__, unit, rests_on, sentence, measure)
        return measure

    return declare


def measure_all(histories: Histories) -> dict[str, Numbers]:
    """Every outcome by name, shape (replicates,) each."""
    return {name: item.measure(histories) for name, item in OUTCOMES.items()}


def measure_one(history: History) -> dict[str, float]:
    """Every outcome of one history by name."""
    return {name: float(values[0]) for name, values in measure_all(history.alone).items()}


# Of the visits


@outcome("visits", "identified")
def visits(log: VisitLog) -> Numbers:
    """Number of visits, one for each stop of a tour."""
    return tallies.count(log).astype(float)


@outcome("stops", "identified")
def stops_per_tour(log: VisitLog) -> Numbers:
    """Mean number of stops of a tour."""
    weeks, n = 1 + int(log.week.max(initial=0)), log.world.provinces
    tours = np.unique((log.replicate * weeks + log.week) * n + log.origin)
    return tallies.ratio(tallies.count(log), np.bincount(tours // (weeks * n), minlength=log.replicates))


@outcome("share of visits", "identified")
def inside_clusters(log: VisitLog) -> Numbers:
    """Share of visits between provinces of one city cluster, core or hinterland."""
    return _share_on(log, log.world.inside)


@outcome("share of visits", "identified")
def between_neighbours(log: VisitLog) -> Numbers:
    """Share of visits between provinces that share a border."""
    return _share_on(log, log.world.borders)


@outcome("share of visits", "identified")
def between_partners(log: VisitLog) -> Numbers:
    """Share of visits between official East-West or Northeast-East partners."""
    return _share_on(log, log.world.paired)


@outcome("km", "identified")
def median_km(log: VisitLog) -> Numbers:
    """Median great-circle distance of a visit."""
    km, count = log.world.km[log.origin, log.host], tallies.count(log)
    first = np.cumsum(count) - count
    ordered = np.append(km[np.lexsort((km, log.replicate))], np.nan)
    middle = ordered[np.stack([first + (count - 1) // 2, first + count // 2])].mean(axis=0)
    return np.asarray(np.where(count > 0, middle, np.nan))


@outcome("share of visits", "identified")
def reciprocity(log: VisitLog) -> Numbers:
    """Share of visits between two provinces that visited each other."""
    went = tallies.visit_matrices(log) > 0
    return tallies.mean(log, went[log.replicate, log.host, log.origin])


@outcome("index 0 to 1", "identified")
def concentration_of_hosts(log: VisitLog) -> Numbers:
    """Gini coefficient of the number of visits received."""
    received = np.sort(tallies.received(log), axis=1)
    n = received.shape[1]
    ranks = np.arange(1, n + 1)
    return tallies.ratio(received @ (2 * ranks - n - 1), n * received.sum(axis=1))


@outcome("provinces", "identified")
def hosts_visited(log: VisitLog) -> Numbers:
    """Number of provinces that received a visit."""
    return np.asarray((tallies.received(log) > 0).sum(axis=1), dtype=float)


@outcome("share of visits", "identified")
def to_the_more_capable(log: VisitLog) -> Numbers:
    """Share of visits to a host whose mean initial capability is higher than the visitor's."""
    mean = log.world.capability.mean(axis=1)
    return _share_on(log, mean[:, None] < mean[None, :])


@outcome("share of visits", "identified")
def economic_theme(histories: Histories) -> Numbers:
    """Share of visits with economic development among their themes."""
    return _share_with(histories, "economy")


@outcome("share of visits", "identified")
def urbanisation_theme(histories: Histories) -> Numbers:
    """Share of visits with urbanisation among their themes."""
    return _share_with(histories, "urbanisation")


@outcome("share of visits", "identified")
def services_theme(histories: Histories) -> Numbers:
    """Share of visits with ecology, culture or other public services among their themes."""
    return _share_with(histories, "services")


# Of learning


@outcome("capability index x 1000", "assumed")
def capability_gained(histories: Histories) -> Numbers:
    """Rise of mean capability over provinces and domains from start to end."""
    mean = _ends(histories.capability).mean(axis=(2, 3))
    return np.asarray(1000.0 * (mean[:, 1] - mean[:, 0]))


@outcome("capability index x 1000", "assumed")
def learnt_per_visit(histories: Histories) -> Numbers:
    """Capability a visitor gains from a visit, summed over domains."""
    return 1000.0 * tallies.mean(histories, histories.learnt.sum(axis=1))


@outcome("% of initial", "assumed")
def spread_closed(histories: Histories) -> Numbers:
    """Fall of the standard deviation of mean capability between provinces (sigma-convergence)."""
    return _fall(_ends(histories.capability).mean(axis=3).std(axis=2))


@outcome("% of initial", "assumed")
def spread_between_clusters_closed(histories: Histories) -> Numbers:
    """Fall of the standard deviation between clusters of their mean capability."""
    members = [histories.world.cluster == cluster for cluster in histories.world.integration_of]
    capability = _ends(histories.capability)
    means = [capability[:, :, each].mean(axis=(2, 3)) for each in members if each.any()]
    return _fall(np.std(means, axis=0)) if len(means) > 1 else _unmeasured(histories)


@outcome("% of initial", "assumed")
def gap_to_best_closed(histories: Histories) -> Numbers:
    """Fall of the mean distance to the best province, over provinces and domains."""
    capability = _ends(histories.capability)
    ahead = capability.max(axis=2, keepdims=True) - capability
    return _fall(ahead.mean(axis=(2, 3)))


@outcome("index 0 to 1 x 1000", "assumed")
def integration_gained(histories: Histories) -> Numbers:
    """Rise of mean integration over all pairs of provinces."""
    return _rise_of_integration(histories, ~np.eye(histories.world.provinces, dtype=bool))


@outcome("index 0 to 1 x 1000", "assumed")
def integration_inside_gained(histories: Histories) -> Numbers:
    """Rise of mean integration over pairs inside a cluster."""
    return _rise_of_integration(histories, histories.world.inside)


@outcome("index 0 to 1 x 1000", "assumed")
def duplication(histories: Histories) -> Numbers:
    """Rise of the similarity of industrial structures inside clusters."""
    if not histories.world.inside.any():
        return _unmeasured(histories)
    likeness = _similarity(_ends(histories.capability), histories.world.inside)
    return np.asarray(1000.0 * (likeness[:, 1] - likeness[:, 0]))


@outcome("agreements", "assumed")
def agreements(histories: Histories) -> Numbers:
    """Number of cooperation agreements signed."""
    return tallies.total(histories, histories.agreement)


@outcome("index", "assumed")
def projects(histories: Histories) -> Numbers:
    """Projects brought by economic visits, an index."""
    return tallies.total(histories, histories.projects)


# On what they were, and with what


def _share_on(log: VisitLog, pairs: NDArray[np.bool_]) -> Numbers:
    return tallies.mean(log, pairs[log.origin, log.host])


def _share_with(histories: Histories, theme: str) -> Numbers:
    return tallies.mean(histories, histories.themes[:, THEMES.index(theme)])


# By start and end


def _ends(path: Numbers) -> Numbers:
    """Start and end of a path of shape (replicates, moments, ...)."""
    return path[:, [0, -1]]


def _fall(path: Numbers) -> Numbers:
    start = np.where(path[:, 0] > 0, path[:, 0], np.nan)
    return np.asarray(100.0 * (start - path[:, -1]) / start)


def _unmeasured(histories: Histories) -> Numbers:
    """Of a world that has nothing to measure it on, such as no cluster."""
    return np.full(histories.replicates, np.nan)


def _rise_of_integration(histories: Histories, pairs: NDArray[np.bool_]) -> Numbers:
    if not pairs.any():
        return _unmeasured(histories)
    rise = histories.integration[:, -1] - histories.integration[:, 0]
    chosen = np.ascontiguousarray(rise[:, pairs])  # so that one history alone is summed in the order of many
    return np.asarray(1000.0 * chosen.mean(axis=1))


def _similarity(capability: Numbers, pairs: NDArray[np.bool_]) -> Numbers:
    """Mean over pairs of one minus half the Krugman specialisation index, from shape (replicates, moments, n, 8)."""
    economy = capability[..., : len(ECONOMIC)]
    total = economy.sum(axis=-1, keepdims=True)
    shares = np.divide(economy, total, out=np.full_like(economy, 1.0 / len(ECONOMIC)), where=total > 0)
    one, other = np.nonzero(pairs)
    unlike = np.abs(shares[:, :, one] - shares[:, :, other]).sum(axis=-1) / 2.0
    return np.asarray(1.0 - unlike.mean(axis=-1))
