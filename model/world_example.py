"""A made-up world in a folder, from a seed: a template to write one's own regions into, and an example of any size."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from itertools import cycle
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.declaration import InputError
from model.world import DOMAINS, INTEGRATION, read_table
from model.world_format import CALENDAR, CLUSTERS, REGIONS, TIES_TABLE, Table, describe_format

SOUTH_WEST, NORTH_EAST = (25.0, 100.0), (40.0, 120.0)  # degrees
NEIGHBOURS = 3  # nearest regions that a region borders
CLUSTER_SHARE, CORE_SHARE = 0.5, 0.5
REGIONS_A_CLUSTER = 4
DONORS = 3

Numbers = NDArray[np.float64]
Pairs = list[tuple[int, int]]


def write_example(folder: Path, regions: int, seed: int) -> None:
    """Write a made-up world that passes the check: its tables, and FORMAT.md, which says what they hold.

    Raises:
        InputError: if the folder is a file or not empty, so that nothing is lost.
    """
    if folder.is_file() or (folder.exists() and any(folder.iterdir())):
        raise InputError(f"{folder} is there already; choose another folder or empty it.")
    folder.mkdir(parents=True, exist_ok=True)
    for table, rows in example_tables(regions, seed).items():
        _write(folder, table, rows)
    (folder / "FORMAT.md").write_text(describe_format(), encoding="utf-8")


def example_tables(regions: int, seed: int) -> Mapping[Table, Iterable[Sequence[Any]]]:
    """Rows of every table but the visits: regions on a plain, the rich more capable, clusters round the richest."""
    rng = np.random.default_rng(seed)
    seats = rng.uniform(SOUTH_WEST, NORTH_EAST, (regions, 2)).round(3)
    wealth = rng.beta(2.0, 2.0, regions)
    km = np.hypot(*(seats[:, None, :] - seats[None, :, :]).T)
    clusters = _clusters(km, wealth)
    ties = {"border": _neighbours(km), "official_pair": _partners(wealth), "counterpart_aid": _aid(wealth, rng)}
    names = [f"Region {number:0{len(str(regions))}}" for number in range(1, regions + 1)]
    return {
        REGIONS: _region_rows(names, seats, wealth, clusters, rng),
        CLUSTERS: list(zip(sorted({code for code, _ in clusters if code}), cycle(INTEGRATION[1:]))),
        TIES_TABLE: [(tie, names[one], names[other]) for tie, pairs in ties.items() for one, other in pairs],
        CALENDAR: read_table(CALENDAR.file)[[column.name for column in CALENDAR.columns]].to_numpy().tolist(),
    }


def _region_rows(
    names: list[str], seats: Numbers, wealth: Numbers, clusters: list[tuple[str, str]], rng: np.random.Generator
) -> list[list[Any]]:
    n = len(names)
    gdp, income = np.exp(rng.normal(8.0, 1.0, n) + wealth), 30_000 * np.exp(1.5 * wealth)
    since = rng.integers(2019, 2023, n).astype(str)
    able = (0.7 * wealth[:, None] + 0.3 * rng.uniform(size=(n, 1 + len(DOMAINS)))).round(3)
    amounts = np.column_stack([gdp, income]).round(0).astype(int).tolist()
    return [
        [name, *seat, *cluster, *amount, year, *capability]
        for name, seat, cluster, amount, year, capability in zip(
            names, seats.tolist(), clusters, amounts, since.tolist(), able.tolist(), strict=True
        )
    ]


def _clusters(km: Numbers, wealth: Numbers) -> list[tuple[str, str]]:
    """Cluster and role of each region: the nearest free regions round the richest that are still free."""
    n = len(wealth)
    size = min(REGIONS_A_CLUSTER, n // 2)
    found = [("", "")] * n
    for number in range(1, max(1, round(CLUSTER_SHARE * n / size)) + 1):
        free = [region for region in range(n) if not found[region][0]]
        centre = max(free, key=lambda region: wealth[region])
        members = sorted(free, key=lambda region: km[centre, region])[:size]
        for place, region in enumerate(members):
            found[region] = (f"Cluster {number}", "core" if place < CORE_SHARE * size else "hinterland")
    return found


def _neighbours(km: Numbers) -> Pairs:
    nearest = np.argsort(km, axis=1)[:, 1 : NEIGHBOURS + 1]
    return sorted({(min(one, other), max(one, other)) for one, row in enumerate(nearest.tolist()) for other in row})


def _partners(wealth: Numbers) -> Pairs:
    """The poorest third, each with one of the richest third."""
    order = np.argsort(wealth).tolist()
    third = len(order) // 3
    return list(zip(order[:third], order[::-1][:third], strict=True))


def _aid(wealth: Numbers, rng: np.random.Generator) -> Pairs:
    """The poorest tenth, each with a few donors drawn from the richer half."""
    order = np.argsort(wealth)
    receivers, donors = order[: max(1, len(order) // 10)], order[len(order) // 2 :]
    drawn = [(int(one), rng.choice(donors, min(DONORS, len(donors)), replace=False)) for one in receivers]
    return [(receiver, donor) for receiver, each in drawn for donor in each.tolist() if donor != receiver]


def _write(folder: Path, table: Table, rows: Iterable[Sequence[Any]]) -> None:
    with (folder / table.file).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([column.name for column in table.columns])
        writer.writerows(rows)
