"""The blocks of the posterior: choice of hosts, stops, departures, themes.

The likelihood factorises into these four and the priors are independent, so each block is sampled on its own and their
draws side by side stand for the joint posterior. One tie between blocks is cut: hosts are seen with the agenda and the
memory at their defaults, though the agenda is uncertain; over its range the log likelihood moves by about 0.05.
"""

from collections.abc import Sequence
from typing import Any

import numba
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats
from scipy.special import logit

from calibration.likelihood import ReportedHostChoice
from calibration.sampling import Block
from calibration.targets import Tour, published
from model import rules
from model.declaration import Prior
from model.parameters import CHOICE, DECLARATIONS, ONWARD, WEAK, Parameters
from model.state import State, theme_leads
from model.world import World

Numbers = NDArray[np.float64]

# Chance that the article would have reported a tour outside the clusters, relative to one inside. Assumed and held:
# all six of its tours lie inside, so a free rho would run to 0 whatever the truth, and the clusters' pull with it.
RHO = 0.1
AGNOSTIC = 1e-6  # nothing told from outside the clusters: the article's tours then say nothing of their pull
REPORTING = Prior("beta", 3.0, 3.0)
TRANSFER_SD = 0.5
THEME_FACTS = {
    "economic_theme": "economic_theme",
    "urbanisation_theme": "urbanisation_theme",
    "services_theme": "public_services_theme",
}
DEPARTING = ("tours_per_year", "new_leader", "settling", "campaign", "spring_wave", "autumn_wave")
# Simpler models, and the model with a part left out
RIVALS = {
    "nearest": ("proximity",),
    "gravity": ("proximity", "host_size"),
    "clusters": ("cluster", "hinterland"),
}
PARTS = {
    "without_gap": tuple(name for name in CHOICE if name != "capability_gap"),
    "without_pairs": tuple(name for name in CHOICE if name != "official_pair"),
}
THEMING = (*THEME_FACTS, "theme_pull")
FITTED = (*CHOICE, *ONWARD, *DEPARTING, *THEMING)
WINDOWS = {
    "before the Two Sessions": range(0, 10),
    "wave after the Two Sessions": range(10, 13),
    "spring and summer": range(13, 40),
    "wave after National Day": range(40, 44),
    "late autumn": range(44, 52),
}
TRANSFER_GRID = (np.arange(40) + 0.5) / 40 * 3.0 * TRANSFER_SD
LOG_TRANSFER_WEIGHTS = stats.halfnorm.logpdf(TRANSFER_GRID, scale=TRANSFER_SD) + np.log(3.0 * TRANSFER_SD / 40)
# The rules as they stand, for arrays
for_arrays: Any = numba.vectorize(cache=True)  # type: ignore[no-untyped-call]
newness = for_arrays(rules.newness)
departure_rate = for_arrays(rules.departure_rate)
departure_probability = for_arrays(rules.departure_probability)
theme_probability = for_arrays(rules.theme_probability)


def priors_of(names: Sequence[str]) -> dict[str, Prior]:
    """Declared priors of these parameters, in this order."""
    return {name: prior for name in names if (prior := DECLARATIONS[name].prior) is not None}


def choice_block(
    choice: ReportedHostChoice,
    terms: Sequence[str] = CHOICE,
    *,
    rho: float | Prior = RHO,
    widening: float = 1.0,
    weights: Numbers | None = None,
) -> Block:
    """Weights of a host's appeal, the article's tours entering with the selection correction.

    Args:
        choice: the tours.
        terms: the weights that are fitted; the others are 0.
        rho: the article's chance of telling of a tour outside the clusters, 1 for no correction; or its prior.
        widening: of the standard deviation of the priors.
        weights: power of each tour in the likelihood, shape (tours,); 0 leaves a tour out but on the record.
    """
    columns = [choice.terms.index(term) for term in terms]
    power = np.ones(len(choice.tours)) if weights is None else weights
    priors = {term: Prior("normal", 0.0, widening * WEAK.second) for term in terms}
    free = {"rho": rho} if isinstance(rho, Prior) else {}

    def log_likelihood(points: Numbers) -> Numbers:
        its_rho = points[:, -1] if free else np.full(len(points), rho)
        weights = full_weights(points[:, : len(columns)], columns, len(choice.terms))
        return np.asarray(choice.log_probability_of_report(weights, its_rho) @ power)

    return Block("choice of hosts", {**priors, **free}, log_likelihood)


def full_weights(points: Numbers, columns: Sequence[int], terms: int) -> Numbers:
    """Weights of all terms, shape (points, terms), those not fitted being 0."""
    full = np.zeros((len(points), terms))
    full[:, columns] = points
    return full


