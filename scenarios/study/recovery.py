"""The choice of hosts fitted to visits in any world: the peak of the exact posterior, and its width there.

A quick fit for visits that count in hundreds. The shipped posterior is sampled instead, as 80 visits call for.
"""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import minimize

from calibration.blocks import priors_of
from calibration.likelihood import HostChoice
from calibration.targets import Tour
from model.history import History
from model.parameters import CHOICE, Parameters
from model.world import World

Numbers = NDArray[np.float64]
STEP = 1e-4  # of finite differences, log odds
NINETY_PERCENT = 1.645  # standard deviations on either side of a normal mean
COLUMNS = ("weight", "mean", "sd", "low", "high", "prior_sd")


def fit_weights(tours: Sequence[Tour], world: World, parameters: Parameters | None = None) -> pd.DataFrame:
    """Weights of a host's appeal given these tours, each as likely to be reported as any other (Laplace's method).

    Args:
        tours: observed or simulated.
        world: where they took place.
        parameters: the agenda and the memory with which hosts were seen.

    Returns:
        A row a weight: mean, sd, 90% interval (low, high) and the sd of the prior; all in log odds.
    """
    choice, scale = HostChoice(tours, world, parameters), _prior_sds()

    def lack(points: Numbers) -> Numbers:
        fit = choice.log_probability(points).sum(axis=1)
        return np.asarray(0.5 * np.square(points / scale).sum(axis=1) - fit)

    def slope(weights: Numbers) -> Numbers:
        shifts = STEP * np.eye(len(weights))
        return np.asarray((lack(weights + shifts) - lack(weights - shifts)) / (2.0 * STEP))

    def alone(weights: Numbers) -> float:
        return float(lack(weights[None, :])[0])

    mean = np.asarray(minimize(alone, np.zeros(len(CHOICE)), jac=slope, method="BFGS").x)
    sd = np.sqrt(np.diag(np.linalg.inv(_bend(slope, mean))))
    reach = NINETY_PERCENT * sd
    return pd.DataFrame(dict(zip(COLUMNS, (CHOICE, mean, sd, mean - reach, mean + reach, scale), strict=True)))


def recover(history: History, parameters: Parameters) -> pd.DataFrame:
    """Weights fitted to the visits of a simulated history, beside the planted ones; see ``fit_weights``.

    Args:
        history: of parameters that did not change, without coordination. Hosts are seen as capable as they were at
            the start, as in the calibration; where regions learn much meanwhile, the fit is off by that.
        parameters: those it was simulated under.

    Returns:
        The table of ``fit_weights`` with ``planted``, and ``recovered``: whether the 90% interval holds it.
    """
    table = fit_weights(tours_of(history), history.world, parameters)
    table.insert(1, "planted", parameters.of_choice())
    return table.assign(recovered=table["planted"].between(table["low"], table["high"]))


def tours_of(history: History) -> list[Tour]:
    """The tours of a simulated history, as if all had been observed."""
    stops: dict[tuple[int, int], list[int]] = {}
    for week, origin, host in zip(history.week.tolist(), history.origin.tolist(), history.host.tolist(), strict=True):
        stops.setdefault((week, origin), []).append(host)
    return [Tour(f"{week}-{origin}", origin, tuple(hosts), week) for (week, origin), hosts in stops.items()]


def _prior_sds() -> Numbers:
    return np.array([prior.second for prior in priors_of(CHOICE).values()])


def _bend(slope: Callable[[Numbers], Numbers], weights: Numbers) -> Numbers:
    """Second derivatives of the log posterior, negated, shape (weights, weights)."""
    wider = 10.0 * STEP
    shifts = wider * np.eye(len(weights))
    rows = np.array([(slope(weights + shift) - slope(weights - shift)) / (2.0 * wider) for shift in shifts])
    return np.asarray((rows + rows.T) / 2.0)
