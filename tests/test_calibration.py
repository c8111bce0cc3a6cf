"""The fit: its priors, what is shipped, how well it scores, and what it refuses to read."""

import hashlib
import json
import math
import re
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import optimize, stats

from calibration.blocks import (
    DEPARTING,
    RHO,
    RIVALS,
    WINDOWS,
    choice_block,
    draw_onward,
    expected_tours,
    stops_of,
    tours_by_window,
)
from calibration.fit import prior_table
from calibration.likelihood import HostChoice, ReportedHostChoice
from calibration.posterior import code_hash, parameters_of, posterior_draws, prior_draws, shipped_draws
from calibration.predictive import retell
from calibration.priors import from_standard_normal
from calibration.sampling import Block, sample
from calibration.score import score, score_file
from calibration.simulated import as_article, as_press, census
from calibration.targets import (
    WEEKS_OF_ARTICLE,
    Tour,
    observed_table,
    published,
    read_tours,
    tours_of_2012_2016,
    tours_of_2023,
    tours_of_article,
)
from model.agents import simulate
from model.declaration import InputError, Prior
from model.parameters import CHOICE, DECLARATIONS, Parameters
from model.run import Run

ROOT = Path(__file__).parents[1]
SHIPPED = ROOT / "calibration" / "posterior"
UNCERTAIN = {name: item for name, item in DECLARATIONS.items() if item.prior is not None}
IDENTIFIED = [name for name, item in DECLARATIONS.items() if item.status == "identified"]
SAMPLES = {"2023": tours_of_2023, "article": tours_of_article, "2012-2016": tours_of_2012_2016}


