"""The tables of the live page, as HTML."""

from collections.abc import Iterable, Sequence
from html import escape

import pandas as pd

from model.agents import PolicyLearning
from model.explanation import hosts
from model.measures import OUTCOMES, measure_one
from model.parameters import CHOICE
from model.world import DOMAINS
from results.style import DOMAIN_LABELS, number
from scenarios.study.side_by_side import SideBySide

SHOWN = (
    "visits", "inside_clusters", "between_partners", "median_km", "economic_theme", "capability_gained",
    "spread_closed", "integration_inside_gained", "duplication", "projects",
)
MOST_HOSTS, MOST_REASONS = 8, 3


def numbers_table(years: SideBySide) -> str:
    """Return what both years have come to so far, an outcome a row; assumed ones are marked."""
    before, after = measure_one(years.baseline.history()), measure_one(years.other.history())
    rows = [
        (_with_unit(name), *(number(value, decimals(name)) for value in (before[name], after[name])),
         number(after[name] - before[name], decimals(name), signed=True))
        for name in SHOWN
    ]
    return _table(("so far", "baseline", "scenario", "difference"), rows, "numbers")


def decimals(outcome: str) -> int:
    """Return how many decimals tell one week of an outcome from the next."""
    return 0 if OUTCOMES[outcome].unit in ("visits", "km", "agreements") else 2


def knowledge_table(years: SideBySide, province: int) -> str:
    """Return what a province knows by domain, at the start and now on both sides."""
    start = years.baseline.path[0][0][province]
    now = [model.state.capability[province] for model in (years.baseline, years.other)]
    rows = [
        (DOMAIN_LABELS[domain], number(start[place], 3), *(number(each[place], 3) for each in now))
        for place, domain in enumerate(DOMAINS)
    ]
    return _table(("it knows, index 0 to 1", "start", "baseline", "scenario"), rows, "knowledge")


def hosts_table(model: PolicyLearning, province: int) -> str:
    """Return whom a province would most likely visit first in the week that begins, and what draws it there."""
    likeliest = hosts(model.provinces[province]).head(MOST_HOSTS)
    rows = [(row["host"], f"{row['probability']:.1%}", reasons(row)) for _, row in likeliest.iterrows()]
    return _table(("host", "chance", "what draws it there, log odds"), rows, "hosts")


def reasons(host: pd.Series) -> str:
    """Return the largest terms of a host's appeal in words, and its share of the plan if there is one."""
    largest = sorted(CHOICE, key=lambda term: -abs(host[term]))[:MOST_REASONS]
    told = [f"{_plain(term).lower()} {number(host[term], 2, True)}" for term in largest if host[term]]
    plan = [f"the plan gives it {host['by_plan']:.0%}"] if host["by_plan"] else []
    return ", ".join([*plan, *told])


def _with_unit(outcome: str) -> str:
    item = OUTCOMES[outcome]
    name = _plain(outcome) + ("*" if item.rests_on == "assumed" else "")
    return name if outcome.endswith(item.unit) else f"{name}, {item.unit}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]], kind: str) -> str:
    body = "".join(_row(row, "td") for row in rows)
    return f'<table class="{kind} plain-table"><thead>{_row(head, "th")}</thead><tbody>{body}</tbody></table>'


def _row(cells: Sequence[str], tag: str) -> str:
    return "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in cells) + "</tr>"


def _plain(name: str) -> str:
    text = name.replace("_", " ")
    return text[:1].upper() + text[1:]
