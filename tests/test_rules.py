"""The rules at their limits, and the directions in which they move."""

import ast
import inspect
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from model import rules

SOURCE = Path(rules.__file__).read_text(encoding="utf-8")
shares = st.floats(0.0, 1.0)
rates = st.floats(0.0, 30.0)
weeks = st.floats(0.0, 500.0)
lucks = st.floats(1e-12, 1.0, exclude_max=True)


def test_the_rules_import_only_arithmetic_and_the_names_of_types():
    nodes = [node for node in ast.walk(ast.parse(SOURCE)) if isinstance(node, ast.Import | ast.ImportFrom)]
    modules = {name.name for node in nodes if isinstance(node, ast.Import) for name in node.names}
    modules |= {node.module for node in nodes if isinstance(node, ast.ImportFrom)}
    assert modules <= {"math", "typing", "collections.abc"}


def test_every_rule_takes_and_returns_plain_numbers():
    functions = [each for _, each in inspect.getmembers(rules, inspect.isfunction)]
    kinds = {kind for each in functions for kind in inspect.get_annotations(each).values()}
    assert kinds <= {float, int, bool, rules.Sequence[float]}


# Departing


def test_a_leader_is_wholly_new_on_the_first_day():
    assert rules.newness(0.0, 26.0) == 1.0


def test_a_leader_is_half_as_new_after_settling():
    assert rules.newness(26.0, 26.0) == 0.5


def test_nobody_is_new_before_taking_office():
    assert rules.newness(-1.0, 26.0) == 0.0


@given(weeks, weeks, st.floats(1.0, 520.0))
def test_newness_only_wears_off(early, late, settling):
    assume(early <= late)
    assert rules.newness(late, settling) <= rules.newness(early, settling) <= 1.0


@given(rates, rates, rates)
def test_nobody_sets_out_in_a_closed_week_whatever_the_waves(spring, autumn, summer):
    assert rules.season(1.0, 1.0, 1.0, 1.0, spring, autumn, summer) == 0.0


def test_an_ordinary_week_has_the_ordinary_rate():
    assert rules.season(0.0, 0.0, 0.0, 0.0, 9.0, 9.0, 9.0) == 1.0


def test_each_wave_adds_its_own_size_in_its_own_weeks():
    sizes = (2.0, 3.0, 5.0)
    waves = [rules.season(0.0, *flags, *sizes) for flags in np.eye(3).tolist()]
    assert waves == [3.0, 4.0, 6.0]


def test_a_tour_a_week_is_52_a_year():
    assert rules.departure_rate(1.0, 0.0, 0.0, 52.0, 0.7, 0.7) == 1.0


@given(shares, shares, st.floats(0.0, 3.0), st.floats(0.0, 3.0))
def test_newness_and_the_campaign_never_keep_anyone_at_home(new, campaigning, new_leader, campaign):
    ordinary = rules.departure_rate(1.0, 0.0, 0.0, 4.0, new_leader, campaign)
    assert rules.departure_rate(1.0, new, campaigning, 4.0, new_leader, campaign) >= ordinary


def test_nobody_sets_out_at_rate_0():
    assert rules.departure_probability(0.0) == 0.0


@given(rates)
def test_setting_out_is_never_certain_nor_likelier_than_its_rate(rate):
    assert 0.0 <= rules.departure_probability(rate) < 1.0
    assert rules.departure_probability(rate) <= rate


@given(lucks)
def test_what_is_certain_happens_and_what_is_impossible_does_not(luck):
    assert rules.happens(luck, 1.0)
    assert not rules.happens(luck, 0.0)


@given(st.integers(1, 4), st.floats(0.5, 14.0))
def test_a_delegation_is_away_until_its_last_stop_is_over_and_never_less_than_a_week(stops, days):
    away = rules.weeks_away(stops, days)
    assert away >= 1
    assert 7 * away >= stops * days
    assert away == 1 or 7 * (away - 1) < stops * days


# Choosing hosts


def test_a_quarter_of_the_equator_is_as_long_as_geometry_says():
    assert rules.great_circle_km(0.0, 0.0, 0.0, 90.0) == pytest.approx(6371.0 * math.pi / 2)


def test_nearness_is_0_at_500_km():
    assert rules.nearness(500.0) == 0.0


@given(st.floats(1.0, 10_000.0))
def test_nearness_rises_by_one_with_every_halving_of_the_distance(km):
    assert rules.nearness(km / 2) == pytest.approx(rules.nearness(km) + 1.0)


def test_size_is_0_at_the_median_and_rises_by_one_with_every_doubling():
    assert [rules.size(gdp, 100.0) for gdp in (50.0, 100.0, 400.0)] == [-1.0, 0.0, 2.0]


