"""Scenarios beside one another: for how long each holds, how precisely each is known, and how they rank."""

import pandas as pd
import pytest

from calibration.posterior import posterior_draws
from model.agents import simulate
from model.declaration import InputError
from model.run import Run
from scenarios import Scenario, find_scenario
from scenarios.study.compare import Design
from scenarios.study.precision import compare_until, imprecise
from scenarios.study.ranking import finding, ranking
from scenarios.study.sweep import Sweep

STRONGER = "stronger_central_coordination"


def history_of(scenario, weeks):
    start, later = scenario.timetable(posterior_draws(1)[0])
    return simulate(Run(start, 1, 0, weeks, later))


def test_a_scenario_that_ends_leaves_the_rest_of_the_year_to_the_baseline():
    closure, base = find_scenario("pandemic_closure"), posterior_draws(1)[0]
    start, later = closure.timetable(base)
    assert start.tours_per_year == 0.0
    assert later == {22: base}
    history = history_of(closure, 30)
    assert history.week.min() >= 22


def test_changes_that_end_before_they_begin_are_refused():
    with pytest.raises(InputError, match="exchange the two"):
        Scenario("Really?", "No.", "nobody", {"learning": 0.1}, since="2023-05-01", until="2023-04-01")


@pytest.mark.parametrize("name", ["baseline", "pandemic_closure", STRONGER])
def test_a_sweep_runs_every_scenario_by_its_timetable(name):
    planned = Sweep.of((name,), pd.DataFrame({"learning": [0.02]}), replicates=1, weeks=30)
    expected = find_scenario(name).timetable(posterior_draws(1)[0].having(learning=0.02))
    assert (planned.run(0).parameters, planned.run(0).later) == expected


def test_more_draws_are_taken_until_every_difference_is_as_precise_as_asked():
    design = Design(("baseline", STRONGER), 10, 2, 1, 8, {})
    rough, fine = compare_until(design, 10.0), compare_until(design, 0.15)
    assert rough.design.draws == 10
    assert fine.design.draws > 10
    assert imprecise(fine.differences, 0.15).empty
    assert not imprecise(rough.differences, 0.02).empty


def made_up_differences():
    """Two scenarios, two outcomes: one raises both, of which the prior knew one; the other lowers one a little."""
    rows = [
        ("big", "median_km", "posterior", 50.0, 2.0, "rises"), ("big", "median_km", "prior", 0.0, 0.0, "cannot"),
        ("big", "projects", "posterior", 9.0, 3.0, "rises"), ("big", "projects", "prior", 9.0, 3.0, "rises on average"),
        ("small", "median_km", "posterior", -1.0, -0.01, "falls"), ("small", "median_km", "prior", 0.0, 0.0, "cannot"),
        ("small", "projects", "posterior", 0.0, 0.0, "cannot"), ("small", "projects", "prior", 0.0, 0.0, "cannot"),
    ]
    columns = ["scenario", "outcome", "basis", "difference", "standardised", "verdict"]
    rest = {"unit": "km", "baseline": 100.0, "expected_low": 1.0, "expected_high": 2.0, "rests_on": "assumed",
            "draws": 60, "replicates": 2}
    return pd.DataFrame(rows, columns=columns).assign(**rest)


def test_scenarios_are_ranked_by_what_they_do_to_each_outcome():
    table = ranking(made_up_differences())
    assert table[table["outcome"] == "median_km"]["scenario"].tolist() == ["big", "small"]
    assert table["rank"].tolist() == [1, 2, 1, 2]


def test_a_finding_prefers_what_the_prior_did_not_have_and_says_where_it_had_all():
    told = made_up_differences()
    assert finding(told, "big").startswith("big: median_km rises by 50")
    assert "built in" not in finding(told, "big")
    told.loc[told["basis"] == "prior", "verdict"] = "rises"
    assert finding(told, "big").startswith("big: projects rises by 9")
    assert "built in: the prior has the sign" in finding(told, "big")
    told.loc[told["basis"] == "posterior", "verdict"] = "cannot be told from zero"
    assert "no outcome can be told" in finding(told, "big")
