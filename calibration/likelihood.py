"""The exact likelihood of host choice, through the very rules the agents use.

A tour is a sequential conditional logit without replacement (Plackett-Luce). The order of its stops is protocol, so the
probability of a tour sums over all orders. Denominators are summed anew for every set of hosts already visited, in log
space: subtracting from a running sum cancels catastrophically.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations, permutations
from typing import Any, Self

import numba
import numpy as np
from numpy.typing import NDArray

from calibration.targets import Tour
from model import rules
from model.parameters import CHOICE, Parameters
from model.state import NEVER, State, agenda_of, covariates
from model.world import World

Numbers = NDArray[np.float64]
Indices = NDArray[np.int64]
HostSet = tuple[int, tuple[int, ...]]


@dataclass(frozen=True, eq=False)
class Orders:
    """Every order of some host sets, laid flat: d distinct denominators, k steps of all orders of all sets.

    Attributes:
        tour_of, remaining: tour of each denominator, shape (d,), and hosts still open at it, shape (d, n).
        denominator, tour, host: of each step, shape (k,).
        order_starts, set_starts: where each order begins among steps, and each set among orders.
    """

    tour_of: Indices
    remaining: NDArray[np.bool_]
    denominator: Indices
    tour: Indices
    host: Indices
    order_starts: Indices
    set_starts: Indices

    @classmethod
    def of(cls, sets: Sequence[HostSet], origins: Sequence[int], provinces: int) -> Self:
        """Lay out the orders of host sets, each given as (tour, hosts)."""
        denominators: dict[tuple[int, frozenset[int]], int] = {}
        steps: list[tuple[int, int, int]] = []
        lengths: list[int] = []
        orders: list[int] = []
        for tour, hosts in sets:
            in_every_order = list(permutations(hosts))
            orders.append(len(in_every_order))
            for order in in_every_order:
                lengths.append(len(order))
                for place, host in enumerate(order):
                    visited = (tour, frozenset(order[:place]))
                    steps.append((denominators.setdefault(visited, len(denominators)), tour, host))
        denominator, step_tour, step_host = np.array(steps, dtype=np.int64).reshape(-1, 3).T
        remaining = np.ones((len(denominators), provinces), dtype=bool)
        for (tour, visited_hosts), place in denominators.items():
            remaining[place, [origins[tour], *visited_hosts]] = False
        tour_of = np.array([tour for tour, _ in denominators], dtype=np.int64)
        return cls(tour_of, remaining, denominator, step_tour, step_host, _starts(lengths), _starts(orders))

    def log_probability(self, appeals: Numbers) -> Numbers:
        """Log probability of each set in any order, shape (points, sets), from appeals of shape (points, tours, n)."""
        denominators = _log_sums(appeals, self.tour_of, self.remaining)
        steps = appeals[:, self.tour, self.host] - denominators[:, self.denominator]
        in_one_order = np.add.reduceat(steps, self.order_starts, axis=1)
        return np.asarray(np.logaddexp.reduceat(in_one_order, self.set_starts, axis=1))


@numba.njit(cache=True)
def _log_sums(appeals: Numbers, tour_of: Indices, remaining: NDArray[np.bool_]) -> Numbers:
    """Log of the sum of exp of appeal over the hosts still open, for every point and denominator."""
    points, sums = appeals.shape[0], len(tour_of)
    logs = np.empty((points, sums))
    for point in range(points):
        for place in range(sums):
            row, still_open = appeals[point, tour_of[place]], remaining[place]
            peak, total = -np.inf, 0.0
            for host in range(len(row)):
                if still_open[host]:
                    peak = max(peak, row[host])
            for host in range(len(row)):
                if still_open[host]:
                    total += math.exp(row[host] - peak)
            logs[point, place] = peak + math.log(total)
    return logs


def _starts(lengths: Iterable[int]) -> Indices:
    return np.cumsum([0, *lengths], dtype=np.int64)[:-1]


class HostChoice:
    """The tours of an event list as data for the choice of hosts.

    Attributes:
        terms: names of the weights, in the order in which they come.

    Args:
        tours: observed tours; those with a week see the visits of this list that came before it, as the agents would.
        world: the provinces.
        parameters: the agenda and the memory with which hosts are seen; the weights are not used.
    """

    terms: tuple[str, ...] = CHOICE

    def __init__(self, tours: Sequence[Tour], world: World, parameters: Parameters | None = None) -> None:
        self.tours = tuple(tours)
        self.pulls = pulls(covariates_of_tours(self.tours, world, parameters or Parameters()))
        self.origins = [tour.origin for tour in self.tours]
        sets = [(number, tour.hosts) for number, tour in enumerate(self.tours)]
        self.orders = Orders.of(sets, self.origins, world.provinces)

    def appeals(self, weights: Numbers) -> Numbers:
        """Appeal of every host on every tour, shape (points, tours, n); weights have shape (points, terms)."""
        return np.asarray(np.tensordot(weights, self.pulls, axes=1))

    def log_probability(self, weights: Numbers) -> Numbers:
        """Log probability of each tour's hosts in any order, shape (points, tours)."""
        return self.orders.log_probability(self.appeals(weights))


