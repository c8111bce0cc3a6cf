"""An explanation adds up, says what then happens, and changes nothing."""

import json

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from calibration.likelihood import HostChoice
from calibration.targets import Tour
from model import explanation
from model.agents import PolicyLearning
from model.declaration import InputError
from model.parameters import CHOICE, Parameters
from results.command_line import main
from results.explanation_figure import MOST_HOSTS, appeal_chart, chart_of
from scenarios import explain
from scenarios.study.single import Single

STRONGER = "stronger_central_coordination"
PLANNED = Parameters(coordination=0.5, tours_per_year=20.0, reciprocity=0.7)


def typed(*words):
    return CliRunner().invoke(main, list(map(str, words)))


def in_week(week, parameters=PLANNED):
    model = PolicyLearning(parameters=parameters, seed=4)
    while model.week < week:
        model.step()
    model.begin_week()
    return model


@pytest.fixture(scope="module")
def late():
    """A year with many tours, half of them planned, at the start of week 16."""
    return in_week(16)


@pytest.fixture(scope="module")
def one_run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs") / "one"
    assert typed("run", STRONGER, "--weeks", 14, "--out", folder).exit_code == 0
    return folder


# The tables


def test_the_terms_of_every_host_sum_to_its_appeal(late):
    for province in late.provinces:
        table = explanation.hosts(province)
        assert table[list(CHOICE)].sum(axis=1).to_numpy() == pytest.approx(table["appeal"].to_numpy(), abs=1e-12)


def test_every_term_moves_some_host_and_repetition_only_repels(late):
    terms = pd.concat([explanation.hosts(province)[list(CHOICE)] for province in late.provinces])
    assert (terms != 0).any().all()
    assert terms["repetition"].max() == 0.0


def test_each_of_the_thirty_others_has_a_probability_and_they_sum_to_one(late):
    for province in late.provinces:
        table = explanation.hosts(province)
        assert set(table["host"]) == set(late.world.names) - {province.name}
        assert (table["probability"] > 0).all()
        assert table[["probability", "by_choice", "by_plan"]].sum().tolist() == pytest.approx([1.0] * 3)


def test_the_likeliest_host_comes_first(late):
    assert explanation.hosts(late.provinces[0])["probability"].is_monotonic_decreasing


def test_a_choice_has_the_probability_that_the_likelihood_gives_it(world):
    model = in_week(0, Parameters())
    table = explanation.hosts(model.provinces[3]).set_index("host")["probability"]
    tours = [Tour(name, 3, (world.index(name),)) for name in table.index]
    weights = np.array([Parameters().of_choice()])
    assert np.exp(HostChoice(tours, world).log_probability(weights)[0]) == pytest.approx(table.to_numpy(), rel=1e-12)


def test_without_coordination_the_plan_has_no_part():
    table = explanation.hosts(in_week(2, Parameters()).provinces[0])
    assert (table["by_plan"] == 0).all()
    assert table["probability"].tolist() == table["by_choice"].tolist()


def test_under_full_coordination_the_chance_is_the_plan():
    table = explanation.hosts(in_week(2, Parameters(coordination=1.0)).provinces[0])
    assert table["probability"].tolist() == table["by_plan"].tolist()


# What then happens


def test_the_hosts_that_won_are_those_that_are_visited_and_by_whom_they_were_chosen(late):
    later = in_week(16)
    told = {province.name: explanation.stops(province) for province in later.provinces}
    leaving = {province.name for province in later.provinces if explanation.departure(province).sets_out}
    later.step()
    happened = later.history().visits.query("week == 16")
    assert set(happened["origin"]) == leaving
    assert len(happened) > len(leaving) > 3
    for origin, visits in happened.groupby("origin"):
        won = told[origin].query("chosen")
        assert set(zip(won["host"], won["by"], strict=True)) == set(zip(visits["host"], visits["by"], strict=True))


def test_the_winner_has_the_largest_utility_and_stands_first(late):
    for province in late.provinces:
        for _, stop in explanation.stops(province).groupby("drawn"):
            assert stop["chosen"].tolist() == [True] + [False] * (len(stop) - 1)
            assert (stop["appeal"] + stop["gumbel"]).tolist() == stop["utility"].tolist()
            assert stop["utility"].idxmax() == stop.index[0]


def test_a_host_already_on_the_tour_is_no_longer_open(late):
    tables = [explanation.stops(province) for province in late.provinces]
    long = [table for table in tables if table["drawn"].max() > 1]
    assert long
    for table in long:
        first = table.loc[table["chosen"] & (table["drawn"] == 1), "host"].item()
        assert first not in set(table.loc[table["drawn"] > 1, "host"])


def test_a_delegation_on_the_road_cannot_set_out(late):
    away = [province for province in late.provinces if province.home_again > late.week]
    assert away
    assert not any(explanation.departure(province).sets_out for province in away)


