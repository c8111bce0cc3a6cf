"""What a compiled history knows: the world, what its parameters settle, and the public record.

Capability is held by domain first, so that the innermost loops run along provinces that lie side by side in memory:
arrays of domains have shape (domains, n), ties have shape (n, n).
"""
# mypy: disable-error-code="no-untyped-def, no-untyped-call"

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.compiled import allocating, compiled, rules
from model.parameters import MOST_STOPS
from model.world import DOMAINS, ECONOMIC, SCIENCE

ALL_DOMAINS, ECONOMIC_DOMAINS = len(DOMAINS), len(ECONOMIC)
NEVER = -1


class Given(NamedTuple):
    """What a kernel knows of the world: the arrays of ``World`` under their own names.

    ``capability`` has shape (domains, n); ``flags`` are closed, spring_wave, autumn_wave, summer_peak and campaign of
    each week of the year, shape (52, 5).
    """

    nearness: NDArray[np.float64]
    borders: NDArray[np.bool_]
    same_cluster: NDArray[np.bool_]
    core_to_hinterland: NDArray[np.bool_]
    paired: NDArray[np.bool_]
    aided: NDArray[np.bool_]
    size: NDArray[np.float64]
    income: NDArray[np.float64]
    human_capital: NDArray[np.float64]
    leader_since: NDArray[np.float64]
    capability: NDArray[np.float64]
    flags: NDArray[np.float64]


class Standing(NamedTuple):
    """What follows from parameters and world alone and is kept while they hold.

    Attributes:
        appeal: the standing appeal of each host to each visitor, shape (n, n).
        departures: chance of setting out in each week, shape (weeks, n); not a number until it is asked for.
        absorptive: absorptive capacity, shape (n,).
        agenda: weight of each domain, shape (domains,).
    """

    appeal: NDArray[np.float64]
    departures: NDArray[np.float64]
    absorptive: NDArray[np.float64]
    agenda: NDArray[np.float64]


class Record(NamedTuple):
    """The public record of one history, and room to work in.

    Attributes:
        capability, integration: as they are; shapes (domains, n) and (n, n).
        start_capability, start_integration: what they fall back to.
        income: of each province; protocol goes by it, shape (n,).
        last_visit: week of the last visit, -1 for never, shape (n, n).
        home_again: first week in which a province can set out again, shape (n,).
        plan: the centre's distribution over hosts, shape (n, n).
        structure: shares of the economic domains, shape (economic domains, n).
        gained, refreshed: in the week, shape (domains, n).
        delegations: received in the week, shape (n,).
        leads, appeals, luck: of each host to the visitor at hand, shape (n,).
        hosts, planned, order: of the stops of the tour at hand, shape (4,).
        domain_leads: of the host of the visit at hand, shape (domains,).
        option_appeals, option_luck: of the themes or focuses of the visit at hand, shape (4,).
    """

    capability: NDArray[np.float64]
    integration: NDArray[np.float64]
    start_capability: NDArray[np.float64]
    start_integration: NDArray[np.float64]
    income: NDArray[np.float64]
    last_visit: NDArray[np.int32]
    home_again: NDArray[np.int64]
    plan: NDArray[np.float64]
    structure: NDArray[np.float64]
    gained: NDArray[np.float64]
    refreshed: NDArray[np.bool_]
    delegations: NDArray[np.int64]
    leads: NDArray[np.float64]
    appeals: NDArray[np.float64]
    luck: NDArray[np.float64]
    hosts: NDArray[np.int64]
    planned: NDArray[np.bool_]
    order: NDArray[np.int64]
    domain_leads: NDArray[np.float64]
    option_appeals: NDArray[np.float64]
    option_luck: NDArray[np.float64]