@pytest.fixture(scope="module")
def manifest():
    return json.loads((SHIPPED / "manifest.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def scores(world):
    return {name: score(tours(), world) for name, tours in SAMPLES.items()}


# Priors


@pytest.mark.parametrize(
    ("prior", "same"),
    [
        (Prior("normal", 0.0, 1.5), stats.norm(0.0, 1.5)),
        (Prior("uniform", 0.2, 0.8), stats.uniform(0.2, 0.6)),
        (Prior("beta", 3.0, 2.0), stats.beta(3.0, 2.0)),
        (Prior("lognormal", 3.0, 0.7), stats.lognorm(0.7, scale=3.0)),
    ],
    ids=str,
)
def test_a_prior_is_the_distribution_of_its_name(prior, same):
    quantiles = np.linspace(0.001, 0.999, 99)
    values = from_standard_normal(prior, stats.norm.ppf(quantiles))
    assert np.allclose(values, same.ppf(quantiles), rtol=1e-9, atol=1e-12)


def test_a_logitnormal_prior_is_normal_in_the_log_odds():
    values = from_standard_normal(Prior("logitnormal", 0.7, 1.5), np.array([-1.0, 0.0, 2.0]))
    assert np.allclose(np.log(values / (1 - values)), math.log(0.7 / 0.3) + 1.5 * np.array([-1.0, 0.0, 2.0]))


@pytest.mark.parametrize("name", UNCERTAIN)
def test_all_that_a_prior_can_give_lies_within_the_bounds(name):
    item = UNCERTAIN[name]
    extremes = from_standard_normal(item.prior, np.array([-5.0, 5.0]))
    assert item.low <= extremes.min() < extremes.max() <= item.high


def test_prior_draws_can_be_simulated_and_come_again_with_their_seed():
    assert prior_draws(5) == prior_draws(5)
    assert prior_table(5, seed=3).equals(prior_table(5, seed=3))
    assert not prior_table(5, seed=3).equals(prior_table(5, seed=4))


def test_a_parameter_without_a_prior_is_held_at_its_default():
    held = [name for name in DECLARATIONS if name not in UNCERTAIN]
    assert all(
        getattr(draw, name) == DECLARATIONS[name].default
        for draw in [*posterior_draws(20), *prior_draws(20)] for name in held
    )


# What is shipped


def test_the_shipped_fit_is_of_the_data_that_are_here(manifest):
    here = [*(ROOT / "model" / "data").glob("*.csv"), *(ROOT / "calibration" / "data").glob("*.csv")]
    assert manifest["data"] == {
        path.relative_to(ROOT).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in here
    }


def test_the_shipped_fit_is_of_the_rules_and_priors_that_are_here(manifest):
    assert manifest["code"] == code_hash(), "run: policy-learning calibrate"
    assert manifest["priors"] == {name: str(item.prior) for name, item in UNCERTAIN.items()}
    assert manifest["assumed"]["rho"] == RHO


def test_the_chains_agree_and_are_long_enough(manifest):
    assert manifest["rhat_max"] < 1.01
    assert manifest["ess_bulk_min"] > 1000
    assert manifest["ess_tail_min"] > 1000


def test_the_manifest_sums_up_its_own_diagnostics(manifest):
    each = [values for block in manifest["diagnostics"].values() for values in block.values()]
    assert manifest["rhat_max"] == max(values["rhat"] for values in each)
    assert manifest["ess_bulk_min"] == min(values["ess_bulk"] for values in each)
    assert manifest["ess_tail_min"] == min(values["ess_tail"] for values in each)


def test_there_are_a_thousand_draws_of_every_uncertain_parameter(manifest):
    draws = shipped_draws()
    assert len(draws) == manifest["draws"] == 1000
    assert set(UNCERTAIN) <= set(draws.columns)
    assert not draws.isna().any().any()


@pytest.mark.parametrize("name", UNCERTAIN)
def test_every_draw_lies_within_its_bounds(name):
    item = UNCERTAIN[name]
    assert shipped_draws()[name].between(item.low, item.high).all()


def test_every_draw_can_be_simulated():
    draws = parameters_of(shipped_draws())
    assert len(draws) == 1000
    assert draws[7].cluster == shipped_draws()["cluster"][7]


@pytest.mark.parametrize("name", IDENTIFIED)
def test_the_default_of_an_identified_parameter_lies_within_90_percent_of_its_draws(name):
    low, high = shipped_draws()[name].quantile([0.05, 0.95])
    assert low <= DECLARATIONS[name].default <= high


@pytest.mark.parametrize("name", sorted(set(IDENTIFIED) - {"autumn_wave", "tours_per_year", "spring_wave"}))
def test_data_move_what_is_called_identified(name):
    """The posterior variance is less than 0.4 of the prior's."""
    assert shipped_draws()[name].var() < 0.4 * prior_table(5000, 0)[name].var()


def test_what_no_data_inform_keeps_its_prior():
    """Errs once in a thousand seeds for each of the parameters."""
    for name in ("learning", "absorption", "mutual", "fading", "visit_bond", "agreement", "plan_on_pairs", "evenness"):
        prior = UNCERTAIN[name].prior
        even = stats.uniform(prior.first, prior.second - prior.first)
        assert stats.kstest(shipped_draws()[name], even.cdf).pvalue > 0.001, name


def test_the_draws_of_one_block_do_not_follow_those_of_another():
    """Blocks are sampled apart; a common order would tie them together."""
    draws = shipped_draws()
    for one, other in (("cluster", "tours_per_year"), ("proximity", "economic_theme"), ("spring_wave", "theme_pull")):
        assert abs(stats.spearmanr(draws[one], draws[other]).statistic) < 0.12


def test_asking_for_more_draws_than_there_are_is_refused():
    with pytest.raises(InputError, match="holds 1000 draws, not 1001; ask for fewer"):
        posterior_draws(1001)


# Scores


def test_the_scores_reach_what_the_first_fit_reached(scores):
    assert scores["2023"]["model"] >= -2.88
    assert scores["article"]["model"] >= -2.20
    assert scores["article"]["plain"] >= -1.80
    assert scores["2012-2016"]["model"] >= -2.78


def test_uniform_choice_scores_what_arithmetic_says(scores, world):
    assert scores["2023"]["uniform"] == pytest.approx(-3.39, abs=0.005)
    tours = tours_of_2023()
    expected = -sum(math.log(30 - place) for tour in tours for place in range(len(tour.hosts))) / 80
    assert scores["2023"]["uniform"] == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(("sample_name", "expected"), [("2023", -3.25), ("article", -2.48), ("2012-2016", -3.07)])
def test_gravity_scores_what_it_did_in_the_first_fit(scores, sample_name, expected):
    assert scores[sample_name]["gravity"] == pytest.approx(expected, abs=0.05)


@pytest.mark.parametrize("sample_name", ["2023", "2012-2016"])
@pytest.mark.parametrize("rival", ["uniform", *RIVALS])
def test_the_model_is_well_ahead_of_every_rival_on_2023_and_on_years_never_fitted(scores, sample_name, rival):
    assert scores[sample_name]["model"] > scores[sample_name][rival] + 0.2


def test_on_the_article_the_model_is_ahead_of_its_rivals_but_the_uncorrected_fit_is_ahead_of_the_model(scores):
    article = scores["article"]
    order = ("plain", "model", "clusters", "gravity", "nearest", "uniform")
    assert [*order] == sorted(order, key=article.get, reverse=True)


def test_scoring_a_file_is_scoring_the_tours_in_it(scores, tmp_path):
    table = observed_table()
    for name in ("2023", "2012-2016"):
        path = tmp_path / f"{name}.csv"
        table[table["sample"] == name].to_csv(path, index=False)
        assert score_file(path) == pytest.approx(scores[name], abs=1e-12)
    path = tmp_path / "article.csv"
    table[table["in_article"] == 1].to_csv(path, index=False)
    assert score_file(path) == pytest.approx(scores["article"], abs=1e-12)


def test_the_shipped_table_of_scores_is_what_scoring_gives(scores):
    table = pd.read_csv(SHIPPED / "scores.csv", index_col=0)
    for label, name in zip(table.index, SAMPLES, strict=True):
        assert table.loc[label].to_dict() == pytest.approx(scores[name], abs=1e-4)


def test_a_score_does_not_depend_on_the_order_of_rows(tmp_path):
    table = observed_table()
    shuffled = table[table["sample"] == "2023"].sample(frac=1.0, random_state=1)
    for name, rows in (("as it is", table[table["sample"] == "2023"]), ("shuffled", shuffled)):
        rows.to_csv(tmp_path / f"{name}.csv", index=False)
    one, other = (score_file(tmp_path / f"{name}.csv") for name in ("as it is", "shuffled"))
    assert one == pytest.approx(other, abs=1e-9)


# Reading tours


GOOD = "tour,stop,origin,host\na,1,Guangxi,Guangdong\na,2,Guangxi,Hainan\n"


def written(tmp_path, text):
    path = tmp_path / "visits.csv"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ("b,1,Gaungxi,Hunan", r"Row 4: 'Gaungxi' in origin is no province: did you mean 'Guangxi'\?"),
        ("b,1,Guangxi,Hunnan", r"Row 4: 'Hunnan' in host is no province: did you mean 'Hunan'\?"),
        ("b,1,Hunan,Hunan", "Row 4: Hunan visits itself"),
        ("b,1,Hunan,", "Row 4: tour b has an empty host"),
        (",1,Hunan,Hubei", "Row 4 has no tour"),
        ("a,3,Guangxi,Hainan", "Row 4: tour a visits Hainan twice"),
        ("a,3,Hunan,Fujian", "Row 4: tour a sets out from Guangxi and from Hunan"),
        ("b,1,,Fujian", "Row 4: nan in origin is no province"),
        (
            "\n".join(
                f"b,{place},Hunan,{host}"
                for place, host in enumerate(
                    ["Beijing", "Tianjin", "Hebei", "Shanxi", "Fujian", "Gansu", "Henan", "Hubei", "Jilin"], start=1
                )
            ),
            "Row 12: tour b has 9 stops; at most 8 can be scored",
        ),
    ],
)
def test_a_row_that_cannot_be_a_visit_is_refused_by_its_number(tmp_path, world, rows, told):
    with pytest.raises(InputError, match=told):
        read_tours(written(tmp_path, GOOD + rows + "\n"), world)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "Cannot read .*visits.csv as a CSV table"),
        ("tour,stop,origin,host\n", "holds no visits"),
        ("tour,stop,origin\na,1,Hunan\n", "lacks the column host"),
        ("host\nHunan\n", "lacks the column tour, stop, origin"),
        ('tour,stop,origin,host\n"a,1\n', "Cannot read .*visits.csv as a CSV table"),
    ],
    ids=["empty", "header only", "one missing", "three missing", "open quote"],
)
def test_a_file_that_holds_no_visits_is_refused(tmp_path, world, text, told):
    with pytest.raises(InputError, match=told):
        read_tours(written(tmp_path, text), world)


