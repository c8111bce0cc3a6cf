"""A sweep: scenarios at many points, each under many posterior draws and much luck, and its histories by number."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from operator import index
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from calibration.posterior import parameters_of, shipped_draws
from model.batch import Batch, parameter_sets
from model.declaration import InputError
from model.parameters import DECLARATIONS, Parameters
from model.run import Run
from scenarios.study.scenario import Scenario, find_scenario

LEAST_IN_SHARD, MOST_IN_SHARD, SHARDS_AIMED_AT = 64, 4096, 64
Numbers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Sweep:
    """Histories numbered from 0: point by point, in each scenario by scenario, then draw by draw.

    All points and scenarios share draws and luck, so that differences between them are of their own making.

    Attributes:
        scenarios: names of files in ``scenarios/``.
        points: values of the varied parameters, one row a point.
        replicates: histories of each point and scenario; of each draw besides, where ``draws`` is given.
        draws: posterior draws crossed with luck; if None every replicate has a draw of its own.
        seed: of all luck.
        weeks: length of each history.
        fixed: parameters held at a value everywhere, by name.
        base: the posterior draws, one row each, as `calibration.posterior` has them.

    Raises:
        InputError: for a sweep that cannot be, with the remedy.
    """

    scenarios: tuple[str, ...]
    points: pd.DataFrame
    replicates: int
    draws: int | None
    seed: int
    weeks: int
    fixed: Mapping[str, float]
    base: pd.DataFrame

    def __post_init__(self) -> None:
        if not all(isinstance(name, str) for name in self.scenarios):
            raise InputError("Name scenarios as words, one after another, not as a list.")
        if not self.scenarios or len(set(self.scenarios)) < len(self.scenarios):
            raise InputError("Name each scenario of the sweep once, and at least one.")
        for each in self.found:
            each.check_free([*map(str, self.points.columns), *self.fixed])
        both = sorted(set(self.points.columns) & set(self.fixed))
        if both:
            raise InputError(f"{both[0]} is varied and held at a value; do one of the two.")
        Parameters().having(**self.fixed)
        if min(self.replicates, self.weeks, 1 if self.draws is None else self.draws) < 1:
            raise InputError("Replicates, draws and weeks must each be at least 1.")
        if not 0 <= self.seed < 2**64:
            raise InputError(f"The seed {self.seed} is out of range: give a whole number from 0 to 2**64 - 1.")
        if self.draws is not None and self.draws > len(self.base):
            raise InputError(f"The posterior holds {len(self.base)} draws, not {self.draws}; ask for fewer.")

    @classmethod
    def of(
        cls, scenarios: tuple[str, ...], points: pd.DataFrame, *, replicates: int, draws: int | None = None,
        seed: int = 1, weeks: int = 52, fixed: Mapping[str, float] | None = None,
    ) -> "Sweep":  # fmt: skip
        """A sweep over the shipped posterior, with as many of its draws as it needs."""
        try:
            replicates, seed, weeks = index(replicates), index(seed), index(weeks)
            draws = None if draws is None else index(draws)
        except TypeError as error:
            raise InputError("Replicates, draws, seed and weeks must be whole numbers.") from error
        base = shipped_draws().head(draws or replicates)
        return cls(scenarios, points, replicates, draws, seed, weeks, fixed or {}, base)

    @property
    def at_point(self) -> int:
        """Histories of one scenario at one point."""
        return self.replicates * (self.draws or 1)

    @property
    def histories(self) -> int:
        """Histories in all."""
        return len(self.points) * len(self.scenarios) * self.at_point

    @cached_property
    def shards(self) -> list[range]:
        """Numbers of the histories of each shard; a shard holds whole points."""
        of_point = len(self.scenarios) * self.at_point
        size = min(MOST_IN_SHARD, max(LEAST_IN_SHARD, self.histories // SHARDS_AIMED_AT))
        step = max(1, size // of_point) * of_point
        return [range(first, min(first + step, self.histories)) for first in range(0, self.histories, step)]

    @cached_property
    def found(self) -> list[Scenario]:
        """The scenarios themselves."""
        return [find_scenario(name) for name in self.scenarios]

    @cached_property
    def _sets(self) -> NDArray[Any]:
        """The posterior draws with what is held, shape (draws,)."""
        return parameter_sets([each.having(**self.fixed) for each in parameters_of(self.base)])

    def keys(self, numbers: range) -> pd.DataFrame:
        """What tells these histories apart: point, scenario, draw, replicate, and what is varied; one row each."""
        point, scenario, draw, replicate = self._place(np.arange(numbers.start, numbers.stop))
        varied = {str(name): column.to_numpy()[point] for name, column in self.points.items()}
        names = np.array(self.scenarios, dtype=object)[scenario]
        return pd.DataFrame({"point": point, "scenario": names, "draw": draw, "replicate": replicate, **varied})

    def batch(self, numbers: range) -> Batch:
        """These histories as a batch for the compiled engine."""
        point, scenario, draw, replicate = self._place(np.arange(numbers.start, numbers.stop))
        group = np.cumsum(np.diff(np.stack([point, scenario, draw]), prepend=-1).any(axis=0)) - 1
        first = np.flatnonzero(np.diff(group, prepend=-1))
        before = self._sets[draw[first]]
        for name, column in self.points.items():
            before[str(name)] = column.to_numpy()[point[first]]
        after = before.copy()
        since, until = np.array([(each.week, each.end) for each in self.found]).T[:, scenario]
        for place, each in enumerate(self.found):
            for name, value in each.changes.items():
                after[name][scenario[first] == place] = value
        weeks = np.arange(-1, self.weeks)  # the start, then every week
        differs = (before != after)[group]  # equal sets are one set, as the agents see them
        changed = ((weeks >= since[:, None]) | (since[:, None] == 0)) & (weeks < until[:, None]) & differs[:, None]
        timetable = (group[:, None] + len(before) * changed).astype(np.int32)
        seed = np.full(len(numbers), self.seed, dtype=np.uint64)
        return Batch(np.concatenate([before, after]), timetable, seed, replicate.astype(np.uint64))

    def run(self, number: int) -> Run:
        """One of the histories, for the Mesa engine."""
        batch = self.batch(range(number, number + 1))
        sets = [Parameters(**dict(zip(DECLARATIONS, row.item(), strict=True))) for row in batch.parameters]
        start, *weeks = batch.timetable[0].tolist()
        later = {week: sets[now] for week, now in enumerate(weeks) if now != ([start, *weeks])[week]}
        return Run(sets[start], self.seed, int(batch.replicate[0]), self.weeks, later)

    def record(self) -> dict[str, Any]:
        """The design as it goes into a manifest; points and draws by hash, since they stand in tables of their own."""
        return {
            "scenarios": list(self.scenarios),
            "varied": {str(name): [float(column.min()), float(column.max())] for name, column in self.points.items()},
            "points": len(self.points),
            "points_hash": _hash(self.points),
            "replicates": self.replicates,
            "draws": self.draws,
            "draws_hash": _hash(self.base),
            "seed": self.seed,
            "weeks": self.weeks,
            "fixed": dict(self.fixed),
            "changes": [{"since": each.since, "until": each.until, **each.changes} for each in self.found],
            "histories": self.histories,
            "shards": len(self.shards),
        }

    @property
    def name(self) -> str:
        """A short name that is the same for the same design, and differs for another."""
        return sha256(json.dumps(self.record(), sort_keys=True).encode()).hexdigest()[:8]

    def _place(self, numbers: Numbers) -> tuple[Numbers, Numbers, Numbers, Numbers]:
        """Point, scenario, draw and replicate of each history; the replicate counts through its point's luck."""
        rest, replicate = np.divmod(numbers, self.at_point)
        point, scenario = np.divmod(rest, len(self.scenarios))
        draw = replicate // self.replicates if self.draws else replicate % len(self.base)
        return point, scenario, draw, replicate


def _hash(table: pd.DataFrame) -> str:
    names = json.dumps(list(map(str, table.columns))).encode()
    return sha256(names + pd.util.hash_pandas_object(table).to_numpy().tobytes()).hexdigest()
