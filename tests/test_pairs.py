"""Official pairs added to the world: partners they are, and what each adds is told with its doubt."""

import numpy as np
import pytest

from model.batch import Batch
from model.declaration import InputError
from model.ensemble import simulate
from model.parameters import Parameters
from model.run import Run
from model.world import china
from results.pairs_figure import best_pairs_chart
from scenarios.study import pairs
from scenarios.study.pairs import TOGETHER, added_pairs, best_pairs, gap_closed_per_visit, pair_of, with_pairs
from scenarios.study.variants import Sample

SMALL = Sample(draws=3, replicates=2, weeks=26)
PAIR = ("Beijing", "Guizhou")


@pytest.fixture
def three_pairs(monkeypatch):
    """A screening among three pairs alone, under few draws."""
    monkeypatch.setattr(pairs, "_all_pairs", lambda world: [PAIR, ("Tibet", "Guizhou"), ("Hainan", "Gansu")])
    monkeypatch.setattr(pairs, "SCREENING_DRAWS", 2)


def test_an_added_pair_is_official_both_ways_and_nothing_else_changes():
    before, after = china(), with_pairs(china(), [PAIR])
    changed = np.argwhere(before.paired != after.paired)
    i, j = (before.index(name) for name in PAIR)
    assert sorted(map(tuple, changed.tolist())) == sorted([(i, j), (j, i)])


def test_added_partners_visit_each_other_more():
    found = added_pairs([PAIR], Sample(draws=10, replicates=2))
    row = found[(found["basis"] == "posterior") & (found["outcome"] == "between_partners")].iloc[0]
    assert row["difference"] > 0
    assert row["verdict"].startswith("rises")


def test_several_pairs_are_asked_one_by_one_and_all_together():
    found = added_pairs([PAIR, ("Hainan", "Gansu")], SMALL)
    assert list(found["scenario"].unique()) == ["Beijing-Guizhou", "Hainan-Gansu", TOGETHER]


def test_the_gap_closed_per_visit_is_worked_out_as_by_hand():
    histories = simulate(china(), Batch.of([Run(Parameters(), 1, 0, 26)]))
    start, end = ((each.max(axis=0) - each).mean() for each in histories.capability[0][[0, -1]])
    expected = 1000.0 * 31 * (start - end) / len(histories.log)
    assert gap_closed_per_visit(histories).item() == pytest.approx(expected)


def test_a_year_without_visits_has_no_gap_closed_per_visit():
    histories = simulate(china(), Batch.of([Run(Parameters(tours_per_year=0.0), 1, 0, 4)]))
    assert np.isnan(gap_closed_per_visit(histories)).all()


@pytest.mark.usefixtures("three_pairs")
def test_the_best_pairs_come_first_with_their_intervals():
    best = best_pairs(2, SMALL)
    assert len(best) == 2
    assert best["difference"].is_monotonic_decreasing
    assert (best["expected_low"] <= best["difference"]).all()
    assert (best["difference"] <= best["expected_high"]).all()
    labels = [label.get_text() for label in best_pairs_chart(best, "note").axes[0].get_yticklabels()]
    assert labels == [f"{row.one} \N{EN DASH} {row.other}" for row in best.itertuples()]


@pytest.mark.usefixtures("three_pairs")
def test_pairs_are_measured_under_other_draws_and_other_luck_than_they_are_screened_under(monkeypatch):
    seen, simulate_all = [], pairs.simulate_all

    def recorded(batch, *rest):
        draws = batch.parameters[batch.timetable[:, 0]].tolist()
        seen.append(set(zip(draws, batch.replicate.tolist(), strict=True)))
        return simulate_all(batch, *rest)

    monkeypatch.setattr(pairs, "simulate_all", recorded)
    best_pairs(1, SMALL)
    screened, measured = seen
    assert not {luck for _, luck in screened} & {luck for _, luck in measured}
    assert not {draw for draw, _ in screened} & {draw for draw, _ in measured}


WRONG = {
    "Guangdong": "There is no province",
    "Beijing-Gizhou": "did you mean 'Guizhou'",
    "Beijing-Beijing": "its own partner",
    "Guangdong-Guizhou": "partners already",
}


@pytest.mark.parametrize("words", WRONG)
def test_a_pair_that_cannot_be_added_is_refused(words):
    with pytest.raises(InputError, match=WRONG[words]):
        pair_of(words, china())
