"""Reading a world from a folder of tables, and finding every fault of them at once."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from model.calendar import Calendar
from model.declaration import InputError, nearest_name
from model.world import DOMAINS, World, ties_between
from model.world_format import CALENDAR, CLUSTERS, REGIONS, ROLES, TABLES, TIES, TIES_TABLE, VISITS, Table

HEADER = 1
LEAST_REGIONS = 2


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a folder: the file, its row (the header is row 1; 0 for the whole file), and the remedy."""

    file: str
    row: int
    sentence: str

    def __str__(self) -> str:
        return f"{self.file}, row {self.row}: {self.sentence}" if self.row else f"{self.file}: {self.sentence}"


@dataclass(frozen=True)
class Row:
    """A row: the line it ends on, and its values by column as far as they could be read: one fault is told once."""

    line: int
    cells: dict[str, Any]

    def __getitem__(self, column: str) -> Any:
        return self.cells.get(column)


class Tables:
    """The tables of a folder as far as they can be read, and every fault found on the way.

    Args:
        folder: where they lie.

    Raises:
        InputError: if there is no such folder.

    Attributes:
        rows: of each table by its file; a file that is there and cannot be read is left out.
        faults: in the order of files and rows.
    """

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            raise InputError(f"{folder} is no folder; `policy-learning world new {folder}` writes one to start from.")
        self.folder = folder
        self.faults: list[Fault] = []
        found = {table.file: self._rows(table) for table in TABLES}
        self.rows = {file: rows for file, rows in found.items() if rows is not None}
        self.faults += [fault for check in CHECKS for fault in check(self.rows)]
        self.faults.sort(key=lambda fault: ([table.file for table in TABLES].index(fault.file), fault.row))

    def _rows(self, table: Table) -> list[Row] | None:
        records = self._records(table)
        if records is None or (records and not self._header_is_sound(table, records[0][1])):
            return None
        if not records:
            return []
        (_, header), *body = records
        read = [self._row(table, header, line, cells) for line, cells in body if cells]
        if table.required and len(read) < LEAST_REGIONS:
            self._fault(table, 0, f"holds {len(read)} rows; give at least {LEAST_REGIONS}.")
        return read

    def _records(self, table: Table) -> list[tuple[int, list[str]]] | None:
        """Every record with the line it ends on; none of a missing file, None of one that cannot be read."""
        try:
            with (self.folder / table.file).open(encoding="utf-8-sig", newline="") as file:
                reader = csv.reader(file, strict=True)
                records = [(reader.line_num, cells) for cells in reader]
        except FileNotFoundError:
            if table.required:
                self._fault(table, 0, "is missing; `policy-learning world new` writes one to start from.")
            return []
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            self._fault(table, 0, f"cannot be read ({error}); save it as CSV in UTF-8.")
            return None
        if not records:
            self._fault(table, 0, "is empty; give it a header.")
        return records

    def _header_is_sound(self, table: Table, header: list[str]) -> bool:
        needed = [column.name for column in table.columns]
        for name in needed:
            if header.count(name) != 1:
                is_there = "has twice" if name in header else "lacks"
                self._fault(table, HEADER, f"{is_there} the column {name!r}; it needs {', '.join(needed)}, once each.")
        return all(header.count(name) == 1 for name in needed)

    def _row(self, table: Table, header: list[str], line: int, cells: list[str]) -> Row:
        if len(cells) != len(header):
            self._fault(table, line, f"has {len(cells)} cells and the header {len(header)}; give one for each column.")
        given, values = dict(zip(header, cells, strict=False)), {}
        for column in table.columns:
            cell = given.get(column.name, "")
            try:
                values[column.name] = column.read(cell.strip())
            except (ValueError, OverflowError):
                if len(cells) == len(header):
                    self._fault(table, line, f"{column.name} is {cell!r}; write {column.expected}.")
        return Row(line, values)

    def _fault(self, table: Table, row: int, sentence: str) -> None:
        self.faults.append(Fault(table.file, row, sentence))


Rows = dict[str, list[Row]]


def check_regions(rows: Rows) -> Iterator[Fault]:
    """Names and seats given once, clusters that exist, a role for every member."""
    yield from _repeated(REGIONS, rows, ("name",), "give each region once")
    yield from _repeated(REGIONS, rows, ("latitude", "longitude"), "two seats cannot share a place, move one")
    clusters = [row["cluster"] for row in rows.get(CLUSTERS.file, []) if row["cluster"]]
    for row in rows.get(REGIONS.file, []):
        if row["cluster"] and row["cluster"] not in clusters and CLUSTERS.file in rows:
            remedy = nearest_name(row["cluster"], clusters) if clusters else "list it in clusters.csv."
            yield Fault(REGIONS.file, row.line, f"cluster {row['cluster']!r} is not in clusters.csv: {remedy}")
        if row["role"] is not None and bool(row["cluster"]) != bool(row["role"]):
            yield Fault(REGIONS.file, row.line, "has a cluster or a role without the other; give both or neither.")


def check_clusters(rows: Rows) -> Iterator[Fault]:
    """Clusters given once."""
    yield from _repeated(CLUSTERS, rows, ("cluster",), "give each cluster once")


