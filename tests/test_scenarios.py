"""Every scenario keeps one contract: a question with its source, changes without logic, a past left alone."""

import ast
import dataclasses
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from calibration.posterior import posterior_draws
from model.batch import Batch
from model.calendar import week_of
from model.declaration import InputError
from model.ensemble import simulate
from model.parameters import DECLARATIONS, Parameters
from model.run import Run
from model.world import INTEGRATION, china
from scenarios import Like, Scenario, find_scenario, known_scenarios
from scenarios.study.sweep import Sweep

STRONGER = "stronger_central_coordination"
ASKED = (
    "stronger_central_coordination", "ordinary_year", "clusters_dissolved", "deeper_beijing_tianjin_hebei",
    "local_protectionism", "barriers_removed", "enterprise_led", "talent_for_latecomers", "official_pairs_only",
    "pandemic_closure", "random_hosts", "nearest_host", "no_learning",
)
OTHERS = [name for name in known_scenarios() if name != "baseline"]


def history_of(scenario, weeks, draw=0, seed=1):
    start, later = scenario.timetable(posterior_draws(draw + 1)[draw])
    return simulate(china(), Batch.of([Run(start, seed, 0, weeks, later)]), every_week=True).one(0)


# The contract of every scenario


def test_there_is_a_baseline_and_something_to_compare_with_it():
    assert "baseline" in known_scenarios()
    assert set(ASKED) <= set(OTHERS)


@pytest.mark.parametrize("name", known_scenarios())
def test_every_scenario_is_one_question_with_a_statement_and_a_source(name):
    scenario = find_scenario(name)
    assert scenario.question.endswith("?")
    assert scenario.question.count("?") == 1
    assert scenario.statement.strip()
    assert scenario.source.strip()


@pytest.mark.parametrize("name", known_scenarios())
def test_every_scenario_changes_parameters_within_their_bounds_under_every_draw_used(name):
    for draw in posterior_draws(60):
        start, later = find_scenario(name).timetable(draw)
        for parameters in (start, *later.values()):
            values = parameters.values()
            assert all(DECLARATIONS[each].low <= value <= DECLARATIONS[each].high for each, value in values.items())


def test_the_baseline_changes_nothing():
    base = posterior_draws(1)[0]
    assert find_scenario("baseline").changes == {}
    assert find_scenario("baseline").timetable(base) == (base, {})


@pytest.mark.parametrize("name", OTHERS)
def test_every_other_scenario_changes_some_parameter_away_from_the_baseline(name):
    base = posterior_draws(1)[0]
    start, later = find_scenario(name).timetable(base)
    assert any(each != base for each in (start, *later.values()))


@pytest.mark.parametrize("name", OTHERS)
def test_every_other_scenario_changes_what_happens(name):
    changed, base = (history_of(find_scenario(each), 16) for each in (name, "baseline"))
    assert not np.array_equal(changed.capability, base.capability)


def latest(scenario):
    """The same scenario from 24 April on, without what only a beginning can have; None if nothing is left."""
    changes = {name: change for name, change in scenario.changes.items() if name not in INTEGRATION}
    return dataclasses.replace(scenario, changes=changes, since="2023-04-24") if changes else None


@pytest.mark.parametrize("name", OTHERS)
def test_a_scenario_equals_the_baseline_in_every_week_before_its_first_change(name):
    late = latest(find_scenario(name))
    if late is None:
        pytest.skip("it changes only how a history begins")
    week = week_of(late.since)
    changed, base = history_of(late, week + 12), history_of(find_scenario("baseline"), week + 12)
    for log in (changed, base):
        assert (log.week < week).any()
    assert changed.visits.query("week < @week").equals(base.visits.query("week < @week"))
    assert np.array_equal(changed.capability[: week + 1], base.capability[: week + 1])
    assert np.array_equal(changed.integration[: week + 1], base.integration[: week + 1])
    assert not np.array_equal(changed.capability[week + 1 :], base.capability[week + 1 :])


