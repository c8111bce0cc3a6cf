"""What a comparison is of: scenarios, draws of parameters, luck, and the histories that follow from them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from calibration.posterior import posterior_draws, prior_draws, shipped_draws
from model.declaration import InputError
from model.parameters import Parameters
from model.run import Run
from scenarios.study.scenario import find_scenario

ROUND = 60  # draws simulated at a time; visits and capability are kept of the first round


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
        tables = {"posterior": posterior_draws(self.draws), "prior": _all_of_prior()[: self.draws]}
        return {basis: [draw.having(**self.fixed) for draw in draws] for basis, draws in tables.items()}

    def runs(self, first: int = 0) -> list[tuple[tuple[str, str, int, int], Run]]:
        """Every history from this draw on with its key (basis, scenario, draw, replicate)."""
        return [
            ((basis, name, draw, replicate), Run(start, self.seed, self.luck(draw, replicate), self.weeks, later))
            for basis, draws in self.bases.items()
            for name, scenario in [(name, find_scenario(name)) for name in self.scenarios]
            for draw, base in enumerate(draws[first:], start=first)
            for start, later in [scenario.timetable(base)]
            for replicate in range(self.replicates)
        ]

    def luck(self, draw: int, replicate: int) -> int:
        """The number of a history's luck, the same in every scenario and on either basis."""
        return draw * self.replicates + replicate

    def rounds(self, first: int) -> Iterator[tuple[int, "Design"]]:
        """The first draw of each round from this one on, and the design up to the round's end."""
        for begin in range(first, self.draws, ROUND):
            yield begin, replace(self, draws=min(begin + ROUND, self.draws))


@cache
def _all_of_prior() -> list[Parameters]:
    """As many draws as the posterior has, so that the first are the same however many are used."""
    return prior_draws(len(shipped_draws()))
