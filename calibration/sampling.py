"""Sampling a posterior with emcee, and saying how far the chains can be believed."""

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from tqdm import tqdm

from calibration.priors import values_of
from model.declaration import InputError, Prior

Numbers = NDArray[np.float64]
# Nothing is believed beyond so many standard deviations of a prior; the declared bounds of parameters lie outside.
FARTHEST = 5.0
MISSING_EXTRA = "Calibrating needs emcee and arviz; in the project's folder type: pip install -e '.[calibrate]'"


@dataclass(frozen=True)
class Block:
    """A group of p parameters whose posterior stands by itself.

    Attributes:
        label: what the progress bar says.
        priors: independent priors by name.
        log_likelihood: takes points of shape (points, p), gives shape (points,).
    """

    label: str
    priors: Mapping[str, Prior]
    log_likelihood: Callable[[Numbers], Numbers]

    def log_density(self, standard: Numbers) -> Numbers:
        """Log posterior at points on the scale where priors are standard normal, shape (points,); not normalised."""
        near = standard.clip(-FARTHEST, FARTHEST)
        log_prior = -0.5 * np.square(standard).sum(axis=1)
        return np.asarray(self.log_likelihood(values_of(self.priors.values(), near)) + log_prior)

    def log_posterior(self, standard: Numbers) -> Numbers:
        """The same, minus infinity at points too far out to be believed."""
        return np.where(np.abs(standard).max(axis=1) <= FARTHEST, self.log_density(standard), -np.inf)


@dataclass(frozen=True)
class Chains:
    """Draws of one block of parameters.

    Attributes:
        names: the p parameters.
        values: shape (steps, walkers, p), the first half of the run thrown away.
    """

    names: tuple[str, ...]
    values: Numbers

    def draws(self, size: int) -> pd.DataFrame:
        """Evenly thinned draws, one row each."""
        flat = self.values.reshape(-1, len(self.names))
        return pd.DataFrame(flat[np.linspace(0, len(flat) - 1, size).astype(int)], columns=list(self.names))

    def diagnostics(self) -> dict[str, dict[str, float]]:
        """R-hat, bulk and tail effective sizes of each parameter (Vehtari et al. 2021), walkers taken as chains."""
        arviz = libraries()[1]
        walkers_first = np.swapaxes(self.values, 0, 1)
        return {
            name: {
                "rhat": float(arviz.rhat(walkers_first[:, :, place])),
                "ess_bulk": float(arviz.ess(walkers_first[:, :, place], method="bulk")),
                "ess_tail": float(arviz.ess(walkers_first[:, :, place], method="tail")),
            }
            for place, name in enumerate(self.names)
        }


def sample(block: Block, *, steps: int, walkers: int, seed: int) -> Chains:
    """Draw from a posterior with differential-evolution moves (ter Braak and Vrugt 2008), from a start in the prior.

    Args:
        block: priors and likelihood.
        steps, walkers: length of the run, of which half is kept, and size of the ensemble.
        seed: of the sampler.

    Raises:
        InputError: if emcee or arviz is not installed.
    """
    emcee, _ = libraries()
    p = len(block.priors)
    start = np.random.default_rng(seed).standard_normal((walkers, p))
    # Snooker moves mix better, but those of emcee 3.1.6 draw too narrow a target (its pull request 531 mends them)
    moves = [(emcee.moves.DEMove(), 1.0)]
    sampler = emcee.EnsembleSampler(walkers, p, block.log_posterior, moves=moves, vectorize=True)
    # emcee takes no newer generator
    sampler.random_state = np.random.RandomState(seed % 2**32).get_state()
    run = sampler.sample(start, iterations=steps)
    for _ in tqdm(run, total=steps, desc=block.label, disable=None, leave=False):
        pass
    return Chains(tuple(block.priors), values_of(block.priors.values(), sampler.get_chain(discard=steps // 2)))


def libraries() -> tuple[Any, Any]:
    """The modules emcee and arviz.

    Raises:
        InputError: if either is not installed.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # arviz announces its next major version at import
            import arviz
            import emcee
    except ImportError as error:
        raise InputError(MISSING_EXTRA) from error
    return emcee, arviz
