"""What happened: the visits and the path of the state, of one run or of many, as arrays and as a tidy log."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.calendar import START
from model.world import DOMAINS, ECONOMIC, THEMES, World

NO_FOCUS = -1
# One stop of a tour: what was decided, and what it brought. Themes are bytes since numba nests no truth values.
VISIT = np.dtype(
    [
        ("replicate", np.int64), ("week", np.int64), ("origin", np.int64), ("host", np.int64), ("stop", np.int64),
        ("day", np.float64), ("planned", np.bool_), ("themes", np.uint8, (len(THEMES),)), ("focus", np.int64),
        ("learnt", np.float64, (len(DOMAINS),)), ("agreement", np.bool_), ("projects", np.float64),
    ],
    align=True,
)  # fmt: skip


class Column:
    """A field of the visit log as an attribute of whatever holds one."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, holder: Any, owner: type) -> NDArray[Any]:
        return np.asarray(holder.log[self.name])


class Visits:
    """The columns of a visit log, one entry a stop, shape (v,) unless said otherwise.

    Attributes:
        week, origin, host, stop: when, and by index who and where; stop counts from 1 in the order of protocol.
        day: days from the Monday of the week.
        planned: whether the centre chose the host.
        focus: economic domain of the visit, -1 for none.
        learnt: capability gained by the visitor, shape (v, 8), in the order of DOMAINS.
        agreement: whether one was signed.
        projects: index of projects brought.
    """

    log: NDArray[Any]
    world: World

    week, origin, host, stop, day, planned = Column(), Column(), Column(), Column(), Column(), Column()
    focus, learnt, agreement, projects = Column(), Column(), Column(), Column()

    @property
    def themes(self) -> NDArray[np.bool_]:
        """Theme groups on the agenda, shape (v, 4), in the order of THEMES."""
        return np.asarray(self.log["themes"], dtype=bool)

    def table(self) -> pd.DataFrame:
        """The visit log as a tidy table, one row a stop."""
        names = np.array(self.world.names, dtype=object)
        columns: dict[str, Any] = {
            "week": self.week,
            "date": START + pd.to_timedelta(7 * self.week + np.floor(self.day), unit="D"),
            "origin": names[self.origin],
            "host": names[self.host],
            "stop": self.stop,
            "by": np.where(self.planned, "plan", "choice"),
            **dict(zip(THEMES, self.themes.T, strict=True)),
            "focus": np.array([*ECONOMIC, ""], dtype=object)[self.focus],
            **{f"learnt_{domain}": gained for domain, gained in zip(DOMAINS, self.learnt.T, strict=True)},
            "agreement": self.agreement,
            "projects": self.projects,
        }
        return pd.DataFrame(columns)


@dataclass(frozen=True, eq=False)
class Histories(Visits):
    """Many runs in one world; r replicates, n provinces, v visits in all.

    Attributes:
        world: where they happened.
        weeks: number of weeks simulated.
        log: the visits, of dtype VISIT, shape (v,), replicate after replicate in the order of weeks.
        capability: shape (r, moments, n, 8); moments are start and end, or the start and the end of every week.
        integration: shape (r, moments, n, n).
    """

    world: World
    weeks: int
    log: NDArray[Any]
    capability: NDArray[np.float64]
    integration: NDArray[np.float64]

    replicate = Column()

    @property
    def replicates(self) -> int:
        """Number of runs."""
        return len(self.capability)

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        """Parts of one world and length as one, in their order; replicates are counted through."""
        logs = [part.log.copy() for part in parts]
        for log, first in zip(logs, np.cumsum([0, *(part.replicates for part in parts)]), strict=False):
            log["replicate"] += first
        return cls(
            parts[0].world,
            parts[0].weeks,
            np.concatenate(logs),
            np.concatenate([part.capability for part in parts]),
            np.concatenate([part.integration for part in parts]),
        )

    def one(self, replicate: int) -> "History":
        """One of the runs by itself."""
        log = self.log[self.replicate == replicate].copy()
        log["replicate"] = 0
        return History(self.world, self.weeks, log, self.capability[replicate], self.integration[replicate])


@dataclass(frozen=True, eq=False)
class History(Visits):
    """One run; n provinces, w weeks, v visits.

    Attributes:
        world: where it happened.
        weeks: number of weeks simulated.
        log: the visits, of dtype VISIT, shape (v,).
        capability: shape (w + 1, n, 8), before the first week and after each.
        integration: shape (w + 1, n, n).
    """

    world: World
    weeks: int
    log: NDArray[Any]
    capability: NDArray[np.float64]
    integration: NDArray[np.float64]

    @cached_property
    def visits(self) -> pd.DataFrame:
        """The visit log as a tidy table, one row a stop."""
        return self.table()

    @property
    def alone(self) -> Histories:
        """The same as a batch of one."""
        return Histories(self.world, self.weeks, self.log, self.capability[None], self.integration[None])
