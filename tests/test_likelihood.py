"""The likelihood of host choice is exact, and is the likelihood of what the agents do."""

import math
from collections import Counter
from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.optimize import linprog

from calibration.likelihood import HostChoice, ReportedHostChoice, covariates_of_tours, log_orders
from calibration.targets import Tour, tours_of_2012_2016, tours_of_2023, tours_of_article
from model.agents import PolicyLearning
from model.chance import Luck
from model.parameters import CHOICE, MOST_STOPS, Parameters
from model.world import china

ALL_OF_2023 = HostChoice(tours_of_2023(), china())
DEFAULTS = np.array([Parameters().of_choice()])
OWED, RECENT = CHOICE.index("reciprocity"), CHOICE.index("repetition")
TOURS = (
    Tour("a", origin=0, hosts=(1,), week=4),
    Tour("b", origin=1, hosts=(2, 0), week=4),
    Tour("c", origin=2, hosts=(0, 1), week=9),
    Tour("d", origin=1, hosts=(0,), week=12),
    Tour("e", origin=0, hosts=(2, 1)),
)


def random_weights(points, scale=1.5):
    return np.random.default_rng(1).normal(0.0, scale, (points, len(CHOICE)))


def sets_of(origin, size, provinces, **facts):
    """One tour for every set of hosts of this size."""
    others = [place for place in range(provinces) if place != origin]
    return [Tour(str(hosts), origin, hosts, **facts) for hosts in combinations(others, size)]


# By hand: the model's equations once more, in plain Python


def appeal_by_hand(world, weights, origin, host, week, earlier):
    """One host's appeal; ``earlier`` holds (week, origin, host) of visits on record."""
    agenda = [math.exp(0.7), *[1.0] * 7]
    ahead = [max(0.0, world.capability[host, k] - world.capability[origin, k]) for k in range(8)]
    came = [then for then, o, h in earlier if (o, h) == (host, origin) and then < week]
    went = [then for then, o, h in earlier if (o, h) == (origin, host) and then < week]
    unanswered = bool(came) and (not went or max(came) > max(went))
    alike = world.cluster[origin] == world.cluster[host] != ""
    seen = [
        math.log2(500 / world.km[origin, host]),
        world.borders[origin, host],
        alike and world.core[origin] and world.core[host],
        alike and world.core[origin] != world.core[host],
        world.paired[origin, host],
        world.aided[origin, host],
        4 * sum(share * lead for share, lead in zip(agenda, ahead, strict=True)) / sum(agenda),
        math.log2(world.gdp[host] / np.median(world.gdp)),
        0.5 ** ((week - max(came)) / 26) if unanswered else 0.0,
        -(0.5 ** ((week - max(went)) / 26)) if went else 0.0,
    ]
    return sum(weight * float(each) for weight, each in zip(weights, seen, strict=True))


def probability_by_hand(world, weights, tour, earlier):
    """Probability of a tour's hosts, added up over every order in which they could have been drawn."""
    week = tour.week or 0
    worth = {
        host: math.exp(appeal_by_hand(world, weights, tour.origin, host, week, earlier))
        for host in range(world.provinces) if host != tour.origin
    }
    return sum(in_this_order(order, worth) for order in permutations(tour.hosts))


def in_this_order(order, worth):
    probability, left = 1.0, dict(worth)
    for host in order:
        probability *= left[host] / sum(left.values())
        del left[host]
    return probability


def on_record(tour, tours):
    if tour.week is None:
        return []
    return [(each.week, each.origin, host) for each in tours if each.week is not None for host in each.hosts]


@pytest.mark.parametrize("point", range(20))
def test_the_probability_of_a_tour_is_what_counting_all_orders_by_hand_gives(three, point):
    parameters = Parameters(innovation_agenda=0.7, memory=26.0)
    weights = random_weights(20)[point]
    by_hand = [math.log(probability_by_hand(three, weights, tour, on_record(tour, TOURS))) for tour in TOURS]
    computed = HostChoice(TOURS, three, parameters).log_probability(weights[None])[0]
    assert np.allclose(computed, by_hand, rtol=0, atol=1e-12)


@pytest.mark.parametrize("tour", [Tour("g", 23, (18, 19)), Tour("s", 8, (9, 10, 11))], ids=["Guizhou", "Shanghai"])
def test_so_it_is_among_31_provinces(world, tour):
    parameters = Parameters(innovation_agenda=0.7)
    by_hand = math.log(probability_by_hand(world, DEFAULTS[0], tour, []))
    assert HostChoice([tour], world, parameters).log_probability(DEFAULTS)[0, 0] == pytest.approx(by_hand, abs=1e-12)


