"""What happened in one run: the visits and the path of the state, as arrays and as a tidy log."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.calendar import START
from model.world import DOMAINS, ECONOMIC, THEMES, World

NO_FOCUS = -1


@dataclass(frozen=True, eq=False)
class History:
    """The visits of a run, one entry a stop, and the path of the state; v visits, n provinces, w weeks.

    Attributes:
        world: where it happened.
        weeks: number of weeks simulated.
        week, origin, host, stop: of each visit; stop counts from 1 in the order of protocol; shape (v,).
        day: days from the Monday of the week, shape (v,).
        planned: whether the centre chose the host, shape (v,).
        themes: theme groups on the agenda, shape (v, 4), in the order of THEMES.
        focus: economic domain of the visit, -1 for none, shape (v,).
        learnt: capability gained by the visitor, shape (v, 8), in the order of DOMAINS.
        agreement: whether one was signed, shape (v,).
        projects: index of projects brought, shape (v,).
        capability: shape (w + 1, n, 8), before the first week and after each.
        integration: shape (w + 1, n, n).
    """

    world: World
    weeks: int
    week: NDArray[np.int64]
    origin: NDArray[np.int64]
    host: NDArray[np.int64]
    stop: NDArray[np.int64]
    day: NDArray[np.float64]
    planned: NDArray[np.bool_]
    themes: NDArray[np.bool_]
    focus: NDArray[np.int64]
    learnt: NDArray[np.float64]
    agreement: NDArray[np.bool_]
    projects: NDArray[np.float64]
    capability: NDArray[np.float64]
    integration: NDArray[np.float64]

    @cached_property
    def visits(self) -> pd.DataFrame:
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
