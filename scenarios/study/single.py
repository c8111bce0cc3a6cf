"""One history of a scenario on the Mesa engine, as tables and as text."""

import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from calibration.posterior import posterior_draws
from model.agents import PolicyLearning
from model.declaration import InputError
from model.history import History
from model.measures import OUTCOMES
from model.parameters import Parameters
from model.world import World, china
from model.world_folder import read_world
from model.world_format import TABLES
from scenarios.study.compare import capability_table, summarise
from scenarios.study.scenario import find_scenario

WORLD = "world"
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

    @cached_property
    def world(self) -> World:
        """Where it happens."""
        return read_world(Path(self.world_folder)) if self.world_folder else china()

    def model(self) -> PolicyLearning:
        """The Mesa model of this history, before its first week."""
        start, later = find_scenario(self.scenario).timetable(self.base)
        return PolicyLearning(self.world, start, self.seed, 0, self.weeks, later)

    def carry_out(self) -> History:
        """Simulate it on the Mesa engine."""
        return self.model().run()

    def record(self) -> dict[str, Any]:
        """What was run, in plain types; no world is named where it is China's."""
        return {name: value for name, value in asdict(self).items() if value is not None}

    def __str__(self) -> str:
        where = f" in {Path(self.world_folder).name}" if self.world_folder else ""
        length = f"one history of {self.weeks} weeks"
        return f"{self.scenario}{where}: {length}, posterior draw {self.draw}, seed {self.seed}"


def recorded_single(kind: str, design: Mapping[str, Any], folder: Path) -> Single:
    """The history that the record of a run in a folder describes; a world of its own was copied there.

    Raises:
        InputError: for the record of anything but one history.
    """
    if kind != "run":
        raise InputError(f"A {kind} holds many histories; give a folder that `run` wrote.")
    world = {"world_folder": str(_kept(design["world_folder"], folder))} if "world_folder" in design else {}
    return Single(**{**design, **world})


def _kept(world_folder: str, folder: Path) -> Path:
    """Where the world of a run is kept in its folder, under the name it had."""
    return folder / WORLD / Path(world_folder).resolve().name


def keep_world(single: Single, folder: Path) -> None:
    """Copy the world of a history into the folder of its run, so that the record stands when the original changes."""
    if single.world_folder:
        kept = _kept(single.world_folder, folder)
        kept.mkdir(parents=True)
        for table in TABLES:
            if (file := Path(single.world_folder) / table.file).exists():
                shutil.copy(file, kept)


def tables_of(single: Single, history: History) -> dict[str, pd.DataFrame]:
    """The tables of one history, with the keys that a comparison's tables have."""
    keys: dict[str, Any] = {"basis": "posterior", "scenario": single.scenario, "draw": single.draw, "replicate": 0}
    summary = summarise(history)
    return {
        "visits.csv": history.visits,
        "visits.parquet": history.visits.assign(**keys),
        "outcomes.parquet": pd.DataFrame([{**keys, **summary.outcomes}]),
        "capability.parquet": capability_table(summary.capability, history.world.names).assign(**keys),
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
