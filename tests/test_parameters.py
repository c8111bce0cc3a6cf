"""Every parameter is declared once, with all that has to be said of it."""

import dataclasses
import inspect
import math
from pathlib import Path

import pytest

from model import rules
from model.declaration import InputError
from model.parameters import CHOICE, DECLARATIONS, Parameters
from model.parameters_page import describe
from model.state import State, agenda_of, covariates

ROOT = Path(__file__).parents[1]
EVERY = pytest.mark.parametrize("item", DECLARATIONS.values(), ids=DECLARATIONS)
SEEN = (
    "nearness", "borders", "same_cluster", "core_to_hinterland", "paired", "aided", "gap", "size", "owed", "recent",
)


@EVERY
def test_a_parameter_says_what_it_means_in_one_sentence(item):
    assert item.sentence[0].isupper()
    assert item.sentence.endswith(".")
    assert item.sentence.count(". ") == 0


@EVERY
def test_a_parameter_has_a_unit_a_source_and_a_group(item):
    assert item.unit
    assert item.source
    assert item.group


@EVERY
def test_a_parameter_is_identified_by_data_or_assumed_and_an_identified_one_has_a_prior(item):
    assert item.status in ("identified", "assumed")
    assert item.status == "assumed" or item.prior is not None


@EVERY
def test_an_identified_parameter_names_data_or_a_publication(item):
    assert item.status == "assumed" or "visits.csv" in item.source or "Ma Liang" in item.source


@EVERY
def test_a_default_lies_within_its_bounds(item):
    assert item.low <= item.default <= item.high


@EVERY
def test_an_even_prior_lies_within_the_bounds_and_holds_the_default(item):
    if item.prior is not None and item.prior.family == "uniform":
        assert item.low <= item.prior.first <= item.default <= item.prior.second <= item.high


@EVERY
def test_a_value_outside_the_bounds_is_refused_naming_the_bounds(item):
    for value in (item.low - 1.0, item.high + 1.0):
        with pytest.raises(InputError) as refusal:
            Parameters(**{item.name: value})
        assert str(refusal.value).startswith(f"{item.name} = {value!r}")
        assert f"from {item.low:g} to {item.high:g}" in str(refusal.value)


@EVERY
def test_the_bounds_themselves_are_allowed(item):
    assert getattr(Parameters(**{item.name: item.low}), item.name) == item.low
    assert getattr(Parameters(**{item.name: item.high}), item.name) == item.high


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, "0.5", None])
def test_what_is_no_finite_number_is_refused(value):
    with pytest.raises(InputError, match=r"learning = .* is out of range"):
        Parameters().having(learning=value)


@pytest.mark.parametrize(("misspelt", "meant"), [("lerning", "learning"), ("coordinaton", "coordination")])
def test_a_misspelt_name_is_refused_with_the_one_that_was_meant(misspelt, meant):
    with pytest.raises(InputError, match=f"'{misspelt}'.*did you mean '{meant}'"):
        Parameters().having(**{misspelt: 0.5})


def test_a_name_like_no_other_is_refused_with_the_list():
    with pytest.raises(InputError, match="known are tours_per_year, "):
        Parameters().having(zzz=1.0)


def test_changing_one_value_leaves_the_others_and_the_original_alone():
    before = Parameters()
    after = before.having(learning=0.04)
    assert {name: value for name, value in after.values().items() if before.values()[name] != value} == {
        "learning": 0.04
    }
    assert before == Parameters()


def test_no_parameter_can_be_changed_in_place():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Parameters().learning = 0.0  # type: ignore[misc]


def test_the_weights_of_choice_stand_in_the_order_of_the_rule():
    assert tuple(inspect.signature(rules.appeal).parameters)[-len(CHOICE) :] == CHOICE


def test_the_rule_sees_what_a_visitor_sees_before_it_weighs():
    assert tuple(inspect.signature(rules.appeal).parameters)[: -len(CHOICE)] == SEEN


def test_what_a_visitor_sees_comes_in_the_order_of_the_rule(world):
    """Gansu sees Tianjin: partners that share neither border nor cluster, with a visit received and one paid."""
    parameters = Parameters()
    state, agenda = State.at_start(world, parameters), agenda_of(parameters)
    visitor, host = world.index("Gansu"), world.index("Tianjin")
    state.last_visit[visitor][host], state.last_visit[host][visitor] = 4.0, 8.0
    seen = dict(zip(SEEN, covariates(world, state, agenda, 26.0, visitor, host, week=10), strict=True))
    assert seen == {
        "nearness": rules.nearness(float(world.km[visitor, host])),
        "borders": 0.0,
        "same_cluster": 0.0,
        "core_to_hinterland": 0.0,
        "paired": 1.0,
        "aided": float(world.aided[visitor, host]),
        "gap": state.gap(visitor, host, agenda),
        "size": float(world.size[host]),
        "owed": rules.fresh(2.0, 26.0),
        "recent": rules.fresh(6.0, 26.0),
    }


@pytest.mark.parametrize(
    ("visitor", "host", "tie"),
    [
        ("Beijing", "Hebei", "borders"),
        ("Shanghai", "Anhui", "same_cluster"),
        ("Guangdong", "Guizhou", "core_to_hinterland"),
        ("Hainan", "Guangdong", "core_to_hinterland"),
        ("Jilin", "Zhejiang", "paired"),
        ("Jiangsu", "Tibet", "aided"),
    ],
)
def test_each_tie_is_seen_where_it_holds(world, visitor, host, tie):
    state, agenda = State.at_start(world, Parameters()), agenda_of(Parameters())
    seen = covariates(world, state, agenda, 26.0, world.index(visitor), world.index(host), week=0)
    assert seen[SEEN.index(tie)] == 1.0


def test_the_agenda_sums_to_one_and_leans_to_science():
    agenda = agenda_of(Parameters())
    assert sum(agenda) == pytest.approx(1.0)
    assert agenda[0] == max(agenda) > agenda[1]


def test_the_page_of_parameters_is_up_to_date():
    assert (ROOT / "PARAMETERS.md").read_text(encoding="utf-8") == describe()


@EVERY
def test_the_page_of_parameters_has_one_row_for_each(item):
    assert describe().count(f"| `{item.name}` |") == 1
