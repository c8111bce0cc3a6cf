"""A comparison as text, for a terminal."""

from textwrap import fill

import numpy as np
import pandas as pd

from model.measures import OUTCOMES
from scenarios.study.compare import Design
from scenarios.study.scenario import find_scenario

TITLES = {
    "identified": "Of the visits (calibrated to 2023)",
    "assumed": "Of learning (rates assumed: the interval covers their whole assumed range)",
}
WIDTH = 118
WIDTHS = "{:<31}{:>9}{:>11}{:>21}{:>7}{:>21}  {}"
SIGNS = ("rises", "falls")
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
    for status, title in TITLES.items():
        lines += ["", title, WIDTHS.format(*HEAD)]
        lines += [_line(posterior.loc[each], prior.loc[each]) for each in posterior.index if
                  OUTCOMES[each].rests_on == status]
    return "\n".join([*lines, "", *_in_short(posterior, prior), "", *_notes(posterior)])


def _in_short(posterior: pd.DataFrame, prior: pd.DataFrame) -> list[str]:
    """What a reader in a hurry takes away: outcomes by what can be said of them."""
    findings = pd.Series({name: _finding(posterior.loc[name], prior.loc[name]) for name in posterior.index})
    return ["In short", *_listed(findings)]


def _listed(names: pd.Series) -> list[str]:
    """Names of the index by the value they share, one paragraph a value."""
    return [
        fill(f"{value}: {', '.join(group.index)}", WIDTH, initial_indent="  ", subsequent_indent="    ")
        for value, group in names.groupby(names, sort=False)
    ]


def _line(posterior: pd.Series, prior: pd.Series) -> str:
    share = posterior["parameter_share"]
    return WIDTHS.format(
        posterior.name,
        f"{posterior['baseline']:.3g}",
        f"{posterior['difference']:+.3g}",
        _interval(posterior),
        "" if np.isnan(share) else f"{share:.0%}",
        _interval(prior),
        _finding(posterior, prior),
    )


def _finding(posterior: pd.Series, prior: pd.Series) -> str:
    """The verdict, and whether the prior alone gives the same sign, which makes it no finding."""
    built_in = posterior["verdict"] in SIGNS and posterior["verdict"] == prior["verdict"]
    return f"{posterior['verdict']} (as under the prior)" if built_in else str(posterior["verdict"])


def _interval(row: pd.Series) -> str:
    return f"{row['low']:+.3g} to {row['high']:+.3g}"


def _notes(posterior: pd.DataFrame) -> list[str]:
    return [
        "The interval holds 90% of the paired differences of single years; 'param.' is the part of their variance",
        "that is parameter uncertainty, the rest is luck. A sign that the prior already has is built into the model",
        "and is no finding; only a size is.",
        "Units:",
        *_listed(posterior["unit"]),
    ]
