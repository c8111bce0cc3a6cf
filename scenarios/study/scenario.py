"""What a scenario is, and how one is found by name."""

import math
import pkgutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib import import_module

import scenarios
from model.calendar import week_of
from model.declaration import InputError, check_names, nearest_name
from model.parameters import DECLARATIONS, Parameters


@dataclass(frozen=True)
class Scenario:
    """A question put to the model.

    Attributes:
        question: one sentence that ends in a question mark.
        statement: what lies behind it, in our own words.
        source: who says so.
        changes: parameters that take other values, by name.
        since: first day of the changes, as YYYY-MM-DD; before it a run equals the baseline.
        until: first day on which they hold no more; None if they hold to the end.

    Raises:
        InputError: for a name that is no parameter, or changes that end before they begin.
    """

    question: str
    statement: str
    source: str
    changes: Mapping[str, float] = field(default_factory=dict)
    since: str = "2023-01-02"
    until: str | None = None

    def __post_init__(self) -> None:
        check_names(self.changes, DECLARATIONS)
        if not self.week < self.end:
            raise InputError(f"The changes end on {self.until}, before they begin on {self.since}; exchange the two.")

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
    def end(self) -> float:
        """First week without the changes; infinite where they hold to the end."""
        return math.inf if self.until is None else week_of(self.until)

    def timetable(self, base: Parameters) -> tuple[Parameters, dict[int, Parameters]]:
        """Parameters at the start, and those that hold from later weeks on."""
        changed = base.having(**self.changes)
        later = {} if self.until is None else {int(self.end): base}
        return (base, {self.week: changed, **later}) if self.week else (changed, later)


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
