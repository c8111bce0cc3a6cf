"""The world the provinces live in: who they are, how far apart, how tied, and the calendar of 2023."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib import resources
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model import rules
from model.calendar import Calendar, week_of
from model.parameters import Parameters

DOMAINS = ("science", "industry", "digital", "trade", "urbanisation", "ecology", "services", "governance")
THEMES = ("economy", "urbanisation", "services", "governance")
ECONOMIC = DOMAINS[:4]
DOMAINS_OF_THEME = ((0, 1, 2, 3), (4,), (5, 6), (7,))
ECONOMY, SCIENCE = THEMES.index("economy"), DOMAINS.index("science")
FIRM_DOMAINS = (DOMAINS.index("industry"), DOMAINS.index("digital"))
INTEGRATION = ("integration_outside", "integration_capital", "integration_delta", "integration_bay")
CLUSTERS = {"BTH": "Beijing-Tianjin-Hebei", "YRD": "Yangtze River Delta", "GBA": "Greater Bay Area"}
INTEGRATION_OF_CLUSTER = dict(zip(CLUSTERS, INTEGRATION[1:], strict=True))

Matrix = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class World:
    """Everything that is given to the provinces and does not change in a run.

    Attributes:
        names: the n provinces, in the order of every array.
        latitude, longitude: of the seats of government, degrees, shape (n,).
        cluster: a code, "" for none, shape (n,).
        core: whether a province is the core of its cluster rather than its hinterland, shape (n,).
        gdp: of 2022, hundred million yuan, shape (n,).
        income: GDP per head, yuan, shape (n,); protocol goes by it.
        human_capital: index 0 to 1, shape (n,).
        capability: initial capability by domain, index 0 to 1, shape (n, 8), in the order of DOMAINS.
        leader_since: week in which the number one took office, 0 = week of 2 January 2023, shape (n,).
        borders, paired, aided: shared border, official partners, counterpart aid, shape (n, n), symmetric.
        calendar: the weeks of the year.
        integration_of: which of INTEGRATION holds inside each cluster at the start, by its code.
    """

    names: tuple[str, ...]
    latitude: Matrix
    longitude: Matrix
    cluster: NDArray[Any]
    core: Flags
    gdp: Matrix
    income: Matrix
    human_capital: Matrix
    capability: Matrix
    leader_since: Matrix
    borders: Flags
    paired: Flags
    aided: Flags
    calendar: Calendar
    integration_of: Mapping[str, str] = field(default_factory=lambda: INTEGRATION_OF_CLUSTER)

    @property
    def provinces(self) -> int:
        """Number of provinces."""
        return len(self.names)

    @cached_property
    def km(self) -> Matrix:
        """Great-circle kilometres between seats, shape (n, n)."""
        seats = list(zip(self.latitude.tolist(), self.longitude.tolist(), strict=True))
        return np.array([[rules.great_circle_km(*here, *there) for there in seats] for here in seats])

    @cached_property
    def nearness(self) -> Matrix:
        """The rule of nearness for every pair, shape (n, n); 0 on the diagonal, which no one uses."""
        return np.array([[rules.nearness(km) if km > 0 else 0.0 for km in row] for row in self.km.tolist()])

    @cached_property
    def size(self) -> Matrix:
        """The rule of size for every host, shape (n,)."""
        median = float(np.median(self.gdp))
        return np.array([rules.size(gdp, median) for gdp in self.gdp.tolist()])

    @cached_property
    def inside(self) -> Flags:
        """Two different provinces of one cluster, in any role, shape (n, n)."""
        same = (self.cluster[:, None] == self.cluster[None, :]) & (self.cluster[:, None] != "")
        flags: Flags = same & ~np.eye(self.provinces, dtype=bool)
        return flags

    @cached_property
    def same_cluster(self) -> Flags:
        """Two core provinces of one cluster, shape (n, n)."""
        flags: Flags = self.inside & self.core[:, None] & self.core[None, :]
        return flags

    @cached_property
    def core_to_hinterland(self) -> Flags:
        """A core province and one of the hinterland of its cluster, in either direction, shape (n, n)."""
        flags: Flags = self.inside & (self.core[:, None] != self.core[None, :])
        return flags

    @cached_property
    def integration_group(self) -> NDArray[np.int64]:
        """Which of INTEGRATION a pair starts with, shape (n, n)."""
        group = np.zeros((self.provinces, self.provinces), dtype=np.int64)
        for cluster, name in self.integration_of.items():
            group[self.inside & (self.cluster == cluster)] = INTEGRATION.index(name)
        return group

    def initial_integration(self, parameters: Parameters) -> Matrix:
        """Integration of every pair at the start, index 0 to 1, shape (n, n)."""
        return np.array([getattr(parameters, name) for name in INTEGRATION])[self.integration_group]

    def index(self, name: str) -> int:
        """Place of a province in every array.

        Raises:
            ValueError: if there is no such province.
        """
        return self.names.index(name)


def read_table(name: str) -> pd.DataFrame:
    """One of the tables in ``model/data`` as it stands there."""
    with resources.files("model").joinpath("data").joinpath(name).open(encoding="utf-8") as file:
        return pd.read_csv(file)


@cache
def china() -> World:
    """The 31 mainland provinces at the start of 2023."""
    provinces = read_table("provinces.csv")
    names = tuple(provinces["name"])
    pairs = read_table("official_pairs.csv")[["helper", "partner"]]
    aid = read_table("counterpart_aid.csv")[["donor", "receiver"]]
    borders = read_table("adjacency.csv")[["name_a", "name_b"]]
    return World(
        names=names,
        latitude=provinces["seat_lat"].to_numpy(dtype=float),
        longitude=provinces["seat_lon"].to_numpy(dtype=float),
        cluster=provinces["cluster"].fillna("").to_numpy(dtype=object),
        core=provinces["cluster_role"].fillna("").eq("core").to_numpy(dtype=bool),
        gdp=provinces["gdp_2022"].to_numpy(dtype=float),
        income=provinces["gdp_pc_2022"].to_numpy(dtype=float),
        human_capital=_index_of(provinces, "absorption"),
        capability=np.column_stack([_index_of(provinces, domain) for domain in DOMAINS]),
        leader_since=np.array([week_of(since) for since in provinces["secretary_since"].astype(str)], dtype=float),
        borders=ties_between(names, borders),
        paired=ties_between(names, pairs),
        aided=ties_between(names, aid),
        calendar=Calendar.of_2023(read_table("calendar.csv")),
    )


def _index_of(provinces: pd.DataFrame, domain: str) -> Matrix:
    """Index 0 to 1 of one domain: its indicators, logged where declared so, scaled and averaged, shape (n,)."""
    chosen = read_table("domains.csv").query("domain == @domain")
    scaled = [_scaled(provinces, indicator, transform) for indicator, transform in zip(
        chosen["indicator"], chosen["transform"], strict=True)]
    return np.asarray(np.mean(scaled, axis=0), dtype=float)


def _scaled(provinces: pd.DataFrame, indicator: str, transform: str) -> Matrix:
    values = provinces[indicator].to_numpy(dtype=float)
    values = np.log(values) if transform == "log" else values
    scaled: Matrix = (values - values.min()) / (values.max() - values.min())
    return 1.0 - scaled if indicator in _better_low() else scaled


@cache
def _better_low() -> frozenset[str]:
    dictionary = read_table("provinces_dictionary.csv")
    return frozenset(dictionary.loc[dictionary["better"] == "low", "column"])


def ties_between(names: tuple[str, ...], pairs: pd.DataFrame) -> Flags:
    """Symmetric flags of the pairs listed, shape (n, n)."""
    ties = np.zeros((len(names), len(names)), dtype=bool)
    for one, other in pairs.itertuples(index=False):
        ties[names.index(one), names.index(other)] = ties[names.index(other), names.index(one)] = True
    return ties
