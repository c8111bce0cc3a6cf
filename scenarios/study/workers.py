"""Who simulates the shards: threads of this process, or the workers of a Dask cluster; the bytes are the same."""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any

from model.declaration import InputError, StudyError
from model.source import source_hash
from scenarios.study.shards import Done, write_shard
from scenarios.study.sweep import Sweep

MISSING_EXTRA = "A cluster needs Dask distributed; in the project's folder type: pip install -e '.[cluster]'"
SECONDS_TO_ANSWER = 10
TRIES = 5


def on_threads(sweep: Sweep, numbers: Sequence[int], folder: Path, threads: int | None) -> Iterator[Done]:
    """Shards as they are finished on threads of this process; on an error, those under way are finished first."""
    waiting = list(numbers)
    with ThreadPoolExecutor(threads or os.cpu_count() or 1) as pool:
        running: set[Future[Done]] = set()
        while waiting or running:
            while waiting and len(running) < (threads or os.cpu_count() or 1):
                running.add(pool.submit(write_shard, sweep, waiting.pop(0), folder))
            finished, running = wait(running, return_when=FIRST_COMPLETED)
            for each in finished:
                yield each.result()


def on_cluster(sweep: Sweep, numbers: Sequence[int], folder: Path, address: str) -> Iterator[Done]:
    """Shards as they are finished by the workers of a Dask cluster, which write them to the same folder.

    Raises:
        InputError: if Dask is not installed, nobody answers at the address, or the workers cannot do this work.
        StudyError: if workers keep dying.
    """
    distributed = _distributed()
    try:
        client = distributed.Client(address, timeout=SECONDS_TO_ANSWER)
    except (OSError, ValueError) as error:
        raise InputError(f"No scheduler answers at {address}; start one with: dask scheduler.") from error
    with client:
        _check_workers(client, folder, address)
        shared = client.scatter(sweep, broadcast=True, hash=False)
        futures = [
            client.submit(write_shard, shared, number, folder.resolve(), key=f"{folder.name}-{number}", retries=TRIES)
            for number in numbers
        ]
        try:
            for future in distributed.as_completed(futures):
                yield future.result()
        except distributed.KilledWorker as error:
            raise StudyError("The workers keep dying; start them anew, then give the same command again.") from error
        finally:
            client.cancel(futures)


def _distributed() -> Any:
    try:
        import distributed
    except ImportError as error:
        raise InputError(MISSING_EXTRA) from error
    return distributed


def _check_workers(client: Any, folder: Path, address: str) -> None:
    """Refuse a cluster without workers, with other code, or without sight of the folder."""
    sources = client.run(source_hash)
    if not sources:
        raise InputError(f"The scheduler at {address} has no workers; start some with: dask worker {address}.")
    if set(sources.values()) != {source_hash()}:
        raise InputError("The workers run another version of the model; install this one there.")
    if not all(client.run(os.path.isdir, str(folder.resolve())).values()):
        raise InputError(f"Not every worker sees {folder.resolve()}; give an --out on a disk that all of them share.")
