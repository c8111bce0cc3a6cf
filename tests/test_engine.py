"""The Mesa engine: what can be relied on in every run."""

import gc
import hashlib
import math
import os
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from model import rules
from model.agents import PolicyLearning, Province, simulate
from model.centre import draw_up_plan
from model.chance import Luck
from model.history import History
from model.measures import OUTCOMES, measure_one
from model.parameters import MOST_STOPS, Parameters
from model.run import Run
from model.state import departure_probabilities

BUSY = Parameters(tours_per_year=40.0)
LONG = BUSY.having(onward_first=1.0, onward_second=1.0, onward_third=1.0)
BLIND = BUSY.having(learning=0.0, enterprise_channel=0.0, reciprocity=0.0, repetition=0.0)
CHOICES = ["week", "origin", "host", "stop", "by", "economy", "urbanisation", "services", "governance", "focus",
           "agreement"]
FINGERPRINT = """
import hashlib
from model.agents import PolicyLearning
history = PolicyLearning(seed=7, replicate=3, weeks=20).run()
print(hashlib.sha256(history.visits.to_csv().encode() + history.capability.tobytes()).hexdigest())
"""


def run(parameters=BUSY, weeks=16, **key):
    return PolicyLearning(parameters=parameters, weeks=weeks, **key).run()


def fingerprint(history: History) -> str:
    return hashlib.sha256(history.visits.to_csv().encode() + history.capability.tobytes()).hexdigest()


def same(one: History, other: History) -> bool:
    return (
        one.visits.equals(other.visits)
        and one.capability.tobytes() == other.capability.tobytes()
        and one.integration.tobytes() == other.integration.tobytes()
    )


def tours(history):
    return [tour for _, tour in history.visits.groupby(["origin", "week"], sort=False)]


def choices_of_others(history, name):
    visits = history.visits
    return visits.loc[visits["origin"] != name, CHOICES].reset_index(drop=True)


def chisquare_of_first_stops(province, appeals, probabilities, times=4000):
    counts = np.zeros(len(appeals))
    for replicate in range(times):
        province.model.luck = Luck(1, replicate)
        counts[province.choose_host(appeals, drawn_as=0)[0]] += 1
    assert not counts[probabilities == 0].any()
    often = probabilities * times >= 5
    observed = [*counts[often], counts[~often].sum()]
    expected = [*probabilities[often] * times, probabilities[~often].sum() * times]
    keep = np.array(expected) > 0
    return stats.chisquare(np.array(observed)[keep], np.array(expected)[keep]).pvalue


@pytest.fixture(scope="module")
def busy():
    return run(weeks=52)


@pytest.fixture(scope="module")
def long_tours():
    return run(LONG, weeks=52)


# The same again


def test_the_same_seed_gives_the_same_history_byte_for_byte():
    assert same(run(seed=5, replicate=2), run(seed=5, replicate=2))


@pytest.mark.parametrize("key", [{"seed": 6, "replicate": 2}, {"seed": 5, "replicate": 3}], ids=str)
def test_another_seed_or_replicate_gives_another_history(key):
    assert not same(run(seed=5, replicate=2), run(**key))


def test_a_run_does_not_depend_on_runs_before_it():
    first = run(seed=5)
    run(seed=6)
    assert same(first, run(seed=5))


