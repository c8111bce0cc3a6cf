"""Priors, each as the function that turns a standard normal number into a value.

Sampling on the scale where every prior is a standard normal needs no bounds and no Jacobian, and suits the samplers.
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv, expit, logit, ndtr

from model.declaration import Prior

Numbers = NDArray[np.float64]


def from_standard_normal(prior: Prior, number: Numbers) -> Numbers:
    """Values whose distribution is the prior where ``number`` is standard normal; any shape."""
    first, second = prior.first, prior.second
    match prior.family:
        case "normal":
            value = first + second * number
        case "lognormal":
            value = first * np.exp(second * number)
        case "logitnormal":
            value = expit(logit(first) + second * number)
        case "uniform":
            value = first + (second - first) * ndtr(number)
        case "beta":
            value = betaincinv(first, second, ndtr(number))
    return np.asarray(value, dtype=float)


def values_of(priors: Iterable[Prior], standard: Numbers) -> Numbers:
    """Values of p parameters from standard normal numbers; the last axis of both has length p."""
    columns = np.moveaxis(standard, -1, 0)
    return np.stack([from_standard_normal(prior, column) for prior, column in zip(priors, columns, strict=True)], -1)


def draw(prior: Prior, size: int, rng: np.random.Generator) -> Numbers:
    """Independent draws from a prior, shape (size,)."""
    return from_standard_normal(prior, rng.standard_normal(size))