@allocating
def room(n, weeks):
    """Room for what parameters settle, and for the record of one history."""
    standing = Standing(np.empty((n, n)), np.empty((weeks, n)), np.empty(n), np.empty(ALL_DOMAINS))
    record = Record(
        np.empty((ALL_DOMAINS, n)), np.empty((n, n)), np.empty((ALL_DOMAINS, n)), np.empty((n, n)), np.empty(n),
        np.empty((n, n), np.int32), np.empty(n, np.int64), np.empty((n, n)), np.empty((ECONOMIC_DOMAINS, n)),
        np.empty((ALL_DOMAINS, n)), np.empty((ALL_DOMAINS, n), np.bool_), np.empty(n, np.int64), np.empty(n),
        np.empty(n), np.empty(n),
        np.empty(MOST_STOPS, np.int64), np.empty(MOST_STOPS, np.bool_), np.empty(MOST_STOPS, np.int64),
        np.empty(ALL_DOMAINS), np.empty(ECONOMIC_DOMAINS), np.empty(ECONOMIC_DOMAINS),
    )  # fmt: skip
    return standing, record


@compiled
def begin(record, given, integration_group, p):
    """The record before the first week: nobody has visited anybody."""
    levels = (p.integration_outside, p.integration_capital, p.integration_delta, p.integration_bay)
    n = len(given.size)
    for one in range(n):
        for other in range(n):
            level = levels[integration_group[one, other]]
            record.integration[one, other] = record.start_integration[one, other] = level
    for domain in range(ALL_DOMAINS):
        for province in range(n):
            capability = given.capability[domain, province]
            record.capability[domain, province] = record.start_capability[domain, province] = capability
    for province in range(n):
        record.income[province] = given.income[province]
    record.last_visit[:] = NEVER
    record.home_again[:] = 0


@compiled
def keep(record, capability, integration):
    """Copy capability and integration as they are; element by element, which compiles in a third of the time."""
    n = len(integration)
    for one in range(n):
        for other in range(n):
            integration[one, other] = record.integration[one, other]
        for domain in range(ALL_DOMAINS):
            capability[one, domain] = record.capability[domain, one]


@compiled
def structures(capability, structure):
    """Industrial structure of every province."""
    for province in range(capability.shape[1]):
        total = rules.total(capability[:ECONOMIC_DOMAINS, province])
        for domain in range(ECONOMIC_DOMAINS):
            structure[domain, province] = rules.structure_share(capability[domain, province], total, ECONOMIC_DOMAINS)


@compiled
def complementarity(structure, one, other):
    """How unlike two industrial structures are."""
    unlike = 0.0
    for domain in range(ECONOMIC_DOMAINS):
        unlike += rules.unlikeness(structure[domain, one], structure[domain, other])
    return unlike


@compiled
def settle(standing, given, p):
    """Work out what holds as long as these parameters do."""
    n = len(given.size)
    for visitor in range(n):
        for host in range(n):
            standing.appeal[visitor, host] = rules.standing_appeal(
                given.nearness[visitor, host], given.borders[visitor, host], given.same_cluster[visitor, host],
                given.core_to_hinterland[visitor, host], given.paired[visitor, host], given.aided[visitor, host],
                given.size[host], p.proximity, p.adjacency, p.cluster, p.hinterland, p.official_pair,
                p.counterpart_aid, p.host_size,
            )  # fmt: skip
        standing.absorptive[visitor] = rules.absorptive_capacity(given.human_capital[visitor], p.absorption)
    standing.departures[:] = math.nan
    for domain in range(ALL_DOMAINS):
        standing.agenda[domain] = rules.agenda_weight(domain == SCIENCE, p.innovation_agenda)
    total = rules.total(standing.agenda)
    for domain in range(ALL_DOMAINS):
        standing.agenda[domain] = standing.agenda[domain] / total


@compiled
def foresee_departures(standing, given, p, week):
    """Work out the chance that each province sets out in a week, unless it is known already."""
    if math.isnan(standing.departures[week, 0]):
        now = given.flags[week % rules.WEEKS_PER_YEAR]
        season = rules.season(now[0], now[1], now[2], now[3], p.spring_wave, p.autumn_wave, p.summer_peak)
        for province in range(len(given.size)):
            new = rules.newness(week - given.leader_since[province], p.settling)
            rate = rules.departure_rate(season, new, now[4], p.tours_per_year, p.new_leader, p.campaign)
            standing.departures[week, province] = rules.departure_probability(rate)