@pytest.mark.parametrize("size", [1, 2, 3])
def test_the_probabilities_of_all_sets_of_hosts_of_one_size_sum_to_one(world, size):
    choice = HostChoice(sets_of(8, size, world.provinces), world)
    assert np.exp(choice.log_probability(DEFAULTS)).sum() == pytest.approx(1.0, abs=1e-9)


def test_the_order_in_which_stops_are_written_down_changes_nothing(world):
    written = [Tour("", 8, hosts) for hosts in permutations((9, 10, 14))]
    values = HostChoice(written, world).log_probability(DEFAULTS)[0]
    assert np.allclose(values, values[0], rtol=0, atol=1e-12)


@pytest.mark.parametrize("stops", [1, 2, 3, 4])
def test_uniform_choice_gives_every_set_the_same_probability(world, stops):
    choice = HostChoice([Tour("", 0, tuple(range(1, stops + 1)))], world)
    nothing = np.zeros((1, len(CHOICE)))
    assert choice.log_probability(nothing)[0, 0] == pytest.approx(-math.log(math.comb(30, stops)))


def test_taking_off_the_orders_leaves_the_score_of_drawing_each_stop(world):
    tours = [Tour("", 0, (1, 2, 3))]
    nothing = HostChoice(tours, world).log_probability(np.zeros((1, len(CHOICE))))[0]
    assert nothing - log_orders(tours) == pytest.approx(-math.log(30 * 29 * 28))


@given(st.floats(-50.0, 50.0))
def test_an_appeal_that_all_hosts_share_changes_nothing(shift):
    choice = HostChoice(tours_of_article(), china())
    appeals = choice.appeals(DEFAULTS)
    assert np.allclose(
        choice.orders.log_probability(appeals + shift), choice.orders.log_probability(appeals), rtol=0, atol=1e-10
    )


@given(st.lists(st.sampled_from([-8.0, 8.0]), min_size=10, max_size=10))
def test_near_separation_no_tour_is_ever_more_than_certain(weights):
    values = ALL_OF_2023.log_probability(np.array([weights]))
    assert np.isfinite(values).all()
    assert (values <= 1e-12).all()


def test_many_points_at_once_give_what_each_gives_alone(world):
    weights = random_weights(5)
    alone = np.concatenate([ALL_OF_2023.log_probability(weight[None]) for weight in weights])
    assert np.allclose(ALL_OF_2023.log_probability(weights), alone, rtol=0, atol=1e-12)


# What a delegation has on record


def test_a_tour_sees_the_visits_of_earlier_weeks_and_no_others(three):
    seen = covariates_of_tours(TOURS, three, Parameters(memory=26.0))
    owed, recent = seen[OWED], seen[RECENT]
    assert not owed[:2].any()  # the first week of all: the two tours do not see each other
    assert not recent[:2].any()
    assert owed[2].tolist() == pytest.approx([0.0, 0.5 ** (5 / 26), 0.0])  # b visited c's origin five weeks before
    assert not recent[2].any()
    assert owed[3].tolist() == pytest.approx([0.0, 0.0, 0.5 ** (3 / 26)])  # answered already towards a
    assert recent[3].tolist() == pytest.approx([0.5 ** (8 / 26), 0.0, 0.5 ** (8 / 26)])


def test_a_tour_without_a_date_sees_nobody_and_is_seen_by_nobody(three):
    with_it, without = (covariates_of_tours(tours, three, Parameters()) for tours in (TOURS, TOURS[:-1]))
    assert not with_it[[OWED, RECENT], -1].any()
    assert (with_it[:, :-1] == without).all()


def test_the_list_need_not_be_in_the_order_of_time(three):
    forwards = covariates_of_tours(TOURS, three, Parameters())
    backwards = covariates_of_tours(TOURS[::-1], three, Parameters())
    assert (forwards == backwards[:, ::-1]).all()


def test_the_agents_see_what_the_likelihood_sees(world):
    """A year of the model, read back as tours; each is compared with what its delegation saw."""
    model = PolicyLearning(parameters=Parameters(tours_per_year=10.0, learning=0.0, enterprise_channel=0.0))
    at_the_time = {}
    for _ in range(20):
        appeals = [[each.appeal_of(host) for host in range(31) if host != each.index] for each in model.provinces]
        at_the_time |= {(model.week, origin): row for origin, row in enumerate(appeals)}
        model.step()
    hosts: dict[tuple[int, int], list[int]] = {}
    for visit in model.visits:
        hosts.setdefault((visit.week, visit.origin), []).append(visit.host)
    tours = [Tour("", origin, tuple(stops), week) for (week, origin), stops in hosts.items()]
    read_back = HostChoice(tours, world, model.parameters).appeals(np.array([model.parameters.of_choice()]))[0]
    assert len(tours) > 80
    for tour, row in zip(tours, read_back, strict=True):
        assert np.allclose(np.delete(row, tour.origin), at_the_time[tour.week, tour.origin], rtol=0, atol=1e-12)


