"""What the assumed parameters could make of a difference, each at either end of its range in turn."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from model.batch import Batch
from model.ensemble import simulate_all
from model.measures import OUTCOMES
from model.parameters import DECLARATIONS
from model.run import Run
from scenarios.study.design import Design
from scenarios.study.scenario import find_scenario
from scenarios.study.tables import outcome_table

DRAWS = 20
NONE = "no parameter"
KEYS = ["scenario", "parameter", "value", "draw"]
AS_DRAWN = ("", 0.0)


def ends(design: Design) -> list[tuple[str, float]]:
    """Every assumed parameter that is not held, at the low and at the high end of its prior range."""
    uncertain = {
        name: item.prior for name, item in DECLARATIONS.items() if item.status == "assumed" and name not in design.fixed
    }
    return [(name, end) for name, prior in uncertain.items() if prior for end in (prior.first, prior.second)]


def at_bounds(design: Design, workers: int | None = None) -> pd.DataFrame:
    """Shift of each mean posterior difference when one assumed parameter is taken to an end of its range.

    Under the same few draws and the same luck as with the parameter as drawn. What a scenario itself changes stays as
    the scenario has it.

    Returns:
        Columns scenario, parameter, value, outcome, shift.
    """
    keys, runs = zip(*_runs(design), strict=True)
    outcomes = outcome_table(simulate_all(Batch.of(runs), "ranges", workers), pd.DataFrame(keys, columns=KEYS))
    means = {str(name): _means(table) for name, table in outcomes.groupby("scenario", sort=False)}
    base = means.pop(design.baseline)
    table = pd.concat({name: _shift(each - base) for name, each in means.items()}, names=["scenario"]).reset_index()
    return table.melt(KEYS[:3], list(OUTCOMES), "outcome", "shift")


def _means(outcomes: pd.DataFrame) -> pd.DataFrame:
    return outcomes.groupby(["parameter", "value"], sort=False)[list(OUTCOMES)].mean()


def _shift(differences: pd.DataFrame) -> pd.DataFrame:
    """How far each row lies from the first, in which every parameter is as drawn."""
    return differences.iloc[1:] - differences.iloc[0]


def _runs(design: Design) -> Iterator[tuple[tuple[str, str, float, int], Run]]:
    found = {name: find_scenario(name) for name in design.scenarios}
    for parameter, value in [AS_DRAWN, *ends(design)]:
        for draw, base in enumerate(design.bases["posterior"][:DRAWS]):
            changed = base.having(**{parameter: value}) if parameter else base
            for name, scenario in found.items():
                start, later = scenario.timetable(changed)
                yield (name, parameter, value, draw), Run(start, design.seed, design.luck(draw, 0), design.weeks, later)


def ranges(differences: pd.DataFrame, bounds: pd.DataFrame) -> pd.DataFrame:
    """The differences with the range that assumed parameters give them, one taken to an end of its range at a time.

    Adds ``range_low`` and ``range_high``, ``range_by``, the parameter that moves the difference most, and
    ``turned_by``, those that turn its sign. The prior's rows have none.
    """
    told: dict[tuple[str, str], pd.Series] = {}
    for _, rows in bounds.groupby(["scenario", "outcome"], sort=False):
        told[rows["scenario"].iloc[0], rows["outcome"].iloc[0]] = rows.set_index("parameter")["shift"]
    columns = ["range_low", "range_high", "range_by", "turned_by"]
    ranged = [
        _range(row["difference"], told[row["scenario"], row["outcome"]]) if row["basis"] == "posterior" else {}
        for row in differences.to_dict("records")
    ]
    return differences.join(pd.DataFrame(ranged, index=differences.index, columns=columns))


def _range(difference: float, shifts: pd.Series) -> dict[str, object]:
    reached = (difference + shifts).dropna()
    if reached.empty:
        return {"range_by": NONE, "turned_by": NONE}
    turned = sorted(set(reached.index[np.sign(reached) == -np.sign(difference)])) if difference else []
    return {
        "range_low": min(difference, float(reached.min())),
        "range_high": max(difference, float(reached.max())),
        "range_by": str((reached - difference).abs().idxmax()),
        "turned_by": ", ".join(turned) or NONE,
    }
