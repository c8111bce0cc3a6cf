"""Do the chains agree with themselves, and with a sampler that shares nothing with them?"""

import numpy as np
import pandas as pd

from calibration.checks.contract import Check, Setting
from calibration.fit import blocks_of
from calibration.importance import sample_by_importance

MOST_RHAT, LEAST_SIZE = 1.01, 1000.0
MOST_Z, MOST_RATIO = 4.0, 1.15
BY_IMPORTANCE = ("choice", "departures")  # the themes' posterior has a spike, where importance sampling fails
DRAWS = 5  # times those of other fits, since these are compared closely


def samplers(setting: Setting) -> Check:
    """Do the chains agree with one another, and with importance sampling?"""
    blocks = blocks_of(setting.posterior.tours)
    parts = [_compared(setting, name) for name in BY_IMPORTANCE if name in blocks]
    table = pd.concat(parts, ignore_index=True)
    facts = setting.facts
    believed = facts["rhat_max"] < MOST_RHAT and min(facts["ess_bulk_min"], facts["ess_tail_min"]) > LEAST_SIZE
    z = float(table["z"].abs().max(skipna=False))
    ratio = float(np.exp(np.log(table["sd_ratio"]).abs().max(skipna=False)))
    sentence = (
        f"Largest R-hat {facts['rhat_max']:.4f}, smallest effective size {facts['ess_bulk_min']:.0f} (bulk) and "
        f"{facts['ess_tail_min']:.0f} (tail); means of the two samplers differ by at most {z:.1f} Monte Carlo standard "
        f"errors, standard deviations by {ratio - 1:.0%}."
    )
    passed = bool(believed and z < MOST_Z and ratio < MOST_RATIO)
    return Check("samplers", str(samplers.__doc__), passed, sentence, table, {"samplers_z_max": z})


def _compared(setting: Setting, block: str) -> pd.DataFrame:
    sampled = blocks_of(setting.posterior.tours)[block]
    weighted = sample_by_importance(sampled, seed=setting.seed, size=DRAWS * setting.sizes.draws)
    weights = np.exp(weighted.log_weights)
    mean = weights @ weighted.points
    sd = np.sqrt(weights @ np.square(weighted.points - mean))
    chains = setting.posterior.draws[list(weighted.names)]
    error = sd * np.sqrt(np.square(weights).sum() + 1.0 / len(chains))
    return pd.DataFrame({
        "block": block, "parameter": weighted.names, "emcee": chains.mean().to_numpy(), "importance": mean,
        "emcee_sd": chains.std().to_numpy(), "importance_sd": sd, "z": (chains.mean().to_numpy() - mean) / error,
        "sd_ratio": chains.std().to_numpy() / sd, "k": weighted.pareto_k,
    })
