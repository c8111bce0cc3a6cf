"""Many histories of one length to simulate, as compiled code reads them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from model.parameters import DECLARATIONS, Parameters
from model.run import Run

# A set of parameters as compiled code reads it: one number for each, by name.
PARAMETER_SET = np.dtype([(name, np.float64) for name in DECLARATIONS])


@dataclass(frozen=True, eq=False)
class Batch:
    """Many histories of one length to simulate; r of them, s parameter sets.

    Attributes:
        parameters: the sets, of dtype PARAMETER_SET, shape (s,).
        timetable: which set holds at the start (column 0) and in each week, shape (r, weeks + 1).
        seed, replicate: the key of each history's luck, shape (r,).
    """

    parameters: NDArray[Any]
    timetable: NDArray[np.int32]
    seed: NDArray[np.uint64]
    replicate: NDArray[np.uint64]

    def __len__(self) -> int:
        return len(self.timetable)

    @property
    def weeks(self) -> int:
        """Length of every history."""
        return int(self.timetable.shape[1]) - 1

    def part(self, first: int, after: int) -> Self:
        """Some of the histories, from ``first`` up to but not including ``after``."""
        chosen = slice(first, after)
        return type(self)(self.parameters, self.timetable[chosen], self.seed[chosen], self.replicate[chosen])

    @classmethod
    def of(cls, runs: Sequence[Run]) -> Self:
        """The batch of these runs, all of one length; runs that share parameters share a set."""
        sets: dict[Parameters, int] = {}
        timetable = np.array([_timetable(run, sets) for run in runs], dtype=np.int32)
        keys = np.array([(run.seed, run.replicate) for run in runs], dtype=np.uint64)
        return cls(parameter_sets(list(sets)), timetable, *keys.T)


def _timetable(run: Run, sets: dict[Parameters, int]) -> list[int]:
    now = sets.setdefault(run.parameters, len(sets))
    row = [now]
    for week in range(run.weeks):
        if run.later and week in run.later:
            now = sets.setdefault(run.later[week], len(sets))
        row.append(now)
    return row


def parameter_sets(parameters: Sequence[Parameters]) -> NDArray[Any]:
    """Parameters as an array of dtype PARAMETER_SET, shape (s,)."""
    return np.array([tuple(each.values().values()) for each in parameters], dtype=PARAMETER_SET)
