"""The blocks of the posterior: choice of hosts, stops, departures, themes.

The likelihood factorises into these four and the priors are independent, so each block is sampled on its own and their
draws side by side stand for the joint posterior. One tie between blocks is cut: hosts are seen with the agenda and the
memory at their defaults, though the agenda is uncertain; over its range the log likelihood moves by about 0.05.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from scipy.optimize import minimize
from scipy.special import logit

from calibration.likelihood import HostChoice, ReportedHostChoice
from calibration.sampling import Chains, sample
from calibration.targets import Tour, published
from model import rules
from model.declaration import Prior
from model.parameters import CHOICE, DECLARATIONS, ONWARD, Parameters
from model.state import State, departure_probabilities, theme_leads
from model.world import World

Numbers = NDArray[np.float64]

# Chance that the article would have reported a tour outside the clusters, relative to one inside. Assumed and held:
# all six of its tours lie inside, so a free rho would run to 0 whatever the truth, and the clusters' pull with it.
RHO = 0.1
RHOS = (1e-6, 0.02, 0.1, 0.5, 1.0)
REPORTING = Prior("beta", 3.0, 3.0)
TRANSFER_SD = 0.5
THEME_FACTS = {
    "economic_theme": "economic_theme",
    "urbanisation_theme": "urbanisation_theme",
    "services_theme": "public_services_theme",
}
RIVALS = {"gravity": ("proximity", "host_size"), "clusters": ("cluster", "hinterland")}
DEPARTING = ("tours_per_year", "new_leader", "settling", "campaign", "spring_wave", "autumn_wave")
THEMING = (*THEME_FACTS, "theme_pull")
FITTED = (*CHOICE, *ONWARD, *DEPARTING, *THEMING)
WINDOWS = {
    "before the Two Sessions": range(0, 10),
    "wave after the Two Sessions": range(10, 13),
    "spring and summer": range(13, 40),
    "wave after National Day": range(40, 44),
    "late autumn": range(44, 52),
}


def priors_of(names: Sequence[str]) -> dict[str, Prior]:
    """Declared priors of these parameters, in this order."""
    return {name: prior for name in names if (prior := DECLARATIONS[name].prior) is not None}


def fit_choice(choice: ReportedHostChoice, *, steps: int, seed: int) -> Chains:
    """Weights of a host's appeal, the article's tours entering with the selection correction."""

    def log_likelihood(points: Numbers) -> Numbers:
        each = choice.log_probability_of_report(points, np.full(len(points), RHO))
        return np.asarray(each.sum(axis=1))

    return sample(priors_of(CHOICE), log_likelihood, steps=steps, walkers=32, seed=seed, label="choice of hosts")


def fit_plain_choice(choice: HostChoice, terms: Sequence[str] = CHOICE, *, steps: int, seed: int) -> Chains:
    """Weights of some terms of the appeal, the others 0, as if every tour had been equally likely to be reported."""
    columns = [CHOICE.index(term) for term in terms]

    def log_likelihood(points: Numbers) -> Numbers:
        weights = np.zeros((len(points), len(CHOICE)))
        weights[:, columns] = points
        return np.asarray(choice.log_probability(weights).sum(axis=1))

    label = "choice of hosts, " + ("no correction" if tuple(terms) == CHOICE else " and ".join(terms))
    return sample(priors_of(terms), log_likelihood, steps=steps, walkers=32, seed=seed, label=label)


def weights_by_rho(choice: ReportedHostChoice) -> dict[float, Numbers]:
    """Most probable weights of a host's appeal for each of RHOS, shape (10,) each: what the assumed rho decides."""
    scale = np.array([prior.second for prior in priors_of(CHOICE).values()])

    def lack(weights: Numbers, rho: float) -> float:
        fit = choice.log_probability_of_report(weights[None, :], np.array([rho])).sum()
        return float(0.5 * np.square(weights / scale).sum() - fit)

    start = np.zeros(len(CHOICE))
    return {rho: np.asarray(minimize(lack, start, args=(rho,), method="BFGS").x) for rho in RHOS}


