"""What a scenario is, and how one is found by name."""

import pkgutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

import numpy as np

import scenarios
from model.calendar import week_of
from model.declaration import Declaration, InputError, check_names, nearest_name
from model.parameters import DECLARATIONS, Parameters
from model.world import INTEGRATION


@dataclass(frozen=True)
class Like:
    """A change told by what a parameter is under the same draw: ``times`` its value, ``plus`` something."""

    name: str
    times: float = 1.0
    plus: float = 0.0

    def of(self, base: Mapping[str, Any], declaration: Declaration) -> Any:
        """The value under these parameters, held to the bounds of the one that is changed."""
        return np.clip(self.times * base[self.name] + self.plus, declaration.low, declaration.high)

    def __str__(self) -> str:
        return f"{self.times:g} * {self.name} + {self.plus:g}"


@dataclass(frozen=True)
class Scenario:
    """A question put to the model.

    Attributes:
        question: one sentence that ends in a question mark.
        statement: what lies behind it, in our own words.
        source: who says so.
        changes: parameters that take other values, by name: a number, or ``Like`` another parameter.
        since: first day of the changes, as YYYY-MM-DD; before it a run equals the baseline.
        until: the day on which the baseline's parameters hold again; never if left out.

    Raises:
        InputError: for a name that is no parameter, an end before the beginning, or a later change of how ties begin.
    """

    question: str
    statement: str
    source: str
    changes: Mapping[str, float | Like] = field(default_factory=dict)
    since: str = "2023-01-02"
    until: str | None = None

    def __post_init__(self) -> None:
        check_names(self.changes, DECLARATIONS)
        check_names([change.name for change in self.changes.values() if isinstance(change, Like)], DECLARATIONS)
        if self.end is not None and self.end <= self.week:
            raise InputError(f"The changes end on {self.until}, before they begin on {self.since}; give a later day.")
        late = [name for name in INTEGRATION if name in self.changes and self.week]
        if late:
            raise InputError(f"{late[0]} is how a history begins; leave out since={self.since!r}, or that change.")

    def check_free(self, names: Iterable[str]) -> None:
        """Refuse to hold a parameter that this scenario changes.

        Raises:
            InputError: naming the parameter.
        """
        for name in names:
            if name in self.changes:
                raise InputError(f"The scenario itself changes {name}; hold another parameter, or copy the scenario.")

    @property
    def week(self) -> int:
        """First week of the changes; 0 where they hold from the start."""
        return max(0, week_of(self.since))

    @property
    def end(self) -> int | None:
        """First week in which the baseline's parameters hold again; None if there is none."""
        return None if self.until is None else week_of(self.until)

    def values(self, base: Mapping[str, Any]) -> dict[str, Any]:
        """What the changes come to, by name, where all parameters have these values; numbers, or arrays of them."""
        return {
            name: change.of(base, DECLARATIONS[name]) if isinstance(change, Like) else change
            for name, change in self.changes.items()
        }

    def timetable(self, base: Parameters) -> tuple[Parameters, dict[int, Parameters]]:
        """Parameters at the start, and those that hold from later weeks on."""
        changed = base.having(**self.values(base.values()))
        start, later = (base, {self.week: changed}) if self.week else (changed, {})
        return start, later if self.end is None else {**later, self.end: base}

    def record(self) -> dict[str, Any]:
        """The changes as they go into a manifest."""
        told = {name: str(change) if isinstance(change, Like) else change for name, change in self.changes.items()}
        return {"since": self.since, **({"until": self.until} if self.until else {}), **told}


def known_scenarios() -> list[str]:
    """Names of all scenarios: the modules of the folder ``scenarios``."""
    return sorted(module.name for module in pkgutil.iter_modules(scenarios.__path__) if not module.ispkg)


def find_scenario(name: str) -> Scenario:
    """The scenario of this name.

    Raises:
        InputError: if there is none, with the nearest known name.
    """
    if name not in known_scenarios():
        raise InputError(f"There is no scenario {name!r}: {nearest_name(name, known_scenarios())}")
    scenario = getattr(import_module(f"scenarios.{name}"), "scenario", None)
    if not isinstance(scenario, Scenario):
        raise InputError(f"scenarios/{name}.py defines no scenario; add: scenario = Scenario(...).")
    return scenario
