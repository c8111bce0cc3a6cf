"""The figures of a finished run, drawn from its tables."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from numpy.typing import NDArray

from calibration.blocks import THEME_FACTS
from calibration.targets import published, tours_of_2023
from model.rules import WEEKS_PER_YEAR
from model.world import DOMAINS, THEMES, china
from results.difference_figure import difference_intervals
from results.figures import theme_shares, visit_matrix
from results.learning_figure import capability_spread
from results.maps import visit_map
from results.overview_figure import scenario_overview
from results.store import Study, SweepStudy
from results.sweep_figure import sweep_effects
from results.timing_figure import visit_timing
from scenarios.study.places import recorded_world
from scenarios.study.single import recorded_single

SOURCE_OF_SHARES = "Ma Liang 2019: visits between cities, 2014-2018"
MOST_IN_A_MATRIX = 60  # provinces whose names can be read
HISTORY = ["draw", "replicate"]
MOST_DRAWN = 4  # scenarios, the baseline counted, that get maps and matrices of their own


def figures_of(study: Study) -> dict[str, Figure]:
    """Every figure of a run by name: visits, timing and learning of each scenario; of a comparison themes and more."""
    if isinstance(study, SweepStudy):
        return dict(_of_sweep(study))
    scenarios = study.visits()["scenario"].unique()
    drawn = scenarios if len(scenarios) <= MOST_DRAWN else scenarios[:1]
    figures = {f"{name}-{kind}": figure for name in drawn for kind, figure in _of_scenario(study, name)}
    if study.kind == "compare":
        for name, differences in study.differences().groupby("scenario", sort=False):
            figures[f"{name}-differences"] = difference_intervals(differences)
        if len(scenarios) > MOST_DRAWN:
            figures["overview"] = scenario_overview(study.differences(), str(scenarios[0]))
    return figures


def save_figures(study: Study) -> list[Path]:
    """Draw every figure of a run into its folder ``figures``; returns the files."""
    folder = study.folder / "figures"
    folder.mkdir(exist_ok=True)
    files = []
    for name, figure in figures_of(study).items():
        files.append(folder / f"{name}.png")
        figure.savefig(files[-1], dpi=150)
    return files


def _of_scenario(study: Study, scenario: str) -> Iterator[tuple[str, Figure]]:
    world, weeks = recorded_world(study.design, study.folder), int(study.design["weeks"])
    visits, histories = _posterior(study.visits(), scenario), _posterior(study.outcomes(), scenario)[HISTORY]
    note = _note(study, scenario, len(histories))
    weighted = visits.assign(weight=WEEKS_PER_YEAR / weeks / len(histories))
    yield "map", visit_map(weighted, world, note)
    if world.provinces <= MOST_IN_A_MATRIX:
        yield "matrix", visit_matrix(weighted, world, note)
    observed = _observed_by_week() if weeks == WEEKS_PER_YEAR and world is china() else None
    yield "timing", visit_timing(_by_week(visits, histories, weeks), world.calendar, note, observed)
    if study.kind == "compare":
        yield "themes", theme_shares(_shares(visits), _targets(), note)
    yield "capability", capability_spread(_capability(study, scenario, len(histories)), world, note)


def _of_sweep(study: SweepStudy) -> Iterator[tuple[str, Figure]]:
    outcomes, design = study.outcomes(), study.design
    for scenario, table in outcomes.groupby("scenario", sort=False):
        size = f"{len(table):,} histories of {design['weeks']} weeks at {table['point'].nunique():,} points"
        note = f"{scenario}: {size}, seed {design['seed']}"
        yield f"{scenario}-sweep", sweep_effects(table, list(design["varied"]), note)


def _note(study: Study, scenario: str, histories: int) -> str:
    design = study.design
    if study.kind == "run":
        return str(recorded_single(study.kind, design, study.folder))
    return (
        f"{scenario}: mean of {histories} histories of {design['weeks']} weeks "
        f"({design['draws']} posterior draws x {design['replicates']} replicates), seed {design['seed']}"
    )


def _posterior(table: pd.DataFrame, scenario: str) -> pd.DataFrame:
    return table[(table["scenario"] == scenario) & (table["basis"] == "posterior")]


def _by_week(visits: pd.DataFrame, histories: pd.DataFrame, weeks: int) -> NDArray[np.float64]:
    """Visits of each history in each week, shape (histories, weeks)."""
    counts = visits.groupby([*HISTORY, "week"]).size().unstack(fill_value=0)
    every = pd.MultiIndex.from_frame(histories)
    return np.asarray(counts.reindex(index=every, columns=range(weeks), fill_value=0), dtype=float)


def _observed_by_week() -> NDArray[np.float64]:
    """Visits in the press sample in each week of 2023, shape (52,); those dated by year only are left out."""
    weeks = [tour.week for tour in tours_of_2023() if tour.week is not None for _ in tour.hosts]
    return np.bincount(weeks, minlength=WEEKS_PER_YEAR)[:WEEKS_PER_YEAR].astype(float)


def _shares(visits: pd.DataFrame) -> pd.DataFrame:
    """Share of visits with each theme over histories: theme, mean, low, high."""
    by_history = visits.groupby(HISTORY)[list(THEMES)].mean()
    low, high = by_history.quantile(0.05), by_history.quantile(0.95)
    table = pd.DataFrame({"mean": by_history.mean(), "low": low, "high": high})
    return table.rename_axis("theme").reset_index()


def _targets() -> pd.DataFrame:
    values = [published(fact) for fact in THEME_FACTS.values()]
    return pd.DataFrame({"theme": THEMES[: len(values)], "value": values, "source": SOURCE_OF_SHARES})


def _capability(study: Study, scenario: str, histories: int) -> NDArray[np.float64]:
    """Capability at start and end, shape (histories, 2, n, domains)."""
    table = _posterior(study.capability(), scenario)
    return np.asarray(table[list(DOMAINS)], dtype=float).reshape(histories, 2, -1, len(DOMAINS))
