"""Running a finished study again from its record alone, and saying whether it is the same."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from model import agents
from model.batch import Batch
from model.declaration import InputError
from model.ensemble import simulate_all
from model.history import Histories, History
from model.measures import OUTCOMES
from model.parameters import DECLARATIONS, Parameters
from model.run import Run
from model.world import World, china
from scenarios.study.places import recorded_world
from scenarios.study.record import new_manifest, read_manifest
from scenarios.study.sweeping import SweepFolder
from scenarios.study.tables import outcome_table

HISTORIES_COMPARED_AT_ONCE = 4096
ENVIRONMENT = ("source", "commit", "dirty", "python", "machine", "versions", "inputs")


@dataclass(frozen=True)
class Record:
    """What a study wrote down of its histories, numbered from 0.

    Attributes:
        outcomes: keys and outcomes, one row a history.
        run: the run of a number, for either engine.
        batch: the batch of a range of numbers, for the compiled engine.
        visits: the visit logs with the same keys; None where they were not kept.
        world: where they took place.
    """

    outcomes: pd.DataFrame
    run: Callable[[int], Run]
    batch: Callable[[range], Batch]
    visits: pd.DataFrame | None
    world: World


@dataclass(frozen=True)
class Reproduction:
    """What came of running again.

    Attributes:
        histories: how many were run.
        engine: by which engine.
        differing: the outcomes that differ from the record, one row each with number, outcome, recorded and again.
        visits: visits that were compared one by one; None where the record holds none.
        same_visits: whether they are equal.
        environment: what differs between the record's environment and this one, a sentence each.
        history: the history itself, where one was asked for.
    """

    histories: int
    engine: str
    differing: pd.DataFrame
    visits: int | None
    same_visits: bool
    environment: list[str]
    history: History | None = None

    @property
    def same(self) -> bool:
        """Whether everything compared is equal in every bit."""
        return self.differing.empty and self.same_visits

    def __str__(self) -> str:
        what = f"{self.histories:,} histories" if self.histories != 1 else "1 history"
        visits = "" if self.visits is None else f" and {self.visits:,} visits"
        compared = f"{len(OUTCOMES)} outcomes of each{visits}"
        if self.same:
            verdict = f"The same: {what} run again on the {self.engine} engine, {compared} equal to the last bit."
        else:
            verdict = f"Not the same: of {what} run again on the {self.engine} engine, {self._what_differs()}."
        return "\n".join([verdict, *(self.environment or ["The environment is that of the record."])])

    def _what_differs(self) -> str:
        outcomes = f"{self.differing['outcome'].nunique()} outcomes differ in {self.differing['number'].nunique()}"
        return " and ".join([outcomes] * (not self.differing.empty) + ["the visits differ"] * (not self.same_visits))


def reproduce(folder: Path, number: int | None = None, workers: int | None = None) -> Reproduction:
    """Run a finished study again from its record: one history on the Mesa engine, all on the compiled one.

    Args:
        folder: of a run, a comparison or a sweep.
        number: which history; all if left out.
        workers: threads.

    Raises:
        InputError: if the folder holds no study, or no history of this number.
    """
    manifest, record = read_manifest(folder), record_of(folder)
    environment = [*changes_of_environment(manifest), *changes_of_scenarios(folder, manifest)]
    if number is None:
        return _all(record, environment, workers)
    if not 0 <= number < len(record.outcomes):
        raise InputError(f"There is no history {number}: {folder} holds 0 to {len(record.outcomes) - 1}.")
    history = agents.simulate(record.run(number), record.world)
    differing = _differing(record, range(number, number + 1), history.alone)
    recorded = None if record.visits is None else _visits_of(record, number)
    same_visits = recorded is None or _equal(recorded, history.visits)
    visits = None if recorded is None else len(recorded)
    return Reproduction(1, "Mesa", differing, visits, same_visits, environment, history)


def record_of(folder: Path) -> Record:
    """What a study wrote down.

    Raises:
        InputError: if the folder holds none, or nothing finished.
    """
    manifest = read_manifest(folder)
    if manifest.get("kind") == "sweep":
        study = SweepFolder(folder)
        sweep, outcomes = study.sweep(), study.outcomes()
        if len(outcomes) < sweep.histories:
            raise InputError(f"{folder} holds {len(outcomes)} of {sweep.histories} histories; finish the sweep first.")
        return Record(outcomes, sweep.run, sweep.batch, None, china())
    try:
        outcomes, parameters, visits = (
            pd.read_parquet(folder / f"{name}.parquet") for name in ("outcomes", "parameters", "visits")
        )
    except OSError as error:
        raise InputError(f"{folder} holds no finished study; give the folder of a run, comparison or sweep.") from error
    runs = _recorded_runs(manifest["design"], outcomes, parameters)
    world = recorded_world(manifest["design"], folder)
    return Record(
        outcomes, runs.__getitem__, lambda numbers: Batch.of(runs[numbers.start : numbers.stop]), visits, world
    )


def _recorded_runs(design: dict[str, Any], outcomes: pd.DataFrame, parameters: pd.DataFrame) -> list[Run]:
    """The runs of a comparison or of a single run, in the order of their outcomes."""
    keys = [name for name in outcomes.columns if name not in OUTCOMES]
    timetables = dict(iter(parameters.groupby(keys, sort=False)))
    runs = []
    for key in outcomes[keys].itertuples(index=False, name=None):
        *_, draw, replicate = key
        sets = {
            int(row["from_week"]): Parameters(**{name: float(row[name]) for name in DECLARATIONS})
            for row in timetables[key].to_dict("records")
        }
        luck = draw * design["replicates"] + replicate if "replicates" in design else replicate
        runs.append(Run(sets.pop(-1), design["seed"], luck, design["weeks"], sets))
    return runs


def _all(record: Record, environment: list[str], workers: int | None) -> Reproduction:
    total, differing, same_visits = len(record.outcomes), [], True
    for first in range(0, total, HISTORIES_COMPARED_AT_ONCE):
        numbers = range(first, min(first + HISTORIES_COMPARED_AT_ONCE, total))
        histories = simulate_all(record.batch(numbers), "run again", workers, record.world)
        differing.append(_differing(record, numbers, histories))
        if record.visits is not None:
            keys = record.outcomes.iloc[numbers.start : numbers.stop].reset_index(drop=True)
            recorded = record.visits.merge(keys[_keys(record)].assign(number=list(numbers)), on=_keys(record))
            same_visits &= _equal(recorded.sort_values("number", kind="stable"), histories.table())
    visits = None if record.visits is None else len(record.visits)
    return Reproduction(total, "compiled", pd.concat(differing, ignore_index=True), visits, same_visits, environment)


def _keys(record: Record) -> list[str]:
    return [name for name in record.outcomes.columns if name not in OUTCOMES]


def _differing(record: Record, numbers: range, histories: Histories) -> pd.DataFrame:
    recorded = record.outcomes.iloc[numbers.start : numbers.stop].reset_index(drop=True)
    again = outcome_table(histories, recorded[_keys(record)])
    rows = []
    for name in OUTCOMES:
        unequal = (recorded[name] != again[name]) & ~(recorded[name].isna() & again[name].isna())
        rows += [
            (numbers[place], name, recorded[name].iloc[place], again[name].iloc[place])
            for place in unequal.to_numpy().nonzero()[0]
        ]
    return pd.DataFrame(rows, columns=["number", "outcome", "recorded", "again"])


def _visits_of(record: Record, number: int) -> pd.DataFrame:
    if record.visits is None:
        return pd.DataFrame()
    key = record.outcomes.iloc[[number]][_keys(record)]
    return record.visits.merge(key, on=_keys(record), how="inner")


def _equal(recorded: pd.DataFrame, again: pd.DataFrame) -> bool:
    return len(recorded) == len(again) and all(
        (recorded[name].to_numpy() == again[name].to_numpy()).all() for name in again.columns
    )


def changes_of_environment(manifest: dict[str, Any]) -> list[str]:
    """What differs between the environment of a record and this one, a sentence each."""
    now = new_manifest(manifest["kind"], {}, "")
    changes = []
    for part in ENVIRONMENT:
        then, here = manifest.get(part), now[part]
        if isinstance(here, dict) and isinstance(then, dict):
            names = sorted(name for name in {*then, *here} if then.get(name) != here.get(name))
            changes += [_change(part, name, then.get(name), here.get(name)) for name in names]
        elif then != here:
            changes.append(_change(part, part, then, here))
    return changes


def changes_of_scenarios(folder: Path, manifest: dict[str, Any]) -> list[str]:
    """Whether the scenarios of a sweep have changed since; other studies record their parameters themselves."""
    if manifest.get("kind") != "sweep":
        return []
    now = SweepFolder(folder).sweep().record()["changes"]
    return [] if now == manifest["design"]["changes"] else ["Since the record, the scenarios have changed."]


def _change(part: str, name: str, then: Any, here: Any) -> str:
    if part in ("source", "inputs"):
        return f"Since the record, {'the source of the model' if part == 'source' else name} has changed."
    return f"Recorded with {name} {then}, run again with {here}."
