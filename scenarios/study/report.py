"""A comparison as text, for a terminal."""

from textwrap import fill, wrap

import numpy as np
import pandas as pd

from model.measures import OUTCOMES
from scenarios.study.bounds import NONE
from scenarios.study.design import Design
from scenarios.study.scenario import find_scenario

TITLES = {
    "identified": "Of the visits (calibrated to 2023)",
    "assumed": "Of learning (rates assumed: draws come from their whole assumed range)",
}
WIDTH = 118
LEGEND = (
    "Expected: where the mean difference lies with 90% probability, parameters being uncertain and luck averaged out. "
    "Single years: 90% of paired differences; 'param' is the part of their variance that is parameter uncertainty, the "
    "rest is luck. On average: the expected difference has this sign, a single year may go either way. Under the prior:"
    " the expected difference before any data; a sign it already has is built into the model and is no finding. In sd: "
    "the difference in standard deviations of the baseline's single years. Sign: the probability that the expected "
    "difference has the sign of its mean, and the probability of that same sign under the prior."
)
WIDTHS = "{:<31}{:>9}{:>11}{:>7}{:>24}{:>23}{:>6}{:>24}{:>11}  {}"
SIGNS = ("rises", "falls")
HEAD = (
    "outcome", "baseline", "difference", "in sd", "expected, 90%", "single years, 90%", "param", "under the prior",
    "sign/prior", "verdict",
)
WARNING = (
    "Warning: these rest on assumed parameters. Each is shown with the range of its mean difference as one of them at "
    "a time goes to an end of its assumed range, the one that matters most, and those that turn its sign."
)
MOST_RANKED = 3


def report(differences: pd.DataFrame, design: Design) -> str:
    """Every scenario's question and its table of differences, then what the columns mean."""
    told = [_of_scenario(differences, name, design) for name in design.scenarios[1:]]
    return "\n\n".join([*told, "\n".join(_notes(differences.drop_duplicates("outcome").set_index("outcome")))])


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
    return "\n".join([*lines, "", *_warnings(posterior), "", *_in_short(posterior, prior)])


def _warnings(posterior: pd.DataFrame) -> list[str]:
    """For every difference that rests on assumed parameters, its range over their bounds."""
    assumed = posterior[(posterior["rests_on"] == "assumed") & posterior["range_low"].notna()]
    return [*wrap(WARNING, WIDTH), *(_warning(row) for _, row in assumed.iterrows())]


def _warning(row: pd.Series) -> str:
    turned = "" if row["turned_by"] == NONE else f"; sign turned by {row['turned_by']}"
    return f"  {row.name:<31}{_number(row['difference']):>9}{_interval(row, 'range_'):>24}  {row['range_by']}{turned}"


def precision_told(differences: pd.DataFrame, design: Design, precision: float) -> str:
    """How many replicates were used, and which differences are less precise than asked."""
    posterior = differences[differences["basis"] == "posterior"]
    short = posterior[posterior["precision"] > precision]
    pairs = design.draws * design.replicates
    used = f"{design.draws} draws x {design.replicates} replicates = {pairs} paired histories"
    aim = f"to \N{PLUS-MINUS SIGN}{precision:g} standard deviations of the baseline, or of itself if larger (90%)"
    if short.empty:
        return f"{used} of each scenario: every mean difference is known {aim}."
    names = ", ".join(f"{row['scenario']} {row['outcome']}" for _, row in short.head(MOST_RANKED).iterrows())
    return f"{used} of each scenario: {len(short)} of {len(posterior)} are not known {aim}, among them {names}."


def ranking_told(ranking: pd.DataFrame) -> str:
    """For each outcome the scenarios that raise and that lower it most, with how often they come first and last."""
    lines = ["Ranking: mean difference, and in brackets the share of parameter draws under which it is the largest"]
    for outcome, rows in ranking.groupby("outcome", sort=False):
        top, last = rows.head(MOST_RANKED), rows.iloc[MOST_RANKED:].tail(1)
        named = [_ranked(row, row["first"]) for _, row in top.iterrows()]
        named += [f"... {_ranked(row, row['last'])} smallest" for _, row in last.iterrows()]
        lines.append(f"  {outcome:<31}{', '.join(named)}")
    return "\n".join(lines)


def _ranked(row: pd.Series, share: float) -> str:
    return f"{row['scenario']} {_number(row['difference'])} ({share:.0%})"


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
        "" if np.isnan(posterior["standardised"]) else f"{posterior['standardised']:+.2f}",
        _interval(posterior, "expected_"),
        _interval(posterior),
        "" if np.isnan(share) else f"{share:.0%}",
        _interval(prior, "expected_"),
        _sign(posterior, prior),
        _finding(posterior, prior),
    )


def _sign(posterior: pd.Series, prior: pd.Series) -> str:
    """Probability of the sign of the mean difference under the posterior, and of the same sign under the prior."""
    above = [float(row["above_zero"]) for row in (posterior, prior)]
    both = above if posterior["difference"] >= 0 else [1.0 - each for each in above]
    return "" if np.isnan(both[0]) else f"{both[0]:.0%}" + ("" if np.isnan(both[1]) else f"/{both[1]:.0%}")


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


def _notes(by_outcome: pd.DataFrame) -> list[str]:
    return [
        *wrap(LEGEND, WIDTH),
        "Units:",
        *_listed(by_outcome["unit"]),
    ]
