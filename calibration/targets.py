"""What was observed: tours of delegations, read from an event table, and published figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.calendar import week_of
from model.declaration import InputError, nearest_name
from model.world import World, china

MOST_SCORED = 8
COLUMNS = ("tour", "stop", "origin", "host")
DATED = ("start", "in_article", "led_by", "evidence", "year_inferred")
FLAGS = ("in_article", "year_inferred")
WEEKS_OF_ARTICLE = (10, 11)
NOT_FOUND_AGAIN = "one source, not found again"
NUMBER_ONES = ("number one", "party secretary")


@dataclass(frozen=True)
class Tour:
    """One tour as observed, by index of province; hosts in no order that means anything.

    Attributes:
        week: week of departure, 0 = week of 2 January 2023; None where only the year is known.
        in_article: whether the China Newsweek article reports it.
        leader: who led it, as reported; None where nothing is said.
        year_known: whether the report states the year, rather than its following from the context.
        confirmed: whether a second search found the report again.
    """

    name: str
    origin: int
    hosts: tuple[int, ...]
    week: int | None = None
    in_article: bool = False
    leader: str | None = None
    year_known: bool = True
    confirmed: bool = True

    @property
    def led_by_number_one(self) -> bool:
        """Whether the party secretary led it, alone or with the head of government."""
        return self.leader in NUMBER_ONES


@dataclass(frozen=True)
class ObservedVisits:
    """Visits as somebody saw them, in the form that measures of visits take; every array has shape (visits,).

    Attributes:
        world: where they took place.
        replicates: number of years seen; one of the real world, many where simulated years are seen as the press would.
        replicate, week, origin, host: of each visit.
    """

    world: World
    replicates: int
    replicate: NDArray[np.int64]
    week: NDArray[Any]
    origin: NDArray[np.int64]
    host: NDArray[np.int64]

    @classmethod
    def of(cls, *years: Sequence[Tour], world: World) -> "ObservedVisits":
        """The visits of these tours, by year; each tour gets its number as week, so that measures tell tours apart."""
        stops = [
            (year, number, tour.origin, host)
            for year, tours in enumerate(years)
            for number, tour in enumerate(tours)
            for host in tour.hosts
        ]
        return cls(world, len(years), *np.array(stops, dtype=np.int64).reshape(-1, 4).T)

    def only(self, chosen: NDArray[np.bool_]) -> "ObservedVisits":
        """Those of the visits that are chosen."""
        columns = (self.replicate, self.week, self.origin, self.host)
        return ObservedVisits(self.world, self.replicates, *(column[chosen] for column in columns))

    @property
    def tour(self) -> NDArray[np.int64]:
        """A number for the tour that each visit belongs to."""
        weeks = 1 + int(self.week.max(initial=0))
        return np.asarray((self.replicate * weeks + self.week) * self.world.provinces + self.origin)


@cache
def observed_table() -> pd.DataFrame:
    """The collection of provincial visits as it stands, one row a stop."""
    with resources.files("calibration").joinpath("data").joinpath("visits.csv").open(encoding="utf-8") as file:
        return pd.read_csv(file, dtype={"start": str, "end": str})


@cache
def published(key: str) -> float:
    """A published figure by its key."""
    with resources.files("calibration").joinpath("data").joinpath("published_facts.csv").open(encoding="utf-8") as file:
        facts = pd.read_csv(file).set_index("key")["value"]
    return float(facts[key])


@cache
def tours_of_2023() -> tuple[Tour, ...]:
    """The 59 tours of 2023, 57 of them dated to the month at least: the only visits that are fitted."""
    table = observed_table()
    return tuple(tours_in(table[table["sample"] == "2023"], china()))


@cache
def tours_of_article() -> tuple[Tour, ...]:
    """The six tours of March 2023 that the China Newsweek article reports."""
    return tuple(tour for tour in tours_of_2023() if tour.in_article)


@cache
def tours_of_2012_2016() -> tuple[Tour, ...]:
    """The tours of 2012 to 2016, which are never fitted."""
    table = observed_table()
    return tuple(tours_in(table[table["sample"] == "2012-2016"], china()))


def read_tours(path: Path, world: World) -> list[Tour]:
    """Tours from anyone's table with the columns tour, stop, origin and host; other columns are ignored.

    Raises:
        InputError: for a file that cannot be read, a missing column, an unknown province, a visit to oneself, an empty
            tour, a tour of several origins or with a host twice; names the row.
    """
    return tours_in(_read(path)[list(COLUMNS)], world)


def read_dated_tours(path: Path, world: World) -> list[Tour]:
    """The same with what else is known of a tour, for a fit: start, in_article, led_by, evidence, year_inferred.

    Raises:
        InputError: also for a date that cannot be read, or a flag that is neither 0 nor 1.
    """
    table = _read(path)
    known = [column for column in DATED if column in table.columns]
    for column in set(known) & set(FLAGS):
        _refuse(table, column, ~table[column].isin([0, 1]), "write 1 for yes and 0 for no")
    if "start" in known:
        _refuse(table, "start", ~table["start"].map(_is_date), "write it as 2023, 2023-03 or 2023-03-16, or not at all")
    return tours_in(table[[*COLUMNS, *known]], world)


def _refuse(table: pd.DataFrame, column: str, wrong: "pd.Series[bool]", remedy: str) -> None:
    for line, value in enumerate(table[column], start=2):
        if wrong.iloc[line - 2]:
            raise InputError(f"Row {line}: cannot read {value!r} in {column}; {remedy}.")


def _is_date(start: Any) -> bool:
    if pd.isna(start):
        return True
    try:
        week_of(str(start))
    except ValueError:  # of which InputError is one
        return False
    return True


def _read(path: Path) -> pd.DataFrame:
    try:
        table = pd.read_csv(path, dtype={"start": str})
    except (OSError, UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        needed = ", ".join(COLUMNS)
        raise InputError(f"Cannot read {path} as a CSV table ({error}); give a file with {needed}.") from error
    missing = [column for column in COLUMNS if column not in table.columns]
    if missing:
        raise InputError(f"{path} lacks the column {', '.join(missing)}; it needs {', '.join(COLUMNS)}.")
    if table.empty:
        raise InputError(f"{path} holds no visits; give one row for each stop of a tour.")
    return table


def tours_in(table: pd.DataFrame, world: World) -> list[Tour]:
    """Tours of a table with one row a stop.

    Raises:
        InputError: for what ``read_tours`` refuses in a row, naming it.
    """
    stops: dict[str, list[Any]] = {}
    for line, row in enumerate(table.to_dict("records"), start=2):
        stops.setdefault(_tour_name(row, line), []).append((line, row))
    return [_tour(name, rows, world) for name, rows in stops.items()]


def _tour_name(row: dict[Any, Any], line: int) -> str:
    if pd.isna(row["tour"]):
        raise InputError(f"Row {line} has no tour: give the same name in all stops of one tour.")
    return str(row["tour"])


def _tour(name: str, rows: list[Any], world: World) -> Tour:
    first_line, first = rows[0]
    origin = _province(first["origin"], first_line, "origin", world)
    hosts: list[int] = []
    for line, row in rows:
        if _province(row["origin"], line, "origin", world) != origin:
            raise InputError(f"Row {line}: tour {name} sets out from {first['origin']} and from {row['origin']}.")
        hosts.append(_host(row, line, name, origin, hosts, world))
    if len(hosts) > MOST_SCORED:
        raise InputError(f"Row {rows[-1][0]}: tour {name} has {len(hosts)} stops; at most {MOST_SCORED} can be scored.")
    week = _week([row.get("start") for _, row in rows])
    return Tour(
        name, origin, tuple(hosts), week, in_article=first.get("in_article") == 1, leader=first.get("led_by"),
        year_known=first.get("year_inferred") != 1, confirmed=first.get("evidence") != NOT_FOUND_AGAIN,
    )


def _host(row: dict[Any, Any], line: int, tour: str, origin: int, before: list[int], world: World) -> int:
    if pd.isna(row["host"]):
        raise InputError(f"Row {line}: tour {tour} has an empty host; a tour needs at least one, named in each row.")
    host = _province(row["host"], line, "host", world)
    if host == origin:
        raise InputError(f"Row {line}: {row['host']} visits itself; a delegation visits another province.")
    if host in before:
        raise InputError(f"Row {line}: tour {tour} visits {row['host']} twice; give each host once.")
    return host


def _province(name: Any, line: int, column: str, world: World) -> int:
    if name not in world.names:
        raise InputError(f"Row {line}: {name!r} in {column} is no province: {nearest_name(str(name), world.names)}")
    return world.index(name)


def _week(starts: list[Any]) -> int | None:
    """Week of the earliest stop that is dated to the month at least."""
    dated = [str(start) for start in starts if not pd.isna(start) and len(str(start)) >= len("2023-01")]
    return min(map(week_of, dated)) if dated else None
