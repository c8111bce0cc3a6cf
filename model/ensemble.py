"""Many histories at once: the same rules and the same luck as the agents, compiled.

The rules themselves come from ``compiled.py``, the steps of a week from the files in ``kernel/``. Every sum runs in the
order in which the agents run theirs, so visits are the same one by one and capabilities to the last bit.
"""
# mypy: disable-error-code="no-untyped-def, no-untyped-call"

import numpy as np

from model.batch import Batch
from model.compiled import allocating, compiled, draw, kernel, rules
from model.history import VISIT, Histories
from model.kernel.choosing import DEPARTURE, tour
from model.kernel.landing import land
from model.kernel.planning import draw_up_plan
from model.kernel.record import ALL_DOMAINS, ECONOMIC_DOMAINS, NEVER, Given, Record, Standing, foresee_departures, settle
from model.parameters import MOST_STOPS
from model.world import World

ROOM_FOR_VISITS = 4096


def simulate(world: World, batch: Batch, *, every_week: bool = False) -> Histories:
    """Simulate a batch of histories in this thread, without the interpreter's lock.

    Args:
        world: the provinces.
        batch: what to simulate.
        every_week: keep capability and integration of every week, not of start and end alone.
    """
    log, capability, integration = _simulate(
        _given(world), world.integration_group, batch.parameters, batch.timetable, batch.seed, batch.replicate, every_week
    )
    return Histories(world, batch.weeks, log, capability, integration)


def _given(world: World) -> Given:
    calendar = world.calendar
    flags = (calendar.closed, calendar.spring_wave, calendar.autumn_wave, calendar.summer_peak, calendar.campaign)
    return Given(
        *(getattr(world, name) for name in Given._fields[:-2]),
        capability=np.ascontiguousarray(world.capability.T),
        flags=np.stack(flags, axis=1).astype(float),
    )


@allocating
def _room(n, weeks):
    """Room for what parameters settle, and for the record of one history."""
    standing = Standing(np.empty((n, n)), np.empty((weeks, n)), np.empty(n), np.empty(ALL_DOMAINS))
    record = Record(
        np.empty((ALL_DOMAINS, n)), np.empty((n, n)), np.empty((n, n)), np.empty((n, n), np.int32),
        np.empty(n, np.int64), np.empty((n, n)), np.empty((ECONOMIC_DOMAINS, n)), np.empty((ALL_DOMAINS, n)),
        np.empty((ALL_DOMAINS, n), np.bool_), np.empty(n, np.int64), np.empty(n), np.empty(n), np.empty(n),
        np.empty(ALL_DOMAINS), np.empty(4), np.empty(4), np.empty(MOST_STOPS, np.int64), np.empty(MOST_STOPS, np.bool_), np.empty(MOST_STOPS, np.int64),
    )  # fmt: skip
    return standing, record


@compiled
def _begin(record, given, integration_group, p):
    """The record before the first week: nobody has visited anybody."""
    levels = (p.integration_outside, p.integration_capital, p.integration_delta, p.integration_bay)
    n = len(given.size)
    for one in range(n):
        for other in range(n):
            level = levels[integration_group[one, other]]
            record.integration[one, other] = record.start_integration[one, other] = level
    for domain in range(ALL_DOMAINS):
        for province in range(n):
            record.capability[domain, province] = given.capability[domain, province]
    record.last_visit[:] = NEVER
    record.home_again[:] = 0


@compiled
def _keep(record, capability, integration):
    """Copy capability and integration as they are; element by element, which compiles in a third of the time."""
    n = len(integration)
    for one in range(n):
        for other in range(n):
            integration[one, other] = record.integration[one, other]
        for domain in range(ALL_DOMAINS):
            capability[one, domain] = record.capability[domain, one]


@allocating
def _with_room(log, visits):
    """The log itself while a tour more fits into it, else a copy twice as long."""
    if visits + MOST_STOPS <= len(log):
        return log
    longer = np.empty(2 * len(log), VISIT)
    for visit in range(visits):
        longer[visit] = log[visit]
    return longer


@kernel
def _simulate(given, integration_group, parameters, timetable, seed, replicate, every_week):
    histories, weeks, n = timetable.shape[0], timetable.shape[1] - 1, len(given.size)
    moments = weeks + 1 if every_week else 2
    capability, integration = np.empty((histories, moments, n, ALL_DOMAINS)), np.empty((histories, moments, n, n))
    standing, record = _room(n, weeks)
    log, visits, settled = np.empty(ROOM_FOR_VISITS, VISIT), 0, -1
    for history in range(histories):
        _begin(record, given, integration_group, parameters[timetable[history, 0]])
        _keep(record, capability[history, 0], integration[history, 0])
        for week in range(weeks):
            now = timetable[history, week + 1]
            p = parameters[now]
            if now != settled:
                settle(standing, given, p)
                settled = now
            if p.coordination > 0 and (week % rules.WEEKS_PER_QUARTER == 0 or now != timetable[history, week]):
                draw_up_plan(record, given, standing, p)
            foresee_departures(standing, given, p, week)
            first, chances = visits, standing.departures[week]
            for visitor in range(n):
                if chances[visitor] > 0 and week >= record.home_again[visitor] and rules.happens(
                    draw(seed[history], replicate[history], week, visitor, DEPARTURE, 0), chances[visitor]
                ):
                    log = _with_room(log, visits)
                    visits = tour(
                        log, visits, record, given, standing, p, seed[history], replicate[history], week, visitor
                    )
            for visit in range(first, visits):
                log[visit].replicate = history
            land(log[first:visits], record, given, standing, p)
            if every_week or week == weeks - 1:
                moment = week + 1 if every_week else 1
                _keep(record, capability[history, moment], integration[history, moment])
    return log[:visits], capability, integration
