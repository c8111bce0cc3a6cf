"""What is measured, and how: seconds per history of each engine on the same histories, growth, start-up, memory."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import mesa
import numpy as np

from benchmarks import numpy_engine
from model import agents
from model.batch import Batch
from model.ensemble import simulate, simulate_all
from model.parameters import Parameters
from model.run import Run
from model.world import World, china
from model.world_example import write_example
from model.world_folder import read_world

WEEKS, PROCESSES = 52, 2
FIRST_RESULT = """
import time; started = time.perf_counter()
from model.batch import Batch
from model.ensemble import simulate
from model.parameters import Parameters
from model.run import Run
from model.world import china
simulate(china(), Batch.of([Run(Parameters(), 1, 0)]))
print(time.perf_counter() - started)
"""
# The kernel's own mark: what getrusage tells begins at the size of the process that started this one.
MEMORY = """
from pathlib import Path
from scenarios import sweep
sweep(vary={"learning": (0.01, 0.1)}, points=64, replicates=500, workers=2, out="sweep")
status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
print(int(status["VmHWM"].split()[0]) / 1024)
"""


def runs(histories: int, weeks: int = WEEKS) -> list[Run]:
    """Histories of the default parameters that differ in luck alone."""
    return [Run(Parameters(), 1, replicate, weeks) for replicate in range(histories)]


def seconds_of(work: Callable[[], object]) -> float:
    """How long something takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def batch_run_seconds(histories: int) -> float:
    """Seconds per history of Mesa's batch_run on two processes, the start of the processes taken off."""

    def batch(replicates: Sequence[int], weeks: int) -> None:
        # batch_run makes one step more than max_steps
        mesa.batch_run(
            agents.PolicyLearning, {"replicate": list(replicates), "weeks": weeks, "seed": 1}, iterations=1,
            number_processes=PROCESSES, data_collection_period=-1, max_steps=weeks - 1, display_progress=False,
        )  # fmt: skip

    start = seconds_of(lambda: batch(range(PROCESSES), 1))
    return (seconds_of(lambda: batch(range(histories), WEEKS)) - start) / histories


def mesa_seconds(histories: int) -> float:
    """Seconds per history of the Mesa engine, one after another."""
    return seconds_of(lambda: [agents.simulate(run) for run in runs(histories)]) / histories


def numpy_seconds(histories: int, world: World | None = None) -> float:
    """Seconds per history of the plain NumPy version."""
    place = world or china()
    return seconds_of(lambda: [numpy_engine.simulate(place, run) for run in runs(histories)]) / histories


def compiled_seconds(histories: int, threads: int = 1, world: World | None = None, weeks: int = WEEKS) -> float:
    """Seconds per history of the compiled engine, compiling left out; outcomes are not measured."""
    batch = Batch.of(runs(histories, weeks))
    simulate(world or china(), batch.part(0, 1))
    return seconds_of(lambda: simulate_all(batch, "compiled", threads, world)) / histories


def same_visits(histories: int = 4) -> bool:
    """Whether all three engines tell the same visits."""
    together = simulate(china(), Batch.of(runs(histories)))

    def visits(number: int) -> list[tuple[int, int, int]]:
        one = together.one(number)
        return list(zip(one.week.tolist(), one.origin.tolist(), one.host.tolist(), strict=True))

    def by_agents(run: Run) -> list[tuple[int, int, int]]:
        one = agents.simulate(run)
        return list(zip(one.week.tolist(), one.origin.tolist(), one.host.tolist(), strict=True))

    return all(
        visits(number) == numpy_engine.simulate(china(), run) == by_agents(run)
        for number, run in enumerate(runs(histories))
    )


def made_up_world(regions: int) -> World:
    """A synthetic world of this many regions."""
    with tempfile.TemporaryDirectory() as folder:
        write_example(Path(folder) / "world", regions, seed=1)
        return read_world(Path(folder) / "world")


def exponent(sizes: Sequence[int], seconds: Sequence[float]) -> float:
    """The power of size with which seconds grow, fitted on logarithms."""
    return float(np.polyfit(np.log(sizes), np.log(seconds), 1)[0])


def first_result_seconds() -> dict[str, float]:
    """Seconds from starting Python to a first history: with nothing compiled before, and after that."""
    with tempfile.TemporaryDirectory() as caches:
        cold, warm = (float(_elsewhere(FIRST_RESULT, {"XDG_CACHE_HOME": caches})) for _ in range(2))
    return {"cold": cold, "warm": warm}


def peak_megabytes() -> float:
    """Peak memory of a process that sweeps 32,000 histories, keeping no more of them than a million would (Linux)."""
    with tempfile.TemporaryDirectory() as folder:
        return float(_elsewhere(MEMORY, {}, folder))


def _elsewhere(code: str, environment: dict[str, str], folder: str | None = None) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, **environment}, cwd=folder, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    return done.stdout.strip().splitlines()[-1]
