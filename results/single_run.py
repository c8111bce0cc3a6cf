"""One history on the Mesa engine, written down, drawn and told."""

from pathlib import Path
from typing import Any

import pandas as pd

from calibration.posterior import posterior_draws
from model.batch import Run, simulate
from model.declaration import InputError
from model.history import History
from model.measures import OUTCOMES
from results.maps import visit_map
from scenarios.study.compare import capability_table, summarise
from scenarios.study.record import new_folder, write_tables
from scenarios.study.scenario import find_scenario

MOST_SHOWN = 12


def run_once(
    name: str, *, seed: int = 1, weeks: int = 52, fixed: dict[str, float] | None = None, draw: int = 0,
    out: Path | None = None,
) -> str:
    """Simulate one history of a scenario, write its tables and map, and return what there is to say.

    Args:
        name: of the scenario.
        seed: of all luck.
        weeks: length of the history.
        fixed: parameters held at a value unless the scenario changes them.
        draw: which draw of the posterior the parameters are.
        out: folder to write.

    Raises:
        InputError: for an unknown scenario or draw, or a value out of bounds.
    """
    if draw < 0:
        raise InputError(f"There is no draw {draw}; the first is 0.")
    base = posterior_draws(draw + 1)[draw].having(**(fixed or {}))
    start, later = find_scenario(name).timetable(base)
    folder = new_folder(f"run-{name}", out)
    history = simulate(Run(start, seed, 0, weeks, later))
    design = {"scenario": name, "draw": draw, "seed": seed, "weeks": weeks, "fixed": fixed or {}}
    write_tables(_tables(history, name, draw), folder, "run", design)
    note = f"{name}: one history of {weeks} weeks, posterior draw {draw}, seed {seed}"
    visit_map(history.visits, history.world, note).savefig(folder / "map.png", dpi=150)
    return "\n".join([find_scenario(name).question, note, "", *_told(history), "", f"Tables and map in {folder}."])


def _tables(history: History, name: str, draw: int) -> dict[str, pd.DataFrame]:
    keys: dict[str, Any] = {"basis": "posterior", "scenario": name, "draw": draw, "replicate": 0}
    summary = summarise(history)
    return {
        "visits.parquet": history.visits.assign(**keys),
        "visits.csv": history.visits,
        "outcomes.parquet": pd.DataFrame([{**keys, **summary.outcomes}]),
        "capability.parquet": capability_table(summary.capability).assign(**keys),
    }


def _told(history: History) -> list[str]:
    visits = history.visits
    columns = ["date", "origin", "host", "stop", "by", "focus", "agreement"]
    first = visits[columns].head(MOST_SHOWN).to_string(index=False) if len(visits) else "No province set out."
    outcomes = summarise(history).outcomes
    lines = [
        f"{name:<32}{outcomes[name]:>9.3g}  {item.unit} ({item.rests_on})" for name, item in OUTCOMES.items()
    ]
    return [first, f"... {len(visits)} visits in all.", "", *lines]
