"""The folder a world is read from: its tables, what each column holds, and how a cell is read."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from model.calendar import START, Calendar, week_of
from model.rules import WEEKS_PER_YEAR
from model.world import DOMAINS, INTEGRATION

TIES = {"border": "borders", "official_pair": "paired", "counterpart_aid": "aided"}
ROLES = {"core": True, "hinterland": False}
AMOUNT = (1e-6, 1e15)  # wide enough for any currency, narrow enough for its ratios
LAST_DAY = START + pd.Timedelta(weeks=WEEKS_PER_YEAR) - pd.Timedelta(days=1)


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Attributes:
        name: in the header.
        expected: what a cell must hold, in words that follow "write".
        read: the value of a cell; raises ValueError where it holds something else.
        sentence: what the column means.
    """

    name: str
    expected: str
    read: Callable[[str], Any]
    sentence: str


@dataclass(frozen=True)
class Table:
    """One file of the folder.

    Attributes:
        file: its name.
        sentence: what it holds.
        columns: that it must have; others are ignored.
        required: whether the file must be there and hold a row.
    """

    file: str
    sentence: str
    columns: tuple[Column, ...]
    required: bool = False


def words(name: str, sentence: str) -> Column:
    """A column of names."""
    return Column(name, "a name", _name, sentence)


def number(name: str, low: float, high: float, sentence: str) -> Column:
    """A column of numbers between bounds."""

    def read(cell: str) -> float:
        value = float(cell)
        if not low <= value <= high:
            raise ValueError
        return value

    return Column(name, f"a number from {low:g} to {high:g}", read, sentence)


def one_of(name: str, choices: tuple[str, ...], sentence: str, may_be_empty: bool = False) -> Column:
    """A column whose cells hold one of a few words."""

    def read(cell: str) -> str:
        if cell not in (*choices, *[""] * may_be_empty):
            raise ValueError
        return cell

    return Column(name, ", ".join(choices[:-1]) + " or " + choices[-1], read, sentence)


def day(name: str, sentence: str) -> Column:
    """A column of days in the year of the calendar."""

    def read(cell: str) -> str:
        _week(cell)
        if len(cell) < len("2023-01-02") or not START <= pd.Timestamp(cell) <= LAST_DAY:
            raise ValueError
        return cell

    return Column(name, f"a day from {START:%Y-%m-%d} to {LAST_DAY:%Y-%m-%d}, such as 2023-03-16", read, sentence)


def _week(date: str) -> int:
    if not re.fullmatch(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?", date):
        raise ValueError
    return week_of(date)


def _name(cell: str) -> str:
    if not cell.strip():
        raise ValueError
    return cell


REGIONS = Table(
    "regions.csv",
    "The regions, one a row.",
    (
        words("name", "Its name, the key of every other table."),
        number("latitude", -90, 90, "Of its seat of government, degrees north."),
        number("longitude", -180, 180, "Of its seat of government, degrees east."),
        Column("cluster", "a cluster of clusters.csv, or nothing", str, "The cluster it belongs to; empty for none."),
        one_of("role", tuple(ROLES), "Its role in the cluster; empty without one.", may_be_empty=True),
        number("gdp", *AMOUNT, "Size of its economy, in any unit; what counts is the ratio to the median."),
        number("income", *AMOUNT, "GDP a head, in any unit; a tour visits the richest host first."),
        Column("leader_since", "a date: 2023, 2023-03 or 2023-03-16", _week, "When its number one took office."),
        number("human_capital", 0, 1, "How much it can absorb: 0 for the least, 1 for the most."),
        *(number(domain, 0, 1, f"Capability in {domain}, index 0 to 1.") for domain in DOMAINS),
    ),
    required=True,
)
CLUSTERS = Table(
    "clusters.csv",
    "The clusters, one a row.",
    (
        words("cluster", "Its name."),
        one_of("integration", INTEGRATION, "The parameter that holds for integration inside it at the start."),
    ),
)
TIES_TABLE = Table(
    "ties.csv",
    "The ties between two regions, one a row; each holds both ways.",
    (
        one_of("tie", tuple(TIES), "Its kind."),
        words("one", "A region."),
        words("other", "Another region."),
    ),
)
CALENDAR = Table(
    "calendar.csv",
    f"When what holds, one event a row, on days of the year from {START:%d %B %Y}, which repeats.",
    (
        words("event", "Its name."),
        day("start", "Its first day."),
        day("end", "Its last day."),
        one_of("role", tuple(Calendar.__dataclass_fields__), "What holds then."),
    ),
)
VISITS = Table(
    "visits.csv",
    "Visits observed, one stop of a tour a row, to fit the choice of hosts to.",
    (
        words("tour", "A name that all stops of a tour share."),
        Column("stop", "a whole number above 0", lambda cell: _positive(int(cell)), "Which stop of the tour it is."),
        words("origin", "The region that sends the delegation."),
        words("host", "The region that receives it."),
        Column("start", "a date, such as 2023-03 or 2023-03-16, or nothing", lambda cell: cell and _week(cell),
               "When it began; lets later tours know of this one."),
    ),
)
TABLES = (REGIONS, CLUSTERS, TIES_TABLE, CALENDAR, VISITS)


def _positive(value: int) -> int:
    if value < 1:
        raise ValueError
    return value


INTRODUCTION = """# A world for policy-learning

Tables in CSV, UTF-8, each with a header. All but `regions.csv` may be left out or hold no row; columns of other names
are ignored. `policy-learning world check` lists every fault of this folder, `policy-learning run baseline --world`
simulates it.

Parameters are those fitted to the provinces of China until others are held with `--set`. Firms meet in every pair, so
`enterprise_channel` should be lower where regions are many; `proximity` counts halvings of distance at any scale."""


def describe_format() -> str:
    """The folder format as Markdown, made from the tables above."""
    lines = [INTRODUCTION]
    for table in TABLES:
        lines += ["", f"## {table.file}", "", table.sentence, "", "| column | cell | meaning |", "|---|---|---|"]
        lines += [f"| `{column.name}` | {column.expected} | {column.sentence} |" for column in table.columns]
    return "\n".join([*lines, ""])
