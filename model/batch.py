"""Many histories on the Mesa engine, on as many processes as wanted, in the order asked for."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from typing import TypeVar

from tqdm import tqdm

from model.agents import PolicyLearning
from model.history import History
from model.parameters import Parameters

Result = TypeVar("Result")
HISTORIES_AT_ONCE = 4


@dataclass(frozen=True)
class Run:
    """One history to simulate in the world of 2023: parameters, key of its luck, length, and later parameters."""

    parameters: Parameters
    seed: int
    replicate: int
    weeks: int = 52
    later: Mapping[int, Parameters] | None = None


def simulate(run: Run) -> History:
    """Simulate one history on the Mesa engine."""
    model = PolicyLearning(None, run.parameters, run.seed, run.replicate, run.weeks, run.later)
    history = model.run()
    model.remove_all_agents()
    getattr(model.provinces[0], "_ids", {}).pop(model, None)  # Mesa 3.3 would keep the model alive for ever
    return history


def simulate_all(
    runs: Sequence[Run], summarise: Callable[[History], Result], label: str, workers: int | None = None
) -> Iterator[Result]:
    """Simulate many histories and summarise each where it was made; results come in the order of ``runs``.

    Args:
        runs: what to simulate.
        summarise: a function of one history, defined at the top level of a module.
        label: what the progress bar says.
        workers: processes; as many as there are processors if left out, none besides this one if 1.
    """
    workers = min(workers or os.cpu_count() or 1, len(runs))
    work = partial(_summary, summarise)
    progress = partial(tqdm, total=len(runs), desc=label, unit="history", disable=None, leave=False)
    if workers <= 1:
        yield from progress(map(work, runs))
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        yield from progress(pool.map(work, runs, chunksize=HISTORIES_AT_ONCE))


def _summary(summarise: Callable[[History], Result], run: Run) -> Result:
    return summarise(simulate(run))
