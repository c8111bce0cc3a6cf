"""Scenarios set against each other: in a ranking for each outcome, and in one sentence each."""

import pandas as pd

LEAST_TOLD = 0.2  # standard deviations: below that a difference is small, however surely it is there
COLUMNS = ["outcome", "unit", "rests_on", "rank", "scenario", "difference", "expected_low", "expected_high", "verdict"]


def ranking(differences: pd.DataFrame) -> pd.DataFrame:
    """Scenarios by their expected difference from the baseline, the largest rise first, for each outcome.

    Args:
        differences: as ``paired_differences`` gives them; the posterior's are ranked.
    """
    posterior = differences[differences["basis"] == "posterior"].dropna(subset="difference")
    ranked = posterior.assign(rank=posterior.groupby("outcome")["difference"].rank(ascending=False, method="first"))
    order = {name: place for place, name in enumerate(posterior["outcome"].unique())}
    placed = ranked.assign(place=ranked["outcome"].map(order)).sort_values(["place", "rank"], ignore_index=True)
    return placed.astype({"rank": int})[COLUMNS]


def finding(differences: pd.DataFrame, scenario: str) -> str:
    """One sentence on a scenario: the largest difference that can be told from zero and that the prior did not have.

    Large is meant in standard deviations of single years of the baseline. Where only differences below LEAST_TOLD are
    news, the largest that the prior has too is told, as built in.
    """
    rows = differences[differences["scenario"] == scenario]
    posterior = rows[rows["basis"] == "posterior"].set_index("outcome")
    prior = rows[rows["basis"] == "prior"].set_index("outcome")
    told = posterior[posterior["verdict"].str.startswith(("rises", "falls"))]
    if told.empty:
        return f"{scenario}: no outcome can be told from the baseline ({_histories(posterior)})."
    built_in = told["verdict"].str[:5] == prior.loc[told.index, "verdict"].str[:5]
    news = told[~built_in & (told["standardised"].abs() >= LEAST_TOLD)]
    chosen, word = (told, ", built in: the prior has the sign") if news.empty else (news, "")
    return _sentence(scenario, chosen.iloc[int(chosen["standardised"].abs().to_numpy().argmax())], word)


def _sentence(scenario: str, row: pd.Series, word: str) -> str:
    interval = f"{row['expected_low']:+.3g} to {row['expected_high']:+.3g}"
    change = f"{row.name} {row['verdict']} by {abs(row['difference']):.3g} from {row['baseline']:.3g} {row['unit']}"
    return f"{scenario}: {change} (90%: {interval}; {row['rests_on']}{word}; {row['draws']} x {row['replicates']})."


def _histories(posterior: pd.DataFrame) -> str:
    return f"{posterior['draws'].iloc[0]} x {posterior['replicates'].iloc[0]}"


def as_text(differences: pd.DataFrame) -> str:
    """Every scenario in one sentence, then which raises and which lowers each outcome most."""
    head = "Findings: the largest difference of each scenario (draws x replicates)"
    lines = [head, *(f"  {finding(differences, name)}" for name in differences["scenario"].unique()), ""]
    lines.append(f"{'outcome':<32}{'rises most':<46}falls most")
    for outcome, rows in ranking(differences).groupby("outcome", sort=False):
        first, last = rows.iloc[0], rows.iloc[-1]
        lines.append(f"{outcome:<32}{_named(first, 1):<46}{_named(last, -1)}")
    return "\n".join(lines)


def _named(row: pd.Series, sign: int) -> str:
    wanted = "rises" if sign > 0 else "falls"
    if not str(row["verdict"]).startswith(wanted):
        return "none"
    return f"{row['scenario']} ({row['difference']:+.3g})"