@pytest.mark.parametrize("hash_seed", ["0", "12345"])
def test_another_process_gives_the_same_bytes(hash_seed):
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    told = subprocess.run(
        [sys.executable, "-c", FINGERPRINT], env=environment, capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == fingerprint(PolicyLearning(seed=7, replicate=3, weeks=20).run())


def test_stepping_week_by_week_is_the_same_as_running():
    stepped = PolicyLearning(parameters=BUSY, weeks=16)
    for _ in range(16):
        stepped.step()
    assert same(stepped.history(), run())


def test_a_longer_run_begins_like_a_shorter_one():
    short, long = run(weeks=12), run(weeks=16)
    assert long.visits[long.visits["week"] < 12].equals(short.visits)
    assert (long.capability[:13] == short.capability).all()


def test_the_order_in_which_provinces_act_changes_nothing():
    backwards = PolicyLearning(parameters=BUSY, weeks=16)
    backwards.provinces.reverse()
    history, usual = backwards.run(), run()
    assert set(history.visits[CHOICES].itertuples(index=False)) == set(usual.visits[CHOICES].itertuples(index=False))
    assert np.allclose(history.capability, usual.capability, rtol=0, atol=1e-14)


def test_a_finished_run_leaves_no_model_behind():
    simulate(Run(BUSY, seed=1, replicate=0, weeks=2))
    gc.collect()
    before = sum(type(each) is PolicyLearning for each in gc.get_objects())
    for replicate in range(3):
        simulate(Run(BUSY, seed=1, replicate=replicate, weeks=2))
    gc.collect()
    assert sum(type(each) is PolicyLearning for each in gc.get_objects()) <= before


# Who travels when


def test_nobody_travels_in_closed_weeks_however_eager(busy, world):
    travelled = np.bincount(busy.week, minlength=52)
    assert not travelled[world.calendar.closed].any()
    assert travelled[~world.calendar.closed].all()


def test_nobody_travels_at_rate_0():
    assert len(run(BUSY.having(tours_per_year=0.0)).host) == 0


def test_a_year_without_visits_can_be_measured():
    history = run(BUSY.having(tours_per_year=0.0), weeks=4)
    values = measure_one(history)
    assert set(values) == set(OUTCOMES)
    assert values["visits"] == values["agreements"] == values["projects"] == 0.0
    assert math.isnan(values["median_km"])


@pytest.mark.parametrize(("days", "weeks_away"), [(1.0, 1), (2.0, 2), (5.0, 3), (7.0, 4)])
def test_nobody_sets_out_again_before_it_is_home(days, weeks_away):
    history = run(LONG.having(tours_per_year=200.0, days_per_stop=days), weeks=30)
    departures = history.visits.query("stop == 1").groupby("origin")["week"]
    assert departures.diff().min() == weeks_away == rules.weeks_away(4, days)


def test_departures_are_as_likely_as_the_rule_says(world):
    """One province, one week, 4,000 replicates; errs once in a thousand seeds."""
    model = PolicyLearning(parameters=BUSY)
    model.week, anhui = 20, model.provinces[world.index("Anhui")]
    new = rules.newness(20 - world.leader_since[anhui.index], BUSY.settling)
    rate = rules.departure_rate(1.0, new, 1.0, BUSY.tours_per_year, BUSY.new_leader, BUSY.campaign)
    model.departures = departure_probabilities(world, model.week, BUSY)
    went = 0
    for replicate in range(4000):
        model.luck = Luck(1, replicate)
        went += anhui.set_out()
    assert stats.binomtest(went, 4000, rules.departure_probability(rate)).pvalue > 0.001


# Whom they visit


def test_nobody_visits_itself(busy):
    assert (busy.origin != busy.host).all()


def test_no_host_is_visited_twice_on_a_tour(long_tours):
    assert all(tour["host"].is_unique for tour in tours(long_tours))


def test_a_tour_that_always_goes_on_ends_after_four_stops(long_tours):
    assert {len(tour) for tour in tours(long_tours)} == {MOST_STOPS}


def test_a_tour_that_never_goes_on_has_one_stop():
    history = run(BUSY.having(onward_first=0.0, onward_second=1.0, onward_third=1.0))
    assert set(history.stop) == {1}


def test_stops_follow_protocol_the_richest_host_first(long_tours, world):
    income = dict(zip(world.names, world.income, strict=True))
    for tour in tours(long_tours):
        assert tour["stop"].tolist() == [1, 2, 3, 4]
        assert tour["host"].map(income).is_monotonic_decreasing


def test_stops_are_dated_so_many_days_apart():
    history = run(LONG.having(days_per_stop=3.0), weeks=12)
    for tour in tours(history):
        assert tour["date"].diff().dropna().eq(pd.Timedelta(days=3)).all()
        assert tour["date"].iloc[0] == pd.Timestamp("2023-01-02") + pd.Timedelta(weeks=int(tour["week"].iloc[0]))


def test_a_single_host_left_is_always_chosen():
    model = PolicyLearning(parameters=BUSY)
    appeals = [-math.inf] * 31
    appeals[12] = -8.0
    for replicate in range(200):
        model.luck = Luck(1, replicate)
        assert model.provinces[0].choose_host(appeals, drawn_as=0) == (12, False)


def test_with_two_provinces_each_visits_the_other_and_goes_home(two):
    history = run(LONG, world=two, weeks=30)
    assert len(history.host) > 20
    assert (history.host == 1 - history.origin).all()
    assert set(history.stop) == {1}


@pytest.mark.parametrize("coordination", [0.0, 0.5, 1.0])
def test_a_world_of_three_provinces_runs(three, coordination):
    history = run(LONG.having(coordination=coordination), world=three, weeks=30)
    assert len(history.host) > 20
    assert {len(tour) for tour in tours(history)} == {2}
    assert history.capability.shape == (31, 3, 8)


def test_hosts_are_drawn_in_proportion_to_the_exponential_of_their_appeal(world):
    """Guizhou's first stops in 4,000 replicates; errs once in a thousand seeds."""
    model = PolicyLearning()
    guizhou = model.provinces[world.index("Guizhou")]
    appeals = [guizhou.appeal_of(host) for host in range(31)]
    appeals[guizhou.index] = -math.inf
    assert chisquare_of_first_stops(guizhou, appeals, np.exp(appeals) / np.exp(appeals).sum()) > 0.001


# The centre


@pytest.fixture(scope="module")
def planned():
    model = PolicyLearning(parameters=BUSY.having(coordination=1.0))
    model.plan = draw_up_plan(model.world, model.state, model.parameters)
    return model


def test_the_plan_is_a_distribution_over_others_for_each_province(planned):
    plan = np.array(planned.plan)
    assert (plan >= 0).all()
    assert not np.diag(plan).any()
    sums = plan.sum(axis=1)
    assert np.allclose(sums[sums > 0], 1.0)


def test_the_plan_sends_provinces_only_where_someone_is_ahead(planned, world):
    for origin, host in np.argwhere(np.array(planned.plan) > 0).tolist():
        assert (world.capability[host] > world.capability[origin]).any()


def test_full_coordination_draws_hosts_from_the_plan(planned, world):
    """Guizhou's first stops in 4,000 replicates; errs once in a thousand seeds."""
    guizhou = planned.provinces[world.index("Guizhou")]
    appeals = [0.0] * 31
    appeals[guizhou.index] = -math.inf
    assert chisquare_of_first_stops(guizhou, appeals, np.array(planned.plan[guizhou.index])) > 0.001


@pytest.mark.parametrize("seed", range(1, 9))
def test_every_tour_is_planned_under_full_coordination_but_for_stops_beyond_the_plan(seed):
    visits = run(BUSY.having(coordination=1.0), seed=seed).visits
    planned = visits["by"] == "plan"
    assert planned.groupby([visits["week"], visits["origin"]]).any().all()
    assert planned.mean() > 0.98


def test_no_stop_is_planned_without_coordination():
    assert set(run().visits["by"]) == {"choice"}


def test_half_the_stops_are_planned_under_half_coordination():
    """Errs once in a thousand seeds."""
    history = run(BUSY.having(coordination=0.5), weeks=40)
    assert stats.binomtest(int(history.planned.sum()), len(history.planned), 0.5).pvalue > 0.001


def test_a_province_chooses_for_itself_where_the_plan_has_nowhere_to_send_it(planned):
    appeals = [-math.inf] * 31
    away = next(host for host in range(1, 31) if planned.plan[0][host] == 0.0)
    appeals[away] = 1.0
    assert planned.provinces[0].choose_host(appeals, drawn_as=0) == (away, False)


def test_the_plan_is_redrawn_each_quarter():
    model = PolicyLearning(parameters=BUSY.having(coordination=0.5))
    plans = []
    for _ in range(27):
        model.step()
        plans.append(model.plan)
    redrawn = [week for week in range(1, 27) if plans[week] is not plans[week - 1]]
    assert redrawn == [13, 26]


# What changes what


def test_capability_stays_as_it_is_without_learning_and_without_firms():
    history = run(BUSY.having(learning=0.0, enterprise_channel=0.0))
    assert (history.capability == history.capability[0]).all()
    assert not history.learnt.any()


def test_capability_never_falls_below_its_start_nor_rises_above_one():
    history = run(LONG.having(learning=1.0, mutual=1.0, barrier=0.0, enterprise_channel=1.0), weeks=20)
    assert (history.capability >= history.capability[0] - 1e-12).all()
    assert (history.capability <= 1.0).all()


def test_what_the_log_says_was_learnt_is_what_capability_gained():
    history = run(BUSY.having(mutual=0.0, enterprise_channel=0.0, fading=0.0))
    gained = np.zeros_like(history.capability[0])
    np.add.at(gained, history.origin, history.learnt)
    assert np.allclose(history.capability[-1] - history.capability[0], gained, rtol=0, atol=1e-12)


def test_a_visit_without_any_theme_teaches_nothing_and_still_binds():
    silent = dict.fromkeys(("economic_theme", "urbanisation_theme", "services_theme", "governance_theme"), 0.001)
    history = run(BUSY.having(**silent, theme_pull=-10.0, loosening=0.0, enterprise_channel=0.0))
    courtesy = ~history.themes.any(axis=1)
    assert courtesy.sum() > 100
    assert not history.learnt[courtesy].any()
    met = np.zeros((31, 31), dtype=bool)
    met[history.origin[courtesy], history.host[courtesy]] = True
    assert (history.integration[-1] > history.integration[0])[met].all()


def test_only_a_visit_with_economy_on_its_agenda_has_a_focus_or_projects(busy):
    visits = busy.visits
    assert (visits["focus"] != "").equals(visits["economy"])
    assert not visits.loc[~visits["economy"], "projects"].any()


def test_economy_teaches_in_its_focus_alone(busy):
    visits = busy.visits
    for domain in ("science", "industry", "digital", "trade"):
        assert not visits.loc[visits["focus"] != domain, f"learnt_{domain}"].any()


def test_integration_is_mutual_and_stays_an_index(long_tours):
    assert (long_tours.integration == long_tours.integration.transpose(0, 2, 1)).all()
    assert (long_tours.integration >= 0).all()
    assert (long_tours.integration <= 1).all()


def test_the_choice_of_one_province_leaves_the_luck_of_all_others_alone(monkeypatch, world):
    """Guizhou is made to prefer Tibet; nobody learns or remembers, so that only luck could carry the change."""
    usual = run(BLIND, weeks=30)
    appeal_of = Province.appeal_of

    def drawn_to_tibet(self, host):
        forced = self.name == "Guizhou" and host == world.index("Tibet")
        return 50.0 if forced else appeal_of(self, host)

    monkeypatch.setattr(Province, "appeal_of", drawn_to_tibet)
    forced = run(BLIND, weeks=30)
    assert set(forced.visits.query("origin == 'Guizhou' and stop == 1")["host"]) != set(
        usual.visits.query("origin == 'Guizhou' and stop == 1")["host"]
    )
    pd.testing.assert_frame_equal(choices_of_others(forced, "Guizhou"), choices_of_others(usual, "Guizhou"))


def test_the_length_of_one_tour_leaves_the_luck_of_all_others_alone(monkeypatch):
    usual = run(BLIND, weeks=30)
    go_on = Province.go_on
    monkeypatch.setattr(
        Province, "go_on", lambda self, stops: stops < MOST_STOPS if self.name == "Guizhou" else go_on(self, stops)
    )
    longer = run(BLIND, weeks=30)
    assert len(longer.host) > len(usual.host)
    pd.testing.assert_frame_equal(choices_of_others(longer, "Guizhou"), choices_of_others(usual, "Guizhou"))


# Later changes


@pytest.mark.parametrize(
    "changes", [{"coordination": 0.8}, {"learning": 0.2}, {"cluster": -5.0}, {"tours_per_year": 0.0}], ids=str
)
def test_nothing_differs_before_a_later_change_and_something_does_after(changes):
    usual, changed = run(), run(later={10: BUSY.having(**changes)})
    before = usual.visits["week"] < 10
    assert changed.visits[changed.visits["week"] < 10].equals(usual.visits[before])
    assert changed.capability[:11].tobytes() == usual.capability[:11].tobytes()
    assert changed.integration[:11].tobytes() == usual.integration[:11].tobytes()
    assert not same(usual, changed)


def test_a_later_change_to_the_same_parameters_changes_nothing():
    assert same(run(), run(later={10: BUSY}))


def test_a_change_from_the_first_week_is_the_same_as_starting_with_it():
    planned = BUSY.having(coordination=0.5)
    assert same(run(planned), run(later={0: planned}))


# Collecting


def test_a_run_has_as_many_weeks_as_asked_for(busy):
    assert busy.weeks == 52
    assert busy.capability.shape == (53, 31, 8)
    assert busy.integration.shape == (53, 31, 31)
    assert busy.week.max() == 51


def test_a_run_can_go_on_into_the_next_year():
    history = run(weeks=60)
    assert history.weeks == 60
    assert history.week.max() > 52
    assert not (history.week == 52 + 3).any()


def test_the_data_collector_has_a_row_for_the_start_and_one_for_each_week():
    model = PolicyLearning(parameters=BUSY, weeks=12)
    history = model.run()
    weekly, by_province = model.datacollector.get_model_vars_dataframe(), model.datacollector.get_agent_vars_dataframe()
    assert len(weekly) == 13
    assert len(by_province) == 13 * 31
    assert weekly["visits"].tolist() == [0, *np.bincount(history.week, minlength=12)]
    assert np.allclose(weekly["mean_capability"], history.capability.mean(axis=(1, 2)))
    assert np.allclose(
        by_province["capability"].to_numpy().reshape(13, 31), history.capability.mean(axis=2)
    )


def test_the_visit_log_names_its_columns_in_order():
    log = run(weeks=3).visits
    assert log.columns.tolist() == [
        "week", "date", "origin", "host", "stop", "by", "economy", "urbanisation", "services", "governance", "focus",
        "learnt_science", "learnt_industry", "learnt_digital", "learnt_trade", "learnt_urbanisation",
        "learnt_ecology", "learnt_services", "learnt_governance", "agreement", "projects",
    ]
