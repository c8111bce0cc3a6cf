"""Sensitivity: indices say what moves what, and luck is told apart."""

import sys

import numpy as np
import pandas as pd
import pytest

from calibration.posterior import shipped_draws
from model.declaration import InputError
from model.measures import OUTCOMES
from model.parameters import DECLARATIONS
from scenarios.study.sensitivity import Question, all_uncertain, as_text, indices_of, sensitivity, values_at

NAMES = ("learning", "barrier", "governance_theme")


def made_up(question, unit, outcome):
    """A table of outcomes of two replicates a point, all alike but for what ``outcome`` makes of a point."""
    values = np.repeat(outcome(unit), 2)
    luck = np.tile([-0.1, 0.1], len(unit))
    table = pd.DataFrame({"point": np.repeat(np.arange(len(unit)), 2), **dict.fromkeys(OUTCOMES, 1.0)})
    return table.assign(visits=values + luck)


@pytest.mark.parametrize(("method", "trajectories"), [("morris", 20), ("sobol", 512)])
def test_a_sum_whose_shares_are_known_gets_them_back(method, trajectories):
    """Y = 2 a + b: the variance is four parts a to one part b, the effects two to one, and c has none."""
    question = Question(method, NAMES, trajectories, seed=1)
    unit = question.unit_points()
    table = indices_of(question, unit, made_up(question, unit, lambda u: 2.0 * u[:, 0] + u[:, 1]))
    found = table[table["outcome"] == "visits"].set_index("parameter")
    size, expected = ("size", [2.0, 1.0, 0.0]) if method == "morris" else ("total", [0.8, 0.2, 0.0])
    assert found[size].tolist() == pytest.approx(expected, abs=0.04)
    reach = found["size_error" if method == "morris" else "total_error"]
    assert (np.abs(found[size] - expected) <= reach + 1e-2).all()


def test_the_share_of_luck_is_that_of_the_variance_within_points():
    question = Question("sobol", NAMES, 64, seed=1)
    unit = question.unit_points()
    table = indices_of(question, unit, made_up(question, unit, lambda u: u[:, 0]))
    expected = 0.02 / (unit[:, 0].var() + 0.02)
    assert table[table["outcome"] == "visits"]["luck"].iloc[0] == pytest.approx(expected)


def test_an_outcome_that_never_changes_has_no_indices():
    question = Question("sobol", NAMES, 16, seed=1)
    unit = question.unit_points()
    table = indices_of(question, unit, made_up(question, unit, lambda u: u[:, 0]))
    assert table[table["outcome"] == "projects"]["total"].isna().all()
    assert "never changes" in as_text({"sobol": table})


def test_what_is_assumed_varies_over_the_middle_of_its_prior_and_what_is_identified_over_that_of_its_posterior():
    ends = np.array([0.0, 1.0])
    assert values_at("learning", ends) == pytest.approx([0.012, 0.048])
    expected = shipped_draws()["proximity"].quantile([0.05, 0.95])
    assert values_at("proximity", ends) == pytest.approx(expected.tolist())
    for name in all_uncertain():
        low, high = values_at(name, ends)
        assert DECLARATIONS[name].low <= low < high <= DECLARATIONS[name].high


def test_learning_is_what_moves_what_is_learnt_and_themes_are_not(tmp_path):
    question = Question("sobol", ("learning", "governance_theme"), 16, seed=1)
    table, study = sensitivity(question, replicates=2, weeks=20, out=tmp_path)
    learnt = table[table["outcome"] == "learnt_per_visit"].set_index("parameter")
    assert learnt.loc["learning", "total"] > 0.8 > 0.3 > learnt.loc["governance_theme", "total"]
    assert len(study.outcomes()) == 16 * 4 * 2


WRONG = {
    "unknown": (("lerning",), "morris", 4, "did you mean 'learning'"),
    "held": (("coordination",), "morris", 4, "no prior"),
    "method": (("learning",), "saltelli", 4, "choose from"),
    "too few": (("learning",), "morris", 1, "at least 2"),
}


@pytest.mark.parametrize(("names", "method", "trajectories", "part"), WRONG.values(), ids=WRONG.keys())
def test_a_question_that_cannot_be_answered_is_refused(names, method, trajectories, part):
    with pytest.raises(InputError, match=part):
        Question(method, names, trajectories, seed=1)


def test_without_salib_the_command_that_installs_it_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "SALib", None)
    monkeypatch.setitem(sys.modules, "SALib.sample.morris", None)
    with pytest.raises(InputError, match="pip install"):
        Question("morris", NAMES, 4, seed=1).unit_points()
