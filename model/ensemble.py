"""Many histories at once: the same rules and the same luck as the agents, compiled.

The rules themselves come from ``compiled.py``, the steps of a week from the files in ``kernel/``. Every sum runs in the
order in which the agents run theirs, so visits are the same one by one and capabilities to the last bit.
"""
# mypy: disable-error-code="no-untyped-def, no-untyped-call"

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from model.batch import Batch
from model.compiled import allocating, compiled, draw, is_kept, kernel, rules
from model.history import VISIT, Histories
from model.kernel.choosing import DEPARTURE, tour
from model.kernel.landing import land
from model.kernel.planning import draw_up_plan
from model.kernel.record import ALL_DOMAINS, Given, begin, foresee_departures, keep, room, settle
from model.parameters import MOST_STOPS
from model.world import World, china

HISTORIES_AT_ONCE, BYTES_AT_ONCE = 64, 2**27  # of one thread; integration takes the most room


def simulate(world: World, batch: Batch, *, every_week: bool = False) -> Histories:
    """Simulate a batch of histories in this thread, without the interpreter's lock.

    Args:
        world: the provinces.
        batch: what to simulate.
        every_week: keep capability and integration of every week, not of start and end alone.
    """
    _announce_compilation()
    asked = (world.integration_group, batch.parameters, batch.timetable, batch.seed, batch.replicate)
    log, capability, integration = _simulate(_given(world), *map(_plain, asked), every_week)
    return Histories(world, batch.weeks, log, capability, integration)


def simulate_all(
    batch: Batch, label: str, threads: int | None = None, world: World | None = None, *, every_week: bool = False
) -> Histories:
    """Simulate a batch on several threads; the result does not depend on how many.

    Args:
        batch: what to simulate.
        label: what the progress bar says.
        threads: as many as there are processors if left out.
        world: the 31 provinces of China if left out.
        every_week: as in ``simulate``.
    """
    world = world or china()
    moments = batch.weeks + 1 if every_week else 2
    at_once = max(1, min(HISTORIES_AT_ONCE, BYTES_AT_ONCE // (8 * moments * world.provinces**2)))
    parts = [batch.part(first, first + at_once) for first in range(0, len(batch), at_once)]
    done: list[Histories] = []
    with (
        ThreadPoolExecutor(threads or os.cpu_count()) as pool,
        tqdm(total=len(batch), desc=label, unit="history", disable=None, leave=False) as progress,
    ):
        for histories in pool.map(lambda part: simulate(world, part, every_week=every_week), parts):
            done.append(histories)
            progress.update(histories.replicates)
    return Histories.joined(done)


def _announce_compilation() -> None:
    """Say on a terminal why the first history of a new version takes so long."""
    if sys.stderr.isatty() and not _simulate.signatures and not is_kept():
        print("Compiling the engine, once for this version (about 20 s) ...", file=sys.stderr)


def _given(world: World) -> Given:
    calendar = world.calendar
    flags = (calendar.closed, calendar.spring_wave, calendar.autumn_wave, calendar.summer_peak, calendar.campaign)
    own = {"capability": world.capability.T, "flags": np.stack(flags, axis=1).astype(float)}
    shared = {name: getattr(world, name) for name in Given._fields if name not in own}
    return Given(**{name: _plain(array) for name, array in {**shared, **own}.items()})


def _plain(array: NDArray[Any]) -> NDArray[Any]:
    """The array, contiguous and writeable: for any other layout the kernel would be compiled once more."""
    return np.require(array, requirements=["C", "W"])


@allocating
def _with_room(log, visits, more):
    """The log itself while so many visits more fit into it, else a longer copy."""
    if visits + more <= len(log):
        return log
    longer = np.empty(2 * len(log) + more, VISIT)
    for visit in range(visits):
        longer[visit] = log[visit]
    return longer


@compiled
def _decide(log, visits, record, standing, p, seed, replicate, week):
    """Let every province that sets out this week write its tour to the log; how many visits it holds then."""
    for visitor in range(len(record.appeals)):
        chance, at_home = standing.departures[week, visitor], week >= record.home_again[visitor]
        if at_home and chance > 0 and rules.happens(draw(seed, replicate, week, visitor, DEPARTURE, 0), chance):
            visits = tour(log, visits, record, standing, p, seed, replicate, week, visitor)
    return visits


@kernel
def _simulate(given, integration_group, parameters, timetable, seed, replicate, every_week):
    histories, weeks, n = timetable.shape[0], timetable.shape[1] - 1, len(given.size)
    moments = weeks + 1 if every_week else 2
    capability, integration = np.empty((histories, moments, n, ALL_DOMAINS)), np.empty((histories, moments, n, n))
    standing, record = room(n, weeks)
    log, visits, settled = np.empty(MOST_STOPS * n, VISIT), np.int64(0), -1
    for history in range(histories):
        begin(record, given, integration_group, parameters[timetable[history, 0]])
        keep(record, capability[history, 0], integration[history, 0])
        for week in range(weeks):
            now = timetable[history, week + 1]
            p = parameters[now]
            if now != settled:
                settle(standing, given, p)
                settled = now
            if p.coordination > 0 and (week % rules.WEEKS_PER_QUARTER == 0 or now != timetable[history, week]):
                draw_up_plan(record, given, standing, p)
            foresee_departures(standing, given, p, week)
            log, first = _with_room(log, visits, MOST_STOPS * n), visits
            visits = _decide(log, visits, record, standing, p, seed[history], replicate[history], week)
            for visit in range(first, visits):
                log[visit].replicate = history
            land(log[first:visits], record, standing, p)
            if every_week or week == weeks - 1:
                moment = week + 1 if every_week else 1
                keep(record, capability[history, moment], integration[history, moment])
    return log[:visits], capability, integration
