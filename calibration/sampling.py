"""Sampling a posterior with emcee, and saying how far the chains can be believed."""

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from calibration.priors import from_standard_normal
from model.declaration import InputError, Prior

Numbers = NDArray[np.float64]
LogLikelihood = Callable[[Numbers], Numbers]
# Nothing is believed beyond so many standard deviations of a prior; the declared bounds of parameters lie outside.
FARTHEST = 5.0
MISSING_EXTRA = "Calibrating needs emcee and arviz; in the project's folder type: pip install -e '.[calibrate]'"


@dataclass(frozen=True)
class Chains:
    """Draws of one block of parameters.

    Attributes:
        names: the p parameters.
        values: shape (steps, walkers, p), the first half of the run thrown away.
    """

    names: tuple[str, ...]
    values: Numbers

    def draws(self, size: int) -> dict[str, Numbers]:
        """Evenly thinned draws by name, each of shape (size,)."""
        flat = self.values.reshape(-1, len(self.names))
        chosen = flat[np.linspace(0, len(flat) - 1, size).astype(int)]
        return dict(zip(self.names, chosen.T, strict=True))

    def diagnostics(self) -> dict[str, dict[str, float]]:
        """R-hat, bulk and tail effective sizes of each parameter (Vehtari et al. 2021), walkers taken as chains."""
        _, arviz = _libraries()
        walkers_first = np.swapaxes(self.values, 0, 1)
        return {
            name: {
                "rhat": float(arviz.rhat(walkers_first[:, :, place])),
                "ess_bulk": float(arviz.ess(walkers_first[:, :, place], method="bulk")),
                "ess_tail": float(arviz.ess(walkers_first[:, :, place], method="tail")),
            }
            for place, name in enumerate(self.names)
        }


def sample(
    priors: Mapping[str, Prior], log_likelihood: LogLikelihood, *, steps: int, walkers: int, seed: int, label: str
) -> Chains:
    """Draw from a posterior with differential-evolution moves (ter Braak and Vrugt 2008), from a start in the prior.

    Args:
        priors: independent priors by name.
        log_likelihood: takes points of shape (points, p), gives shape (points,).
        steps, walkers: length of the run, of which half is kept, and size of the ensemble.
        seed: of the sampler.
        label: what the progress bar says.

    Raises:
        InputError: if emcee or arviz is not installed.
    """
    emcee, _ = _libraries()

    def values(standard: Numbers) -> Numbers:
        columns = np.moveaxis(standard, -1, 0)
        each = [from_standard_normal(prior, column) for prior, column in zip(priors.values(), columns, strict=True)]
        return np.stack(each, axis=-1)

    def log_posterior(standard: Numbers) -> Numbers:
        believed = np.abs(standard).max(axis=1) <= FARTHEST
        density = log_likelihood(values(standard.clip(-FARTHEST, FARTHEST))) - 0.5 * np.square(standard).sum(axis=1)
        return np.where(believed, density, -np.inf)

    start = np.random.default_rng(seed).standard_normal((walkers, len(priors)))
    # Snooker moves mix better, but those of emcee 3.1.6 draw too narrow a target (its pull request 531 mends them)
    moves = [(emcee.moves.DEMove(), 1.0)]
    sampler = emcee.EnsembleSampler(walkers, len(priors), log_posterior, moves=moves, vectorize=True)
    # emcee takes no newer generator
    sampler.random_state = np.random.RandomState(seed % 2**32).get_state()
    for _ in tqdm(sampler.sample(start, iterations=steps), total=steps, desc=label, disable=None, leave=False):
        pass
    return Chains(tuple(priors), values(sampler.get_chain(discard=steps // 2)))


def _libraries() -> tuple[Any, Any]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # arviz announces its next major version at import
            import arviz
            import emcee
    except ImportError as error:
        raise InputError(MISSING_EXTRA) from error
    return emcee, arviz
