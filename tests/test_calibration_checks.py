"""The checks of the calibration: each can fail, and each says what it claims to say."""

import json
import re

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from scipy import stats

from calibration.blocks import RHO, WINDOWS, choice_block
from calibration.checks import CHECKS, QUICK_SIZES, Setting
from calibration.checks.negative_control import shuffled
from calibration.checks.ranks import BINS, RANKED, evenness, simulated_tours
from calibration.checks.recovery import PRIOR, summed_up
from calibration.completion import CompletedHostChoice
from calibration.fit import OTHER_FITS
from calibration.identification import DROP, correlations, counts, profile_intervals
from calibration.importance import LAST_K, curvature, most_probable, sample_by_importance
from calibration.leave_out import MODEL, compared, leave_one_out, uniform_scores
from calibration.likelihood import HostChoice, ReportedHostChoice, log_orders
from calibration.posterior import SHIPPED
from calibration.report import as_markdown
from calibration.run import take_shipped
from calibration.sampling import Block
from calibration.simulated import census, collected, simulated_years
from calibration.targets import (
    WEEKS_OF_ARTICLE,
    Tour,
    observed_table,
    read_dated_tours,
    tours_of_2023,
    tours_of_article,
)
from calibration.variants import SHIPPED as AS_SHIPPED
from calibration.variants import WaveChoice, bands, fit_variant, variants
from model.declaration import Prior
from model.parameters import CHOICE, Parameters
from results.command_line import main
from results.commands.fit import CHECK_NAMES

REPORT = SHIPPED.parent / "REPORT.md"
DEFAULTS = np.array([Parameters().of_choice()])
KNOWN = Block(
    "known",
    {"a": Prior("normal", 0.0, 1.5), "b": Prior("normal", 0.0, 1.5)},
    lambda points: stats.norm.logpdf(1.0, points[:, 0], 0.5),
)


