"""Luck is a function of its key, and of nothing else."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from model.chance import STOPS_PER_PURPOSE, Luck, Purpose, to_unit_interval

words = st.integers(0, 2**64 - 1)
HOST = Purpose.HOST
KEY = {"seed": 1, "replicate": 0, "week": 11, "province": 8, "purpose": HOST, "stop": 1}


def draws(options=4, **changes):
    key = {**KEY, **changes}
    luck = Luck(key.pop("seed"), key.pop("replicate"))
    return luck.draws(**key, options=options).tolist()


@given(words, words, st.integers(0, 5000), st.integers(0, 3000), st.sampled_from(Purpose), st.integers(0, 7))
def test_luck_is_the_philox_of_numpy(seed, replicate, week, province, purpose, stop):
    key = np.array([seed, replicate], dtype=np.uint64)
    counter = np.array([0, week, province, purpose * STOPS_PER_PURPOSE + stop], dtype=np.uint64)
    expected = to_unit_interval(np.random.Philox(key=key, counter=counter).random_raw(31))
    assert Luck(seed, replicate).draws(week, province, purpose, stop, 31).tolist() == expected.tolist()


def test_luck_never_changes_from_one_release_to_the_next():
    """One number as it was when the project began; finished studies can be run again only while it holds."""
    assert Luck(1, 0).draw(11, 8, HOST, 1) == 0.3831991396030029


def test_luck_does_not_depend_on_the_order_in_which_it_is_asked_for():
    keys = list(itertools.product(range(3), range(3), Purpose, range(3)))
    luck = Luck(1, 0)
    forwards = {key: luck.draw(*key) for key in keys}
    backwards = {key: luck.draw(*key) for key in reversed(keys)}
    assert forwards == backwards


def test_the_luck_of_one_option_does_not_depend_on_how_many_options_there_are():
    assert draws(options=31)[:3] == draws(options=3)


@pytest.mark.parametrize(
    "changed",
    [
        {"seed": 2}, {"replicate": 1}, {"week": 12}, {"province": 9}, {"purpose": Purpose.THEMES}, {"stop": 2},
        {"seed": 0, "replicate": 1},
    ],
    ids=str,
)
def test_any_part_of_the_key_changes_the_luck(changed):
    assert not set(draws()) & set(draws(**changed))


def test_a_decision_and_its_neighbours_share_no_number():
    """All decisions of four provinces in four weeks, with the 31 options of each, are different numbers."""
    luck = Luck(1, 0)
    keys = itertools.product(range(4), range(4), Purpose, range(4))
    numbers = np.concatenate([luck.draws(*key, 31) for key in keys])
    assert len(np.unique(numbers)) == len(numbers)


def test_no_purpose_runs_into_the_stops_of_the_next():
    places = {purpose * STOPS_PER_PURPOSE + stop for purpose in Purpose for stop in range(5)}
    assert len(places) == 5 * len(Purpose)


def test_the_numbers_of_the_purposes_never_change_their_meaning():
    assert {purpose.name: int(purpose) for purpose in Purpose} == {
        "DEPARTURE": 0, "PLANNED": 1, "HOST": 2, "ONWARD": 3, "THEMES": 4, "FOCUS": 5, "AGREEMENT": 6,
    }


@pytest.mark.parametrize("varied", ["seed", "replicate", "week", "province", "stop", "options"])
def test_luck_is_even_along_every_part_of_the_key(varied):
    """Errs once in a thousand seeds for each part."""
    numbers = (
        draws(options=4000) if varied == "options" else [draws(1, **{varied: place})[0] for place in range(4000)]
    )
    assert stats.kstest(numbers, "uniform").pvalue > 0.001


def test_successive_weeks_are_not_correlated():
    """Errs once in a thousand seeds."""
    numbers = [draws(1, week=week)[0] for week in range(4001)]
    assert stats.pearsonr(numbers[:-1], numbers[1:]).pvalue > 0.001


@given(st.lists(words, min_size=1))
def test_luck_lies_strictly_between_0_and_1(raw):
    numbers = to_unit_interval(np.array(raw, dtype=np.uint64))
    assert (numbers > 0).all()
    assert (numbers < 1).all()


def test_even_the_least_and_the_largest_word_lie_strictly_between_0_and_1():
    least, largest = to_unit_interval(np.array([0, 2**64 - 1], dtype=np.uint64)).tolist()
    assert 0.0 < least < 2.0**-52
    assert 1.0 - 2.0**-52 < largest < 1.0