# Selection


def test_with_every_tour_as_likely_to_be_reported_nothing_is_corrected(world):
    weights = random_weights(6)
    reported = ReportedHostChoice(tours_of_2023(), world).log_probability_of_report(weights, np.ones(6))
    assert np.allclose(reported, ALL_OF_2023.log_probability(weights), rtol=0, atol=1e-10)


def test_with_nothing_reported_outside_the_clusters_a_tour_is_compared_with_those_inside(four):
    tour = Tour("", 0, (1,), in_article=True)
    reported = ReportedHostChoice([tour], four).log_probability_of_report(DEFAULTS, np.array([1e-300]))[0, 0]
    p = {host: probability_by_hand(four, DEFAULTS[0], Tour("", 0, (host,)), []) for host in (1, 2, 3)}
    assert reported == pytest.approx(math.log(p[1] / (p[1] + p[2])), abs=1e-12)


@pytest.mark.parametrize("rho", [1e-6, 0.1, 0.5, 1.0])
@pytest.mark.parametrize("size", [1, 2])
def test_given_that_a_tour_was_reported_all_it_could_have_been_sum_to_one(four, size, rho):
    choice = ReportedHostChoice(sets_of(0, size, 4, in_article=True), four)
    weights = random_weights(8)
    reported = choice.log_probability_of_report(weights, np.full(8, rho))
    assert np.allclose(np.exp(reported).sum(axis=1), 1.0, rtol=0, atol=1e-12)


def test_so_they_do_among_31_provinces(world):
    shanghai = world.index("Shanghai")
    choice = ReportedHostChoice(sets_of(shanghai, 2, 31, in_article=True), world)
    reported = choice.log_probability_of_report(DEFAULTS, np.array([0.1]))
    assert np.exp(reported).sum() == pytest.approx(1.0, abs=1e-12)


def test_a_reported_tour_is_corrected_as_the_formula_says(four):
    rho, tour = 0.2, Tour("", 0, (1, 3), in_article=True)
    choice = ReportedHostChoice([tour], four)
    p, inside = (probability_by_hand(four, DEFAULTS[0], Tour("", 0, hosts), []) for hosts in ((1, 3), (1, 2)))
    expected = math.log(p * rho / (inside + rho * (1 - inside)))
    assert choice.log_probability_of_report(DEFAULTS, np.array([rho]))[0, 0] == pytest.approx(expected, abs=1e-12)


def test_only_the_tours_of_the_article_are_corrected(world):
    choice = ReportedHostChoice(tours_of_2023(), world)
    shift = (choice.log_probability_of_report(DEFAULTS, np.array([0.1])) - choice.log_probability(DEFAULTS))[0]
    corrected = [tour.name for tour, each in zip(choice.tours, shift, strict=True) if each != 0.0]
    assert corrected == [tour.name for tour in tours_of_article()]


@pytest.mark.parametrize("tour", [Tour("", 3, (0,)), Tour("", 0, (1, 2, 3))], ids=["no partner", "too many stops"])
def test_a_tour_that_could_not_have_stayed_inside_enters_plainly(four, tour):
    """Its P_in is 0, so that rho cancels."""
    framed = Tour("", tour.origin, tour.hosts, in_article=True)
    ordinary = Tour("", 0, (1,), in_article=True)
    tours = [ordinary, framed, ordinary]
    reported = ReportedHostChoice(tours, four).log_probability_of_report(DEFAULTS, np.array([0.1]))
    plain = HostChoice(tours, four).log_probability(DEFAULTS)
    assert reported[0, 1] == pytest.approx(plain[0, 1], abs=1e-12)
    assert reported[0, 0] == reported[0, 2] > plain[0, 0]


# Separation


def is_separated(tours, terms):
    """Whether some direction of the weights never prefers a host not chosen to one chosen (a linear program)."""
    world = china()
    seen = covariates_of_tours(tours, world, Parameters())[[CHOICE.index(term) for term in terms]]
    ahead = np.array([
        seen[:, number, chosen] - seen[:, number, other]
        for number, tour in enumerate(tours)
        for chosen in tour.hosts
        for other in set(range(31)) - {tour.origin, *tour.hosts}
    ])
    best = linprog(-ahead.sum(axis=0), A_ub=-ahead, b_ub=np.zeros(len(ahead)), bounds=(-1, 1))
    assert best.success
    return -best.fun > 1e-7


