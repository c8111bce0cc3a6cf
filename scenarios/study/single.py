"""One history of a scenario on the Mesa engine, as tables and as text."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from calibration.posterior import posterior_draws
from model.agents import PolicyLearning
from model.batch import Run, simulate
from model.declaration import InputError
from model.history import History
from model.measures import OUTCOMES
from model.parameters import Parameters
from scenarios.study.compare import capability_table, summarise
from scenarios.study.scenario import find_scenario

MOST_SHOWN = 12
SHOWN = ["date", "origin", "host", "stop", "by", "focus", "agreement"]


@dataclass(frozen=True)
class Single:
    """One history to run: of which scenario, under which draw of the posterior, with which luck.

    Attributes:
        scenario: its name.
        draw: which draw of the posterior the parameters are, from 0.
        seed: of all luck.
        weeks: length of the history.
        fixed: parameters held at a value, by name.

    Raises:
        InputError: for an unknown scenario or parameter, a draw there is not, or a value out of bounds.
    """

    scenario: str
    draw: int = 0
    seed: int = 1
    weeks: int = 52
    fixed: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        find_scenario(self.scenario).check_free(self.fixed)
        find_scenario(self.scenario).timetable(self.base)

    @property
    def base(self) -> Parameters:
        """Parameters before the scenario changes any."""
        return posterior_draws(self.draw + 1)[self.draw].having(**self.fixed)

    def model(self) -> PolicyLearning:
        """The Mesa model of this history, before its first week."""
        start, later = find_scenario(self.scenario).timetable(self.base)
        return PolicyLearning(None, start, self.seed, 0, self.weeks, later)

    def carry_out(self) -> History:
        """Simulate it on the Mesa engine."""
        start, later = find_scenario(self.scenario).timetable(self.base)
        return simulate(Run(start, self.seed, 0, self.weeks, later))

    def __str__(self) -> str:
        return f"{self.scenario}: one history of {self.weeks} weeks, posterior draw {self.draw}, seed {self.seed}"


def recorded_single(kind: str, design: Mapping[str, Any]) -> Single:
    """The history that the record of a run describes.

    Raises:
        InputError: for the record of anything but one history.
    """
    if kind != "run":
        raise InputError(f"A {kind} holds many histories; give a folder that `run` wrote.")
    return Single(**design)


def tables_of(single: Single, history: History) -> dict[str, pd.DataFrame]:
    """The tables of one history, with the keys that a comparison's tables have."""
    keys: dict[str, Any] = {"basis": "posterior", "scenario": single.scenario, "draw": single.draw, "replicate": 0}
    summary = summarise(history)
    return {
        "visits.csv": history.visits,
        "visits.parquet": history.visits.assign(**keys),
        "outcomes.parquet": pd.DataFrame([{**keys, **summary.outcomes}]),
        "capability.parquet": capability_table(summary.capability).assign(**keys),
    }


def told(single: Single, history: History) -> str:
    """A history as text: the question, the first visits, every outcome."""
    visits = history.visits
    first = visits[SHOWN].head(MOST_SHOWN).to_string(index=False) if len(visits) else "No province set out."
    outcomes = summarise(history).outcomes
    return "\n".join([
        find_scenario(single.scenario).question,
        str(single),
        "",
        first,
        f"... {len(visits)} visits in all.",
        "",
        *(f"{name:<32}{outcomes[name]:>9.3g}  {item.unit} ({item.rests_on})" for name, item in OUTCOMES.items()),
    ])