@pytest.fixture(scope="module")
def manifest():
    return json.loads((SHIPPED / "manifest.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def few():
    """Twelve tours of 2023, among them three of the article."""
    return (*tours_of_article()[:3], *[tour for tour in tours_of_2023() if not tour.in_article][:9])


# Importance sampling


def test_importance_sampling_finds_a_posterior_known_in_closed_form():
    draws = sample_by_importance(KNOWN, seed=1, size=20_000).draws(10_000, seed=1)
    assert draws["a"].mean() == pytest.approx(0.9, abs=0.02)
    assert draws["a"].var() == pytest.approx(0.225, rel=0.05)
    assert draws["b"].var() == pytest.approx(2.25, rel=0.05)


def test_the_mode_and_the_curvature_of_a_normal_posterior_are_its_mean_and_precision():
    centre = most_probable(KNOWN)
    assert centre * 1.5 == pytest.approx([0.9, 0.0], abs=1e-3)
    assert curvature(KNOWN, centre) == pytest.approx(np.diag([2.25 / 0.225, 1.0]), abs=1e-3)


def test_weights_that_cannot_be_trusted_are_told_by_their_tail():
    """A likelihood that is flat near the mode and rises beyond: the proposal sits in the wrong place."""
    elsewhere = Block("elsewhere", {"a": Prior("normal", 0.0, 1.0)}, lambda points: 300.0 * (points[:, 0] > 4.5))
    assert sample_by_importance(elsewhere, seed=1, size=500).pareto_k > LAST_K
    assert sample_by_importance(KNOWN, seed=1, size=500).pareto_k < LAST_K


def test_two_samplers_give_the_shipped_weights(manifest):
    table = pd.read_csv(SHIPPED / "samplers.csv")
    assert set(CHOICE) <= set(table["parameter"])
    assert table["z"].abs().max(skipna=False) < 4.0
    assert manifest["checks"]["samplers"]["passed"]


# Leaving out


def test_weighting_a_fit_gives_what_fitting_without_the_tour_gives(few, world):
    scores = leave_one_out(MODEL, few, seed=1, size=4000).set_index("tour")
    choice = ReportedHostChoice(few, world)
    for place in (0, 5):
        power = np.ones(len(few))
        power[place] = 0.0
        draws = sample_by_importance(choice_block(choice, weights=power), seed=2, size=4000).draws(4000, 2)
        undated = HostChoice([Tour("", few[place].origin, few[place].hosts)], world)
        each = undated.log_probability(draws[list(CHOICE)].to_numpy())[:, 0]
        exact = np.logaddexp.reduce(each) - np.log(len(each)) - log_orders([few[place]])[0]
        assert scores.loc[few[place].name, "score"] == pytest.approx(exact, abs=0.15)


def test_uniform_choice_scores_the_same_left_out_or_not(world):
    tours = tours_of_2023()
    total = uniform_scores(tours)["score"].sum() / sum(len(tour.hosts) for tour in tours)
    assert total == pytest.approx(-3.388, abs=0.001)


def test_a_lead_is_called_one_only_beyond_two_standard_errors():
    rng = np.random.default_rng(1)
    luck = rng.normal(0.0, 1.0, 50)
    scores = pd.DataFrame({"model": luck, "same": luck + rng.normal(0.0, 0.5, 50), "worse": luck - 1.0 + 0.1 * luck})
    table = compared(scores, "model", 50)
    assert table["verdict"].to_dict() == {"model": "", "same": "cannot be told", "worse": "ahead"}
    assert table.loc["worse", "ahead_se"] == pytest.approx((1.0 - 0.1 * luck).std(ddof=1) / np.sqrt(50))


def test_leaving_a_tour_out_costs_score(manifest):
    fitted = pd.read_csv(SHIPPED / "scores.csv", index_col=0).loc["fitted", "model"]
    assert fitted - 0.3 < manifest["score_2023_left_out"] < fitted


# Ranks and recovery


def test_even_ranks_pass_and_ranks_of_a_posterior_too_narrow_do_not():
    """Errs once in a thousand seeds."""
    rng = np.random.default_rng(1)
    even = rng.integers(0, RANKED + 1, 400)
    narrow = (RANKED * stats.norm.cdf(1.5 * rng.normal(size=400))).round().astype(int)
    p = evenness(pd.DataFrame({"even": even, "narrow": narrow}))["p"]
    assert p["even"] > 0.001
    assert p["narrow"] < 1e-6
    assert (RANKED + 1) % BINS == 0


def test_data_for_ranks_are_like_those_of_2023_but_for_their_hosts(world):
    tours = tours_of_2023()
    drawn = {tour.name: tour for tour in simulated_tours(tours, DEFAULTS[0], world, np.random.default_rng(1))}
    assert len(drawn) == len(tours)
    for tour in tours:
        again = drawn[tour.name]
        assert (again.origin, again.week, again.in_article) == (tour.origin, tour.week, tour.in_article)
        assert len(set(again.hosts) - {tour.origin}) == len(tour.hosts)
    assert sum(drawn[tour.name].hosts != tour.hosts for tour in tours) > 40


def test_the_article_tells_of_tours_inside_clusters_far_more_often_than_they_are_made(world):
    def inside(rng, framed):
        tours = [Tour(str(k), world.index("Hebei"), (0,), 10, in_article=framed) for k in range(300)]
        drawn = simulated_tours(tours, np.zeros(len(CHOICE)), world, rng)
        return np.mean([world.inside[tour.origin, tour.hosts[0]] for tour in drawn])

    share = 2 / 30
    assert inside(np.random.default_rng(1), framed=False) == pytest.approx(share, abs=0.05)
    assert inside(np.random.default_rng(1), framed=True) == pytest.approx(share / (share + RHO * (1 - share)), abs=0.1)


def test_what_is_collected_of_a_year_is_whole_tours_and_few_outside_in_the_weeks_of_the_article(world):
    year = census(simulated_years([Parameters(tours_per_year=30.0)], 1, "", 1))
    (tours,) = collected(year, np.array([0.5]), np.random.default_rng(1))
    weeks = {True: set(), False: set()}
    for tour in tours:
        weeks[tour.in_article].add(tour.week)
        assert not tour.in_article or world.cluster[tour.origin] != ""
    assert weeks[True] <= set(WEEKS_OF_ARTICLE)
    inside = [all(world.inside[tour.origin, host] for host in tour.hosts) for tour in tours if tour.in_article]
    assert np.mean(inside) > 0.5
    share = len(tours) / len(np.unique(year.tour))
    assert 0.4 < share < 0.55


def test_coverage_counts_the_worlds_whose_interval_holds_the_truth():
    rows = pd.DataFrame({
        "study": PRIOR, "parameter": "a", "truth": [1.0, 2.0, 3.0, 4.0], "mean": [1.5, 2.5, 3.5, 4.5], "sd": 0.5,
        "low": 0.0, "high": 3.0,
    })
    table = summed_up(rows).set_index("parameter")
    assert table.loc["a", "coverage"] == 0.75
    assert table.loc["a", "error"] == pytest.approx(1.0)


def test_coverage_and_ranks_are_as_they_should_be(manifest):
    assert 0.85 <= manifest["coverage90"] <= 0.95
    assert manifest["recovery_worlds"] >= 100
    assert manifest["sbc_p_adjusted"] > 0.01
    assert manifest["sbc_data_sets"] >= 300


# Negative control


def test_shuffled_hosts_keep_everything_but_who_is_visited():
    tours = tours_of_2023()
    again = shuffled(tours, np.random.default_rng(1))
    assert [(tour.origin, tour.week, len(set(tour.hosts))) for tour in again] == [
        (tour.origin, tour.week, len(tour.hosts)) for tour in tours
    ]
    often = [tour for seed in range(5) for tour in shuffled(tours, np.random.default_rng(seed))]
    assert all(tour.origin not in tour.hosts for tour in often)
    assert sum(one.hosts == other.hosts for one, other in zip(tours, again, strict=True)) < 10


def test_every_wrong_model_is_rejected(manifest):
    table = pd.read_csv(SHIPPED / "negative-control.csv")
    assert len(table) == 4
    assert table["rejected"].all()
    assert manifest["negative_control_rejected"] is True


# Identification and variants


def test_the_counts_behind_the_sentences_are_those_of_the_table(world):
    table = observed_table()
    table = table[table["sample"] == "2023"]
    found = counts(tours_of_2023())
    pairs = [(world.index(o), world.index(h)) for o, h in zip(table["origin"], table["host"], strict=True)]
    assert found["visits"] == len(table)
    assert found["adjacency"] == sum(world.borders[pair] for pair in pairs)
    assert found["official_pair"] == sum(world.paired[pair] for pair in pairs)
    assert found["cluster_told"] == sum(
        world.same_cluster[pair] for pair, told in zip(pairs, table["in_article"], strict=True) if told
    )
    assert found["went_on_1"] == (table.groupby("tour").size() > 1).sum()


def test_a_profile_interval_ends_where_the_likelihood_has_fallen_far_enough():
    values = np.linspace(-3.0, 3.0, 301)
    closed = pd.DataFrame({"parameter": "closed", "value": values, "drop": 0.5 * values**2})
    opened = pd.DataFrame({"parameter": "open", "value": values, "drop": np.where(values < 0, values**2, 0.0)})
    table = profile_intervals(pd.concat([closed, opened]))
    assert table.loc["closed"].tolist() == pytest.approx([-np.sqrt(2 * DROP), np.sqrt(2 * DROP)], abs=0.01)
    assert table.loc["open", "profile_low"] == pytest.approx(-np.sqrt(DROP), abs=0.01)
    assert np.isnan(table.loc["open", "profile_high"])


def test_blocks_are_not_correlated():
    within = correlations(take_shipped(SHIPPED))
    assert within.loc["cluster", "tours_per_year"] == 0.0
    assert within.loc["tours_per_year", "reporting"] < -0.5
    assert (np.diag(within) == 1.0).all()


def test_there_is_a_variant_for_every_objection():
    found = list(variants(tours_of_2023()))
    families = [variant.family for variant in found]
    assert families[0] == AS_SHIPPED
    assert families.count("prior width") == 3
    assert families.count("power prior") == 3
    doubtful = [int(re.search(r"\((\d+) tours\)", each.name)[1]) for each in found if each.family == "doubtful tours"]
    table = observed_table()
    first = table[table["sample"] == "2023"].groupby("tour").first()
    led = first["led_by"].isin(["number one", "party secretary"]).sum()
    assert doubtful == [led, (first["led_by"] != "not stated").sum(), (first["year_inferred"] == 0).sum(),
                        (~first["evidence"].str.contains("not found")).sum()]


def test_tours_with_no_power_leave_the_fit_as_if_they_had_not_been_there(few, world):
    rest = few[:-1]
    power = np.array([1.0] * len(rest) + [0.0])
    points = np.random.default_rng(1).normal(size=(5, len(CHOICE)))
    # the last tour is the latest, so that no other sees it on record
    last = Tour("late", few[-1].origin, few[-1].hosts, week=51)
    with_it = choice_block(ReportedHostChoice([*rest, last], world), weights=power).log_likelihood(points)
    assert with_it == pytest.approx(choice_block(ReportedHostChoice(rest, world)).log_likelihood(points), abs=1e-9)


def test_the_pull_of_the_wave_acts_inside_clusters_in_the_wave_and_nowhere_else(world):
    tours = tours_of_2023()
    choice = WaveChoice(tours, world)
    base, more = np.zeros((1, 11)), np.zeros((1, 11))
    more[0, -1] = 1.0
    change = (choice.appeals(more) - choice.appeals(base))[0]
    wave = [tour.week is not None and bool(world.calendar.spring_wave[tour.week]) for tour in tours]
    assert any(wave)
    assert (change == np.array(wave)[:, None] * world.inside[choice.origins]).all()


def test_with_every_visit_on_record_there_is_nothing_to_complete(world):
    points = np.random.default_rng(1).normal(size=(5, len(CHOICE)))
    plain = ReportedHostChoice(tours_of_2023(), world).log_probability(points)
    completed = CompletedHostChoice(tours_of_2023(), world, share=1.0).log_probability(points)
    assert completed == pytest.approx(plain, abs=1e-9)


def test_a_host_that_may_have_been_visited_unseen_appeals_less_the_likelier_the_visit(world):
    """By hand for one age of one tour: the mean of odds with and without an unseen visit."""
    tours = [Tour("early", 5, (6,), week=8), Tour("late", world.index("Guizhou"), (0,), week=10)]
    choice = CompletedHostChoice(tours, world, share=0.5)
    shift = (choice.appeals(DEFAULTS) - ReportedHostChoice(tours, world).appeals(DEFAULTS))[0, 1]
    guangdong, gansu = world.index("Guangdong"), world.index("Gansu")
    assert shift[guangdong] < shift[gansu] < 0.0
    chance = choice._choice_afresh(DEFAULTS)[0, tours[1].origin, guangdong]
    unseen = 1.0 - np.exp(-chance / 31)
    odds = 1.0 - unseen + unseen * np.exp(-Parameters().repetition * 0.5 ** (1.5 / 26))
    assert shift[guangdong] == pytest.approx(np.log(odds), abs=1e-9)
    indifferent = DEFAULTS * (np.array(CHOICE) != "repetition")
    assert choice.appeals(indifferent) == pytest.approx(ReportedHostChoice(tours, world).appeals(indifferent))


def test_the_agnostic_band_is_wider_than_the_informed_and_holds_every_fit_to_all_tours():
    chosen = [each for each in variants(tours_of_2023()) if each.family in (AS_SHIPPED, "all tours")]
    table = pd.concat([fit_variant(each, tours_of_2023(), 1, 500) for each in chosen])
    band = bands(table).loc["cluster"]
    assert band["low_agnostic"] < band["low_informed"] < band["high_informed"] < band["high_agnostic"]
    cluster = table[table["parameter"] == "cluster"]
    assert band["low_agnostic"] == cluster["low"].min()
    assert band["high_agnostic"] == cluster["high"].max()
    assert cluster.set_index("variant")["mean"]["rho 1"] > cluster.set_index("variant")["mean"]["rho 1e-06"] + 1.0


# What is shipped


def test_every_check_has_a_name_a_table_a_figure_and_a_verdict(manifest):
    assert tuple(CHECKS) == CHECK_NAMES == tuple(manifest["checks"])
    for name in CHECKS:
        assert (SHIPPED / f"{name}.csv").exists()
        assert (SHIPPED.parent / "figures" / f"{name}.png").exists()
        assert set(manifest["checks"][name]) == {"question", "passed", "found"}


def test_the_report_is_written_from_the_tables_and_by_nobody():
    assert REPORT.read_text(encoding="utf-8") == as_markdown(SHIPPED)


def test_every_figure_of_the_report_is_there():
    named = re.findall(r"\]\((\S+\.png)\)", REPORT.read_text(encoding="utf-8"))
    assert len(named) >= len(CHECKS)
    assert [name for name in named if not (REPORT.parent / name).exists()] == []


def test_the_shipped_posterior_opens_in_arviz_with_its_groups():
    arviz = pytest.importorskip("arviz")
    data = arviz.from_netcdf(SHIPPED / "posterior.nc")
    assert {"posterior", "prior", "log_likelihood", "observed_data"} <= set(data.groups())
    assert set(CHOICE) <= set(data.posterior.data_vars)
    assert data.log_likelihood["hosts"].sizes["tour"] == len(tours_of_2023())
    assert data.observed_data["tours_in_window"].to_numpy().sum() == 57
    assert data.observed_data.sizes["window"] == len(WINDOWS)


def test_every_other_fit_is_shipped():
    assert all((SHIPPED / f"{name}.parquet").exists() for name in OTHER_FITS)


def test_a_check_of_a_bad_posterior_fails():
    """Draws in the wrong place do not agree with the second sampler."""
    shipped = take_shipped(SHIPPED)
    bad = type(shipped)(shipped.tours, shipped.draws.assign(cluster=-3.0), shipped.others, shipped.seed)
    facts = json.loads((SHIPPED / "manifest.json").read_text(encoding="utf-8"))
    assert not CHECKS["samplers"](Setting(bad, facts, QUICK_SIZES, 1, 1)).passed
    wrong = {name: -2.0 if name in ("cluster", "official_pair", "counterpart_aid") else 0.0 for name in CHOICE}
    missing = type(shipped)(shipped.tours, shipped.draws.assign(**wrong), shipped.others, shipped.seed)
    assert not CHECKS["posterior-predictive"](Setting(missing, facts, QUICK_SIZES, 1, 1)).passed




# Anyone's visits


def own_table(tmp_path, **changes):
    table = observed_table()
    table = table[table["sample"] == "2023"].head(30).astype({"in_article": object}).reset_index(drop=True)
    for column, value in changes.items():
        table.loc[3, column] = value
    table.to_csv(tmp_path / "visits.csv", index=False)
    return tmp_path / "visits.csv"


def test_a_table_for_a_fit_keeps_dates_leaders_and_the_article(tmp_path, world):
    known = {tour.name: tour for tour in tours_of_2023()}
    read = read_dated_tours(own_table(tmp_path), world)
    assert len(read) > 15
    assert all(tour == known[tour.name] for tour in read[:-1])  # the thirtieth row may cut the last tour short


@pytest.mark.parametrize(
    ("column", "value", "told"),
    [
        ("start", "2023-13-45", "Row 5: cannot read '2023-13-45' in start; write it as 2023"),
        ("start", "spring", "Row 5: cannot read 'spring' in start"),
        ("in_article", 7, "Row 5: cannot read 7 in in_article; write 1 for yes and 0 for no"),
        ("host", "Hunnan", "Row 5: 'Hunnan' in host is no province: did you mean 'Hunan'"),
    ],
)
def test_a_table_that_cannot_be_fitted_is_refused_by_its_row(tmp_path, column, value, told):
    table = own_table(tmp_path, **{column: value})
    answer = CliRunner().invoke(main, ["calibrate", "--visits", str(table), "--quick", "--out", str(tmp_path / "fit")])
    assert answer.exit_code == 2
    assert told in answer.output
    assert answer.output.count("\n") == 1


def test_a_check_that_is_not_there_is_refused():
    answer = CliRunner().invoke(main, ["calibrate", "--check", "wishes"])
    assert answer.exit_code == 2
    assert "recovery" in answer.output


def test_a_check_of_the_shipped_posterior_leaves_its_table_figure_and_verdict(tmp_path):
    answer = CliRunner().invoke(
        main, ["calibrate", "--check", "posterior-predictive", "--quick", "--out", str(tmp_path)]
    )
    assert answer.exit_code == 0, answer.output
    assert answer.output.startswith("posterior-predictive: FAILED.")
    assert (tmp_path / "figures" / "posterior-predictive.png").stat().st_size > 10_000
    kept = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    assert list(kept["checks"]) == ["posterior-predictive"]


@pytest.mark.slow
def test_anyones_visits_are_fitted_checked_and_reported_even_undated_and_without_an_article(tmp_path):
    table = observed_table()
    table = table[table["sample"] == "2023"].loc[:, ["tour", "stop", "origin", "host"]]
    table.to_csv(tmp_path / "visits.csv", index=False)
    answer = CliRunner().invoke(
        main, ["calibrate", "--visits", str(tmp_path / "visits.csv"), "--quick", "--out", str(tmp_path / "fit")]
    )
    assert answer.exit_code == 0, answer.output
    report = (tmp_path / "fit" / "REPORT.md").read_text(encoding="utf-8")
    assert report.startswith("# How far the calibration can be believed")
    table = pd.read_csv(tmp_path / "fit" / "identification.csv", index_col="parameter")
    assert table.loc[["reporting", "tours_per_year", "spring_wave"], "contraction"].abs().max() < 0.2
