"""Weeks and dates: the calendar of 2023, taken to repeat in later years."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model import rules
from model.declaration import InputError
from model.parameters import Parameters

START = pd.Timestamp("2023-01-02")
MOST_OF_A_WEEK = 4

Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Calendar:
    """What holds in each of the 52 weeks from 2 January 2023; every array has shape (52,)."""

    closed: Flags
    spring_wave: Flags
    autumn_wave: Flags
    summer_peak: Flags
    campaign: Flags

    @classmethod
    def of_2023(cls, events: pd.DataFrame) -> Self:
        """The calendar from a table of events (columns role, start, end); a week counts if most days are covered."""
        return cls(**{role: _weeks_covered(events[events["role"] == role]) for role in cls.__dataclass_fields__})


    def season(self, week: int, parameters: Parameters) -> float:
        """The calendar's factor on departures in a week of any year."""
        w, p = week % rules.WEEKS_PER_YEAR, parameters
        return rules.season(
            self.closed[w], self.spring_wave[w], self.autumn_wave[w], self.summer_peak[w],
            p.spring_wave, p.autumn_wave, p.summer_peak,
        )

    def campaigning(self, week: int) -> float:
        """Whether the campaign of investigation and research runs in a week of any year: 1 or 0."""
        return float(self.campaign[week % rules.WEEKS_PER_YEAR])


def _weeks_covered(events: pd.DataFrame) -> Flags:
    days = pd.date_range(START, periods=7 * rules.WEEKS_PER_YEAR)
    covered = np.zeros(len(days), dtype=bool)
    for start, end in zip(events["start"], events["end"], strict=True):
        covered |= (days >= pd.Timestamp(start)) & (days <= pd.Timestamp(end))
    weeks: Flags = covered.reshape(rules.WEEKS_PER_YEAR, 7).sum(axis=1) >= MOST_OF_A_WEEK
    return weeks


def week_of(date: str) -> int:
    """Week of a date written YYYY, YYYY-MM or YYYY-MM-DD; a coarse date counts as its middle.

    Raises:
        InputError: for a date of another form.
    """
    middle = {4: "-07-01", 7: "-15", 10: ""}.get(len(date))
    if middle is None:
        raise InputError(f"Cannot read the date {date!r}; write it as 2023, 2023-03 or 2023-03-16.")
    return int((pd.Timestamp(date + middle) - START).days // 7)