def draw_onward(stops: NDArray[Any], *, size: int, seed: int) -> pd.DataFrame:
    """Chance of going on after each stop, given the stops of each tour: beta posteriors, exact, one row a draw."""
    rng = np.random.default_rng(seed)
    draws = {}
    for number, (name, prior) in enumerate(priors_of(ONWARD).items(), start=1):
        went_on, went_home = int((stops > number).sum()), int((stops == number).sum())
        draws[name] = rng.beta(prior.first + went_on, prior.second + went_home, size)
    return pd.DataFrame(draws)


def stops_of(tours: Sequence[Tour]) -> NDArray[np.int64]:
    """Number of stops of each tour, shape (tours,)."""
    return np.array([len(tour.hosts) for tour in tours])


def tours_by_window(weeks: Sequence[int]) -> Numbers:
    """Number of tours in each of WINDOWS, shape (windows,), from the week of each tour."""
    return np.array([sum(week in window for week in weeks) for window in WINDOWS.values()], dtype=float)


def expected_tours(world: World, points: Numbers) -> Numbers:
    """Tours of all provinces expected in each of WINDOWS, shape (points, windows); points in the order of DEPARTING."""
    rate, new_leader, settling, campaign, spring, autumn = (column[:, None, None] for column in points.T)
    c, weeks = world.calendar, np.arange(rules.WEEKS_PER_YEAR)[:, None]
    closed, in_spring, in_autumn, in_summer = (
        flag.astype(float)[:, None] for flag in (c.closed, c.spring_wave, c.autumn_wave, c.summer_peak)
    )
    seen: Any = (closed, in_spring, in_autumn, in_summer, spring, autumn, Parameters().summer_peak)
    season: Any = rules.season(*seen)
    new = newness((weeks - world.leader_since).astype(float), settling)
    rates = departure_rate(season, new, c.campaign.astype(float)[:, None], rate, new_leader, campaign)
    by_week: Numbers = departure_probability(rates).sum(axis=2)
    return np.stack([by_week[:, list(window)].sum(axis=1) for window in WINDOWS.values()], axis=1)


def departures_block(counts: Numbers, world: World) -> Block:
    """Rates of departure from Poisson counts of reported tours per window, the share reported being unknown."""

    def log_likelihood(points: Numbers) -> Numbers:
        expected = points[:, -1:] * expected_tours(world, points[:, :-1])
        log_mass: Numbers = np.asarray(stats.poisson.logpmf(counts, expected))
        return np.asarray(log_mass.sum(axis=1))

    return Block("departures", {**priors_of(DEPARTING), "reporting": REPORTING}, log_likelihood)


def leads_on_themes(tours: Sequence[Tour], world: World) -> Numbers:
    """How far each host visited is ahead in each theme at the start of the year, shape (visits, themes)."""
    state = State.at_start(world, Parameters())
    leads = [theme_leads(state.leads(tour.origin, host)) for tour in tours for host in tour.hosts]
    return np.array(leads)[:, : len(THEME_FACTS)]


def published_shares() -> Numbers:
    """Published share of visits that carry each theme of THEME_FACTS, shape (themes,)."""
    return np.array([published(fact) for fact in THEME_FACTS.values()])


def mean_shares(points: Numbers, leads: Numbers) -> Numbers:
    """Share of the visits that carry each theme, shape (points, themes); points in the order of THEMING."""
    each = theme_probability(leads, points[:, None, :-1], points[:, None, -1:])
    return np.asarray(each.mean(axis=1))


def themes_block(leads: Numbers, shares: Numbers) -> Block:
    """Theme shares, through the rule, on the visits observed, against shares published for cities.

    The published shares are of cities in 2014-2018. How far provinces in 2023 differ is unknown: on the logit scale a
    normal difference with a half-normal standard deviation, integrated out on a grid.
    """

    def log_likelihood(points: Numbers) -> Numbers:
        return _log_transfer(logit(mean_shares(points, leads)) - logit(shares))

    return Block("themes", priors_of(THEMING), log_likelihood)


def _log_transfer(difference: Numbers) -> Numbers:
    """Log density of the differences, shape (points, themes), given a common half-normal standard deviation."""
    squares = np.square(difference).sum(axis=1)[:, None] / np.square(TRANSFER_GRID)
    by_sd = -0.5 * squares - difference.shape[1] * np.log(TRANSFER_GRID * np.sqrt(2.0 * np.pi))
    return np.asarray(np.logaddexp.reduce(by_sd + LOG_TRANSFER_WEIGHTS, axis=1))
