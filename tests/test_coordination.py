"""How much coordination does what, and which part of it does the work."""

import json

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from calibration.posterior import posterior_draws
from model.declaration import InputError
from model.measures import OUTCOMES
from results.command_line import main
from results.dose_figure import dose_curves, trade_offs
from results.store import open_study
from scenarios import compare, find_scenario
from scenarios.study.dose import dose_response
from scenarios.study.parts import PARTS, break_into_parts, shapley_value, with_parts
from scenarios.study.variants import Sample

STRONGER = "stronger_central_coordination"
SMALL = Sample(draws=3, replicates=2, weeks=14)


def typed(*words):
    return CliRunner().invoke(main, list(map(str, words)))


def posterior(table, **wanted):
    rows = table[table["basis"] == "posterior"]
    for name, value in wanted.items():
        rows = rows[rows[name] == value]
    return rows.set_index("outcome")


@pytest.fixture(scope="module")
def doses():
    return dose_response(2, SMALL)


@pytest.fixture(scope="module")
def broken():
    return break_into_parts(SMALL)


def test_every_outcome_is_told_at_every_dose_on_either_basis(doses):
    assert set(doses["dose"]) == {0.5, 1.0}
    assert len(doses) == 2 * 2 * len(OUTCOMES)


def test_all_parts_together_make_the_difference_that_a_comparison_finds(broken):
    whole = compare(STRONGER, draws=3, replicates=2, weeks=14).differences
    together = posterior(broken.differences, scenario="plan+barriers+agenda")
    for column in ("baseline", "difference", "low", "high"):
        assert together[column].equals(posterior(whole)[column])


def test_more_coordination_moves_the_stops_further_from_what_provinces_chose(doses):
    half, full = (abs(posterior(doses, dose=dose).loc["median_km", "difference"]) for dose in (0.5, 1.0))
    assert 0 < half < full


def test_all_parts_together_are_stronger_central_coordination_and_none_is_the_baseline():
    for base in posterior_draws(3):
        assert with_parts(base, PARTS) == find_scenario(STRONGER).timetable(base)[0]
        none = with_parts(base, ())
        assert (none.coordination, none.barrier, none.focus_on_gap) == (0.0, base.barrier, base.focus_on_gap)


def test_lower_barriers_are_as_low_without_the_plan_as_under_it():
    for base in posterior_draws(5):
        alone, whole = with_parts(base, ("barriers",)), with_parts(base, ("plan", "barriers"))
        assert alone.coordination == 0.0
        assert alone.barrier == whole.barrier * (1.0 - whole.relief * whole.coordination)
        assert with_parts(base, ("plan",)).relief == 0.0


def test_the_parts_of_every_outcome_sum_to_the_difference_of_the_whole(broken):
    whole = posterior(broken.differences, scenario="plan+barriers+agenda")["difference"]
    summed = broken.shares.groupby("outcome")["difference"].sum()
    for name in summed.index:
        assert summed[name] == pytest.approx(whole[name], abs=1e-9)


def test_the_plan_alone_moves_visits_and_the_other_parts_alone_do_not(broken):
    moved = {
        parts: posterior(broken.differences, scenario=parts).loc["median_km", "difference"] for parts in PARTS
    }
    assert moved["plan"] != 0.0
    assert abs(moved["barriers"]) < abs(moved["plan"]) / 5


def test_a_part_that_works_only_with_another_shares_what_they_do_together():
    on = {"plan", "barriers"}
    names = {"baseline", "plan", "barriers", "agenda", "plan+barriers", "plan+agenda", "barriers+agenda",
             "plan+barriers+agenda"}
    values = {name: np.array([[6.0 * (on <= set(name.split("+")))]]) for name in names}
    assert [shapley_value(values, part).item() for part in PARTS] == pytest.approx([3.0, 3.0, 0.0])


@pytest.mark.parametrize("name", ["coordination", "relief"])
def test_what_is_changed_cannot_be_held(name):
    with pytest.raises(InputError, match=f"leave out --set {name}"):
        break_into_parts(Sample(fixed={name: 0.5}))


def test_one_draw_tells_no_parameters_from_luck():
    with pytest.raises(InputError, match="at least 2 draws"):
        Sample(draws=1)


def test_the_curves_show_the_mean_at_every_dose_and_none_at_the_start(doses):
    figure = dose_curves(doses, "note")
    axes = next(each for each in figure.axes if each.get_title(loc="left") == "Median km")
    line = axes.lines[1]
    expected = [0.0, *doses.query("basis == 'posterior' and outcome == 'median_km'")["difference"]]
    assert line.get_xdata().tolist() == [0.0, 0.5, 1.0]
    assert line.get_ydata().tolist() == expected


def test_the_trade_off_puts_duplication_across_and_convergence_up(doses):
    figure = trade_offs(doses, "note")
    rows = doses[doses["basis"] == "posterior"]
    line = figure.axes[0].lines[-1]
    assert line.get_xdata().tolist()[1:] == rows[rows["outcome"] == "duplication"]["difference"].tolist()
    assert line.get_ydata().tolist()[1:] == rows[rows["outcome"] == "spread_closed"]["difference"].tolist()


@pytest.mark.parametrize("command", ["dose", "parts"])
def test_the_commands_write_what_they_print(tmp_path, command):
    words = ("--draws", 2, "--weeks", 4, "--out", tmp_path / "new", "--json")
    answer = typed(command, *words, *(("--steps", 1) if command == "dose" else ()))
    told = json.loads(answer.stdout)
    table = open_study(tmp_path / "new").differences()
    assert len(table) == len(told["differences"])
    assert pd.DataFrame(told["differences"])["difference"].to_numpy() == pytest.approx(
        table["difference"].to_numpy(), nan_ok=True, rel=1e-6, abs=1e-9
    )
    assert list((tmp_path / "new").glob("*.png"))
