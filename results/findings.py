"""What a full study found, as text made from its tables alone: every sentence with its number, interval and basis."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from scenarios.study.ranking import finding

Tables = Mapping[str, pd.DataFrame]
Row = Mapping[Any, Any] | pd.Series
TOLD = ("capability_gained", "spread_closed", "duplication", "inside_clusters", "projects")
BASES = {"identified": "calibrated", "assumed": "assumed"}
HEAD = """# Findings

Made by `make study` from the tables beside this file; nothing here is typed by hand. Intervals hold the expected
difference with 90% probability. *Calibrated* outcomes rest on what the visits of 2023 identify, *assumed* ones on rates
of learning that nobody has measured, drawn from their whole assumed range. A sign that the prior has too is built into
the model and is no finding. D x R is draws of parameters times histories of each.
"""


def findings(tables: Tables) -> str:
    """The text, from the tables of a published study by name.

    Args:
        tables: differences, dose, shares, parts, pairs and needed, as `results.published_study` writes them.
    """
    sections = {
        "Scenarios": _of_scenarios(tables["differences"]),
        "How much coordination": _of_doses(tables["dose"]),
        "Which part of coordination does the work": _of_parts(tables["shares"], tables["parts"]),
        "Official pairs worth adding": _of_pairs(tables["pairs"]),
        "Is the mechanism needed?": _of_nulls(tables["needed"]),
    }
    blocks = [f"## {title}\n\n" + "\n".join(f"- {line}" for line in lines) for title, lines in sections.items()]
    return "\n\n".join([HEAD.strip(), *blocks]) + "\n"


def _of_scenarios(differences: pd.DataFrame) -> list[str]:
    told = [finding(differences, str(name)) for name in differences["scenario"].unique()]
    return [sentence.replace("; identified", f"; {BASES['identified']}") for sentence in told]


def _of_doses(dose: pd.DataFrame) -> list[str]:
    full = dose[dose["dose"] == dose["dose"].max()].set_index(["basis", "outcome"])
    lines = []
    for outcome in TOLD:
        row, prior = full.loc[("posterior", outcome)], full.loc[("prior", outcome)]
        lines.append(
            f"Full coordination against none: {outcome} {_change(row)} {row['unit']} ({_histories(row)}; "
            f"{BASES[str(row['rests_on'])]}; {row['verdict']}; under the prior {prior['difference']:+.3g})."
        )
    return lines


def _of_parts(shares: pd.DataFrame, parts: pd.DataFrame) -> list[str]:
    sample = _histories(parts.iloc[0])
    lines = []
    for outcome in TOLD:
        rows = shares[shares["outcome"] == outcome].to_dict("records")
        told = ", ".join(f"{row['part']} {_change(row)}" for row in rows)
        lines.append(f"{outcome}: {told} ({sample}; {BASES[rows[0]['rests_on']]}).")
    return lines


def _of_pairs(pairs: pd.DataFrame) -> list[str]:
    return [
        f"{row['one']} and {row['other']}: {_change(row)} of gap closed per visit, from {row['baseline']:.3g} "
        f"(capability x 1000; {_histories(row)}; assumed)."
        for row in pairs.to_dict("records")
    ]


def _of_nulls(needed: pd.DataFrame) -> list[str]:
    lines, base = [], needed.set_index("scenario").loc["baseline"]
    for row in needed[needed["scenario"] != "baseline"].to_dict("records"):
        word = "does worse than the baseline" if row["worse"] else "**does not do worse than the baseline**"
        lines.append(
            f"{row['scenario']} {word}: {row['inside']} of {row['patterns']} patterns of 2023 inside the 90% range "
            f"against {base['inside']}, mean distance {row['distance']:.2f} against {base['distance']:.2f}, log score "
            f"of a visit {row['score']:.2f} against {base['score']:.2f} (calibrated)."
        )
    return lines


def _change(row: Row) -> str:
    return f"{row['difference']:+.3g} ({row['expected_low']:+.3g} to {row['expected_high']:+.3g})"


def _histories(row: Row) -> str:
    return f"{row['draws']:.0f} x {row['replicates']:.0f}"
