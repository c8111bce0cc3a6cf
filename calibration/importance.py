"""A second, quicker sampler: importance sampling around the mode, for the hundreds of fits that checks need.

Draws of multivariate t around the most probable point are weighted by the exact posterior, and the largest weights
Pareto-smoothed (Vehtari et al. 2024). Nothing is approximated but by the number of draws, and the shape k of the
weights' tail says when that fails (above 0.7). It shares neither moves nor start with emcee, and so checks it.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import linalg, stats
from scipy.optimize import minimize

from calibration.priors import values_of
from calibration.sampling import FARTHEST, Block, libraries

Numbers = NDArray[np.float64]
TAILS = 5  # degrees of freedom of the t: tails heavier than those of any posterior under normal priors
STEP = 1e-3
# Variances of the proposal's parts relative to the curvature at the mode, and their shares of the draws. The wide parts
# are a defence (Hesterberg 1995): no draw weighs much more than in them, whatever the posterior's shape.
WIDTHS, SHARES = (1.0, 30.0, 900.0), (0.7, 0.2, 0.1)
LAST_K = 0.7


@dataclass(frozen=True)
class Weighted:
    """Weighted draws from a posterior.

    Attributes:
        names: the p parameters.
        points: shape (size, p).
        log_weights: logs of weights that sum to one, shape (size,).
        pareto_k: shape of the tail of the weights; above 0.7 they are not to be trusted.
    """

    names: tuple[str, ...]
    points: Numbers
    log_weights: Numbers
    pareto_k: float

    def draws(self, size: int, seed: int) -> pd.DataFrame:
        """Draws of equal weight, one row each, resampled systematically so that few repeat."""
        rng = np.random.default_rng(seed)
        ladder = (np.arange(size) + rng.random()) / size
        chosen = np.searchsorted(np.cumsum(np.exp(self.log_weights)), ladder).clip(max=len(self.points) - 1)
        return pd.DataFrame(self.points[rng.permutation(chosen)], columns=list(self.names))


def sample_by_importance(block: Block, *, seed: int, size: int = 2000) -> Weighted:
    """Weighted draws from a posterior, proposed around its mode.

    Raises:
        InputError: if emcee or arviz is not installed.
    """
    centre = most_probable(block)
    spread = linalg.inv(curvature(block, centre))
    standard, log_density = propose(centre, (spread + spread.T) / 2, size, np.random.default_rng(seed))
    log_weights, k = smoothed(block.log_posterior(standard) - log_density)
    believed = standard.clip(-FARTHEST, FARTHEST)  # beyond, the weight is nothing and the value may not be a number
    return Weighted(tuple(block.priors), values_of(block.priors.values(), believed), log_weights, k)


def propose(centre: Numbers, spread: Numbers, size: int, rng: np.random.Generator) -> tuple[Numbers, Numbers]:
    """Draws of a mixture of t of several widths, shape (size, p), and the log density of the mixture at them."""
    parts = [stats.multivariate_t(centre, width * spread, df=TAILS, seed=rng) for width in WIDTHS]
    counts = np.diff(np.round(size * np.cumsum([0.0, *SHARES])).astype(int))
    draws = [part.rvs(count).reshape(count, -1) for part, count in zip(parts, counts, strict=True)]
    standard = np.concatenate(draws)
    densities = [part.logpdf(standard) + np.log(share) for part, share in zip(parts, SHARES, strict=True)]
    return standard, np.asarray(np.logaddexp.reduce(densities))


def most_probable(block: Block) -> Numbers:
    """The mode, shape (p,), on the scale where priors are standard normal."""

    def lack(point: Numbers) -> float:
        return -float(block.log_density(point[None])[0])

    def slope(point: Numbers) -> Numbers:
        moves = STEP * np.eye(len(point))
        ahead, behind = np.split(block.log_density(np.concatenate([point + moves, point - moves])), 2)
        return np.asarray((behind - ahead) / (2 * STEP))

    return np.asarray(minimize(lack, np.zeros(len(block.priors)), jac=slope, method="BFGS", options={"gtol": 1e-3}).x)


def curvature(block: Block, point: Numbers) -> Numbers:
    """Second derivatives of minus the log posterior, shape (p, p), by differences in one call."""
    p = len(point)
    corners = [(one, other) for one in range(p) for other in range(one, p)]
    units = STEP * np.eye(p)
    steps = [a * units[one] + b * units[other] for one, other in corners for a in (1, -1) for b in (1, -1)]
    values = block.log_density(point + np.array(steps)).reshape(-1, 4)
    second = np.zeros((p, p))
    for (one, other), (both, first, last, neither) in zip(corners, values, strict=True):
        second[one, other] = second[other, one] = -(both - first - last + neither) / (4 * STEP**2)
    return second


def smoothed(log_weights: Numbers) -> tuple[Numbers, float]:
    """Pareto-smoothed logs of weights that sum to one, shape (size,), and the shape k of their tail."""
    arviz = libraries()[1]
    smooth, k = arviz.psislw(log_weights)
    return np.asarray(smooth), float(k)
