"""One history of a scenario on the Mesa engine, as tables and as text."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from calibration.posterior import posterior_draws
from model.agents import PolicyLearning, simulate
from model.declaration import InputError
from model.history import History
from model.measures import OUTCOMES, measure_one
from model.parameters import Parameters
from model.run import Run
from model.world import World, china
from model.world_folder import read_world
from scenarios.study.places import kept_world
from scenarios.study.scenario import find_scenario
from scenarios.study.tables import capability_table, outcome_table, parameter_table, visit_table

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
        world_folder: of other regions than the provinces of China, as ``policy-learning world new`` writes it.

    Raises:
        InputError: for an unknown scenario or parameter, a draw there is not, a value out of bounds, or a world with a
            fault.
    """

    scenario: str
    draw: int = 0
    seed: int = 1
    weeks: int = 52
    fixed: dict[str, float] = field(default_factory=dict)
    world_folder: str | None = None

    def __post_init__(self) -> None:
        find_scenario(self.scenario).check_free(self.fixed)
        find_scenario(self.scenario).timetable(self.base)
        self.world  # noqa: B018 - refused now rather than when its folder has been made

    @property
    def base(self) -> Parameters:
        """Parameters before the scenario changes any."""
        return posterior_draws(self.draw + 1)[self.draw].having(**self.fixed)

    @property
    def run(self) -> Run:
        """The same for an engine."""
        start, later = find_scenario(self.scenario).timetable(self.base)
        return Run(start, self.seed, 0, self.weeks, later)

    @cached_property
    def world(self) -> World:
        """Where it happens."""
        return read_world(Path(self.world_folder)) if self.world_folder else china()

    def model(self) -> PolicyLearning:
        """The Mesa model of this history, before its first week."""
        run = self.run
        return PolicyLearning(self.world, run.parameters, run.seed, run.replicate, run.weeks, run.later)

    def carry_out(self) -> History:
        """Simulate it on the Mesa engine."""
        return simulate(self.run, self.world)

    def record(self) -> dict[str, Any]:
        """What was run, in plain types; no world is named where it is China's."""
        return {name: value for name, value in asdict(self).items() if value is not None}

    def __str__(self) -> str:
        where = f" in {Path(self.world_folder).name}" if self.world_folder else ""
        length = f"one history of {self.weeks} weeks"
        return f"{self.scenario}{where}: {length}, posterior draw {self.draw}, seed {self.seed}"


def recorded_single(kind: str, design: Mapping[str, Any], folder: Path) -> Single:
    """The history that the record of a run in a folder describes.

    Raises:
        InputError: for the record of anything but one history.
    """
    if kind != "run":
        raise InputError(f"A {kind} holds many histories; give a folder that `run` wrote.")
    kept = kept_world(design, folder)
    return Single(**{**design, **({"world_folder": str(kept)} if kept else {})})


def tables_of(single: Single, history: History) -> dict[str, pd.DataFrame]:
    """The tables of one history, with the keys that a comparison's tables have."""
    keys = pd.DataFrame([{"basis": "posterior", "scenario": single.scenario, "draw": single.draw, "replicate": 0}])
    return {
        "visits.csv": history.visits,
        "visits.parquet": visit_table(history.alone, keys),
        "outcomes.parquet": outcome_table(history.alone, keys),
        "capability.parquet": capability_table(history.alone, keys),
        "parameters.parquet": parameter_table(keys, [single.run]),
    }


def told(single: Single, history: History) -> str:
    """A history as text: the question, the first visits, every outcome."""
    visits = history.visits
    first = visits[SHOWN].head(MOST_SHOWN).to_string(index=False) if len(visits) else "No province set out."
    outcomes = measure_one(history)
    return "\n".join([
        find_scenario(single.scenario).question,
        str(single),
        "",
        first,
        f"... {len(visits)} visits in all.",
        "",
        *(f"{name:<32}{outcomes[name]:>9.3g}  {item.unit} ({item.rests_on})" for name, item in OUTCOMES.items()),
    ])
