"""Comparing scenarios with a baseline, under the same posterior draws and the same luck."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from calibration.posterior import shipped_draws
from model.batch import Batch
from model.declaration import InputError
from model.ensemble import simulate_all
from scenarios.study.bounds import at_bounds, ranges
from scenarios.study.design import ROUND, Design
from scenarios.study.differences import paired_differences
from scenarios.study.ranking import ranking
from scenarios.study.tables import capability_table, outcome_table, parameter_table, visit_table

KEYS = ["basis", "scenario", "draw", "replicate"]
PRECISION = 0.1
Tables = dict[str, pd.DataFrame]


@dataclass(frozen=True)
class Comparison:
    """A finished comparison as data frames.

    Attributes:
        design: what was compared.
        outcomes: one row a history, with basis, scenario, draw, replicate and every outcome.
        visits: the visit logs of the histories of the first round of draws, with the same keys.
        capability: at start and end by province and domain, of the same histories with the same keys.
        parameters: of every history, with the same keys and the week from which they hold.
        bounds: what each assumed parameter makes of the differences at either end of its range.
    """

    design: Design
    outcomes: pd.DataFrame
    visits: pd.DataFrame
    capability: pd.DataFrame
    parameters: pd.DataFrame
    bounds: pd.DataFrame

    @cached_property
    def differences(self) -> pd.DataFrame:
        """Paired differences from the baseline, one row a basis, scenario and outcome, with their ranges."""
        found = paired_differences(self.outcomes, self.design.baseline)
        return ranges(found, self.bounds)

    @property
    def ranking(self) -> pd.DataFrame:
        """The scenarios in order of each outcome."""
        return ranking(self.outcomes, self.design.baseline)


def compare(
    *scenarios: str,
    against: str = "baseline",
    draws: int | None = None,
    precision: float = PRECISION,
    replicates: int = 2,
    seed: int = 1,
    weeks: int = 52,
    fixed: dict[str, float] | None = None,
    workers: int | None = None,
) -> Comparison:
    """Compare scenarios with a baseline, paired by posterior draw and by luck.

    Args:
        scenarios: names of files in ``scenarios/``.
        against: the scenario they are compared with.
        draws: posterior draws; if left out, as many as every difference needs to be as precise as asked.
        precision: half the 90% interval of the Monte Carlo error of a mean difference, in standard deviations of the
            baseline's single years or, where it is larger, in the difference itself.
        replicates, seed, weeks, fixed: see ``Design``.
        workers: threads; as many as there are processors if left out.

    Raises:
        InputError: for an unknown scenario or parameter, a value out of bounds, or too few or too many draws.
    """
    design = designed(scenarios, against, draws, precision, replicates, seed, weeks, fixed or {})
    return carry_out(design, workers, precision if draws is None else None)


def designed(
    scenarios: tuple[str, ...], against: str, draws: int | None, precision: float, replicates: int, seed: int,
    weeks: int, fixed: dict[str, float],
) -> Design:  # fmt: skip
    """The design of ``compare``; one round of draws to begin with where no number is given.

    Raises:
        InputError: as ``compare`` does.
    """
    if not precision > 0:
        raise InputError(f"A precision of {precision:g} cannot be reached; give a number above 0, such as {PRECISION}.")
    return Design((against, *scenarios), ROUND if draws is None else draws, replicates, seed, weeks, fixed)


def carry_out(design: Design, workers: int | None = None, precision: float | None = None) -> Comparison:
    """Simulate every history of a design, and further draws until every difference is as precise as asked."""
    tables = _simulate(design, 0, workers)
    while precision and (aim := draws_needed(tables["outcomes"], design, precision)) > design.draws:
        further = replace(design, draws=aim)
        tables = _joined([tables, _simulate(further, design.draws, workers)])
        design = further
    return Comparison(design, **tables, bounds=at_bounds(design, workers))


def draws_needed(outcomes: pd.DataFrame, design: Design, precision: float) -> int:
    """Draws after which every posterior difference should be this precise, in whole rounds; not more than there are."""
    found = paired_differences(outcomes[outcomes["basis"] == "posterior"], design.baseline)
    worst = float(np.nan_to_num(found["precision"].max()))
    if worst <= precision:
        return design.draws
    rounds = int(np.ceil(design.draws * (worst / precision) ** 2 / ROUND))
    return min(max(rounds * ROUND, design.draws + ROUND), len(shipped_draws()))


def _simulate(design: Design, first: int, workers: int | None) -> Tables:
    """The tables of all draws from this one on."""
    return _joined([_round(part, begin, workers) for begin, part in design.rounds(first)])


def _round(design: Design, first: int, workers: int | None) -> Tables:
    keys, runs = zip(*design.runs(first), strict=True)
    histories = simulate_all(Batch.of(runs), "histories", workers)
    table = pd.DataFrame(keys, columns=KEYS)
    always = {"outcomes": outcome_table(histories, table), "parameters": parameter_table(table, runs)}
    if first > 0:
        return always
    return {**always, "visits": visit_table(histories, table), "capability": capability_table(histories, table)}


def _joined(parts: list[Tables]) -> Tables:
    """The same tables of every part, one after another; those that only the first has as they are."""
    return {
        name: pd.concat([part[name] for part in parts if name in part], ignore_index=True)
        for name in {**parts[0], **parts[-1]}
    }
