"""What a sweep will cost, from a short probe, before anything starts."""

import os
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from model.declaration import InputError
from model.measures import OUTCOMES
from scenarios.study.shards import as_parquet, simulate_shard
from scenarios.study.sweep import Sweep

PROBED = 64
BYTES_OF_FILE = 20_000


@dataclass(frozen=True)
class Preflight:
    """The size of a sweep, and what it is expected to take.

    Attributes:
        sweep: the sweep.
        threads: that will work on it.
        seconds: expected, on this machine, compiling left out.
        megabytes: expected on disk.
    """

    sweep: Sweep
    threads: int
    seconds: float
    megabytes: float

    def record(self) -> dict[str, float]:
        """The same as numbers, for other programs."""
        size = {"histories": self.sweep.histories, "shards": len(self.sweep.shards)}
        return {**size, "seconds": self.seconds, "megabytes": self.megabytes}

    def __str__(self) -> str:
        sweep = self.sweep
        shared = f", each with one of {len(sweep.base):,} posterior draws"
        draws = f" x {sweep.draws} posterior draws" if sweep.draws else shared
        scenarios = f"{len(sweep.scenarios)} scenario" + "s" * (len(sweep.scenarios) > 1)
        return (
            f"{len(sweep.points):,} points x {scenarios} x {sweep.replicates:,} replicates{draws}: "
            f"{sweep.histories:,} histories of {sweep.weeks} weeks in {len(sweep.shards):,} shards\n"
            f"expected: {_duration(self.seconds)} on {self.threads} threads, {self.megabytes:,.1f} MB on disk"
        )


def preflight(sweep: Sweep, threads: int | None = None) -> Preflight:
    """Probe a sweep on a few of its histories."""
    threads = min(threads or os.cpu_count() or 1, len(sweep.shards))
    probe = range(min(PROBED, sweep.histories))
    simulate_shard(sweep, probe[:1])  # compiles, where that has not been done
    started = time.perf_counter()
    table, _ = simulate_shard(sweep, probe)
    seconds = (time.perf_counter() - started) / len(probe) * sweep.histories / threads
    of_file = len(as_parquet(table[:0]))
    of_history = (len(as_parquet(table)) - of_file) / max(1, len(table))
    return Preflight(sweep, threads, seconds, (of_file * len(sweep.shards) + of_history * sweep.histories) / 1e6)


def check_room(sweep: Sweep, shards: Sequence[int], folder: Path) -> None:
    """Refuse shards that will not fit on the disk, at eight bytes a number and what a file takes by itself.

    Raises:
        InputError: saying how much there is and how much is needed.
    """
    columns = len(OUTCOMES) + len(sweep.keys(range(0)).columns)
    needed = sum(BYTES_OF_FILE + 8 * columns * len(sweep.shards[number]) for number in shards) / 1e6
    free = shutil.disk_usage(folder).free / 1e6
    if needed > free:
        remedy = "make room, or choose another --out"
        raise InputError(f"The sweep needs {needed:,.1f} MB and {folder} has {free:,.1f} MB left; {remedy}.")


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
