"""A comparison as text, for a terminal."""

from textwrap import fill, wrap

import numpy as np
import pandas as pd

from model.measures import OUTCOMES
from scenarios.study.compare import Design
from scenarios.study.precision import imprecise
from scenarios.study.ranking import as_text
from scenarios.study.scenario import find_scenario

TITLES = {
    "identified": "Of the visits (calibrated to 2023)",
    "assumed": "Of learning (rates assumed: draws come from their whole assumed range)",
}
WIDTH = 118
MOST_IN_FULL = 3
LEGEND = (
    "Expected: where the mean difference lies with 90% probability, parameters being uncertain and luck averaged out. "
    "Single years: 90% of paired differences; 'param' is the part of their variance that is parameter uncertainty, the "
    "rest is luck. On average: the expected difference has this sign, a single year may go either way. Under the prior:"
    " the expected difference before any data; a sign it already has is built into the model and is no finding."
)
WIDTHS = "{:<31}{:>9}{:>11}{:>21}{:>21}{:>6}{:>21}  {}"
SIGNS = ("rises", "falls")
HEAD = (
    "outcome", "baseline", "difference", "expected, 90%", "single years, 90%", "param", "under the prior", "verdict",
)


def report(differences: pd.DataFrame, design: Design, precision: float | None = None) -> str:
    """Every scenario's question and its table of differences; of many, the findings and how they rank.

    Args:
        differences: as ``paired_differences`` gives them.
        design: what was compared.
        precision: that was asked for, in standard deviations of the baseline; said of it is where it was not reached.
    """
    if len(design.scenarios) - 1 <= MOST_IN_FULL:
        parts = [_of_scenario(differences, name, design) for name in design.scenarios[1:]]
    else:
        parts = [_size(f"{len(design.scenarios) - 1} scenarios", design), as_text(differences), fill(LEGEND, WIDTH)]
    return "\n\n".join([*parts, *_on_precision(differences, precision)])


def _size(what: str, design: Design) -> str:
    return (
        f"{what} against {design.baseline}: {design.draws} posterior draws x {design.replicates} replicates "
        f"of {design.weeks} weeks, seed {design.seed}; same draws, same luck."
    )


def _on_precision(differences: pd.DataFrame, precision: float | None) -> list[str]:
    if precision is None:
        return []
    rough = imprecise(differences, precision)
    if rough.empty:
        return [f"Every mean difference is known to {precision:g} standard deviations of single years of the baseline."]
    named = ", ".join(f"{row.outcome} ({row.scenario})" for row in rough.itertuples())
    return [f"Not known to {precision:g} standard deviations even with all posterior draws: {named}."]


def _of_scenario(differences: pd.DataFrame, name: str, design: Design) -> str:
    scenario = find_scenario(name)
    table = differences[differences["scenario"] == name]
    posterior = table[table["basis"] == "posterior"].set_index("outcome")
    prior = table[table["basis"] == "prior"].set_index("outcome")
    lines = [
        scenario.question,
        _size(name, design),
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
        _number(posterior["baseline"], ""),
        _number(posterior["difference"]),
        _interval(posterior, "expected_"),
        _interval(posterior),
        "" if np.isnan(share) else f"{share:.0%}",
        _interval(prior, "expected_"),
        _finding(posterior, prior),
    )


def _finding(posterior: pd.Series, prior: pd.Series) -> str:
    """The verdict, and whether the prior alone gives the same sign, which makes it no finding."""
    word, under_prior = str(posterior["verdict"]), str(prior["verdict"])
    built_in = word.startswith(SIGNS) and word[: len("rises")] == under_prior[: len("rises")]
    return f"{word} (as under the prior)" if built_in else word


def _interval(row: pd.Series, of: str = "") -> str:
    return f"{_number(row[of + 'low'])} to {_number(row[of + 'high'])}"


def _number(value: float, sign: str = "+") -> str:
    """Three figures, without an exponent where the number is large."""
    return f"{value:{sign}.0f}" if abs(value) >= 100 else f"{value:{sign}.3g}"


def _notes(posterior: pd.DataFrame) -> list[str]:
    return [
        *wrap(LEGEND, WIDTH),
        "Units:",
        *_listed(posterior["unit"]),
    ]
