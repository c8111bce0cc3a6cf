"""Dose and response: a parameter from none to full, and what becomes of every outcome on the way."""

import numpy as np
import pandas as pd

from model.declaration import InputError
from scenarios.study.differences import paired_differences
from scenarios.study.variants import BASELINE, Sample, check_free, outcomes_of

LEVER = "coordination"
# What is gained against what it costs: the article's two worries about integration.
TRADE_OFFS = (("duplication", "spread_closed"), ("inside_clusters", "spread_between_clusters_closed"))
SHOWN = (0.25, 0.5, 1.0)
WIDTHS = "{:<41}{:>9}" + "{:>29}" * len(SHOWN)


def dose_response(steps: int = 8, sample: Sample | None = None, workers: int | None = None) -> pd.DataFrame:
    """Paired differences of every outcome from no coordination, at even steps up to full coordination.

    Only the share of stops that the centre plans, and the barriers that this relieves, change; the agenda does not.

    Args:
        steps: doses above 0.
        sample: draws and luck.
        workers: threads.

    Returns:
        As ``paired_differences``, with a column ``dose`` in place of the scenario.

    Raises:
        InputError: for no steps, or where coordination is held.
    """
    if steps < 1:
        raise InputError(f"{steps} steps make no dose; give at least 1.")
    sample = sample or Sample()
    check_free((LEVER,), sample)
    doses = {f"{dose:g}": float(dose) for dose in np.linspace(0.0, 1.0, steps + 1)[1:]}
    variants = {BASELINE: lambda base: base.having(coordination=0.0)}
    for name, dose in doses.items():
        variants[name] = lambda base, dose=dose: base.having(coordination=dose)  # type: ignore[misc]
    found = paired_differences(outcomes_of(variants, sample, workers), BASELINE)
    found.insert(0, "dose", found.pop("scenario").map(doses))
    return found


def as_text(differences: pd.DataFrame, sample: Sample) -> str:
    """For each outcome the difference at a few doses with its 90% interval, and the sign the prior has at the last."""
    posterior, prior = (differences[differences["basis"] == basis] for basis in ("posterior", "prior"))
    doses = sorted(posterior["dose"].unique())
    shown = [min(doses, key=lambda dose: abs(dose - wanted)) for wanted in SHOWN]
    lines = [
        f"Coordination from 0 to 1: {sample}; paired differences from none, expected 90%.",
        WIDTHS.format("outcome", "at none", *(f"at {dose:g}" for dose in shown)),
    ]
    last = prior[prior["dose"] == doses[-1]].set_index("outcome")["verdict"]
    for outcome, rows in posterior.groupby("outcome", sort=False):
        told = [_told(rows[rows["dose"] == dose].iloc[0]) for dose in shown]
        mark = " (assumed)" if rows["rests_on"].iloc[0] == "assumed" else ""
        known = _built_in(str(rows["verdict"].iloc[-1]), str(last[outcome]))
        lines.append(WIDTHS.format(f"{outcome}{mark}", f"{rows['baseline'].iloc[0]:.3g}", *told) + known)
    return "\n".join(lines)


def _told(row: pd.Series) -> str:
    return f"{row['difference']:+.2g} ({row['expected_low']:+.2g} to {row['expected_high']:+.2g})"


def _built_in(word: str, under_prior: str) -> str:
    return "  as under the prior" if word.startswith(("rises", "falls")) and word[:5] == under_prior[:5] else ""
