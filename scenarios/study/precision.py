"""Comparing until every difference is known as precisely as asked, on as few histories as that takes."""

from dataclasses import replace

import pandas as pd

from calibration.posterior import shipped_draws
from scenarios.study.compare import Comparison, Design, carry_out

FIRST_DRAWS = 60


def compare_until(design: Design, precision: float, workers: int | None = None) -> Comparison:
    """Carry out a design with ever more draws of the parameters, until each difference has the precision asked for.

    Precise is a difference whose Monte Carlo error is at most ``precision`` standard deviations of single years of the
    baseline. Draws are doubled, at most to all that are shipped.

    Args:
        design: what to compare; its draws are those to begin with.
        precision: in standard deviations of the baseline.
        workers: threads.
    """
    most = len(shipped_draws())
    while True:
        comparison = carry_out(design, workers)
        if design.draws >= most or imprecise(comparison.differences, precision).empty:
            return comparison
        design = replace(design, draws=min(2 * design.draws, most))


def imprecise(differences: pd.DataFrame, precision: float) -> pd.DataFrame:
    """The differences under the posterior that are not known precisely enough."""
    spread = (differences["difference"] / differences["standardised"]).abs()
    return differences[(differences["basis"] == "posterior") & (differences["standard_error"] > precision * spread)]
