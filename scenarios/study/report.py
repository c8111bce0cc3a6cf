"""A comparison as text, for a terminal."""

import numpy as np
import pandas as pd

from model.measures import OUTCOMES
from scenarios.study.compare import Design
from scenarios.study.scenario import find_scenario

BASES = {
    "identified": "Of the visits (calibrated to 2023)",
    "assumed": "Of learning (rates assumed: the interval covers their whole assumed range)",
}
WIDTHS = "{:<31}{:>9}{:>11}{:>21}{:>7}{:>21}  {}"
HEAD = ("outcome", "baseline", "difference", "90% interval", "param.", "under the prior", "verdict")


def report(differences: pd.DataFrame, design: Design) -> str:
    """Every scenario's question and its table of differences."""
    return "\n\n".join(_of_scenario(differences, name, design) for name in design.scenarios[1:])


def _of_scenario(differences: pd.DataFrame, name: str, design: Design) -> str:
    scenario = find_scenario(name)
    table = differences[differences["scenario"] == name]
    posterior = table[table["basis"] == "posterior"].set_index("outcome")
    prior = table[table["basis"] == "prior"].set_index("outcome")
    lines = [
        scenario.question,
        f"{name} against {design.baseline}: {design.draws} posterior draws x {design.replicates} replicates "
        f"of {design.weeks} weeks, seed {design.seed}; same draws, same luck.",
    ]
    for basis, title in BASES.items():
        lines += ["", title, WIDTHS.format(*HEAD)]
        lines += [_line(posterior.loc[each], prior.loc[each]) for each in posterior.index if
                  OUTCOMES[each].rests_on == basis]
    return "\n".join([*lines, "", *_notes(posterior)])


def _line(posterior: pd.Series, prior: pd.Series) -> str:
    share = posterior["parameter_share"]
    return WIDTHS.format(
        posterior.name,
        f"{posterior['baseline']:.3g}",
        f"{posterior['difference']:+.3g}",
        _interval(posterior),
        "" if np.isnan(share) else f"{share:.0%}",
        _interval(prior),
        posterior["verdict"],
    )


def _interval(row: pd.Series) -> str:
    return f"{row['low']:+.3g} to {row['high']:+.3g}"


def _notes(posterior: pd.DataFrame) -> list[str]:
    return [
        "The interval holds 90% of the paired differences of single years; 'param.' is the part of their variance",
        "that is parameter uncertainty, the rest is luck. A sign that the prior interval already has is built into",
        "the model and is no finding; only a size is.",
        "Units:",
        *(f"  {unit}: {', '.join(names)}" for unit, names in posterior.groupby("unit", sort=False).groups.items()),
    ]
