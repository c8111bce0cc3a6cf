"""One shard of a sweep: simulated piece by piece, measured, and written by whoever simulated it."""

import io
import os
import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pandas as pd
import pyarrow
import pyarrow.parquet

from model.declaration import StudyError
from model.ensemble import simulate
from model.measures import OUTCOMES
from model.world import china
from scenarios.study.sweep import Sweep
from scenarios.study.tables import outcome_table

AT_ONCE = 256
SHARDS, FAILURES = "shards", "failures"


@dataclass(frozen=True)
class Done:
    """What became of a shard: how many of its points failed, and how long it took."""

    number: int
    failed: int
    seconds: float


def shard_file(folder: Path, number: int) -> Path:
    """Where the outcomes of a shard lie."""
    return folder / SHARDS / f"{number:06d}.parquet"


def failure_file(folder: Path, number: int) -> Path:
    """Where the points of a shard that failed are told, with their tracebacks; not there if none did."""
    return folder / FAILURES / f"{number:06d}.parquet"


def write_shard(sweep: Sweep, number: int, folder: Path) -> Done:
    """Simulate one shard and write it: to a temporary file first, so that a shard is there whole or not at all.

    A point that fails is written down with its traceback; the others go on.

    Raises:
        StudyError: where nothing can be written or memory does not suffice.
    """
    started = time.perf_counter()
    try:
        outcomes, failures = simulate_shard(sweep, sweep.shards[number])
        if len(failures):
            _write(failures, failure_file(folder, number))
        _write(outcomes, shard_file(folder, number))
        if not len(failures):
            failure_file(folder, number).unlink(missing_ok=True)
    except OSError as error:
        raise StudyError(
            f"Shard {number} cannot be written to {folder} ({error.strerror or error}). What is finished is kept: "
            "make room, then give the same command again."
        ) from error
    except MemoryError as error:
        raise StudyError("Memory does not suffice; give the same command again with fewer --workers.") from error
    return Done(number, failures["point"].nunique(), time.perf_counter() - started)


def simulate_shard(sweep: Sweep, numbers: range) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Outcomes of these histories, and the points that failed with their tracebacks."""
    tables: list[pd.DataFrame] = []
    failures: list[dict[str, object]] = []
    for piece in pieces(numbers, AT_ONCE):
        try:
            tables.append(simulate_piece(sweep, piece))
        except (OSError, MemoryError):
            raise
        except Exception:  # whatever it is, it is told with its traceback, and the rest is saved
            good, bad = _one_by_one(sweep, piece)
            tables += good
            failures += bad
    columns = ["point", "scenario", "number", "traceback"]
    whole = pd.concat(tables, ignore_index=True) if tables else _nothing(sweep)
    return whole, pd.DataFrame(failures, columns=columns)


def _nothing(sweep: Sweep) -> pd.DataFrame:
    """The outcomes of no history, in the columns and kinds of all others."""
    keys = sweep.keys(range(0, 1))
    return keys.assign(**dict.fromkeys(OUTCOMES, 0.0))[:0]


def simulate_piece(sweep: Sweep, numbers: range) -> pd.DataFrame:
    """Keys and outcomes of these histories, one row each."""
    return outcome_table(simulate(china(), sweep.batch(numbers)), sweep.keys(numbers))


def _one_by_one(sweep: Sweep, numbers: range) -> tuple[list[pd.DataFrame], list[dict[str, object]]]:
    tables, failures = [], []
    for number in numbers:
        try:
            tables.append(simulate_piece(sweep, range(number, number + 1)))
        except (OSError, MemoryError):
            raise
        except Exception:
            rest, _ = divmod(number, sweep.at_point)
            point, scenario = divmod(rest, len(sweep.scenarios))
            failures.append({
                "point": point, "scenario": sweep.scenarios[scenario], "number": number,
                "traceback": traceback.format_exc(),
            })  # fmt: skip
    return tables, failures


def pieces(numbers: range, size: int) -> Iterator[range]:
    """The range in parts of at most this size."""
    return (numbers[first : first + size] for first in range(0, len(numbers), size))


def _write(table: pd.DataFrame, path: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    temporary = path.with_name(f".{path.name}.{uuid4().hex}")
    try:
        with temporary.open("wb") as file:
            file.write(as_parquet(table))
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def remove_unfinished(folder: Path) -> None:
    """Remove what a process that was killed had not finished writing, and shards that cannot be read."""
    for part in (SHARDS, FAILURES):
        for temporary in (folder / part).glob(".*"):
            temporary.unlink(missing_ok=True)
        for file in shard_files(folder, part):
            try:
                pyarrow.parquet.read_metadata(file)
            except pyarrow.ArrowInvalid:
                file.unlink(missing_ok=True)


def shard_files(folder: Path, part: str = SHARDS) -> list[Path]:
    """The files of shards in a folder, in their order, whatever else may lie there."""
    return sorted((folder / part).glob("[0-9]" * 6 + ".parquet"))


def as_parquet(table: pd.DataFrame) -> bytes:
    """The bytes of a table as Parquet."""
    buffer = io.BytesIO()
    table.to_parquet(buffer, index=False, compression="zstd")
    return buffer.getvalue()