@pytest.mark.parametrize(
    "terms",
    [("cluster",), ("cluster", "hinterland"), ("proximity", "cluster"), ("proximity", "adjacency", "cluster"), CHOICE],
    ids="+".join,
)
def test_the_article_alone_is_separated_wherever_clusters_count_so_that_a_prior_is_needed(terms):
    assert is_separated(tours_of_article(), terms)


@pytest.mark.parametrize("terms", [("proximity",), ("adjacency",), ("proximity", "adjacency")], ids="+".join)
def test_the_article_alone_is_not_separated_by_distance_and_borders(terms):
    assert not is_separated(tours_of_article(), terms)


def test_all_tours_of_2023_together_are_not_separated():
    assert not is_separated(tours_of_2023(), CHOICE)


# What the agents do


def hazards(parameters):
    return (parameters.onward_first, parameters.onward_second, parameters.onward_third, 0.0)


def analytic(province, world, parameters):
    """Probability of every set of up to four hosts as a whole tour, by the likelihood and the hazards of going on."""
    table, going = {}, 1.0
    for stops, onward in enumerate(hazards(parameters), start=1):
        last = stops in (MOST_STOPS, world.provinces - 1)
        home = going * (1.0 if last else 1.0 - onward)
        if home > 0.0:
            tours = sets_of(province, stops, world.provinces, week=0)
            values = np.exp(HostChoice(tours, world, parameters).log_probability(DEFAULTS)[0])
            table |= {frozenset(tour.hosts): home * each for tour, each in zip(tours, values, strict=True)}
        if last:
            break
        going *= onward
    return table


def simulated(world, parameters, province, times):
    """Tours of one province in the first week, under so many replicates of luck, by the agent's own method."""
    model = PolicyLearning(world, parameters)
    agent = model.provinces[province]
    appeals = [agent.appeal_of(host) for host in range(world.provinces)]
    agent.appeal_of = appeals.__getitem__  # the same every time, since nothing happens in between
    counts = Counter()
    for replicate in range(times):
        model.luck = Luck(1, replicate)
        counts[frozenset(host for host, _ in agent.choose_hosts())] += 1
    return counts


def chisquare(counts, probabilities):
    times = sum(counts.values())
    often = {key for key, each in probabilities.items() if each * times >= 10}
    observed = [counts[key] for key in often]
    expected = [probabilities[key] * times for key in often]
    rest = times - sum(expected)
    if rest > 1e-6:
        observed, expected = [*observed, times - sum(observed)], [*expected, rest]
    assert len(expected) > 5
    return stats.chisquare(observed, expected).pvalue


def test_ten_thousand_tours_of_the_agents_have_the_frequencies_of_the_likelihood(four):
    """Four provinces, every set of up to three hosts; errs once in a thousand seeds."""
    parameters = Parameters(onward_first=0.6, onward_second=0.5)
    probabilities = analytic(0, four, parameters)
    assert sum(probabilities.values()) == pytest.approx(1.0, abs=1e-9)
    assert chisquare(simulated(four, parameters, 0, 10_000), probabilities) > 0.001


@pytest.mark.slow
@pytest.mark.parametrize("name", ["Shanghai", "Guizhou", "Gansu"])
def test_a_hundred_thousand_tours_among_31_provinces_have_the_frequencies_of_the_likelihood(world, name):
    """Errs once in a thousand seeds for each province."""
    parameters = Parameters(onward_first=0.4, onward_second=0.3, onward_third=0.0)
    probabilities = analytic(world.index(name), world, parameters)
    assert sum(probabilities.values()) == pytest.approx(1.0, abs=1e-9)
    assert chisquare(simulated(world, parameters, world.index(name), 100_000), probabilities) > 0.001


def test_the_check_would_notice_a_wrong_weight(four):
    """The negative control: hosts drawn with another pull of size fail the same chi-square."""
    parameters = Parameters(onward_first=0.6, onward_second=0.5)
    wrong = simulated(four, parameters.having(host_size=0.4), 0, 10_000)
    assert chisquare(wrong, analytic(0, four, parameters)) < 1e-6


def test_the_fitted_and_the_unfitted_tours_are_59_and_29():
    assert [len(tours()) for tours in (tours_of_2023, tours_of_article, tours_of_2012_2016)] == [59, 6, 29]
    assert [sum(len(tour.hosts) for tour in tours()) for tours in (tours_of_2023, tours_of_article)] == [80, 13]
