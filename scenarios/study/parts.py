"""Coordination broken into its parts: the plan, lower barriers and the agenda, each alone and all together."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from math import factorial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.measures import OUTCOMES
from model.parameters import Parameters
from scenarios.study.differences import expected_interval, paired_differences
from scenarios.study.scenario import find_scenario
from scenarios.study.variants import BASELINE, Sample, by_draw, check_free, outcomes_of

WHOLE = "stronger_central_coordination"
PARTS = ("plan", "barriers", "agenda")
CHANGED = ("coordination", "focus_on_gap", "relief", "barrier")
WIDTHS = "{:<41}{:>33}{:>33}{:>33}{:>10}"


@dataclass(frozen=True)
class Parts:
    """What each part of coordination does.

    Attributes:
        differences: as ``paired_differences``; the scenario names the parts switched on, such as ``plan+agenda``.
        shares: what each part adds to an outcome, averaged over the orders in which parts can be switched on (Shapley
            values; they sum to the difference of the whole): outcome, rests_on, part, difference, expected_low,
            expected_high.
    """

    differences: pd.DataFrame
    shares: pd.DataFrame


def with_parts(base: Parameters, parts: Iterable[str]) -> Parameters:
    """Parameters with these parts of stronger coordination, as strong as they are in the scenario, and no others.

    The plan without lower barriers has no relief. Lower barriers without the plan are lowered by as much as they would
    be under it.
    """
    parts, changes = set(parts), find_scenario(WHOLE).changes
    planned = changes["coordination"]
    relieved = base.barrier * (1.0 - base.relief * planned)
    return base.having(
        coordination=planned if "plan" in parts else 0.0,
        relief=base.relief if "barriers" in parts else 0.0,
        barrier=relieved if parts & {"barriers", "plan"} == {"barriers"} else base.barrier,
        focus_on_gap=changes["focus_on_gap"] if "agenda" in parts else base.focus_on_gap,
    )


def break_into_parts(sample: Sample | None = None, workers: int | None = None) -> Parts:
    """Switch the parts of stronger coordination on in all eight combinations, under the same draws and luck.

    Raises:
        InputError: where a parameter that makes up coordination is held.
    """
    sample = sample or Sample()
    check_free(CHANGED, sample)
    every = [chosen for size in range(len(PARTS) + 1) for chosen in combinations(PARTS, size)]
    variants = {_name(parts): lambda base, parts=parts: with_parts(base, parts) for parts in every}
    outcomes = outcomes_of(variants, sample, workers)
    return Parts(paired_differences(outcomes, BASELINE), _shares(outcomes))


def _name(parts: Iterable[str]) -> str:
    return "+".join(parts) or BASELINE


def _shares(outcomes: pd.DataFrame) -> pd.DataFrame:
    values = {name: by_draw(outcomes, name) for name in outcomes["scenario"].unique()}
    rows = []
    for outcome, item in OUTCOMES.items():
        of_outcome = {name: each[outcome] for name, each in values.items()}
        for part in PARTS:
            added = shapley_value(of_outcome, part)
            added = added[~np.isnan(added).any(axis=1)]
            if len(added) > 1:
                low, high = expected_interval(added)
                rows.append((outcome, item.rests_on, part, float(added.mean()), low, high))
    return pd.DataFrame(rows, columns=["outcome", "rests_on", "part", "difference", "expected_low", "expected_high"])


def shapley_value(values: dict[str, NDArray[np.float64]], part: str) -> NDArray[np.float64]:
    """What one part adds, averaged over the orders of switching on; values by name of the parts that are on."""
    others, n = [each for each in PARTS if each != part], len(PARTS)
    added = np.zeros_like(values[BASELINE])
    for size in range(n):
        weight = factorial(size) * factorial(n - size - 1) / factorial(n)
        for before in combinations(others, size):
            after = [each for each in PARTS if each == part or each in before]
            added += weight * (values[_name(after)] - values[_name(before)])
    return added


def as_text(parts: Parts, sample: Sample) -> str:
    """For each outcome what each part adds, with its 90% interval, and the difference of the whole."""
    lines = [
        f"Parts of stronger coordination: {sample}. What each adds on average over the orders of switching on, 90%.",
        WIDTHS.format("outcome", *PARTS, "all three"),
    ]
    for outcome, rows in parts.shares.groupby("outcome", sort=False):
        mark = " (assumed)" if rows["rests_on"].iloc[0] == "assumed" else ""
        told = [_told(row) for _, row in rows.iterrows()]
        lines.append(WIDTHS.format(f"{outcome}{mark}", *told, f"{rows['difference'].sum():+.3g}"))
    return "\n".join(lines)


def _told(row: pd.Series) -> str:
    return f"{row['difference']:+.2g} ({row['expected_low']:+.2g} to {row['expected_high']:+.2g})"
