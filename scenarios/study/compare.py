"""Comparing scenarios with a baseline, under the same posterior draws and the same luck."""

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from calibration.posterior import posterior_draws, prior_draws
from model.batch import Batch
from model.declaration import InputError
from model.ensemble import simulate_all
from model.parameters import Parameters
from model.run import Run
from scenarios.study.differences import paired_differences
from scenarios.study.scenario import find_scenario
from scenarios.study.tables import capability_table, outcome_table, parameter_table, visit_table

KEYS = ["basis", "scenario", "draw", "replicate"]


@dataclass(frozen=True)
class Design:
    """What is compared and how often.

    Attributes:
        scenarios: names, the baseline first.
        draws: posterior draws, and as many from the prior.
        replicates: histories for each draw, differing in luck alone; at least two, to tell luck from parameters.
        seed: of all luck.
        weeks: length of each history.
        fixed: parameters held at a value in every scenario, by name.

    Raises:
        InputError: for a comparison that could not say anything, with the remedy.
    """

    scenarios: tuple[str, ...]
    draws: int
    replicates: int
    seed: int
    weeks: int
    fixed: dict[str, float]

    def __post_init__(self) -> None:
        for name in self.scenarios:
            find_scenario(name).check_free(self.fixed)
        if len(self.scenarios) < 2:
            raise InputError(f"Name at least one scenario to compare with {self.baseline}.")
        if len(set(self.scenarios)) < len(self.scenarios):
            raise InputError("A scenario is named twice, or compared with itself; name each once.")
        if self.draws < 2 or self.replicates < 2:
            raise InputError("Telling parameters from luck needs at least 2 draws and 2 replicates of each.")
        if self.weeks < 1:
            raise InputError(f"{self.weeks} weeks cannot be simulated; give at least 1.")
        Parameters().having(**self.fixed)
        posterior_draws(self.draws)

    @property
    def baseline(self) -> str:
        """The scenario that others are compared with."""
        return self.scenarios[0]

    @property
    def bases(self) -> dict[str, list[Parameters]]:
        """Draws of parameters under the posterior, and under the prior to show what the data add."""
        tables = {"posterior": posterior_draws(self.draws), "prior": prior_draws(self.draws)}
        return {basis: [draw.having(**self.fixed) for draw in draws] for basis, draws in tables.items()}

    def runs(self) -> list[tuple[tuple[str, str, int, int], Run]]:
        """Every history with its key (basis, scenario, draw, replicate)."""
        return [
            ((basis, name, draw, replicate), self._run(name, base, draw, replicate))
            for basis, draws in self.bases.items()
            for name in self.scenarios
            for draw, base in enumerate(draws)
            for replicate in range(self.replicates)
        ]

    def _run(self, name: str, base: Parameters, draw: int, replicate: int) -> Run:
        start, later = find_scenario(name).timetable(base)
        return Run(start, self.seed, draw * self.replicates + replicate, self.weeks, later)


@dataclass(frozen=True)
class Comparison:
    """A finished comparison as data frames.

    Attributes:
        design: what was compared.
        outcomes: one row a history, with basis, scenario, draw, replicate and every outcome.
        visits: the visit logs of all histories, with the same keys.
        capability: at start and end by province and domain, with the same keys.
        parameters: of every history, with the same keys and the week from which they hold.
    """

    design: Design
    outcomes: pd.DataFrame
    visits: pd.DataFrame
    capability: pd.DataFrame
    parameters: pd.DataFrame

    @cached_property
    def differences(self) -> pd.DataFrame:
        """Paired differences from the baseline, one row a basis, scenario and outcome."""
        return paired_differences(self.outcomes, self.design.baseline)


def compare(
    *scenarios: str,
    against: str = "baseline",
    draws: int = 60,
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
        draws, replicates, seed, weeks, fixed: see ``Design``.
        workers: threads; as many as there are processors if left out.

    Raises:
        InputError: for an unknown scenario or parameter, a value out of bounds, or too few or too many draws.
    """
    return carry_out(Design((against, *scenarios), draws, replicates, seed, weeks, fixed or {}), workers)


def carry_out(design: Design, workers: int | None = None) -> Comparison:
    """Simulate every history of a design, on as many threads as given, and gather the tables."""
    keys, runs = zip(*design.runs(), strict=True)
    histories = simulate_all(Batch.of(runs), "histories", workers)
    table = pd.DataFrame(keys, columns=KEYS)
    return Comparison(
        design=design,
        outcomes=outcome_table(histories, table),
        visits=visit_table(histories, table),
        capability=capability_table(histories, table),
        parameters=parameter_table(table, runs),
    )
