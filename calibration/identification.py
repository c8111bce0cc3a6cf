"""What the data tell of each parameter: contraction, correlations, profiles, and in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import minimize

from calibration.blocks import REPORTING, RHO
from calibration.fit import BLOCKS, Posterior, prior_table
from calibration.likelihood import ReportedHostChoice, covariates_of_tours
from calibration.parallel import each
from calibration.posterior import informed
from calibration.priors import draw
from calibration.targets import Tour
from model.parameters import CHOICE, ODDS, Parameters
from model.world import china

Numbers = NDArray[np.float64]
REACH = 3.5  # posterior standard deviations that a profile goes either way
DROP = 1.92  # log likelihood lost at the ends of a 95% profile interval
STEP = 1e-3
PRIOR_DRAWS = 20_000
CLOSE: Any = {"ftol": 1e-6, "gtol": 1e-2}  # to about a thousandth of a nat

# What moves each parameter; the numbers are filled in from the tours that were fitted.
INFORMED_BY = {
    "proximity": "how much nearer the hosts chosen lie than those passed over; shared with borders and clusters",
    "adjacency": "{adjacency} of {visits} visits, to neighbours; near hosts tell it apart from distance only in part",
    "cluster": "{cluster} of {visits} visits, between cores, {cluster_told} of them told by the article: rho decides",
    "hinterland": "{hinterland} of {visits} visits, between a core and its hinterland",
    "official_pair": "{official_pair} of {visits} visits, to an official partner",
    "counterpart_aid": "{counterpart_aid} of {visits} visits, to a donor or receiver of counterpart aid",
    "capability_gap": "how far hosts are ahead of their visitors, compared with hosts passed over",
    "host_size": "how much larger the hosts chosen are than those passed over",
    "reciprocity": "{reciprocity} of {visits} visits, to a host whose reported visit was unanswered; gaps weaken it",
    "repetition": "{repetition} of {visits} visits, to a host visited before within the year; gaps weaken it",
    "onward_first": "tours that went on after one stop: {went_on_1} of {came_to_1}",
    "onward_second": "tours that went on after two stops: {went_on_2} of {came_to_2}",
    "onward_third": "tours that went on after three stops: {went_on_3} of {came_to_3}",
    "tours_per_year": "tours counted, times the share reported, which only its assumed prior tells",
    "reporting": "nothing but the counts it is multiplied with; the prior",
    "spring_wave": "tours in the wave after the Two Sessions against other weeks; the campaign begins a week later",
    "autumn_wave": "tours in the wave after National Day against other weeks",
    "new_leader": "nothing but the calendar's counts; the prior",
    "settling": "nothing but the calendar's counts; the prior",
    "campaign": "tours after mid-March against those before, confounded with the spring wave",
    "economic_theme": "one published share, of cities, 2014-2018, with room for the transfer",
    "urbanisation_theme": "one published share, of cities, 2014-2018, with room for the transfer",
    "services_theme": "one published share, of cities, 2014-2018, with room for the transfer",
    "theme_pull": "nothing; the prior",
}


def identification(posterior: Posterior) -> pd.DataFrame:
    """Prior against posterior of each fitted parameter, its strongest correlation, and what informs it.

    Returns:
        Rows parameters; columns prior_sd, mean, sd, contraction, verdict, partner, correlation, informed_by.
    """
    names = [name for name in INFORMED_BY if name in posterior.draws]
    draws, prior = posterior.draws[names], _priors()[names]
    within = correlations(posterior)
    strongest = within.where(~np.eye(len(within), dtype=bool)).abs().idxmax()
    alone = within.ne(0.0).sum() == 1
    filled = counts(posterior.tours)
    contraction = 1.0 - draws.var() / prior.var()
    return pd.DataFrame({
        "prior_sd": prior.std(), "mean": draws.mean(), "sd": draws.std(), "contraction": contraction,
        "verdict": contraction.map(informed), "partner": strongest.mask(alone, "none"),
        "correlation": [within[name].to_dict()[strongest[name]] for name in names],
        "informed_by": [INFORMED_BY[name].format_map(filled) for name in names],
    }).rename_axis("parameter")


def _priors() -> pd.DataFrame:
    rng = np.random.default_rng(0)
    return prior_table(PRIOR_DRAWS, 0).assign(reporting=draw(REPORTING, PRIOR_DRAWS, rng))


def correlations(posterior: Posterior) -> pd.DataFrame:
    """Correlation of every pair of fitted parameters over the draws; 0 between blocks, which are independent."""
    names = [name for name in INFORMED_BY if name in posterior.draws]
    block = np.array([next(place for place, block in enumerate(BLOCKS) if name in block) for name in names])
    return posterior.draws[names].corr().where(block[:, None] == block, 0.0)


def counts(tours: Sequence[Tour]) -> dict[str, int]:
    """How many visits went to a host with each tie, and how many tours went on after each stop."""
    seen = covariates_of_tours(tours, china(), Parameters())
    chosen = [np.abs(seen[:, place, list(tour.hosts)]) > 0 for place, tour in enumerate(tours)]
    ties = np.concatenate(chosen, axis=1).sum(axis=1)
    told = [each[CHOICE.index("cluster")].sum() for each, tour in zip(chosen, tours, strict=True) if tour.in_article]
    stops = [len(tour.hosts) for tour in tours]
    return {
        "visits": sum(stops),
        "cluster_told": int(sum(told)),
        **dict(zip(CHOICE, ties.tolist(), strict=True)),
        **{f"came_to_{n}": sum(stop >= n for stop in stops) for n in (1, 2, 3)},
        **{f"went_on_{n}": sum(stop > n for stop in stops) for n in (1, 2, 3)},
    }


def profiles(posterior: Posterior, points: int, workers: int | None) -> pd.DataFrame:
    """Profile log likelihood of each weight of host choice, all others at their best and no prior.

    Args:
        posterior: the fit.
        points: of each profile, either way.
        workers: processes.

    Returns:
        Columns parameter, value, drop (below the best, nats); the others are kept within the declared bounds.
    """
    draws = posterior.draws[list(CHOICE)]
    best = _best(ReportedHostChoice(posterior.tours, china()), draws.mean().to_numpy(), held=None)
    steps = draws.std().to_numpy() * REACH / points
    work = [Profile(posterior.tours, place, best, float(step), points) for place, step in enumerate(steps)]
    return pd.concat(each(profile, work, "profiles", workers), ignore_index=True)


@dataclass(frozen=True)
class Profile:
    """One weight to profile: its place in CHOICE, the best weights, shape (10,), and how far and often to step."""

    tours: tuple[Tour, ...]
    place: int
    best: Numbers
    step: float
    points: int


def profile(work: Profile) -> pd.DataFrame:
    """The profile of one weight, walked outwards from the best either way."""
    choice = ReportedHostChoice(work.tours, china())
    top = _log_likelihood(choice, work.best[None])[0]
    rows = [(CHOICE[work.place], float(work.best[work.place]), 0.0)]
    for way in (-1.0, 1.0):
        point = work.best
        for _ in range(work.points):
            point = point.copy()
            point[work.place] += way * work.step
            point = _best(choice, point, held=work.place)
            drop = top - _log_likelihood(choice, point[None])[0]
            rows.append((CHOICE[work.place], float(point[work.place]), float(drop)))
    return pd.DataFrame(rows, columns=["parameter", "value", "drop"]).sort_values("value", ignore_index=True)


def profile_intervals(table: pd.DataFrame) -> pd.DataFrame:
    """95% profile interval of each weight; not a number where the profile does not fall far enough."""
    rows = {}
    for name, part in table.groupby("parameter", sort=False):
        value, drop = part["value"].to_numpy(), part["drop"].to_numpy()
        best = int(drop.argmin())
        rows[name] = (_crossing(value[: best + 1][::-1], drop[: best + 1][::-1]), _crossing(value[best:], drop[best:]))
    return pd.DataFrame.from_dict(rows, orient="index", columns=["profile_low", "profile_high"])


def _crossing(values: Numbers, drops: Numbers) -> float:
    """Where a profile that rises outwards crosses DROP, by straight lines."""
    beyond = np.flatnonzero(drops > DROP)
    if len(beyond) == 0 or beyond[0] == 0:
        return np.nan
    after = beyond[0]
    share = (DROP - drops[after - 1]) / (drops[after] - drops[after - 1])
    return float(values[after - 1] + share * (values[after] - values[after - 1]))


def _best(choice: ReportedHostChoice, start: Numbers, held: int | None) -> Numbers:
    free = np.arange(len(start)) != held
    moves = STEP * np.eye(len(start))[free]

    def whole(part: Numbers) -> Numbers:
        point = start.copy()
        point[free] = part
        return point

    def lack(part: Numbers) -> float:
        return -float(_log_likelihood(choice, whole(part)[None])[0])

    def slope(part: Numbers) -> Numbers:
        point = whole(part)
        ahead, behind = np.split(_log_likelihood(choice, np.concatenate([point + moves, point - moves])), 2)
        return np.asarray((behind - ahead) / (2 * STEP))

    bounds = [ODDS] * int(free.sum())
    found = minimize(lack, start[free], jac=slope, method="L-BFGS-B", bounds=bounds, options=CLOSE)
    return whole(np.asarray(found.x))


def _log_likelihood(choice: ReportedHostChoice, points: Numbers) -> Numbers:
    return np.asarray(choice.log_probability_of_report(points, np.full(len(points), RHO)).sum(axis=1))
