"""Who simulates the shards: threads of this process, or the workers of a Dask cluster; the bytes are the same."""

import json
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from importlib import metadata
from pathlib import Path
from typing import Any
from uuid import uuid4

from calibration.posterior import data_hashes
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
        this = f"{sweep.name}-{uuid4().hex}"  # a scheduler may know another folder's futures of the same sweep
        shared = client.scatter(sweep, broadcast=True, hash=False)
        futures = [
            client.submit(write_shard, shared, number, folder.resolve(), key=f"{this}-{number}", retries=TRIES)
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


def fingerprint() -> str:
    """What the bytes of a shard depend on besides the sweep: code, data, and the libraries that reckon."""
    versions = [metadata.version(name) for name in ("numba", "numpy", "pandas", "pyarrow")]
    return json.dumps([source_hash(), sorted(data_hashes().items()), versions])


def _check_workers(client: Any, folder: Path, address: str) -> None:
    """Refuse a cluster without workers, with other code, or without sight of the folder."""
    theirs = client.run(fingerprint)
    if not theirs:
        raise InputError(f"The scheduler at {address} has no workers; start some with: dask worker {address}.")
    if set(theirs.values()) != {fingerprint()}:
        raise InputError("The workers run another version of the model, its data or its libraries; install this there.")
    if not all(client.run(os.path.isdir, str(folder.resolve())).values()):
        raise InputError(f"Not every worker sees {folder.resolve()}; give an --out on a disk that all of them share.")
