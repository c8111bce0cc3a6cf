"""Carrying out a sweep in a folder of its own: begun, resumed, or found to be complete."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow
import pyarrow.dataset
from tqdm import tqdm

from model.declaration import InputError, StudyError
from scenarios.study.lock import LOCK, locked
from scenarios.study.points import Varied, given_points
from scenarios.study.preflight import check_room
from scenarios.study.record import MANIFEST, RUNS, new_manifest, read_manifest, write_manifest
from scenarios.study.shards import FAILURES, SHARDS, Done, remove_unfinished, shard_files
from scenarios.study.sweep import Sweep
from scenarios.study.workers import on_cluster, on_threads

POINTS, DRAWS, STATUS = "points.parquet", "draws.parquet", "status.csv"
SECONDS_BETWEEN_REPORTS = 1.0
OWN = {LOCK, SHARDS, FAILURES, POINTS, DRAWS, f".{MANIFEST}"}
UNFINISHED = {"missing": "missing", "failed": "failed in part"}


@dataclass(frozen=True)
class SweepFolder:
    """The folder of a sweep, finished or under way, read as data frames.

    Attributes:
        folder: where it lies.
    """

    folder: Path

    @property
    def manifest(self) -> dict[str, Any]:
        """How it came about, and how far it is."""
        return read_manifest(self.folder)

    def outcomes(self) -> pd.DataFrame:
        """Keys, varied values and outcomes of every history finished so far, in the order of their numbers."""
        files = shard_files(self.folder)
        if not files:
            raise InputError(f"{self.folder} holds no finished shard yet; look again later.")
        try:
            table: pd.DataFrame = pyarrow.dataset.dataset([str(file) for file in files]).to_table().to_pandas()
        except pyarrow.ArrowInvalid as error:
            raise InputError(f"A shard cannot be read ({error}); the same sweep command makes it anew.") from error
        return table

    def failures(self) -> pd.DataFrame:
        """The histories that failed, with their tracebacks."""
        tables = [pd.read_parquet(file) for file in shard_files(self.folder, FAILURES)]
        return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=["point", "traceback"])

    def status(self) -> pd.DataFrame:
        """Each shard's first and last history, state (``done``, ``failed`` in part, ``missing``), and seconds taken."""
        path = self.folder / STATUS
        return status_table(self.sweep(), self.folder, _seconds(pd.read_csv(path)) if path.exists() else {})

    def sweep(self) -> Sweep:
        """The sweep, from its record."""
        design = self.manifest["design"]
        return Sweep(
            tuple(design["scenarios"]), pd.read_parquet(self.folder / POINTS), design["replicates"], design["draws"],
            design["seed"], design["weeks"], design["fixed"], pd.read_parquet(self.folder / DRAWS),
        )  # fmt: skip


def _seconds(status: pd.DataFrame) -> dict[int, float]:
    timed = status.dropna(subset="seconds")
    return dict(zip(timed["shard"].tolist(), timed["seconds"].tolist(), strict=True))


def status_table(sweep: Sweep, folder: Path, seconds: dict[int, float]) -> pd.DataFrame:
    """One row a shard; see ``SweepFolder.status``."""
    done, failed = ({int(file.stem) for file in shard_files(folder, part)} for part in (SHARDS, FAILURES))
    rows = [
        (number, span.start, span.stop - 1, len(span),
         "missing" if number not in done else "failed" if number in failed else "done", seconds.get(number))
        for number, span in enumerate(sweep.shards)
    ]  # fmt: skip
    columns = ["shard", "first", "last", "histories", "state", "seconds"]
    return pd.DataFrame(rows, columns=columns).astype({"seconds": float})


def sweep(
    *scenarios: str,
    vary: Varied | None = None,
    table: str | Path | pd.DataFrame | None = None,
    points: int = 256,
    design: str | None = None,
    replicates: int = 10,
    draws: int | None = None,
    seed: int = 1,
    weeks: int = 52,
    fixed: dict[str, float] | None = None,
    out: str | Path | None = None,
    workers: int | None = None,
    cluster: str | None = None,
) -> SweepFolder:
    """Simulate scenarios at many points of their parameters; the same call resumes what was stopped.

    Args:
        scenarios: names of files in ``scenarios/``; the baseline if none.
        vary: for each parameter a range, as a tuple (low, high), or levels, as a list.
        table: points of one's own instead, a column a parameter.
        points, design: how many and how laid out; see ``draw_points``.
        replicates, draws, seed, weeks, fixed: see ``Sweep``.
        out, workers, cluster: see ``carry_out_sweep``.

    Returns:
        The folder; ``.outcomes()`` is a data frame with one row a history.

    Raises:
        InputError: for wrong input, with the remedy.
        StudyError: if the sweep cannot go on; what is finished is kept.
    """
    chosen = given_points(table, vary or {}, points, design, seed)
    names = scenarios or ("baseline",)
    planned = Sweep.of(names, chosen, replicates=replicates, draws=draws, seed=seed, weeks=weeks, fixed=fixed)
    return carry_out_sweep(planned, out, workers=workers, cluster=cluster)


