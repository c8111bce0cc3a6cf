"""Scenarios keep their contract, and a comparison says only what the histories say."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.posterior import posterior_draws
from model.agents import simulate
from model.calendar import week_of
from model.declaration import InputError
from model.measures import OUTCOMES, measure_one
from model.parameters import DECLARATIONS, Parameters
from model.run import Run
from model.world import INTEGRATION
from scenarios import Scenario, compare, find_scenario, known_scenarios
from scenarios.study.compare import KEYS, Design
from scenarios.study.differences import COLUMNS, expected_interval, paired_differences
from scenarios.study.report import report

STRONGER = "stronger_central_coordination"
OTHERS = [name for name in known_scenarios() if name != "baseline"]
TINY = {"draws": 2, "replicates": 2, "weeks": 4, "workers": 1}
TABLES = ("outcomes", "visits", "capability", "differences")


@pytest.fixture(scope="module")
def tiny():
    """Two draws, two replicates, four weeks: enough to have every table."""
    return compare(STRONGER, **TINY)


def as_bytes(comparison):
    return {name: getattr(comparison, name).to_csv() for name in TABLES}


def history_of(scenario, weeks, draw=0, seed=1):
    start, later = scenario.timetable(posterior_draws(draw + 1)[draw])
    return simulate(Run(start, seed, 0, weeks, later))


def row_of(differences):
    """What is said of these paired differences, shape (draws, replicates), from a baseline that is 0 throughout."""
    values = np.asarray(differences, dtype=float)
    rows = [
        {**dict(zip(KEYS, ("posterior", name, *place), strict=True)), **dict.fromkeys(OUTCOMES, value)}
        for name, table in (("baseline", np.zeros_like(values)), (STRONGER, values))
        for place, value in np.ndenumerate(table)
    ]
    return paired_differences(pd.DataFrame(rows), "baseline").iloc[0]


def share_and_error(values):
    row = row_of(values)
    return row["parameter_share"], row["standard_error"]


# The contract of every scenario


def test_there_is_a_baseline_and_something_to_compare_with_it():
    assert "baseline" in known_scenarios()
    assert STRONGER in OTHERS


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


@pytest.mark.parametrize("name", OTHERS)
def test_a_scenario_equals_the_baseline_in_every_week_before_its_first_change(name):
    week = week_of("2023-04-24")
    late = dataclasses.replace(find_scenario(name), since="2023-04-24")
    changed, base = history_of(late, week + 12), history_of(find_scenario("baseline"), week + 12)
    for log in (changed, base):
        assert (log.week < week).any()
    assert changed.visits.query("week < @week").equals(base.visits.query("week < @week"))
    assert np.array_equal(changed.capability[: week + 1], base.capability[: week + 1])
    assert np.array_equal(changed.integration[: week + 1], base.integration[: week + 1])
    if not set(late.changes) <= set(INTEGRATION):  # which are read at the start alone
        assert not np.array_equal(changed.capability[week + 1 :], base.capability[week + 1 :])


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


# What share of the variance is parameters


def test_a_table_where_only_the_draw_matters_is_all_parameters():
    values = np.repeat([[1.0], [2.0], [5.0], [-3.0]], 4, axis=1)
    share, error = share_and_error(values)
    assert share == pytest.approx(1.0)
    assert error == pytest.approx(np.std([1.0, 2.0, 5.0, -3.0], ddof=1) / 2)


def test_a_table_where_only_luck_matters_is_hardly_parameters_at_all():
    values = np.random.default_rng(1).standard_normal((400, 5))
    share, error = share_and_error(values)
    assert 0.0 <= share < 0.05
    assert error == pytest.approx(1 / np.sqrt(2000), rel=0.15)


@pytest.mark.parametrize("expected", [0.2, 0.5, 0.8])
def test_the_share_of_parameters_is_recovered_where_it_is_known(expected):
    rng = np.random.default_rng(2)
    values = np.sqrt(expected) * rng.standard_normal((2000, 1)) + np.sqrt(1 - expected) * rng.standard_normal((2000, 4))
    assert share_and_error(values)[0] == pytest.approx(expected, abs=0.05)


def test_the_shares_of_a_table_small_enough_for_pencil_and_paper():
    """Means 1 and 5, luck within draws 2 each: 8 - 2/2 = 7 between, so 7/9."""
    share, error = share_and_error(np.array([[0.0, 2.0], [4.0, 6.0]]))
    assert share == pytest.approx(7 / 9)
    assert error == pytest.approx(2.0)


def test_a_draw_with_nothing_to_measure_counts_for_nothing():
    with_hole = [[0.0, 2.0], [np.nan, np.nan], [4.0, 6.0]]
    assert share_and_error(with_hole) == pytest.approx(share_and_error([[0.0, 2.0], [4.0, 6.0]]))


def test_with_fewer_than_two_complete_draws_no_share_is_claimed():
    assert np.isnan(share_and_error([[1.0, 2.0], [np.nan, 1.0]])).all()


def test_where_nothing_varies_no_share_is_claimed():
    assert np.isnan(share_and_error(np.ones((3, 2)))[0])


@given(st.floats(-100.0, 100.0), st.floats(0.1, 100.0))
def test_the_share_depends_on_neither_zero_point_nor_unit(shift, scale):
    values = np.random.default_rng(3).standard_normal((6, 1)) + np.random.default_rng(4).standard_normal((6, 3))
    assert share_and_error(shift + scale * values)[0] == pytest.approx(share_and_error(values)[0], abs=1e-9)


# Verdicts


LUCK = np.random.default_rng(5).standard_normal((100, 2))
VERDICTS = {
    "every year more": (10.0 + LUCK, "rises"),
    "every year less": (-10.0 + LUCK, "falls"),
    "more on average, not every year": (1.0 + LUCK, "rises on average"),
    "less on average, not every year": (-1.0 + LUCK, "falls on average"),
    "luck around nothing": (LUCK, "cannot be told from zero"),
    "as many draws up as down": (10.0 * np.sign(LUCK[:, :1]) + 0.1 * LUCK, "cannot be told from zero"),
    "nothing anywhere": (np.zeros((3, 2)), "the same in every pair"),
    "nothing but once": ([[0.0, 0.0], [0.0, 5.0]], "cannot be told from zero"),
    "every year more, one unmeasured": (np.where(LUCK.max() == LUCK, np.nan, 10.0 + LUCK), "rises"),
}


@pytest.mark.parametrize(("differences", "word"), VERDICTS.values(), ids=VERDICTS.keys())
def test_the_verdict_is_of_the_expectation_and_of_single_years(differences, word):
    assert row_of(differences)["verdict"] == word


def test_the_probability_of_a_sign_is_the_share_of_draws_that_have_it():
    row = row_of([[1.0, 1.0], [2.0, 2.0], [-1.0, -1.0], [0.0, 0.0]])
    assert row["probability_rises"] == pytest.approx(0.625)
    assert (row["least"], row["most"]) == (-1.0, 2.0)


def test_more_replicates_cannot_make_a_finding_of_what_the_parameters_leave_open():
    """Draws that disagree in sign stay undecided however much luck is averaged out."""
    effects = np.linspace(-1.0, 3.0, 20)[:, None]
    few, many = (row_of(np.repeat(effects, times, axis=1)) for times in (2, 200))
    assert few["verdict"] == many["verdict"] == "cannot be told from zero"


def test_one_year_in_a_hundred_that_goes_the_other_way_does_not_turn_a_verdict_but_ten_do():
    differences = np.ones((50, 2))
    differences[0, 0] = -1.0
    assert row_of(differences)["verdict"] == "rises"
    differences[:5] = -1.0
    assert row_of(differences)["verdict"] == "cannot be told from zero"


# Paired differences on a table made by hand


def made_by_hand():
    """Two draws and two replicates; the scenario adds 1, 3, 5 and 7 to every outcome."""
    base = {(0, 0): 10.0, (0, 1): 20.0, (1, 0): 30.0, (1, 1): 40.0}
    added = {(0, 0): 1.0, (0, 1): 3.0, (1, 0): 5.0, (1, 1): 7.0}
    rows = [("posterior", "baseline", *key, value) for key, value in base.items()]
    rows += [("posterior", "other", *key, base[key] + added[key]) for key in base]
    rows += [("prior", scenario, *key, 1.0) for scenario in ("baseline", "other") for key in base]
    return pd.DataFrame([
        {**dict(zip(KEYS, row[:4], strict=True)), **dict.fromkeys(OUTCOMES, row[4])} for row in rows
    ])


def test_differences_are_taken_pair_by_pair():
    table = paired_differences(made_by_hand(), "baseline")
    row = table.query("basis == 'posterior'").iloc[0]
    assert (row["baseline"], row["difference"]) == (25.0, 4.0)
    assert (row["low"], row["high"]) == pytest.approx((1.3, 6.7))
    assert row["parameter_share"] == pytest.approx(7 / 9)  # means 2 and 6, luck 2: 8 - 1 between, 2 within
    assert row["standard_error"] == pytest.approx(2.0)
    reach = 1.645 * 2.0  # two draws say so little that the Monte Carlo error is the wider
    assert (row["expected_low"], row["expected_high"]) == pytest.approx((4.0 - reach, 4.0 + reach), rel=1e-3)
    assert row["verdict"] == "rises"
    assert (row["draws"], row["replicates"]) == (2, 2)


def test_the_expected_difference_of_skewed_draws_keeps_their_skew_and_not_the_scatter_of_luck():
    rng = np.random.default_rng(1)
    expected = rng.exponential(size=(400, 1))
    low, high = expected_interval(expected + 0.3 * rng.normal(size=(400, 2)))
    assert (low, high) == pytest.approx(tuple(np.quantile(expected, [0.05, 0.95])), abs=0.25)
    assert high - expected.mean() > 1.5 * (expected.mean() - low)


def test_rows_in_any_order_give_the_same_differences():
    table = made_by_hand()
    shuffled = table.iloc[np.random.default_rng(1).permutation(len(table))]
    columns = ["basis", "outcome"]
    one, other = (
        paired_differences(each, "baseline").sort_values(columns, ignore_index=True) for each in (table, shuffled)
    )
    pd.testing.assert_frame_equal(one, other)


def test_a_scenario_that_changes_nothing_is_the_same_in_every_pair():
    table = paired_differences(made_by_hand(), "baseline").query("basis == 'prior'")
    assert (table["difference"] == 0.0).all()
    assert set(table["verdict"]) == {"the same in every pair"}


def test_every_outcome_has_a_row_on_either_basis_with_its_unit_and_what_it_rests_on():
    table = paired_differences(made_by_hand(), "baseline")
    assert list(table.columns) == list(COLUMNS)
    for _, of_basis in table.groupby("basis"):
        rows = of_basis.set_index("outcome")
        assert list(rows.index) == list(OUTCOMES)
        assert all(rows.loc[name, "unit"] == item.unit for name, item in OUTCOMES.items())
        assert all(rows.loc[name, "rests_on"] == item.rests_on for name, item in OUTCOMES.items())


# Comparisons


def test_a_comparison_holds_every_history_once(tiny):
    expected = {
        (basis, scenario, draw, replicate)
        for basis in ("posterior", "prior") for scenario in ("baseline", STRONGER)
        for draw in range(2) for replicate in range(2)
    }
    assert len(tiny.outcomes) == 16
    assert set(tiny.outcomes[KEYS].itertuples(index=False, name=None)) == expected
    assert set(tiny.outcomes.columns) == {*KEYS, *OUTCOMES}


def test_a_comparison_shows_the_prior_beside_the_posterior(tiny):
    assert set(tiny.differences["basis"]) == {"posterior", "prior"}
    assert set(tiny.differences["scenario"]) == {STRONGER}
    assert len(tiny.differences) == 2 * len(OUTCOMES)


def test_the_same_comparison_twice_gives_the_same_tables(tiny):
    assert as_bytes(compare(STRONGER, **TINY)) == as_bytes(tiny)


def test_two_processes_give_the_tables_of_one(tiny):
    assert as_bytes(compare(STRONGER, **{**TINY, "workers": 2})) == as_bytes(tiny)


def test_another_seed_gives_other_histories_of_the_same_draws(tiny):
    other = compare(STRONGER, **TINY, seed=2)
    assert not other.outcomes[list(OUTCOMES)].equals(tiny.outcomes[list(OUTCOMES)])
    assert other.design.bases == tiny.design.bases


def test_each_pair_shares_draw_and_luck_and_no_two_pairs_share_luck():
    runs = Design(("baseline", STRONGER), 2, 3, 1, 4, {}).runs()
    luck = {key: (run.seed, run.replicate) for key, run in runs}
    for basis in ("posterior", "prior"):
        pairs = [(draw, replicate) for draw in range(2) for replicate in range(3)]
        of_pairs = [luck[basis, "baseline", *pair] for pair in pairs]
        assert of_pairs == [luck[basis, STRONGER, *pair] for pair in pairs]
        assert len(set(of_pairs)) == len(of_pairs)


def test_a_pair_differs_in_what_the_scenario_changes_and_in_nothing_else():
    runs = {key: run.parameters.values() for key, run in Design(("baseline", STRONGER), 2, 2, 1, 4, {}).runs()}
    changes = find_scenario(STRONGER).changes
    for basis in ("posterior", "prior"):
        base, changed = runs[basis, "baseline", 1, 0], runs[basis, STRONGER, 1, 0]
        assert {name for name in base if base[name] != changed[name]} == set(changes)
        assert all(changed[name] == value for name, value in changes.items())


def test_a_pair_can_be_made_again_by_hand(tiny):
    draw, replicate = 1, 1
    for name in ("baseline", STRONGER):
        start, later = find_scenario(name).timetable(posterior_draws(2)[draw])
        again = measure_one(simulate(Run(start, 1, draw * 2 + replicate, 4, later)))
        row = tiny.outcomes.query("basis == 'posterior' and scenario == @name and draw == @draw")
        row = row[row["replicate"] == replicate].iloc[0]
        assert all(np.array_equal(row[each], value, equal_nan=True) for each, value in again.items())


def test_the_prior_of_a_comparison_is_wider_than_its_posterior_where_the_data_inform():
    bases = Design(("baseline", STRONGER), 60, 2, 1, 4, {}).bases
    widths = {basis: np.std([draw.official_pair for draw in draws]) for basis, draws in bases.items()}
    assert widths["prior"] == pytest.approx(1.5, rel=0.25)  # as declared: normal(0, 1.5)
    assert widths["posterior"] < widths["prior"] / 2


def test_a_value_held_by_hand_holds_in_every_history():
    runs = Design(("baseline", STRONGER), 2, 2, 1, 4, {"learning": 0.02}).runs()
    assert {run.parameters.learning for _, run in runs} == {0.02}


def test_visits_and_capability_carry_the_keys_of_their_history(tiny):
    counts = tiny.visits.groupby(KEYS).size()
    visits = tiny.outcomes.set_index(KEYS)["visits"]
    assert (counts.reindex(visits.index, fill_value=0) == visits).all()
    assert (tiny.capability.groupby(KEYS).size() == 2 * 31).all()


REFUSED = {
    "itself": (("baseline",), {}, "compared with itself"),
    "twice": ((STRONGER, STRONGER), {}, "named twice"),
    "nothing": ((), {}, "at least one scenario"),
    "one draw": ((STRONGER,), {"draws": 1}, "at least 2 draws"),
    "one replicate": ((STRONGER,), {"replicates": 1}, "2 replicates"),
    "no weeks": ((STRONGER,), {"weeks": 0}, "at least 1"),
    "too many draws": ((STRONGER,), {"draws": 100_000}, "ask for fewer"),
    "unknown scenario": (("strong_central_coordination",), {}, "did you mean"),
    "unknown baseline": ((STRONGER,), {"against": "basline"}, "did you mean 'baseline'"),
    "unknown parameter": ((STRONGER,), {"fixed": {"lerning": 0.1}}, "did you mean 'learning'"),
    "value the scenario changes": ((STRONGER,), {"fixed": {"coordination": 0.1}}, "itself changes coordination"),
    "value out of bounds": ((STRONGER,), {"fixed": {"learning": 2.0}}, "from 0 to 1"),
}


@pytest.mark.parametrize(("names", "changed", "part"), REFUSED.values(), ids=REFUSED.keys())
def test_a_comparison_that_could_say_nothing_is_refused_before_it_runs(monkeypatch, names, changed, part):
    def never(*_):
        raise AssertionError("simulated")

    monkeypatch.setattr("scenarios.study.compare.simulate_all", never)
    with pytest.raises(InputError, match=part):
        compare(*names, **{**TINY, **changed})


def test_the_roles_of_two_scenarios_can_be_exchanged():
    forwards, backwards = compare(STRONGER, **TINY), compare("baseline", against=STRONGER, **TINY)
    one, other = (each.differences.set_index(["basis", "outcome"]) for each in (forwards, backwards))
    assert np.allclose(one["difference"], -other["difference"], rtol=0, atol=1e-9, equal_nan=True)
    assert np.allclose(one["low"], -other["high"], rtol=0, atol=1e-9, equal_nan=True)


def test_a_year_in_which_nobody_travels_is_compared_without_complaint():
    still = compare(STRONGER, **TINY, fixed={"tours_per_year": 0.0})
    assert len(still.visits) == 0
    rows = still.differences.query("basis == 'posterior'").set_index("outcome")
    assert rows.loc["visits", "verdict"] == "the same in every pair"
    assert np.isnan(rows.loc["median_km", "difference"])
    assert rows.loc["median_km", "verdict"] not in ("rises", "falls", "the same in every pair")


# The report


def test_the_report_marks_a_sign_that_the_prior_already_has(tiny):
    table = tiny.differences.copy()
    table["verdict"] = "rises"
    assert report(table, tiny.design).count("rises (as under the prior)") > len(OUTCOMES)
    table.loc[table["basis"] == "prior", "verdict"] = "cannot be told from zero"
    assert "as under the prior" not in report(table, tiny.design)


def test_the_report_states_question_draws_replicates_weeks_and_seed(tiny):
    text = report(tiny.differences, tiny.design)
    assert text.startswith(find_scenario(STRONGER).question)
    assert "2 posterior draws x 2 replicates" in text
    assert "of 4 weeks, seed 1" in text
