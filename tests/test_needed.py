"""Whether the mechanism is needed, and what shared luck is worth, are told as they are."""

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from results.command_line import main
from scenarios.study.nulls import against_patterns, as_text, needed
from scenarios.study.shared_luck import shared_luck

NULLS = ("random_hosts", "nearest_host")


@pytest.fixture(scope="module")
def patterns():
    return against_patterns(years=30)


@pytest.mark.parametrize("null", NULLS)
def test_without_reasons_to_choose_a_host_the_visits_of_2023_are_missed(patterns, null):
    table = needed(patterns)
    assert table.loc[null, "worse"]
    assert table.loc[null, "score"] < table.loc["baseline", "score"] - 0.3
    assert table.loc[null, "inside"] < table.loc["baseline", "inside"]


def test_that_visits_need_no_learning_is_said_aloud(patterns):
    table = needed(patterns)
    assert not table.loc["no_learning", "worse"]
    assert "no_learning DOES NOT DO WORSE" in as_text(table)
    assert "What no_learning leaves out is not needed" in as_text(table)


def test_hosts_drawn_by_lot_score_as_a_uniform_choice(patterns):
    """log(1/30) for the first stop and a little more for the next ones."""
    assert needed(patterns).loc["random_hosts", "score"] == pytest.approx(np.log(1 / 30), abs=0.03)


def test_the_distance_of_the_baseline_is_in_its_own_half_widths(patterns):
    base = patterns[patterns["scenario"] == "baseline"]
    half = (base["high"] - base["low"]) / 2
    expected = (base["observed"] - base["median"]).abs() / half
    pd.testing.assert_series_equal(base["distance"], expected, check_names=False)


def test_independent_luck_takes_more_histories_than_shared_luck_for_the_same_precision():
    table = shared_luck(draws=20).set_index("outcome")
    for outcome in ("inside_clusters", "median_km", "integration_gained"):
        assert table.loc[outcome, "times"] > 1.5
    assert table.loc["visits", "shared"] == 0.0  # the same provinces set out, whatever the centre plans


def test_the_commands_tell_it(tmp_path):
    for words in (("nulls", "--years", "10", "--out", str(tmp_path / "new")), ("luck", "--draws", "2")):
        answer = CliRunner().invoke(main, words)
        assert answer.exit_code == 0, repr(answer.exception)
    assert (tmp_path / "new" / "patterns.csv").exists()
