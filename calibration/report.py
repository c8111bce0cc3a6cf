"""The report of a calibration, written from the tables and the manifest of its folder: no number is typed here."""

import json
from pathlib import Path
from typing import Any

import pandas as pd

from calibration.checks import CHECKS
from calibration.posterior import SHIPPED
from calibration.variants import INSIDE

TITLES = {
    "samplers": "Two samplers",
    "ranks": "Ranks of the truth (simulation-based calibration)",
    "recovery": "Recovery of planted parameters",
    "prior-predictive": "Prior predictive",
    "posterior-predictive": "Posterior predictive",
    "leave-one-tour-out": "Leaving one tour out",
    "leave-one-cluster-out": "Leaving one cluster out",
    "unseen-years": "Years never fitted",
    "rivals": "Rivals",
    "negative-control": "Negative control",
}
SHOWN = ("cluster", "hinterland", "proximity", "adjacency", "official_pair", "capability_gap", "reciprocity", INSIDE)


def place_of(folder: Path) -> Path:
    """Where the report of a folder stands: that of the shipped posterior above it, any other inside."""
    return folder.parent if folder == SHIPPED else folder


def write_report(folder: Path) -> Path:
    """Write REPORT.md for a folder of tables; returns its path."""
    path = place_of(folder) / "REPORT.md"
    path.write_text(as_markdown(folder), encoding="utf-8")
    return path


def as_markdown(folder: Path) -> str:
    """The report as Markdown, from the tables and the manifest in a folder."""
    facts = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    sections = [_head(facts), _verdicts(facts), _parameters(folder), _selection(folder), _variants(folder),
                _scores(folder), _checks(folder, facts), _made(facts)]
    return "\n\n".join(section for section in sections if section) + "\n"


def _head(facts: dict[str, Any]) -> str:
    return (
        "# How far the calibration can be believed\n\n"
        "Written by `policy-learning calibrate` from its own tables; method and assumptions are in METHOD.md.\n\n"
        f"{facts['tours']} tours were fitted. Largest R-hat {facts['rhat_max']:.4f}; smallest effective sizes "
        f"{facts['ess_bulk_min']:.0f} (bulk) and {facts['ess_tail_min']:.0f} (tail)."
    )


def _verdicts(facts: dict[str, Any]) -> str:
    table = pd.DataFrame(
        [(TITLES[name], each["question"], "passed" if each["passed"] else "**failed**")
         for name, each in facts.get("checks", {}).items()],
        columns=["check", "question", "verdict"],
    )
    return f"## Verdicts\n\n{markdown(table)}"


def _parameters(folder: Path) -> str:
    table = _read(folder, "identification")
    unknown = table.loc[table["verdict"] == "not informed by the data", "parameter"].tolist()
    shown = table[["parameter", "prior_sd", "mean", "sd", "contraction", "verdict", "partner", "correlation",
                   "profile_low", "profile_high", "informed_by"]]
    return (
        "## What the data tell of each parameter\n\n"
        "Contraction is 1 - posterior variance over prior variance; below 0.3 a parameter is not informed by the data. "
        "Partner is the parameter most correlated with it over the draws. The 95% profile interval is of the "
        "likelihood of the choice of hosts alone, without prior; a dash is an end that the data leave open.\n\n"
        f"{markdown(shown)}\n\nNot informed by the data: {', '.join(unknown)}.\n\n"
        f"{_figures('identification', 'profiles', 'correlations')}"
    )


def _selection(folder: Path) -> str:
    bands = _read(folder, "selection")
    return (
        "## Two bands: agnostic about the article's selection, and informed\n\n"
        "The article tells of visits inside three clusters. The agnostic band runs over every rho, from an article "
        "that tells nothing of tours outside (its tours then say nothing of clusters) to one that tells all; the "
        "informed band is of the assumed rho. 90% each. "
        f"The share is of first stops, were the provinces observed to set out afresh.\n\n{markdown(bands)}\n\n"
        f"{_figures('variants')}"
    )


def _variants(folder: Path) -> str:
    table = _read(folder, "variants")
    chosen = table[table["parameter"].isin(SHOWN)]
    values = [f"{mean:.2f} ({sd:.2f})" for mean, sd in zip(chosen["mean"], chosen["sd"], strict=True)]
    text = chosen.assign(value=values)
    text["fit"] = text["family"] + ": " + text["variant"]
    wide = text.pivot(index="fit", columns="parameter", values="value")
    shown = wide.loc[text["fit"].unique(), list(SHOWN)].reset_index()
    wave = table[table["parameter"] == "cluster_in_wave"].iloc[0]
    return (
        "## What the fit depends on\n\nMean (standard deviation) by variant.\n\n"
        f"{markdown(shown)}\n\nA pull inside clusters that is stronger in the spring wave is {wave['mean']:.2f} "
        f"(90%: {wave['low']:.2f} to {wave['high']:.2f}); its prior is N(0, 1.5), and the tours of the article enter "
        "with the correction."
    )


def _scores(folder: Path) -> str:
    table = _read(folder, "scores").rename(columns={"Unnamed: 0": "tours scored"})
    return (
        "## Scores of the whole fit\n\nMean log score per visit, as `policy-learning score` gives it; higher is "
        f"better. These tours were fitted unless said otherwise.\n\n{markdown(table, 4)}"
    )


def _checks(folder: Path, facts: dict[str, Any]) -> str:
    parts = []
    for name in CHECKS:
        if name in facts.get("checks", {}):
            each = facts["checks"][name]
            verdict = "Passed." if each["passed"] else "**Failed.**"
            parts.append(f"### {TITLES[name]}\n\n{each['question']} {verdict} {each['found']}\n\n{_figures(name)}")
    ranking = folder / "rivals.csv"
    if ranking.exists():
        parts.append(f"### Scores and leads by sample\n\n{_leads(_read(folder, 'rivals'))}")
    return "## Checks\n\n" + "\n\n".join(parts)


def _leads(table: pd.DataFrame) -> str:
    note = (
        "Score: mean log score per visit. Ahead: lead of the model. Standard errors are from the spread between tours; "
        "with few tours, as in the article, they are rough. Ahead is said beyond two of them."
    )
    parts = [f"**{sample}**\n\n{markdown(part.drop(columns='sample'))}" for sample, part in table.groupby(
        "sample", sort=False)]
    return "\n\n".join([note, *parts])


def _made(facts: dict[str, Any]) -> str:
    versions = ", ".join(f"{name} {version}" for name, version in facts["versions"].items())
    assumed = ", ".join(f"{name} {value}" for name, value in facts["assumed"].items())
    return (
        f"## How it was made\n\nSeed {facts['seed']}; Python {facts['python']}; {versions}. "
        f"Assumed and held: {assumed}. Hashes of data and code are in manifest.json (code {facts['code'][:12]})."
    )


def _figures(*names: str) -> str:
    return "\n\n".join(f"![{name}](figures/{name}.png)" for name in names)


def _read(folder: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(folder / f"{name}.csv")


def markdown(table: pd.DataFrame, digits: int = 3) -> str:
    """A table as Markdown, numbers to so many digits, a dash for none."""
    rows = [[_cell(name, digits) for name in table.columns], ["---"] * table.shape[1]]
    rows += [[_cell(value, digits) for value in row] for row in table.itertuples(index=False)]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def _cell(value: Any, digits: int) -> str:
    if isinstance(value, float):
        return "–" if pd.isna(value) else f"{value:.{digits}g}"
    return str(value).replace("|", "/").replace("_", " ")
