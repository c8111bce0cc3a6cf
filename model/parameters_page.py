"""PARAMETERS.md, made from the declarations."""

from model.declaration import Declaration
from model.parameters import DECLARATIONS


def describe() -> str:
    """PARAMETERS.md: every parameter in a table, made from the declarations."""
    lines = ["# Parameters", "", "Made from `model/parameters.py` by `policy-learning parameters`; do not edit.", ""]
    for group in dict.fromkeys(item.group for item in DECLARATIONS.values()):
        lines += [f"## {group.capitalize()}", "", *_table(group), ""]
    return "\n".join(lines)


def _table(group: str) -> list[str]:
    head = "| parameter | default | unit | bounds | prior | status | meaning | source |"
    return [head, "|---" * 8 + "|", *(_row(item) for item in DECLARATIONS.values() if item.group == group)]


def _row(item: Declaration) -> str:
    prior = item.prior or "held"
    bounds = f"{item.low:g} to {item.high:g}"
    cells = (f"`{item.name}`", f"{item.default:g}", item.unit, bounds, prior, item.status, item.sentence, item.source)
    return "| " + " | ".join(map(str, cells)) + " |"