def draw_onward(tours: Sequence[Tour], *, size: int, seed: int) -> dict[str, Numbers]:
    """Chance of going on after each stop: beta posteriors, exact, from how many of the tours went on."""
    rng = np.random.default_rng(seed)
    stops = np.array([len(tour.hosts) for tour in tours])
    draws = {}
    for number, (name, prior) in enumerate(priors_of(ONWARD).items(), start=1):
        went_on, went_home = int((stops > number).sum()), int((stops == number).sum())
        draws[name] = rng.beta(prior.first + went_on, prior.second + went_home, size)
    return draws


def tours_by_window(weeks: Sequence[int]) -> Numbers:
    """Number of tours in each of WINDOWS, shape (windows,), from the week of each tour."""
    return np.array([sum(week in window for week in weeks) for window in WINDOWS.values()], dtype=float)


def expected_tours(world: World, parameters: Parameters) -> Numbers:
    """Tours of all provinces expected in each of WINDOWS, shape (windows,)."""
    by_week = [rules.total(departure_probabilities(world, week, parameters)) for week in range(rules.WEEKS_PER_YEAR)]
    return np.array([rules.total([by_week[week] for week in window]) for window in WINDOWS.values()])


def fit_departures(tours: Sequence[Tour], world: World, *, steps: int, seed: int) -> Chains:
    """Rates of departure from Poisson counts of reported tours per window, the share reported being unknown."""
    counts = tours_by_window([tour.week for tour in tours if tour.week is not None])

    def log_likelihood(points: Numbers) -> Numbers:
        parameters = [Parameters().having(**dict(zip(DEPARTING, point[:-1].tolist(), strict=True))) for point in points]
        expected = np.array([expected_tours(world, each) for each in parameters])
        log_mass = np.asarray(stats.poisson.logpmf(counts, points[:, -1:] * expected))
        return np.asarray(log_mass.sum(axis=1))

    priors = {**priors_of(DEPARTING), "reporting": REPORTING}
    return sample(priors, log_likelihood, steps=steps, walkers=20, seed=seed, label="departures")


def fit_themes(tours: Sequence[Tour], world: World, *, steps: int, seed: int) -> Chains:
    """Theme shares, through the rule, on the visits observed, against shares published for cities.

    The published shares are of cities in 2014-2018. How far provinces in 2023 differ is unknown: on the logit scale a
    normal difference with a half-normal standard deviation, integrated out on a grid.
    """
    state = State.at_start(world, Parameters())
    leads = np.array([theme_leads(state.leads(tour.origin, host)) for tour in tours for host in tour.hosts])
    columns = range(len(THEME_FACTS))
    targets = logit([published(fact) for fact in THEME_FACTS.values()])

    def log_likelihood(points: Numbers) -> Numbers:
        shares, pull = points[:, :-1], points[:, -1]
        modelled = np.array([
            [_mean_share(share, leads[:, column], its_pull) for share, column in zip(row, columns, strict=True)]
            for row, its_pull in zip(shares.tolist(), pull.tolist(), strict=True)
        ])
        return _log_transfer(logit(modelled) - targets)

    priors = priors_of(THEMING)
    return sample(priors, log_likelihood, steps=steps, walkers=16, seed=seed, label="themes")


def _mean_share(share: float, leads: Numbers, pull: float) -> float:
    """Mean over visits of the chance that a theme is on the agenda."""
    return rules.total([rules.theme_probability(lead, share, pull) for lead in leads.tolist()]) / len(leads)


def _log_transfer(difference: Numbers) -> Numbers:
    """Log density of the differences, shape (points, themes), given a common half-normal standard deviation."""
    sds = (np.arange(40) + 0.5) / 40 * 3.0 * TRANSFER_SD
    weight = stats.halfnorm.logpdf(sds, scale=TRANSFER_SD) + np.log(sds[1] - sds[0])
    by_sd = np.asarray(stats.norm.logpdf(difference[:, :, None], 0.0, sds)).sum(axis=1) + weight
    return np.asarray(np.logaddexp.reduce(by_sd, axis=1))