def check_ties(rows: Rows) -> Iterator[Fault]:
    """Ties between two different regions that exist, each given once, in whatever order."""
    yield from _strangers(TIES_TABLE, rows, ("one", "other"))
    seen: dict[tuple[str, frozenset[str]], int] = {}
    for row in rows.get(TIES_TABLE.file, []):
        if None in row.cells.values():
            continue
        pair = (row["tie"], frozenset((row["one"], row["other"])))
        if row["one"] == row["other"]:
            yield Fault(TIES_TABLE.file, row.line, f"ties {row['one']} to itself; name two regions.")
        elif seen.setdefault(pair, row.line) != row.line:
            yield Fault(TIES_TABLE.file, row.line, f"says the same as row {seen[pair]}; drop one, ties hold both ways.")


def check_calendar(rows: Rows) -> Iterator[Fault]:
    """Events that end after they start."""
    for row in rows.get(CALENDAR.file, []):
        if row["start"] and row["end"] and row["end"] < row["start"]:
            yield Fault(CALENDAR.file, row.line, f"ends on {row['end']}, before it starts; swap the two days.")


def check_visits(rows: Rows) -> Iterator[Fault]:
    """Visits between regions that exist, each tour from one origin to different hosts."""
    yield from _strangers(VISITS, rows, ("origin", "host"))
    yield from _repeated(VISITS, rows, ("tour", "host"), "a tour visits a host once")
    origins: dict[str, str] = {}
    for row in rows.get(VISITS.file, []):
        if row["host"] and row["origin"] == row["host"]:
            yield Fault(VISITS.file, row.line, f"{row['host']} visits itself; name another host.")
        if row["tour"] and origins.setdefault(row["tour"], row["origin"]) != row["origin"]:
            told = f"tour {row['tour']} sets out from {origins[row['tour']]} elsewhere; give other tours other names."
            yield Fault(VISITS.file, row.line, told)


CHECKS = (check_regions, check_clusters, check_ties, check_calendar, check_visits)


def _repeated(table: Table, rows: Rows, columns: tuple[str, ...], remedy: str) -> Iterator[Fault]:
    seen: dict[tuple[Any, ...], int] = {}
    for row in rows.get(table.file, []):
        key = tuple(row[column] for column in columns)
        if None not in key and seen.setdefault(key, row.line) != row.line:
            told = ", ".join(map(str, key))
            yield Fault(table.file, row.line, f"has the {' and '.join(columns)} {told} of row {seen[key]}; {remedy}.")


def _strangers(table: Table, rows: Rows, columns: Iterable[str]) -> Iterator[Fault]:
    regions = [row["name"] for row in rows.get(REGIONS.file, []) if row["name"]]
    for row in rows.get(table.file, []):
        for column in columns:
            if regions and row[column] and row[column] not in regions:
                told = f"{column} is {row[column]!r}, which is no region: {nearest_name(row[column], regions)}"
                yield Fault(table.file, row.line, told)


def faults_in(folder: Path) -> list[Fault]:
    """Every fault of a world's folder, in the order of files and rows; none if it can be simulated."""
    return Tables(folder).faults


def read_world(folder: Path) -> World:
    """The world in a folder.

    Raises:
        InputError: if it has a fault, telling the first and how to see the others.
    """
    tables = Tables(folder)
    if tables.faults:
        first, *others = tables.faults
        more = f" And {len(others)} more: policy-learning world check {folder}" if others else ""
        raise InputError(f"{folder / first.file}{str(first)[len(first.file):]}{more}")
    return _world(tables.rows)


def summary(world: World) -> str:
    """What a world holds, in a line."""
    ties = {"borders": world.borders, "official pairs": world.paired, "ties of aid": world.aided}
    counted = [f"{flags.sum() // 2} {name}" for name, flags in ties.items()]
    return ", ".join([f"{world.provinces} regions", f"{len(world.integration_of)} clusters", *counted])


def _world(rows: Rows) -> World:
    regions = pd.DataFrame([row.cells for row in rows[REGIONS.file]])
    names = tuple(regions["name"])
    ties = pd.DataFrame([row.cells for row in rows[TIES_TABLE.file]], columns=["tie", "one", "other"])
    return World(
        names=names,
        latitude=regions["latitude"].to_numpy(dtype=float),
        longitude=regions["longitude"].to_numpy(dtype=float),
        cluster=regions["cluster"].to_numpy(dtype=object),
        core=np.array([ROLES.get(role, False) for role in regions["role"]]),
        gdp=regions["gdp"].to_numpy(dtype=float),
        income=regions["income"].to_numpy(dtype=float),
        human_capital=regions["human_capital"].to_numpy(dtype=float),
        capability=regions[list(DOMAINS)].to_numpy(dtype=float),
        leader_since=regions["leader_since"].to_numpy(dtype=float),
        calendar=Calendar.of_2023(pd.DataFrame([row.cells for row in rows[CALENDAR.file]], columns=_CALENDAR)),
        integration_of={row["cluster"]: row["integration"] for row in rows[CLUSTERS.file]},
        **{field: ties_between(names, ties.loc[ties["tie"] == tie, ["one", "other"]]) for tie, field in TIES.items()},
    )


_CALENDAR = [column.name for column in CALENDAR.columns]
