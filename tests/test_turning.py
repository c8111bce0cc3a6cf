"""What moves a difference, and what assumption could turn its sign."""

import numpy as np
import pandas as pd
import pytest

from model.measures import OUTCOMES
from model.parameters import DECLARATIONS
from scenarios import compare
from scenarios.study.sensitivity import Question, differences_at_points, sensitivity
from scenarios.study.turning import AS_DRAWN, _with_turned, as_text, at_ends
from scenarios.study.variants import Sample

STRONGER = "stronger_central_coordination"
SMALL = Sample(draws=2, replicates=2, weeks=14)


@pytest.fixture(scope="module")
def ends():
    return at_ends(STRONGER, sample=SMALL)


def test_every_assumed_parameter_goes_to_both_ends_of_its_range(ends):
    held = ends[ends["parameter"] != AS_DRAWN].groupby("parameter")["value"].unique()
    assert set(held.index) == {
        name for name, item in DECLARATIONS.items() if item.status == "assumed" and item.prior is not None
    }
    assert all(set(values) == {DECLARATIONS[n].prior.first, DECLARATIONS[n].prior.second} for n, values in held.items())


def test_as_drawn_is_the_difference_that_a_comparison_finds(ends):
    compared = compare(STRONGER, draws=2, replicates=2, weeks=14).differences
    expected = compared[compared["basis"] == "posterior"].set_index("outcome")["difference"]
    drawn = ends[ends["parameter"] == AS_DRAWN].set_index("outcome")["difference"]
    pd.testing.assert_series_equal(drawn, expected, check_exact=False, rtol=1e-9)


def test_a_coordination_that_relieves_no_barrier_teaches_less(ends):
    rows = ends[(ends["parameter"] == "relief") & (ends["outcome"] == "capability_gained")].set_index("value")
    assert rows.loc[0.0, "difference"] < rows.loc[1.0, "difference"]


def test_a_sign_is_turned_where_the_interval_lies_on_the_other_side_of_zero():
    rows = [(AS_DRAWN, np.nan, 1.0, 3.0), ("learning", 0.0, -3.0, -1.0), ("learning", 1.0, -1.0, 2.0)]
    table = pd.DataFrame(rows, columns=["parameter", "value", "expected_low", "expected_high"]).assign(outcome="visits")
    assert _with_turned(table)["turned"].tolist() == [False, True, False]
    mirrored = table.assign(expected_low=-table["expected_high"], expected_high=-table["expected_low"])
    assert _with_turned(mirrored)["turned"].tolist() == [False, True, False]


def test_the_text_names_what_moves_an_outcome_most(ends):
    line = next(each for each in as_text(ends, STRONGER, "baseline", SMALL).splitlines() if "capability_gained" in each)
    rows = ends[ends["outcome"] == "capability_gained"]
    most = rows.iloc[(rows["difference"] - rows["difference"].iloc[0]).abs().to_numpy().argmax()]
    assert f"{most['parameter']} = {most['value']:g}" in line


def test_differences_at_points_are_taken_pair_by_pair():
    base = pd.DataFrame({"point": [0, 0, 1, 1], "replicate": [0, 1, 0, 1], "scenario": "baseline"})
    other = base.assign(scenario="other").iloc[::-1]
    base, other = base.assign(**dict.fromkeys(OUTCOMES, 1.0)), other.assign(**dict.fromkeys(OUTCOMES, 0.0))
    other["visits"] = 10.0 * other["point"] + other["replicate"]
    base["visits"] = base["replicate"] + 1.0
    found = differences_at_points(pd.concat([base, other]), "baseline").set_index(["point", "replicate"])["visits"]
    assert found.to_dict() == {(0, 0): -1.0, (0, 1): -1.0, (1, 0): 9.0, (1, 1): 9.0}


@pytest.mark.parametrize("method", ["morris", "sobol"])
def test_the_difference_is_moved_by_relief_that_moves_no_level_of_the_baseline(method, tmp_path):
    question = Question(method, ("relief", "learning"), 8, seed=1)
    settings = {"replicates": 2, "weeks": 14}
    size = "size" if method == "morris" else "total"
    level, _ = sensitivity(question, out=tmp_path / "level", **settings)
    difference, _ = sensitivity(question, STRONGER, against="baseline", out=tmp_path / "difference", **settings)
    one, other = (
        table[(table["outcome"] == "capability_gained") & (table["parameter"] == "relief")][size].iloc[0]
        for table in (level, difference)
    )
    assert one == pytest.approx(0.0, abs=1e-12)
    assert other > 0.0
