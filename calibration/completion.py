"""Host choice when part of the visits went unreported: what is not on record may have happened all the same.

A province that seems free to visit its partner may have been there last month, unreported, and so go elsewhere. Read
as if the record were whole, such choices weaken the pull of partners, of clusters, and of past visits themselves. Here
the appeal of a host is averaged over the visits that may be missing: unreported tours are taken to be as many, for each
one reported, as the share on record says, to have the same dates, any origin alike, and hosts as the weights have it.
"""

from collections.abc import Sequence
from itertools import pairwise

import numba
import numpy as np
from numpy.typing import NDArray

from calibration.likelihood import ReportedHostChoice, covariates_of_tours, pulls
from calibration.targets import Tour
from model import rules
from model.parameters import CHOICE, Parameters
from model.world import World

Numbers = NDArray[np.float64]
REPETITION = CHOICE.index("repetition")
AGES = (0, 3, 7, 13, 26, 52)  # weeks: visits that may be missing are gathered by age, between these


class CompletedHostChoice(ReportedHostChoice):
    """The choice of hosts, the record of a delegation's own visits completed by what may be missing from it.

    Args:
        tours, world, parameters: as before.
        share: of the visits made, how many are on record.
    """

    def __init__(
        self, tours: Sequence[Tour], world: World, parameters: Parameters | None = None, *, share: float
    ) -> None:
        super().__init__(tours, world, parameters)
        p = parameters or Parameters()
        afresh = [Tour("", origin, ()) for origin in range(world.provinces)]
        self.standing = pulls(covariates_of_tours(afresh, world, p))
        self.missing, self.freshness = missing_visits(tours, world, p.memory, share)
        self.recorded = -self.pulls[REPETITION]

    def appeals(self, weights: Numbers) -> Numbers:
        """Appeal of every host on every tour, averaged over what may be missing; shape (points, tours, n)."""
        whole = np.tensordot(weights, self.pulls, axes=1)
        likely = self._choice_afresh(weights)
        known = (self.missing, self.freshness, self.recorded)
        return np.asarray(_averaged(whole, likely[:, self.origins], weights[:, REPETITION], *known))

    def _choice_afresh(self, weights: Numbers) -> Numbers:
        """Probability of each first host with nothing on record, shape (points, n, n)."""
        appeals = np.tensordot(weights, self.standing, axes=1)
        appeals[:, np.arange(appeals.shape[1]), np.arange(appeals.shape[1])] = -np.inf
        odds = np.exp(appeals - appeals.max(axis=2, keepdims=True))
        return np.asarray(odds / odds.sum(axis=2, keepdims=True))


def missing_visits(tours: Sequence[Tour], world: World, memory: float, share: float) -> tuple[Numbers, Numbers]:
    """Visits of one province expected to be missing before each tour, by age, and their freshness; (tours, ages)."""
    dated = np.array([(tour.week, len(tour.hosts)) for tour in tours if tour.week is not None])
    for_each_reported = (1.0 - share) / share / world.provinces
    missing = [for_each_reported * _stops_by_age(tour.week, dated) for tour in tours]
    freshness = [rules.fresh((young + old) / 2.0, memory) for young, old in pairwise(AGES)]
    return np.array(missing), np.tile(freshness, (len(tours), 1))


def _stops_by_age(week: int | None, dated: NDArray[np.int64]) -> Numbers:
    """Stops reported before a week, by age, shape (ages,); none where the week is not known."""
    if week is None:
        return np.zeros(len(AGES) - 1)
    age = week - dated[:, 0]
    return np.array([dated[(age > young) & (age <= old), 1].sum() for young, old in pairwise(AGES)], dtype=float)


@numba.njit(cache=True)
def _averaged(
    whole: Numbers, likely: Numbers, repetition: Numbers, missing: Numbers, freshness: Numbers, recorded: Numbers
) -> Numbers:
    """Appeals averaged over the age of the last visit that may be missing, where it is later than the one recorded."""
    points, tours, n = whole.shape
    averaged = np.empty_like(whole)
    for point in range(points):
        for tour in range(tours):
            for host in range(n):
                none, odds = 1.0, 0.0
                for age in range(missing.shape[1]):
                    if freshness[tour, age] > recorded[tour, host] and missing[tour, age] > 0.0:
                        absent = np.exp(-missing[tour, age] * likely[point, tour, host])
                        odds += none * (1.0 - absent) * np.exp(-repetition[point] * freshness[tour, age])
                        none *= absent
                odds += none * np.exp(-repetition[point] * recorded[tour, host])
                shift = np.log(odds) + repetition[point] * recorded[tour, host]
                averaged[point, tour, host] = whole[point, tour, host] + shift
    return averaged