class ReportedHostChoice(HostChoice):
    """The same where the tours of the article were seen because they lie inside a cluster, as all six do.

    A tour of the article enters as P(S) rho^[S not inside] / (P_in + rho (1 - P_in)): rho is the chance that a tour
    outside the clusters would have been reported, relative to one inside, and P_in the chance that a tour of this
    origin and length lies inside. All other tours enter plainly, as does one too long to stay inside.
    """

    def __init__(self, tours: Sequence[Tour], world: World, parameters: Parameters | None = None) -> None:
        super().__init__(tours, world, parameters)
        partners = [np.flatnonzero(world.inside[tour.origin]).tolist() for tour in self.tours]
        self.framed = [
            k for k, tour in enumerate(self.tours) if tour.in_article and len(tour.hosts) <= len(partners[k])
        ]
        self.outside = np.array([not set(self.tours[k].hosts) <= set(partners[k]) for k in self.framed])
        inside = [list(combinations(partners[k], len(self.tours[k].hosts))) for k in self.framed]
        self.inside_starts = _starts(map(len, inside))
        sets = [(k, hosts) for k, choices in zip(self.framed, inside, strict=True) for hosts in choices]
        self.inside_orders = Orders.of(sets, self.origins, world.provinces)

    def log_probability_of_report(self, weights: Numbers, rho: Numbers) -> Numbers:
        """Log probability of each tour given that it was reported, shape (points, tours); rho has shape (points,)."""
        appeals = self.appeals(weights)
        each = self.orders.log_probability(appeals)
        within = self.inside_orders.log_probability(appeals)
        log_inside = np.logaddexp.reduceat(within, self.inside_starts, axis=1)
        with np.errstate(divide="ignore"):
            log_rho, log_rest = np.log(rho)[:, None], np.log1p(-rho)[:, None]
        seen = np.logaddexp(log_rho, log_rest + log_inside)
        each[:, self.framed] += np.where(self.outside, log_rho, 0.0) - seen
        return each


def pulls(seen: Numbers) -> Numbers:
    """What each weight is multiplied by in ``rules.appeal``, which is linear in them; shapes as ``seen``."""
    columns: Any = list(seen)
    return np.stack([rules.appeal(*columns, *unit) for unit in np.eye(len(CHOICE)).tolist()])


def covariates_of_tours(tours: Sequence[Tour], world: World, parameters: Parameters) -> Numbers:
    """What each delegation saw in each host, shape (10, tours, n); 0 for the origin itself."""
    return np.stack([covariates_of_tour(tour, tours, world, parameters) for tour in tours], axis=1)


def covariates_of_tour(tour: Tour, tours: Iterable[Tour], world: World, parameters: Parameters) -> Numbers:
    """What one delegation saw in each host, those of ``tours`` that came before it on record; shape (10, n)."""
    agenda, state, week = agenda_of(parameters), _record_before(tour, tours, world, parameters), tour.week or 0
    seen = _afresh(tour.origin, world, parameters).copy()
    for host in range(world.provinces):
        if max(state.last_visit[tour.origin][host], state.last_visit[host][tour.origin]) > NEVER:
            seen[:, host] = covariates(world, state, agenda, parameters.memory, tour.origin, host, week)
    return seen


@cache
def _afresh(origin: int, world: World, parameters: Parameters) -> Numbers:
    """What a delegation sees with nothing on record, whatever the week; shape (10, n)."""
    agenda, state = agenda_of(parameters), State.at_start(world, parameters)
    seen = np.zeros((len(CHOICE), world.provinces))
    for host in set(range(world.provinces)) - {origin}:
        seen[:, host] = covariates(world, state, agenda, parameters.memory, origin, host, 0)
    return seen


def _record_before(tour: Tour, tours: Iterable[Tour], world: World, parameters: Parameters) -> State:
    """The public record at the start of a tour's week, as far as the list knows it."""
    state = State.at_start(world, parameters)
    for earlier in tours:
        if tour.week is not None and earlier.week is not None and earlier.week < tour.week:
            for host in earlier.hosts:
                last = state.last_visit[earlier.origin]
                last[host] = max(last[host], earlier.week)
    return state


def log_orders(tours: Sequence[Tour]) -> Numbers:
    """Log number of orders of each tour's stops, shape (tours,): what a score per visit takes off again."""
    return np.array([math.lgamma(len(tour.hosts) + 1) for tour in tours])