@pytest.mark.parametrize("name", OTHERS)
def test_a_sweep_runs_a_scenario_as_a_comparison_does(name):
    points = pd.DataFrame({"crowding": [0.3]})
    swept = Sweep.of((name,), points, replicates=1).run(0)
    start, later = find_scenario(name).timetable(posterior_draws(1)[0].having(crowding=0.3))
    assert (swept.parameters, dict(swept.later or {})) == (start, later)


@pytest.mark.parametrize("name", OTHERS)
def test_a_scenario_file_holds_a_question_and_no_logic(name):
    source = ast.parse((Path(find_spec(f"scenarios.{name}").origin)).read_text(encoding="utf-8"))
    assert ast.get_docstring(source) == find_scenario(name).question
    assert [type(each) for each in source.body] == [ast.Expr, ast.ImportFrom, ast.ImportFrom, ast.Assign, ast.If]


@pytest.mark.parametrize("since", ["2022-06-01", "2023-01-02", "2023-01-08"])
def test_a_scenario_that_begins_by_the_first_week_holds_from_the_start(since):
    base = Parameters()
    start, later = Scenario("?", "s", "s", {"coordination": 0.5}, since).timetable(base)
    assert (start, later) == (base.having(coordination=0.5), {})


def test_a_scenario_that_begins_in_the_second_week_leaves_the_first_as_it_is():
    base = Parameters()
    start, later = Scenario("?", "s", "s", {"coordination": 0.5}, "2023-01-09").timetable(base)
    assert (start, later) == (base, {1: base.having(coordination=0.5)})


def test_an_unknown_scenario_is_answered_with_the_nearest_name():
    with pytest.raises(InputError, match=f"did you mean '{STRONGER}'"):
        find_scenario("stronger_coordination")


@pytest.mark.parametrize("name", ["study", "__init__", "", "scenarios.baseline", "../baseline"])
def test_the_machinery_is_no_scenario(name):
    with pytest.raises(InputError, match="There is no scenario"):
        find_scenario(name)


def test_a_scenario_cannot_change_what_is_no_parameter():
    with pytest.raises(InputError, match="did you mean 'coordination'"):
        Scenario("?", "s", "s", {"coordinaton": 0.5})


def test_a_scenario_cannot_take_a_parameter_out_of_its_bounds():
    with pytest.raises(InputError, match="from 0 to 1"):
        Scenario("?", "s", "s", {"coordination": 1.5}).timetable(Parameters())



def test_a_scenario_that_ends_is_the_baseline_again_from_that_week_on():
    base = Parameters()
    closed = Scenario("?", "s", "s", {"tours_per_year": 0.0}, until="2023-06-01")
    start, later = closed.timetable(base)
    assert (start, later) == (base.having(tours_per_year=0.0), {week_of("2023-06-01"): base})
    visits = history_of(closed, 52).week
    assert visits.min() >= week_of("2023-06-01")


def test_a_scenario_cannot_end_before_it_begins():
    with pytest.raises(InputError, match="before they begin"):
        Scenario("?", "s", "s", {"coordination": 0.5}, since="2023-06-01", until="2023-05-01")


def test_how_ties_begin_cannot_be_changed_later():
    with pytest.raises(InputError, match="how a history begins"):
        Scenario("?", "s", "s", {"integration_capital": 0.5}, since="2023-06-01")


def test_a_change_like_another_parameter_follows_it_under_every_draw():
    alike = Scenario("?", "s", "s", {"integration_capital": Like("integration_delta", times=0.5, plus=0.1)})
    for draw in posterior_draws(5):
        assert alike.timetable(draw)[0].integration_capital == 0.5 * draw.integration_delta + 0.1


def test_a_change_like_what_is_no_parameter_is_refused():
    with pytest.raises(InputError, match="did you mean 'integration_delta'"):
        Scenario("?", "s", "s", {"integration_capital": Like("integration_dleta")})