def test_explaining_every_week_changes_nothing():
    explained, plain = (PolicyLearning(parameters=PLANNED, seed=4, weeks=15) for _ in range(2))
    for _ in range(15):
        explained.begin_week()
        for province in explained.provinces:
            explanation.departure(province)
            explanation.hosts(province)
            explanation.stops(province)
        explained.step()
    assert explained.history().visits.equals(plain.run().visits)
    assert explained.history().capability.tobytes() == plain.history().capability.tobytes()


def test_an_explanation_is_of_the_history_that_a_run_simulates():
    told = explain("Shanghai", 10, Single(STRONGER))
    visits = Single(STRONGER).carry_out().visits.query("week == 10 and origin == 'Shanghai'")
    assert set(told.tour) == set(visits["host"])
    assert len(told.tour) == 3


def test_a_week_outside_the_history_is_refused():
    with pytest.raises(InputError, match="from 0 to 3"):
        explain("Shanghai", 4, Single("baseline", weeks=4))


# The command


def test_as_json_there_are_thirty_hosts_each_with_its_chance_and_every_term(tmp_path):
    told = json.loads(typed("explain", "Guizhou", "--week", 12, "--json", "--out", tmp_path).stdout)
    assert len(told["hosts"]) == 30
    assert all({"host", "probability", "appeal", *CHOICE} <= set(record) for record in told["hosts"])
    assert sum(record["probability"] for record in told["hosts"]) == pytest.approx(1.0)


def test_the_table_names_every_host_and_every_term_and_the_chart_is_saved(tmp_path, world):
    answer = typed("explain", "Guizhou", "--week", 12, "--out", tmp_path)
    assert answer.exit_code == 0, answer.output
    assert all(word in answer.output for word in (*world.names, *CHOICE))
    assert (tmp_path / "appeal.png").read_bytes().startswith(b"\x89PNG")


def test_a_recorded_visit_is_explained_by_its_luck_and_by_who_decided(one_run, tmp_path):
    answer = typed("explain", "Shanghai", "--week", 10, "--run", one_run, "--out", tmp_path)
    assert answer.exit_code == 0, answer.output
    words = " ".join(answer.output.split())
    assert "It sets out: the chance was" in words
    assert "Host 1, by its own choice (coordination 0.50, luck 0.828): Chongqing" in words
    assert "Host 2, by the centre's plan (coordination 0.50, luck 0.115): Tibet" in words
    assert "Then it goes home" in words


def test_a_visit_that_another_version_recorded_is_not_explained_by_this_one(one_run, tmp_path):
    for file in one_run.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    visits = pd.read_parquet(tmp_path / "visits.parquet")
    visits.loc[visits["origin"] == "Shanghai", "host"] = "Hainan"
    visits.to_parquet(tmp_path / "visits.parquet")
    answer = typed("explain", "Shanghai", "--week", 10, "--run", tmp_path, "--out", tmp_path / "new")
    assert answer.exit_code == 2
    assert "Hainan" in answer.output
    assert answer.output.count("\n") == 1


def test_a_comparison_holds_many_histories_and_none_is_explained(one_run, tmp_path):
    manifest = json.loads((one_run / "manifest.json").read_text(encoding="utf-8"))
    (tmp_path / "manifest.json").write_text(json.dumps(manifest | {"kind": "compare"}), encoding="utf-8")
    answer = typed("explain", "Shanghai", "--week", 10, "--run", tmp_path)
    assert answer.exit_code == 2
    assert "holds many histories" in answer.output


@pytest.mark.parametrize("words", [("Shanghi", "--week", 1), ("Shanghai", "--week", -1), ("Shanghai",)])
def test_a_wrong_province_or_week_is_refused_and_leaves_no_folder(words, tmp_path):
    answer = typed("explain", *words, "--out", tmp_path / "new")
    assert answer.exit_code == 2
    assert isinstance(answer.exception, SystemExit)
    assert not (tmp_path / "new").exists()


# The figure


def test_the_chart_has_a_row_a_host_and_a_panel_a_stop():
    figure = chart_of(explain("Shanghai", 10, Single(STRONGER)))
    assert len(figure.axes[0].get_yticklabels()) == 30
    assert len(figure.axes) == 2 + 3


def test_the_chart_of_a_large_world_keeps_the_host_that_luck_chose(late):
    hosts, stops = explanation.hosts(late.provinces[0]), explanation.stops(late.provinces[0])
    many = pd.concat([hosts.assign(host=[f"{k} {name}" for name in hosts["host"]]) for k in range(4)])
    last = pd.concat([many, hosts[hosts["host"] == stops["host"].iloc[0]]], ignore_index=True)
    rows = appeal_chart(last, stops[stops["drawn"] == 1], "heading", "note").axes[0].get_yticklabels()
    assert len(rows) == MOST_HOSTS + 1
    assert rows[-1].get_text() == stops["host"].iloc[0]
