"""Prior and posterior predictive checks: patterns of the year observed against simulated years."""

import numpy as np
import pandas as pd

from calibration.blocks import REPORTING
from calibration.checks.contract import Check, Setting
from calibration.fit import prior_table
from calibration.posterior import parameters_of
from calibration.predictive import COUNTS, PRESS, WINDOW, against_years
from calibration.priors import draw
from calibration.simulated import simulated_years

VIEWS_OF_PRIOR = (PRESS, WINDOW, COUNTS)


def prior_predictive(setting: Setting) -> Check:
    """Does the prior allow the year observed, without deciding it?"""
    draws = prior_table(setting.sizes.years, setting.seed)
    draws["reporting"] = draw(REPORTING, len(draws), np.random.default_rng(setting.seed))
    table = _against(setting, draws, "prior predictive")
    table = table[table["view"].isin(VIEWS_OF_PRIOR)].reset_index(drop=True)
    return Check(
        "prior-predictive", _question(prior_predictive), not len(misses(table)), told(table), table,
        {"prior_predictive_missed": len(misses(table))},
    )


def posterior_predictive(setting: Setting) -> Check:
    """Do years simulated under the posterior look like the year observed?"""
    table = _against(setting, setting.posterior.draws.head(setting.sizes.years), "posterior predictive")
    return Check(
        "posterior-predictive", _question(posterior_predictive), not len(misses(table)), told(table), table,
        {"posterior_predictive_missed": len(misses(table)), "posterior_predictive_patterns": len(seen(table))},
    )


def _against(setting: Setting, draws: pd.DataFrame, label: str) -> pd.DataFrame:
    years = simulated_years(parameters_of(draws), setting.seed, label, setting.workers)
    return against_years(draws, years, setting.posterior.tours, setting.seed)


def seen(table: pd.DataFrame) -> pd.DataFrame:
    """The patterns that have an observation to be compared with."""
    return table[table["verdict"] != "not observed"]


def misses(table: pd.DataFrame) -> pd.DataFrame:
    """The patterns whose observation lies outside the range of simulated years."""
    return table[table["verdict"] == "missed"]


def told(table: pd.DataFrame) -> str:
    """One sentence on what simulated years get wrong."""
    missed = misses(table)
    if missed.empty:
        return f"All {len(seen(table))} patterns observed lie inside their 90% range."
    named = [f"{row.pattern} ({row.view}: {row.observed:.3g} outside {row.low:.3g} to {row.high:.3g})" for row in
             missed.itertuples()]
    return f"{len(missed)} of {len(seen(table))} patterns lie outside their 90% range: {'; '.join(named)}."


def _question(check: object) -> str:
    return str(check.__doc__)
