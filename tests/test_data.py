"""The observed data are what SOURCES.md says they are, beyond what a schema can say."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from model.world import DOMAINS

ROOT = Path(__file__).parents[1]
MODEL = ROOT / "model" / "data"
CALIBRATION = ROOT / "calibration" / "data"
OUTLINES = ROOT / "results" / "data" / "provinces.geojson"

# Published national figures of 2022 in the units of provinces.csv. The tolerances cover servicemen, who are
# counted in no province, and the gap between provincial and national accounts of GDP.
NATIONAL = {"gdp_2022": (1_210_207, 0.01), "pop_2022": (141_175, 0.002), "rd_exp_2022": (30_782.9, 1e-5)}


@pytest.fixture(scope="module")
def provinces() -> pd.DataFrame:
    return pd.read_csv(MODEL / "provinces.csv").set_index("name")


@pytest.fixture(scope="module")
def dictionary() -> pd.DataFrame:
    return pd.read_csv(MODEL / "provinces_dictionary.csv").set_index("column")


@pytest.fixture(scope="module")
def borders() -> pd.DataFrame:
    return pd.read_csv(MODEL / "adjacency.csv")


@pytest.fixture(scope="module")
def official_pairs() -> pd.DataFrame:
    return pd.read_csv(MODEL / "official_pairs.csv")


@pytest.fixture(scope="module")
def aid() -> pd.DataFrame:
    return pd.read_csv(MODEL / "counterpart_aid.csv")


@pytest.fixture(scope="module")
def domains() -> pd.DataFrame:
    return pd.read_csv(MODEL / "domains.csv").set_index("indicator")


@pytest.fixture(scope="module")
def calendar() -> pd.DataFrame:
    return pd.read_csv(MODEL / "calendar.csv", parse_dates=["start", "end"])


@pytest.fixture(scope="module")
def visits() -> pd.DataFrame:
    return pd.read_csv(CALIBRATION / "visits.csv")


@pytest.fixture(scope="module")
def facts() -> pd.Series:
    return pd.read_csv(CALIBRATION / "published_facts.csv").set_index("key")["value"]


def fields_of(folder: Path, table: str) -> dict[str, dict]:
    """Return the described fields of one table of the data package in `folder`, by name."""
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    resource = next(entry for entry in package["resources"] if entry["path"] == table)
    return {field["name"]: field for field in resource["schema"]["fields"]}


def unordered(table: pd.DataFrame, first: str, second: str) -> list[frozenset[str]]:
    """Return the two provinces of each row of `table`, without their order."""
    return [frozenset(pair) for pair in zip(table[first], table[second], strict=True)]


# Provinces.


def test_there_are_31_provinces(provinces):
    assert len(provinces) == 31


def test_the_map_adds_hong_kong_and_macao_to_the_provinces(provinces):
    outlines = [
        outline["properties"] for outline in json.loads(OUTLINES.read_text(encoding="utf-8"))["features"]
    ]
    drawn = {outline["name"]: outline["adcode"] for outline in outlines if outline["agent"]}
    assert drawn == provinces["adcode"].to_dict()
    assert {outline["name"] for outline in outlines if not outline["agent"]} == {"Hong Kong", "Macao"}


def test_every_indicator_has_a_dictionary_entry_and_every_entry_an_indicator(provinces, dictionary):
    assert list(dictionary.index) == list(provinces.columns[provinces.columns.get_loc("gdp_2022") :])


def test_the_dictionary_counts_the_provinces_with_a_value(provinces, dictionary):
    assert provinces[dictionary.index].notna().sum().to_dict() == dictionary["coverage_31"].to_dict()


def test_schema_and_dictionary_give_the_same_unit_and_source(dictionary):
    fields = fields_of(MODEL, "provinces.csv")
    described = {name: (fields[name]["unit"], fields[name]["source"]) for name in dictionary.index}
    assert described == dict(
        zip(dictionary.index, zip(dictionary["unit"], dictionary["source"], strict=True), strict=True)
    )


@pytest.mark.parametrize("indicator", NATIONAL)
def test_the_provinces_sum_to_the_nation(provinces, indicator):
    national, tolerance = NATIONAL[indicator]
    assert provinces[indicator].sum() == pytest.approx(national, rel=tolerance)


def test_ratios_agree_with_what_they_are_made_of(provinces):
    per_head = provinces["gdp_2022"] * 10_000 / provinces["pop_2022"]
    assert provinces["gdp_pc_2022"].to_numpy() == pytest.approx(per_head.to_numpy(), rel=0.01)
    intensity = 100 * provinces["rd_exp_2022"] / provinces["gdp_2022"]
    assert provinces["rd_intensity_2022"].to_numpy() == pytest.approx(intensity.to_numpy(), abs=0.006)


def test_a_province_has_a_role_exactly_when_it_has_a_cluster(provinces):
    assert (provinces["cluster"].isna() == provinces["cluster_role"].isna()).all()


def test_only_the_bay_area_has_a_hinterland(provinces):
    roles = provinces.groupby("cluster")["cluster_role"].value_counts().to_dict()
    assert roles == {("BTH", "core"): 3, ("YRD", "core"): 4, ("GBA", "core"): 1, ("GBA", "hinterland"): 4}


def test_nineteen_secretaries_were_new_in_the_spring_of_2023(provinces, facts):
    new = provinces["secretary_since"].between("2022-10-16", "2023-03-31")
    assert new.sum() == int(facts["new_secretaries"]) == 19


# Ties between provinces.


def test_each_border_stands_once_and_joins_two_provinces(borders):
    pairs = unordered(borders, "name_a", "name_b")
    assert len(set(pairs)) == len(pairs)
    assert {len(pair) for pair in pairs} == {2}


def test_there_are_68_land_borders_and_one_strait(borders):
    assert borders["type"].value_counts().to_dict() == {"land": 68, "strait": 1}
    assert (borders["shared_border_km_ne50"].notna() == (borders["type"] == "land")).all()


def test_every_province_has_a_neighbour(provinces, borders):
    assert set(borders["name_a"]) | set(borders["name_b"]) == set(provinces.index)


def test_there_are_11_east_west_and_3_northeast_pairs(official_pairs):
    assert official_pairs["scheme"].str.split().str[0].value_counts().to_dict() == {
        "east-west": 11,
        "northeast-east": 3,
    }
    assert official_pairs.loc[:10, ["helper", "partner"]].nunique().tolist() == [8, 10]
    assert {len(pair) for pair in unordered(official_pairs, "helper", "partner")} == {2}


def test_aid_goes_to_xinjiang_tibet_and_qinghai(aid):
    assert aid["receiver"].value_counts().to_dict() == {"Xinjiang": 18, "Tibet": 17, "Qinghai": 6}
    assert (aid["scheme"] == "counterpart aid to " + aid["receiver"]).all()
    assert not set(aid["donor"]) & set(aid["receiver"])


# Calendar.


def test_every_period_ends_after_it_starts(calendar):
    assert (calendar["end"] > calendar["start"]).all()


def test_no_wave_covers_a_closed_day(calendar):
    closed = calendar[calendar["role"] == "closed"]
    waves = calendar[calendar["role"].str.endswith("_wave")]
    both = closed.merge(waves, how="cross", suffixes=("_closed", "_wave"))
    assert not ((both["start_wave"] <= both["end_closed"]) & (both["start_closed"] <= both["end_wave"])).any()


def test_the_spring_wave_holds_every_visit_of_the_article(calendar, visits):
    wave = calendar.set_index("role").loc["spring_wave"]
    article = visits[visits["in_article"] == 1]
    assert pd.to_datetime(article["start"]).between(wave["start"], wave["end"]).all()
    assert pd.to_datetime(article["end"]).between(wave["start"], wave["end"]).all()


def test_no_visit_of_2023_is_known_to_start_on_a_closed_day(calendar, visits):
    dated = visits[(visits["sample"] == "2023") & (visits["start"].str.len() == 10)]
    for period in calendar[calendar["role"] == "closed"].itertuples():
        assert not pd.to_datetime(dated["start"]).between(period.start, period.end).any()


# Capabilities.


def test_every_domain_has_one_to_three_indicators(domains):
    counts = domains["domain"].value_counts()
    assert set(counts.index) == {*DOMAINS, "absorption"}
    assert counts.between(1, 3).all()


def test_every_indicator_in_use_is_known_for_all_31_and_has_a_better_end(provinces, dictionary, domains):
    assert provinces[domains.index].notna().all(axis=None)
    assert dictionary.loc[domains.index, "better"].notna().all()


def test_an_indicator_is_logged_exactly_when_it_is_skewed_and_positive(provinces, domains):
    values = provinces[domains.index]
    logged = (values.skew() > 1) & (values.min() > 0)
    assert logged.to_dict() == (domains["transform"] == "log").to_dict()


# Visits.


def test_there_are_121_visits_in_88_tours(visits):
    assert (len(visits), visits["tour"].nunique()) == (121, 88)


def test_of_2023_there_are_80_visits_in_59_tours(visits):
    of_2023 = visits[visits["sample"] == "2023"]
    assert (len(of_2023), of_2023["tour"].nunique()) == (80, 59)


def test_the_article_has_13_visits_in_6_tours(visits, facts):
    article = visits[visits["in_article"] == 1]
    assert (len(article), article["tour"].nunique()) == (int(facts["spring_wave"]), 6) == (13, 6)
    assert set(article["sample"]) == {"2023"}


def test_origins_and_hosts_may_be_exactly_the_31_provinces(provinces):
    fields = fields_of(CALIBRATION, "visits.csv")
    for end in ("origin", "host"):
        assert fields[end]["constraints"]["enum"] == list(provinces.index)


def test_nobody_visits_itself(visits):
    assert (visits["origin"] != visits["host"]).all()


def test_a_tour_has_one_origin_and_one_sample(visits):
    assert visits.drop_duplicates(["tour", "origin", "sample"])["tour"].is_unique


def test_the_stops_of_a_tour_are_counted_from_one(visits):
    for _, stops in visits.dropna(subset="stop").groupby("tour")["stop"]:
        assert sorted(stops) == list(range(1, len(stops) + 1))


def test_no_visit_ends_before_it_starts(visits):
    dated = visits.dropna(subset=["start", "end"])
    # Text of ISO dates sorts by time, a month before each of its days.
    assert (dated["start"] <= dated["end"]).all()


def test_a_visit_lies_in_the_years_of_its_sample(visits):
    years = visits["start"].str[:4].dropna().astype(int)
    first, last = (visits["sample"].str.split("-").str[part].astype(int) for part in (0, -1))
    assert years.between(first[years.index], last[years.index]).all()
