"""The world of 2023: who the provinces are, how they are tied, and when nobody travels."""

import numpy as np
import pytest

from model.calendar import START, week_of
from model.parameters import Parameters
from model.world import CLUSTERS, DOMAINS, DOMAINS_OF_THEME, ECONOMIC, THEMES, read_table

MATRICES = ("km", "nearness", "borders", "paired", "aided", "inside", "same_cluster", "core_to_hinterland")


def members(world, cluster, core):
    chosen = (world.cluster == cluster) & (world.core == core)
    return set(np.array(world.names)[chosen])


def test_there_are_31_provinces_and_each_is_there_once(world):
    assert world.provinces == len(set(world.names)) == 31


def test_beijing_and_tianjin_are_110_km_apart(world):
    assert world.km[world.index("Beijing"), world.index("Tianjin")] == pytest.approx(110, abs=5)


def test_harbin_and_haikou_are_over_3000_km_apart(world):
    assert 3000 < world.km[world.index("Heilongjiang"), world.index("Hainan")] < 3500


@pytest.mark.parametrize("name", MATRICES)
def test_ties_hold_in_both_directions_and_with_nobody_oneself(world, name):
    matrix = getattr(world, name)
    assert matrix.shape == (31, 31)
    assert np.allclose(matrix, matrix.T, rtol=1e-12, atol=0)
    assert not np.diag(matrix).any()


def test_distances_obey_the_triangle_inequality(world):
    detour = world.km[:, :, None] + world.km[None, :, :]
    assert (detour.min(axis=1) >= world.km - 1e-9).all()


def test_the_capital_region_is_three_cores(world):
    assert members(world, "BTH", core=True) == {"Beijing", "Tianjin", "Hebei"}
    assert members(world, "BTH", core=False) == set()


def test_the_delta_is_four_cores(world):
    assert members(world, "YRD", core=True) == {"Shanghai", "Jiangsu", "Zhejiang", "Anhui"}
    assert members(world, "YRD", core=False) == set()


def test_the_bay_area_is_guangdong_with_a_hinterland_of_four(world):
    assert members(world, "GBA", core=True) == {"Guangdong"}
    assert members(world, "GBA", core=False) == {"Fujian", "Guangxi", "Hainan", "Guizhou"}


def test_nineteen_provinces_are_in_no_cluster(world):
    assert (world.cluster == "").sum() == 19
    assert set(world.cluster) == {"", *CLUSTERS}