def test_a_file_that_is_not_there_or_not_text_is_refused(tmp_path, world):
    (tmp_path / "binary.csv").write_bytes(bytes(range(256)) * 4)
    for name in ("nowhere.csv", "binary.csv", "."):
        with pytest.raises(InputError, match=f"Cannot read .*{re.escape(name)}|lacks the column"):
            read_tours(tmp_path / name, world)


def test_other_columns_are_ignored(tmp_path, world):
    text = "remark,host,origin,stop,tour,start,in_article\nnice,Guangdong,Guangxi,1,a,not a date,9\n"
    origin, host = world.index("Guangxi"), world.index("Guangdong")
    assert read_tours(written(tmp_path, text), world) == [Tour("a", origin, (host,))]


def test_the_stops_of_a_tour_need_not_stand_together(tmp_path, world):
    read = read_tours(written(tmp_path, GOOD + "b,1,Hunan,Hubei\na,3,Guangxi,Fujian\n"), world)
    assert [(tour.name, len(tour.hosts)) for tour in read] == [("a", 3), ("b", 1)]


def test_the_article_is_six_tours_and_thirteen_visits_inside_clusters(world):
    tours = tours_of_article()
    assert len(tours) == 6
    assert sum(len(tour.hosts) for tour in tours) == 13
    assert all(world.inside[tour.origin, host] for tour in tours for host in tour.hosts)
    assert {tour.week for tour in tours} <= set(WEEKS_OF_ARTICLE)