@given(shares, shares)
def test_only_one_of_two_is_ahead(one, other):
    assert min(rules.lead(one, other), rules.lead(other, one)) == 0.0
    assert rules.lead(one, other) - rules.lead(other, one) == other - one


def test_a_lead_of_a_quarter_of_the_index_is_a_gap_of_one():
    assert rules.gap(0.25) == 1.0


def test_a_visit_is_fresh_at_once_half_after_memory_and_nothing_if_it_never_was():
    assert [rules.fresh(since, 26.0) for since in (0.0, 26.0, math.inf)] == [1.0, 0.5, 0.0]


def test_a_visit_received_and_not_returned_is_owed():
    assert rules.owed(4.0, math.inf, 26.0) == rules.fresh(4.0, 26.0) > 0


def test_a_visit_returned_is_not_owed():
    assert rules.owed(10.0, 3.0, 26.0) == 0.0


def test_nothing_is_owed_to_those_who_never_came():
    assert rules.owed(math.inf, math.inf, 26.0) == 0.0
    assert rules.owed(math.inf, 3.0, 26.0) == 0.0


def test_a_visit_answered_in_the_same_week_is_not_owed():
    assert rules.owed(5.0, 5.0, 26.0) == 0.0


@pytest.mark.parametrize("place", range(10))
def test_each_weight_of_the_appeal_goes_with_its_own_covariate(place):
    seen, weights = [0.0] * 10, [0.0] * 10
    seen[place], weights[place] = 3.0, 2.0
    repetition = 9
    assert rules.appeal(*seen, *weights) == (-6.0 if place == repetition else 6.0)


@given(lucks, lucks)
def test_better_luck_never_tastes_worse(one, other):
    assume(one < other)
    assert rules.gumbel(one) <= rules.gumbel(other)


def test_the_largest_of_appeal_plus_gumbel_is_a_multinomial_logit_draw():
    """Errs once in a thousand seeds."""
    appeals = [0.0, 1.0, -1.0, 2.5]
    luck = np.random.default_rng(1).random((20_000, len(appeals)))
    tastes = np.array([[rules.gumbel(each) for each in row] for row in luck.tolist()])
    chosen = np.bincount((np.array(appeals) + tastes).argmax(axis=1), minlength=len(appeals))
    expected = np.exp(appeals) / np.exp(appeals).sum() * len(luck)
    assert stats.chisquare(chosen, expected).pvalue > 0.001


# Choosing themes


@given(st.floats(0.001, 0.999), st.floats(-10.0, 10.0))
def test_a_theme_has_its_share_where_the_host_is_not_ahead(share, pull):
    assert rules.theme_probability(0.0, share, pull) == pytest.approx(share)


@given(st.floats(0.001, 0.999), shares, st.floats(0.0, 10.0))
def test_a_theme_gains_where_the_host_is_ahead_and_stays_a_probability(share, lead, pull):
    assert share - 1e-12 <= rules.theme_probability(lead, share, pull) <= 1.0


def test_the_focus_goes_to_the_gap_and_to_science():
    even = rules.focus_appeal(0.0, 0.0, 0.5, 0.7)
    assert even == 0.0
    assert rules.focus_appeal(0.25, 0.0, 0.5, 0.7) == 0.5
    assert rules.focus_appeal(0.0, 1.0, 0.5, 0.7) == 0.7


def test_every_domain_weighs_the_same_without_an_innovation_agenda():
    assert rules.agenda_weight(True, 0.0) == rules.agenda_weight(False, 0.0) == 1.0


# Learning


def test_absorption_runs_from_its_parameter_to_one_with_human_capital():
    assert [rules.absorptive_capacity(capital, 0.4) for capital in (0.0, 0.5, 1.0)] == [0.4, 0.7, 1.0]


@given(st.floats(0.0, 10.0))
def test_a_single_delegation_has_all_the_attention(crowding):
    assert rules.attention(1, crowding) == 1.0


@given(st.integers(1, 30), st.floats(0.0, 10.0))
def test_attention_never_grows_with_the_crowd(delegations, crowding):
    assert 0.0 < rules.attention(delegations + 1, crowding) <= rules.attention(delegations, crowding)


@given(shares, shares)
def test_there_is_no_barrier_where_full_coordination_removes_it(integration, barrier):
    assert rules.barrier_between(integration, barrier, 1.0, 1.0) == 0.0


@given(shares, shares, shares)
def test_coordination_leaves_barriers_as_they_are_where_it_brings_no_relief(integration, barrier, coordination):
    left_alone = rules.barrier_between(integration, barrier, 0.0, 1.0)
    assert rules.barrier_between(integration, barrier, coordination, 0.0) == left_alone


@given(shares, shares, shares)
def test_there_is_no_barrier_between_the_fully_integrated(barrier, coordination, relief):
    assert rules.barrier_between(1.0, barrier, coordination, relief) == 0.0