def test_pairs_inside_a_cluster_are_of_cores_or_of_core_and_hinterland_or_of_two_hinterlands(world):
    within_hinterland = world.inside & ~world.core[:, None] & ~world.core[None, :]
    kinds = world.same_cluster.astype(int) + world.core_to_hinterland + within_hinterland
    assert (kinds == world.inside).all()
    assert [each.sum() // 2 for each in (world.same_cluster, world.core_to_hinterland, within_hinterland)] == [9, 4, 6]


def test_there_are_14_official_pairs_and_69_borders(world):
    assert world.paired.sum() // 2 == 14
    assert world.borders.sum() // 2 == 69


@pytest.mark.parametrize(("one", "other"), [("Beijing", "Tianjin"), ("Guangdong", "Hainan"), ("Xinjiang", "Tibet")])
def test_neighbours_share_a_border(world, one, other):
    assert world.borders[world.index(one), world.index(other)]


def test_counterpart_aid_goes_to_xinjiang_tibet_and_qinghai_alone(world):
    """Of the 19 units that aid Xinjiang one is Shenzhen, which counts as Guangdong."""
    receivers = [world.index(name) for name in ("Xinjiang", "Tibet", "Qinghai")]
    donors = np.delete(np.arange(31), receivers)
    assert not world.aided[np.ix_(donors, donors)].any()
    assert world.aided[:, receivers].sum(axis=0).tolist() == [18, 17, 6]


def test_capability_is_an_index_from_0_to_1_in_every_domain(world):
    assert world.capability.shape == (31, len(DOMAINS))
    assert (world.capability >= 0).all()
    assert (world.capability <= 1).all()


@pytest.mark.parametrize("domain", DOMAINS)
def test_a_province_is_at_0_or_1_only_where_all_indicators_of_the_domain_agree(world, domain):
    capability = world.capability[:, DOMAINS.index(domain)]
    indicators = (read_table("domains.csv")["domain"] == domain).sum()
    assert indicators >= 1
    if indicators == 1:
        assert (capability.min(), capability.max()) == (0.0, 1.0)
    assert (capability == 0.0).sum() <= 1
    assert (capability == 1.0).sum() <= 1


def test_every_domain_has_indicators_each_with_a_reason():
    table = read_table("domains.csv")
    assert set(DOMAINS) <= set(table["domain"])
    assert table["reason"].notna().all()


def test_beijing_is_the_most_capable_in_science(world):
    assert world.names[world.capability[:, DOMAINS.index("science")].argmax()] == "Beijing"


def test_the_coast_is_ahead_of_the_west(world):
    mean = dict(zip(world.names, world.capability.mean(axis=1), strict=True))
    assert min(mean[name] for name in ("Beijing", "Shanghai", "Jiangsu", "Zhejiang")) > max(
        mean[name] for name in ("Tibet", "Guangxi", "Guizhou", "Gansu")
    )


def test_human_capital_runs_over_the_index(world):
    assert 0.0 <= world.human_capital.min() < 0.2
    assert 0.8 < world.human_capital.max() <= 1.0


def test_half_the_provinces_are_larger_than_the_median_economy(world):
    assert (world.size > 0).sum() == (world.size < 0).sum() == 15


def test_themes_share_out_the_domains():
    assert sorted(domain for domains in DOMAINS_OF_THEME for domain in domains) == list(range(len(DOMAINS)))
    assert len(DOMAINS_OF_THEME) == len(THEMES)
    assert DOMAINS[: len(ECONOMIC)] == ECONOMIC


def test_integration_starts_at_the_value_of_its_cluster(world):
    start = world.initial_integration(Parameters(
        integration_capital=0.1, integration_delta=0.2, integration_bay=0.3, integration_outside=0.4,
    ))
    pairs = [("Beijing", "Hebei"), ("Shanghai", "Anhui"), ("Fujian", "Hainan"), ("Beijing", "Shanghai")]
    assert [start[world.index(one), world.index(other)] for one, other in pairs] == [0.1, 0.2, 0.3, 0.4]


# The calendar


def weeks_of(flags):
    return np.flatnonzero(flags).tolist()


def test_weeks_are_counted_from_monday_2_january_2023():
    assert START.day_name() == "Monday"
    assert [week_of(date) for date in ("2023-01-02", "2023-01-08", "2023-01-09", "2022-12-31")] == [0, 0, 1, -1]
    assert week_of("2023") == week_of("2023-07-01")
    assert week_of("2023-10") == week_of("2023-10-15")


@pytest.mark.parametrize("holiday", ["2023-01-24", "2023-03-08", "2023-10-03"])
def test_nobody_travels_in_the_weeks_of_spring_festival_two_sessions_and_national_day(world, holiday):
    assert world.calendar.closed[week_of(holiday)]
    assert world.calendar.season(week_of(holiday), Parameters()) == 0.0


def test_no_more_than_the_weeks_of_the_three_events_are_closed(world):
    assert weeks_of(world.calendar.closed) == [3, 9, 39]


def test_the_spring_wave_is_the_three_weeks_after_the_two_sessions(world):
    assert weeks_of(world.calendar.spring_wave) == [10, 11, 12]


def test_the_autumn_wave_follows_national_day(world):
    assert weeks_of(world.calendar.autumn_wave) == [40, 41, 42, 43]


def test_the_campaign_runs_from_its_start_in_march_to_the_end_of_august(world):
    assert weeks_of(world.calendar.campaign) == list(range(week_of("2023-03-20"), week_of("2023-08-31") + 1))


def test_the_summer_peak_is_may_to_august(world):
    assert weeks_of(world.calendar.summer_peak) == list(range(week_of("2023-05-01"), week_of("2023-08-31") + 1))


def test_the_calendar_repeats_in_later_years(world):
    seasons = [world.calendar.season(week, Parameters()) for week in range(104)]
    assert seasons[:52] == seasons[52:]


# Leaders


@pytest.mark.parametrize("name", ["Anhui", "Hunan", "Hainan"])
def test_some_number_ones_took_office_in_march_2023(world, name):
    since = world.leader_since[world.index(name)]
    assert week_of("2023-03-01") <= since <= week_of("2023-03-31")


def test_no_number_one_takes_office_after_the_year(world):
    assert world.leader_since.max() < 52
