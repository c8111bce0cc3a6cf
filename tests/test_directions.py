"""Raising a parameter moves what it says it moves, in the direction it says, and every parameter is held to that."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import numpy as np
import pytest

from model import measures
from model.batch import Batch
from model.ensemble import simulate
from model.history import Histories, History
from model.parameters import DECLARATIONS, Parameters
from model.run import Run
from model.world import SCIENCE, china

REPLICATES = 6
RISES, FALLS = 1, -1
Measure = Callable[[History], float]


def share(flags: np.ndarray) -> Measure:
    """Share of visits on pairs with a flag."""
    return lambda history: float(flags[history.origin, history.host].mean())


def tour_lengths(history: History) -> np.ndarray:
    return np.unique(history.week * 1000 + history.origin, return_counts=True)[1]


def of_one(outcome: Callable[[Histories], np.ndarray]) -> Measure:
    """An outcome as a measure of one history."""
    return lambda history: float(outcome(history.alone)[0])


def going_on_after(stops: int) -> Measure:
    """Share of the tours with this many stops or more that have more."""

    def measure(history: History) -> float:
        lengths = tour_lengths(history)
        return float((lengths > stops).sum() / (lengths >= stops).sum())

    return measure


def tours(history: History) -> float:
    return float(len(tour_lengths(history)))


def tours_in(role: str) -> Measure:
    """Share of tours in the weeks the calendar gives this role."""

    def measure(history: History) -> float:
        first = history.week[history.stop == 1]
        return float(getattr(history.world.calendar, role)[first % 52].mean())

    return measure


def mean_gap(history: History) -> float:
    """Mean initial lead of the host over the visitor."""
    start = history.capability[0]
    return float(np.maximum(0.0, start[history.host] - start[history.origin]).mean())


def mean_nearness(history: History) -> float:
    return float(history.world.nearness[history.origin, history.host].mean())


def mean_size(history: History) -> float:
    return float(history.world.size[history.host].mean())


def answered(history: History) -> float:
    """Share of visits to a host whose own last visit here was more recent than the last one there."""
    last = np.full((31, 31), -1)
    answers = []
    for week in range(history.weeks):
        now = history.week == week
        pairs = list(zip(history.origin[now], history.host[now], strict=True))
        answers += [last[host, origin] > last[origin, host] for origin, host in pairs]
        for origin, host in pairs:
            last[origin, host] = week
    return float(np.mean(answers))


def pairs_seen(history: History) -> float:
    """Share of visits that are the first in their direction."""
    return len(set(zip(history.origin, history.host, strict=True))) / len(history.host)


def theme(place: int) -> Measure:
    return lambda history: float(history.themes[:, place].mean())


def theme_where_ahead(history: History) -> float:
    """How much more governance is on the agenda where the host is ahead in it."""
    start = history.capability[0][:, 7]
    lead = start[history.host] - start[history.origin]
    return float(history.themes[lead > 0.3, 3].mean() - history.themes[lead <= 0, 3].mean())


def focus_on_the_widest_gap(history: History) -> float:
    """Share of economic visits about the domain in which the host is furthest ahead."""
    start, economic = history.capability[0][:, :4], history.focus >= 0
    leads = start[history.host[economic]] - start[history.origin[economic]]
    return float((leads.argmax(axis=1) == history.focus[economic]).mean())


def focus_on_science(history: History) -> float:
    return float((history.focus[history.focus >= 0] == SCIENCE).mean())


def learnt_by_the_least_educated(history: History) -> float:
    """Capability that visits bring to the provinces with less human capital than the median."""
    capital = history.world.human_capital
    return float(history.learnt[capital[history.origin] < np.median(capital)].sum())


def gain_of_firms(history: History) -> float:
    """Rise of industry and digital economy together."""
    return float((history.capability[-1] - history.capability[0])[:, 1:3].mean())


def gain_of_hosts(history: History) -> float:
    """Rise of capability that no visit of the province itself accounts for."""
    rise = (history.capability[-1] - history.capability[0]).sum()
    return float(rise - history.learnt.sum())


def mean_integration_in(cluster: str) -> Measure:
    """Mean integration at the start inside a cluster."""

    def measure(history: History) -> float:
        inside = history.world.inside & (history.world.cluster == cluster)[:, None]
        return float(history.integration[0][inside].mean())

    return measure


def learnt_in(flags: np.ndarray) -> Measure:
    """Capability learnt from visits on pairs with a flag."""
    return lambda history: float(history.learnt[flags[history.origin, history.host]].sum())


def of_cluster(name: str) -> np.ndarray:
    return china().inside & (china().cluster == name)[:, None]


def share_planned(history: History) -> float:
    return float(history.planned.mean())


# Base settings, each of which lets its rows show strongly. Nothing is learnt while only choices are looked at.
STILL = Parameters(tours_per_year=20.0, learning=0.0, enterprise_channel=0.0)
LONG = STILL.having(onward_first=0.8, onward_second=0.8, onward_third=0.5)
TEACHING = Parameters(tours_per_year=20.0, enterprise_channel=0.0, fading=0.0)
CENTRE = STILL.having(coordination=1.0, onward_first=0.0)
OWING = STILL.having(repetition=0.0)


class Row(NamedTuple):
    """Raise a parameter from ``low`` to ``high``: ``measure`` rises or falls."""

    low: float
    high: float
    measure: Measure
    direction: int
    base: Parameters
    weeks: int


WORLD = china()
TABLE: dict[str, Row] = {
    "tours_per_year": Row(2.0, 8.0, of_one(measures.visits), RISES, Parameters(), 26),
    "new_leader": Row(0.0, 1.5, tours, RISES, STILL, 26),
    "settling": Row(8.0, 104.0, tours, RISES, STILL.having(tours_per_year=10.0, new_leader=1.5), 40),
    "campaign": Row(0.0, 1.0, tours_in("campaign"), RISES, STILL.having(tours_per_year=8.0), 26),
    "spring_wave": Row(0.0, 4.0, tours_in("spring_wave"), RISES, STILL.having(tours_per_year=8.0), 20),
    "autumn_wave": Row(0.0, 4.0, tours_in("autumn_wave"), RISES, STILL.having(tours_per_year=8.0), 46),
    "summer_peak": Row(0.0, 3.0, tours_in("summer_peak"), RISES, STILL.having(tours_per_year=8.0), 30),
    "days_per_stop": Row(1.0, 7.0, tours, FALLS, LONG.having(tours_per_year=60.0), 20),
    "onward_first": Row(0.2, 0.6, going_on_after(1), RISES, LONG, 20),
    "onward_second": Row(0.2, 0.6, going_on_after(2), RISES, LONG, 20),
    "onward_third": Row(0.2, 0.6, going_on_after(3), RISES, LONG, 20),
    "proximity": Row(0.0, 1.0, mean_nearness, RISES, STILL, 20),
    "adjacency": Row(0.0, 2.0, of_one(measures.between_neighbours), RISES, STILL, 20),
    "cluster": Row(0.0, 3.0, share(WORLD.same_cluster), RISES, STILL, 20),
    "hinterland": Row(-2.0, 2.0, share(WORLD.core_to_hinterland), RISES, STILL, 20),
    "official_pair": Row(0.0, 3.0, of_one(measures.between_partners), RISES, STILL, 20),
    "counterpart_aid": Row(0.0, 3.0, share(WORLD.aided), RISES, STILL, 20),
    "capability_gap": Row(0.0, 2.0, mean_gap, RISES, STILL, 20),
    "host_size": Row(0.0, 1.0, mean_size, RISES, STILL, 20),
    "reciprocity": Row(0.0, 3.0, answered, RISES, OWING, 26),
    "repetition": Row(0.0, 4.0, pairs_seen, RISES, STILL, 26),
    "memory": Row(2.0, 100.0, pairs_seen, RISES, STILL.having(repetition=5.0), 40),
    "economic_theme": Row(0.3, 0.6, theme(0), RISES, STILL, 12),
    "urbanisation_theme": Row(0.3, 0.6, theme(1), RISES, STILL, 12),
    "services_theme": Row(0.3, 0.6, theme(2), RISES, STILL, 12),
    "governance_theme": Row(0.3, 0.6, theme(3), RISES, STILL, 12),
    "theme_pull": Row(0.0, 8.0, theme_where_ahead, RISES, STILL, 20),
    "focus_on_gap": Row(0.0, 2.0, focus_on_the_widest_gap, RISES, STILL.having(innovation_agenda=0.0), 20),
    "innovation_agenda": Row(0.0, 2.0, focus_on_science, RISES, STILL, 12),
    "learning": Row(0.01, 0.05, of_one(measures.capability_gained), RISES, TEACHING, 20),
    "absorption": Row(0.2, 0.8, learnt_by_the_least_educated, RISES, TEACHING, 20),
    "crowding": Row(0.0, 3.0, of_one(measures.learnt_per_visit), FALLS, TEACHING, 20),
    "mutual": Row(0.0, 0.8, gain_of_hosts, RISES, TEACHING, 20),
    "fading": Row(0.0, 0.05, of_one(measures.capability_gained), FALLS, TEACHING.having(tours_per_year=5.0), 30),
    "enterprise_channel": Row(0.0, 0.01, gain_of_firms, RISES, Parameters(tours_per_year=2.0), 12),
    "barrier": Row(0.2, 0.9, of_one(measures.learnt_per_visit), FALLS, TEACHING, 20),
    "integration_capital": Row(0.1, 0.9, learnt_in(of_cluster("BTH")), RISES, TEACHING.having(cluster=3.0), 20),
    "integration_delta": Row(0.1, 0.9, learnt_in(of_cluster("YRD")), RISES, TEACHING.having(cluster=3.0), 20),
    "integration_bay": Row(0.1, 0.9, learnt_in(of_cluster("GBA")), RISES, TEACHING.having(hinterland=3.0), 20),
    "integration_outside": Row(0.0, 0.6, learnt_in(~WORLD.inside), RISES, TEACHING, 20),
    "visit_bond": Row(0.0, 0.1, of_one(measures.integration_gained), RISES, STILL, 20),
    "agreement": Row(0.1, 0.6, of_one(measures.agreements), RISES, STILL, 20),
    "agreement_bond": Row(0.0, 0.2, of_one(measures.integration_gained), RISES, STILL, 20),
    "loosening": Row(0.0, 0.05, of_one(measures.integration_gained), FALLS, STILL, 20),
    "investment": Row(0.5, 2.0, of_one(measures.projects), RISES, STILL, 20),
    "coordination": Row(0.1, 0.8, share_planned, RISES, STILL, 12),
    "relief": Row(0.0, 1.0, of_one(measures.learnt_per_visit), RISES, TEACHING.having(coordination=1.0), 12),
    "plan_on_pairs": Row(0.0, 10.0, of_one(measures.between_partners), RISES, CENTRE, 20),
    "evenness": Row(0.0, 1.0, of_one(measures.concentration_of_hosts), FALLS, CENTRE, 20),
}


@cache
def histories(parameters: Parameters, weeks: int) -> tuple[History, ...]:
    runs = [Run(parameters, seed=11, replicate=replicate, weeks=weeks) for replicate in range(REPLICATES)]
    together = simulate(china(), Batch.of(runs), every_week=True)
    return tuple(together.one(replicate) for replicate in range(REPLICATES))


def differences(name: str, row: Row) -> np.ndarray:
    """What raising the parameter does to the measure, in each pair of histories that share their luck."""
    before, after = (histories(row.base.having(**{name: value}), row.weeks) for value in (row.low, row.high))
    return np.array([row.measure(two) - row.measure(one) for one, two in zip(before, after, strict=True)])


def test_every_parameter_has_a_direction() -> None:
    assert set(TABLE) == set(DECLARATIONS)


@pytest.mark.parametrize("name", TABLE)
def test_raising_a_parameter_moves_its_outcome_in_its_direction(name: str) -> None:
    row = TABLE[name]
    moved = row.direction * differences(name, row)
    standard_error = moved.std(ddof=1) / np.sqrt(REPLICATES)
    assert moved.mean() > 3.0 * standard_error, f"{moved} after raising {name} from {row.low} to {row.high}"
    assert moved.mean() > 0.0


@pytest.mark.parametrize(("name", "cluster"), [
    ("integration_capital", "BTH"), ("integration_delta", "YRD"), ("integration_bay", "GBA"),
])
def test_integration_at_the_start_is_that_of_its_own_cluster_alone(name: str, cluster: str) -> None:
    row = TABLE[name]._replace(weeks=1)
    for other in ("BTH", "YRD", "GBA"):
        moved = differences(name, row._replace(measure=mean_integration_in(other)))
        assert moved == pytest.approx(0.8 if other == cluster else 0.0), other


def test_coordination_raises_what_is_learnt_on_a_visit_even_where_it_plans_no_stop() -> None:
    row = Row(0.0, 0.5, of_one(measures.learnt_per_visit), RISES, TEACHING, 12)
    assert (differences("coordination", row) > 0.0).all()
