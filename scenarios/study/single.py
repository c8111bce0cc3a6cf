"""One history of a scenario on the Mesa engine, as tables and as text."""

from dataclasses import dataclass, field

import pandas as pd

from calibration.posterior import posterior_draws
from model.agents import simulate
from model.history import History
from model.measures import OUTCOMES, measure_one
from model.parameters import Parameters
from model.run import Run
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

    @property
    def run(self) -> Run:
        """The same for an engine."""
        start, later = find_scenario(self.scenario).timetable(self.base)
        return Run(start, self.seed, 0, self.weeks, later)

    def carry_out(self) -> History:
        """Simulate it on the Mesa engine."""
        return simulate(self.run)

    def __str__(self) -> str:
        return f"{self.scenario}: one history of {self.weeks} weeks, posterior draw {self.draw}, seed {self.seed}"


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