def test_the_published_share_of_economic_themes_is_the_articles():
    assert published("economic_theme") == 0.715


# Blocks


@pytest.mark.parametrize("number", [1, 2, 3])
def test_the_chance_of_going_on_is_the_beta_posterior_of_the_tours(number):
    """Counted from the table itself; errs once in a thousand seeds."""
    table = observed_table()
    stops = table[table["sample"] == "2023"].groupby("tour").size()
    posterior = stats.beta(1 + (stops > number).sum(), 1 + (stops == number).sum())
    name = ["onward_first", "onward_second", "onward_third"][number - 1]
    draws = draw_onward(stops_of(tours_of_2023()), size=4000, seed=1)
    assert stats.kstest(draws[name], posterior.cdf).pvalue > 0.001
    assert stats.kstest(shipped_draws()[name], posterior.cdf).pvalue > 0.001


def test_the_windows_of_departure_share_out_the_year():
    assert sorted(week for weeks in WINDOWS.values() for week in weeks) == list(range(52))


def test_every_dated_tour_is_counted_in_one_window():
    weeks = [tour.week for tour in tours_of_2023() if tour.week is not None]
    assert tours_by_window(weeks).sum() == len(weeks) == 57


def test_expected_departures_are_what_the_model_makes(world):
    """Ten busy years against the expectation, with nobody away for long; errs once in a thousand seeds."""
    parameters = Parameters(tours_per_year=6.0, onward_first=0.0, learning=0.0, enterprise_channel=0.0)
    weeks = np.concatenate([simulate(Run(parameters, 1, replicate)).week for replicate in range(10)])
    seen = np.array([np.isin(weeks, list(window)).sum() for window in WINDOWS.values()])
    point = np.array([[getattr(parameters, name) for name in DEPARTING]])
    expected = 10 * expected_tours(world, point)[0]
    assert stats.chi2.sf(((seen - expected) ** 2 / expected).sum(), len(expected)) > 0.001


# Sampling


KNOWN = Block(
    "known",
    {"a": Prior("normal", 0.0, 1.5), "b": Prior("normal", 0.0, 1.5)},
    lambda points: stats.norm.logpdf(1.0, points[:, 0], 0.5),
)


def test_the_sampler_finds_a_posterior_known_in_closed_form():
    """A normal prior and one normal observation: mean 0.9 and variance 0.225."""
    chains = sample(KNOWN, steps=2000, walkers=20, seed=1)
    draws = chains.draws(2000)
    assert draws["a"].mean() == pytest.approx(0.9, abs=0.05)
    assert draws["a"].var() == pytest.approx(0.225, rel=0.2)
    assert draws["b"].mean() == pytest.approx(0.0, abs=0.2)
    assert draws["b"].var() == pytest.approx(2.25, rel=0.2)
    assert max(values["rhat"] for values in chains.diagnostics().values()) < 1.05


def test_the_sampler_is_as_wide_as_its_target_in_ten_dimensions():
    """A move with a wrong acceptance ratio narrows every margin while R-hat stays near 1."""
    priors = {name: Prior("normal", 0.0, 1.0) for name in CHOICE}
    flat = Block("wide", priors, lambda points: np.zeros(len(points)))
    chains = sample(flat, steps=4000, walkers=32, seed=1)
    assert chains.draws(32 * 2000).std().mean() == pytest.approx(1.0, abs=0.02)


def test_the_sampler_gives_the_same_draws_for_the_same_seed():
    def fitted(seed):
        block = Block("", {"a": Prior("uniform", 0.0, 1.0)}, lambda points: np.log(points[:, 0]))
        return sample(block, steps=20, walkers=8, seed=seed).draws(80)["a"]

    assert (fitted(1) == fitted(1)).all()
    assert (fitted(1) != fitted(2)).any()


def test_without_the_extra_the_remedy_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "emcee", None)
    with pytest.raises(InputError, match=r"pip install .*\[calibrate\]'"):
        sample(KNOWN, steps=2, walkers=4, seed=1)


# Recovery

PLANTED = Parameters(
    tours_per_year=12.0, proximity=0.5, adjacency=1.0, cluster=1.5, hinterland=1.0, official_pair=1.5,
    counterpart_aid=1.0, capability_gap=0.6, host_size=0.3, reciprocity=1.0, repetition=1.0, learning=0.0,
    enterprise_channel=0.0,
)


