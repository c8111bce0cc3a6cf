"""A scenario beside the baseline, week by week under the same luck: what the live page steps through."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import mesa

from calibration.posterior import posterior_draws
from model.agents import PolicyLearning, forget
from model.declaration import InputError
from model.parameters import Parameters
from scenarios.study.scenario import find_scenario

WEEKS = 52
LARGEST_SEED = 2**64 - 1


@dataclass(frozen=True)
class Settings:
    """What is put beside the baseline.

    Attributes:
        scenario: its name; its parameters are those of the first posterior draw, as the scenario changes them.
        seed: of all luck, the same on both sides.
        moved: parameters of the scenario's side moved from there by hand, by name.

    Raises:
        InputError: for an unknown scenario or parameter, a value out of bounds, or a seed there is not.
    """

    scenario: str = "stronger_central_coordination"
    seed: int = 1
    moved: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not 0 <= self.seed <= LARGEST_SEED:
            raise InputError(f"The seed {self.seed} is out of range: give a whole number from 0 to {LARGEST_SEED}.")
        self.timetable  # noqa: B018 - refused now rather than in the middle of a run

    @cached_property
    def baseline(self) -> Parameters:
        """Parameters of 2023 as it was: the first posterior draw."""
        return posterior_draws(1)[0]

    @cached_property
    def timetable(self) -> tuple[Parameters, dict[int, Parameters]]:
        """Parameters of the scenario's side at the start, and those that hold from later weeks on."""
        start, later = find_scenario(self.scenario).timetable(self.baseline)
        moved = {week: parameters.having(**self.moved) for week, parameters in later.items()}
        return start.having(**self.moved), moved

    @property
    def shown(self) -> Parameters:
        """Parameters of the scenario's side once all its changes hold."""
        start, later = self.timetable
        return later[max(later)] if later else start


class SideBySide(mesa.Model):  # type: ignore[misc]
    """Two years under the same luck: ``baseline`` as it was, ``other`` as set; always at the start of the same week."""

    def __init__(self, settings: Settings | None = None) -> None:
        super().__init__(rng=1)  # of no consequence: all luck is keyed
        self.settings = settings or Settings()
        start, later = self.settings.timetable
        seed = self.settings.seed
        self.baseline = PolicyLearning(None, self.settings.baseline, seed, weeks=WEEKS)
        self.other = PolicyLearning(None, start, seed, weeks=WEEKS, later=later)
        self._begin_week()

    @property
    def week(self) -> int:
        """The week that begins."""
        return self.baseline.week

    def step(self) -> None:
        """Simulate one week on both sides; after the last nothing happens."""
        if self.week < WEEKS:
            self.baseline.step()
            self.other.step()
            self._begin_week()
        self.running = self.week < WEEKS

    def under(self, settings: Settings) -> "SideBySide":
        """The same week under other settings, simulated from the start."""
        again = SideBySide(settings)
        while again.week < self.week:
            again.step()
        return again

    def drop(self) -> None:
        """Let both models go that are no longer needed."""
        forget(self.baseline)
        forget(self.other)

    def _begin_week(self) -> None:
        self.baseline.begin_week()
        self.other.begin_week()