def carry_out_sweep(
    sweep: Sweep,
    out: str | Path | None = None,
    *,
    workers: int | None = None,
    cluster: str | None = None,
    retry_failed: bool = False,
) -> SweepFolder:
    """Simulate whatever of a sweep is not finished yet in its folder.

    Args:
        sweep: what to simulate.
        out: folder; one named by the design if left out, so that the same sweep finds it again.
        workers: threads; as many as there are processors if left out.
        cluster: address of a Dask scheduler whose workers simulate instead.
        retry_failed: simulate the shards with failed points again.

    Raises:
        InputError: if the folder holds something else, is being written, or lies on too small a disk.
        StudyError: if a shard cannot be written.
    """
    folder = begin(sweep, out)
    with locked(folder):
        remove_unfinished(folder)
        study = SweepFolder(folder)
        status = study.status()
        todo = status[status["state"].isin(["missing", "failed"] if retry_failed else ["missing"])]["shard"].tolist()
        if todo:
            check_room(sweep, todo, folder)
            finished = on_cluster(sweep, todo, folder, cluster) if cluster else on_threads(sweep, todo, folder, workers)
            _follow(sweep, folder, status, finished)
            remove_unfinished(folder)  # of workers that died on the way
        _conclude(study)
    return study


def begin(sweep: Sweep, out: str | Path | None = None) -> Path:
    """Begin the folder of a sweep, or see that it holds this very sweep, begun with this very code and data.

    Raises:
        InputError: if it holds anything else, is a file, or cannot be written.
    """
    folder = Path(out) if out else RUNS / f"sweep-{sweep.name}"
    manifest = new_manifest("sweep", sweep.record(), "running")
    try:
        if not (folder / MANIFEST).exists():
            _lay_out(sweep, folder, manifest)
    except OSError as error:
        raise InputError(f"{folder} cannot be written ({error.strerror}); choose another --out, a folder.") from error
    before = read_manifest(folder)
    for part in ("kind", "design", "source", "inputs"):
        if (theirs := before.get(part)) != manifest[part]:
            raise InputError(f"{folder} holds {_difference(part, theirs, manifest[part])}; give another --out.")
    return folder


def _lay_out(sweep: Sweep, folder: Path, manifest: dict[str, Any]) -> None:
    """Write all but the shards, the manifest last: a folder without one has not begun."""
    if folder.exists() and ({path.name for path in folder.iterdir()} - OWN or shard_files(folder)):
        raise InputError(f"{folder} holds files that are no sweep; choose another --out or empty it.")
    for name in (SHARDS, FAILURES):
        (folder / name).mkdir(parents=True, exist_ok=True)
    sweep.points.to_parquet(folder / POINTS)
    sweep.base.to_parquet(folder / DRAWS)
    write_manifest(folder, manifest)


def _difference(part: str, theirs: Any, ours: Any) -> str:
    if part == "kind":
        return f"a study of another kind ({theirs})"
    if part == "source":
        return "a sweep begun with other code of the model, which must not be mixed with this"
    changed = [name for name in ours if not isinstance(theirs, dict) or theirs.get(name) != ours[name]]
    name = changed[0] if changed else "record"
    if part == "inputs":
        return f"a sweep begun with other data ({name}), which must not be mixed with this"
    if name.endswith("_hash"):
        return f"another sweep, with other {name.removesuffix('_hash')}"
    return f"another sweep: its {name} is {theirs.get(name) if isinstance(theirs, dict) else theirs}, not {ours[name]}"


def _follow(sweep: Sweep, folder: Path, status: pd.DataFrame, finished: Iterator[Done]) -> None:
    """Keep the progress bar and the status table up to date while shards are finished."""
    seconds = _seconds(status)
    done = int(status.loc[status["state"] == "done", "histories"].sum())
    reported = 0.0
    with tqdm(total=sweep.histories, initial=done, desc="sweep", unit="history", disable=None, leave=False) as progress:
        try:
            for each in finished:
                seconds[each.number] = round(each.seconds, 3)
                progress.update(len(sweep.shards[each.number]))
                if time.monotonic() - reported > SECONDS_BETWEEN_REPORTS:
                    reported = time.monotonic()
                    _write_status(sweep, folder, seconds)
        finally:
            _write_status(sweep, folder, seconds)


def _write_status(sweep: Sweep, folder: Path, seconds: dict[int, float]) -> None:
    temporary = folder / f".{STATUS}"
    try:
        status_table(sweep, folder, seconds).to_csv(temporary, index=False)
        temporary.replace(folder / STATUS)
    except OSError as error:
        remedy = "make room, then give the same command again"
        raise StudyError(f"{folder} cannot be written ({error.strerror}); {remedy}.") from error


def _conclude(study: SweepFolder) -> None:
    counts = study.status()["state"].value_counts()
    told = [f"{counts[state]} shards {word}" for state, word in UNFINISHED.items() if state in counts]
    write_manifest(study.folder, {**study.manifest, "status": ", ".join(told) or "complete"})