def simulated_tours(replicate):
    """A year of the model under the planted weights, as an event list."""
    history = simulate(Run(PLANTED, seed=1, replicate=replicate))
    hosts: dict[tuple[int, int], list[int]] = {}
    for week, origin, host in zip(history.week.tolist(), history.origin.tolist(), history.host.tolist(), strict=True):
        hosts.setdefault((week, origin), []).append(host)
    return [Tour(f"{origin}-{week}", origin, tuple(stops), week) for (week, origin), stops in hosts.items()]


def curvature(function, at, step=1e-3):
    """Second derivatives by central differences."""
    def slope(point):
        return optimize.approx_fprime(point, function, step)

    moves = np.eye(len(at)) * step
    rows = np.array([(slope(at + move) - slope(at - move)) / (2 * step) for move in moves])
    return (rows + rows.T) / 2


def test_planted_weights_are_found_again_in_the_models_own_visits(world):
    """By the largest posterior density of one simulated year; within 3 standard deviations each."""
    choice = HostChoice(simulated_tours(0), world, PLANTED)

    def loss(weights):
        return 0.5 * np.square(weights / 1.5).sum() - choice.log_probability(weights[None]).sum()

    best = optimize.minimize(loss, np.zeros(len(CHOICE)), method="BFGS", options={"gtol": 1e-2})
    sd = np.sqrt(np.diag(np.linalg.inv(curvature(loss, best.x))))
    z = (best.x - np.array(PLANTED.of_choice())) / sd
    assert (sd < 0.5).all()
    assert np.abs(z).max() < 3.0, dict(zip(CHOICE, z.round(1).tolist(), strict=True))


@pytest.mark.slow
def test_the_posterior_covers_planted_weights_as_often_as_it_says(world):
    """Eight simulated years, ten weights each: 90% intervals hold 90% of them, give or take."""
    covered = []
    for replicate in range(8):
        choice = ReportedHostChoice(simulated_tours(replicate)[:150], world, PLANTED)
        draws = sample(choice_block(choice, rho=1.0), steps=1200, walkers=32, seed=replicate).draws(2000)
        low, high = draws.quantile(0.05), draws.quantile(0.95)
        covered += [low[name] <= getattr(PLANTED, name) <= high[name] for name in CHOICE]
    assert 0.78 <= np.mean(covered) <= 0.99


# The predictive check


def year_of(seed):
    run = Run(Parameters(tours_per_year=20.0, onward_first=0.6), seed=seed, replicate=0, weeks=14)
    return census(simulate(run).alone)


def tours_seen(log):
    return set(zip(log.week.tolist(), log.origin.tolist(), strict=True))


def tours_seen_where(log, flags):
    return set(zip(log.week[flags].tolist(), log.origin[flags].tolist(), strict=True))


def test_the_article_would_have_reported_every_tour_inside_a_cluster_in_its_weeks_and_few_others(world):
    """Few: errs once in a thousand seeds."""
    log, rng = year_of(1), np.random.default_rng(1)
    outside = tours_seen_where(log, ~world.inside[log.origin, log.host])
    in_time = tours_seen_where(log, np.isin(log.week, WEEKS_OF_ARTICLE))
    seen = [tours_seen(as_article(log, rng)) for _ in range(200)]
    assert all(in_time - outside <= each <= in_time for each in seen)
    others = len(in_time & outside)
    reported = sum(len(each & outside) for each in seen)
    assert others > 10
    assert stats.binomtest(reported, 200 * others, RHO).pvalue > 0.001


def test_the_press_sees_whole_tours(world):
    everything = year_of(1)
    seen = as_press(everything, np.array([0.3]), np.random.default_rng(1))
    stops = Counter(zip(everything.week.tolist(), everything.origin.tolist(), strict=True))
    assert len(seen.host) == sum(stops[tour] for tour in tours_seen(seen))
    assert 0.15 < len(tours_seen(seen)) / len(stops) < 0.45


def test_the_press_sees_everything_when_all_is_reported():
    year = year_of(1)
    assert len(as_press(year, np.array([1.0]), np.random.default_rng(1)).host) == len(year.host)


def test_the_article_retold_keeps_its_origins_and_the_lengths_of_its_tours():
    tours = tours_of_article()
    log = retell(tours, tours_of_2023(), shipped_draws().head(3), np.random.default_rng(1))
    assert log.replicates == 3
    assert log.origin.tolist() == 3 * [tour.origin for tour in tours for _ in tour.hosts]
    assert (log.host != log.origin).all()