@given(shares, shares, shares, shares)
def test_a_barrier_is_never_higher_than_between_strangers_left_alone(integration, barrier, coordination, relief):
    assert 0.0 <= rules.barrier_between(integration, barrier, coordination, relief) <= barrier


@given(shares, shares, shares, shares)
def test_nothing_is_learnt_at_zero_learning(lead, capacity, barrier, attention):
    assert rules.learnt(lead, capacity, barrier, attention, 0.0) == 0.0


@given(shares, shares, shares, shares)
def test_nothing_is_learnt_from_those_who_are_not_ahead(capacity, barrier, attention, learning):
    assert rules.learnt(0.0, capacity, barrier, attention, learning) == 0.0


@given(shares, shares, shares, shares, shares)
def test_learning_never_overshoots_the_lead(lead, capacity, barrier, attention, learning):
    assert 0.0 <= rules.learnt(lead, capacity, barrier, attention, learning) <= lead


def test_a_host_learns_back_the_share_that_is_mutual():
    facts = (0.4, 0.8, 0.3, 0.5, 0.1)
    assert rules.learnt_back(*facts, 0.25) == 0.25 * rules.learnt(*facts)


@given(shares, shares, shares)
def test_what_fades_stays_between_where_it_is_and_where_it_began(value, start, rate):
    low, high = sorted((value, start))
    assert low - 1e-12 <= rules.kept(value, start, rate) <= high + 1e-12


def test_nothing_fades_at_rate_0_and_everything_at_rate_1():
    assert rules.kept(0.75, 0.5, 0.0) == 0.75
    assert rules.kept(0.75, 0.5, 1.0) == 0.5


@given(shares, st.floats(0.0, 100.0))
def test_capability_ends_at_1(capability, gained):
    assert capability <= rules.raised(capability, gained) <= 1.0


# Ties, firms and the centre


@given(shares, shares)
def test_integration_stays_an_index_however_strong_the_bond(integration, bond):
    assert integration - 1e-12 <= rules.bonded(integration, bond) <= 1.0 + 1e-12


def test_a_full_bond_integrates_at_once():
    assert rules.bonded(0.25, 1.0) == 1.0


def test_projects_come_from_a_lead_and_stop_at_a_full_barrier():
    assert rules.projects(0.5, 0.0, 2.0) == 1.0
    assert rules.projects(0.5, 1.0, 2.0) == rules.projects(0.0, 0.0, 2.0) == 0.0


def test_a_province_with_nothing_has_an_even_structure():
    assert rules.structure_share(0.0, 0.0, 4) == 0.25


@given(shares, shares, shares, shares)
def test_firms_of_alike_provinces_have_nothing_to_teach(lead, barrier, channel, share):
    alike = rules.unlikeness(share, share)
    assert rules.learnt_by_firms(lead, alike, barrier, channel) == 0.0


def test_wholly_specialised_provinces_are_as_unlike_as_can_be():
    assert rules.total([rules.unlikeness(*pair) for pair in ((1.0, 0.0), (0.0, 1.0))]) == 1.0


def test_the_plan_sends_nobody_to_a_host_that_is_not_ahead_or_just_alike():
    assert rules.planned_weight(0.0, 1.0, 1.0, 5.0) == rules.planned_weight(1.0, 0.0, 1.0, 5.0) == 0.0


def test_a_partner_weighs_more_in_the_plan_by_its_extra_weight():
    assert rules.planned_weight(1.0, 0.5, 1.0, 3.0) == 4.0 * rules.planned_weight(1.0, 0.5, 0.0, 3.0)


def test_evening_out_leaves_an_even_load_as_it_is_and_divides_by_an_uneven_one():
    assert rules.evened(0.25, 1.0, 0.7) == 0.25
    assert rules.evened(0.25, 4.0, 0.0) == 0.25
    assert rules.evened(0.25, 4.0, 0.5) == 0.125
    assert rules.evened(0.25, 4.0, 1.0) == 0.0625
    assert rules.evened(0.0, 0.0, 0.5) == 0.0


def test_a_planned_appeal_brings_back_its_probability_and_none_where_there_is_none():
    assert math.exp(rules.planned_appeal(0.3)) == pytest.approx(0.3)
    assert rules.planned_appeal(0.0) == -math.inf


# Sums


def test_a_total_is_summed_from_left_to_right_without_compensation():
    numbers = [1e16, 1.0, -1e16, 1.0]
    assert rules.total(numbers) == 1.0
    assert math.fsum(numbers) == 2.0


@given(st.lists(st.floats(-1e6, 1e6), max_size=8))
def test_a_total_equals_a_plain_loop_bit_for_bit(numbers):
    running = 0.0
    for number in numbers:
        running += number
    assert rules.total(numbers) == running
