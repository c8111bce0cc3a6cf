"""The figure of paired differences from the baseline, an outcome a row, posterior beside prior."""

import textwrap
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from results.style import (
    GREY,
    INK,
    LARGE,
    NORMAL,
    OKABE_ITO,
    SMALL,
    as_sentence,
    bare,
    number,
    sample,
    sheet,
    write_note,
)
from scenarios.study.report import SIGNS

BASIS_COLOURS = {"posterior": OKABE_ITO["blue"], "prior": OKABE_ITO["orange"]}
BASIS_MARKERS = {"posterior": "o", "prior": "s"}
BASIS_HEIGHTS = {"posterior": 0.68, "prior": 0.32}
UNTOLD = "cannot be told from zero, or no difference"
GROUPS = {
    "identified": "Outcomes that rest on what visit data identify",
    "assumed": "Outcomes that rest on assumed rates (open markers)",
}
OPEN = "open marker: rests on assumed rates"

Panel = Any  # a row of three axes: name, intervals, numbers
# Where the columns of numbers begin, in shares of their width.
COLUMNS = {"baseline": 0.0, "posterior": 0.1, "prior": 0.42, "parameters": 0.735, "verdict": 0.86}
HEADINGS = {
    "baseline": "baseline\n(mean)",
    "posterior": "posterior: mean\n[expected, 90%]",
    "prior": "prior: mean\n[expected, 90%]",
    "parameters": "parameter\nshare",
    "verdict": "verdict\n(posterior)",
}
KEY = (
    "Thick line: where the expected difference lies with 90% probability, luck averaged out; thin line: 90% of the "
    "paired differences of single years. On average: a single year may go either way. "
    "Each row has its own scale, centred on zero. Parameter share: share of the posterior variance that is "
    "not luck. A direction that the prior already shows is built into the model and is no finding."
)


def difference_intervals(differences: pd.DataFrame) -> Figure:
    """Return the differences of one scenario from the baseline, an outcome a row, identified before assumed.

    `differences` is the table that scenarios.study.differences describes. Raises ValueError for another
    number of scenarios than one.
    """
    scenarios = differences["scenario"].unique()
    if len(scenarios) != 1:
        raise ValueError(f"one scenario a figure is needed, got {len(scenarios)}")
    rows = list(_rows(differences))
    heights = [0.5 if outcome else 0.42 for _, outcome in rows]
    figure = sheet(11.5, 1.5 + sum(heights))
    panels = figure.subplots(len(rows), 3, squeeze=False, height_ratios=heights, width_ratios=[2.4, 3.3, 5.6])
    for panel, (group, outcome) in zip(panels, rows, strict=True):
        if outcome:
            _draw_outcome(panel, differences[differences["outcome"] == outcome])
        else:
            _head(panel, GROUPS[group])
    _explain(figure, f"{_plain(str(scenarios[0]))}: difference from the baseline")
    write_note(figure, _counts(differences), KEY)
    return figure


def _rows(differences: pd.DataFrame) -> Iterator[tuple[str, str]]:
    """Yield every group's heading, as an outcome without a name, and then its outcomes."""
    for group in GROUPS:
        outcomes = differences.loc[differences["rests_on"] == group, "outcome"].unique()
        if len(outcomes):
            yield group, ""
        for outcome in outcomes:
            yield group, str(outcome)


def _head(panel: Panel, text: str) -> None:
    for axes in panel:
        axes.set_axis_off()
    heading = panel[0].text(0, 0.15, text, fontsize=NORMAL, weight="bold", color=INK)
    heading.set_in_layout(False)  # it may run on over the empty panel beside it
    for column, words in HEADINGS.items():
        panel[2].text(COLUMNS[column], 0.1, words, fontsize=SMALL, color=INK, va="bottom", linespacing=1.0)


def _draw_outcome(panel: Panel, found: pd.DataFrame) -> None:
    first, (name, axes, numbers) = found.iloc[0], panel
    for empty in (name, numbers):
        empty.set_axis_off()
    label = _with_unit(first["outcome"], first["unit"])
    name.text(1, 0.5, label, ha="right", va="center", fontsize=NORMAL)
    reach, baseline = _reach(found), float(first["baseline"])
    decimals = _decimals(reach or abs(baseline))
    _set_scale(axes, 1.1 * reach)
    _write(numbers, "baseline", number(baseline, decimals))
    for row in found.itertuples():
        _draw_basis(axes, row)
        _write_basis(numbers, row, decimals)


def _reach(found: pd.DataFrame) -> float:
    """Return how far from zero the widest line of a row goes; 0 where nothing differs or was measured."""
    ends = found[["low", "high", "expected_low", "expected_high"]].abs().max(axis=1)
    return float(np.nan_to_num(ends.max()))


def _decimals(size: float) -> int:
    """Return the decimals that show a number of this size to two or three figures, or better."""
    leading = int(np.floor(np.log10(size))) if size > 0 else 0
    return max(0, 2 - leading) if size >= 1 else min(max(3, 1 - leading), 5)


def _set_scale(axes: Axes, reach: float) -> None:
    ends = [-_round_end(reach), _round_end(reach)] if reach else []
    axes.set(xlim=(-reach or -1, reach or 1), ylim=(0, 1), yticks=[])
    axes.set_xticks([0, *ends], ["0", *(f"{end:+g}".replace("-", "−") for end in ends)])
    axes.axvline(0, color=INK, linewidth=0.8)
    bare(axes, "bottom")
    axes.tick_params(axis="x", labelsize=6.5, length=2, pad=1.5)


def _round_end(reach: float) -> float:
    rounded = float(f"{reach:.1g}")
    return rounded if rounded <= reach else float(f"{reach / 2:.1g}")


def _draw_basis(axes: Axes, row: Any) -> None:
    colour = BASIS_COLOURS[row.basis] if row.verdict.startswith(SIGNS) else GREY
    height = BASIS_HEIGHTS[row.basis]
    axes.plot([row.low, row.high], [height] * 2, color=colour, linewidth=1.1)
    axes.plot([row.expected_low, row.expected_high], [height] * 2, color=colour, linewidth=3.2)
    axes.plot(
        row.difference,
        height,
        BASIS_MARKERS[row.basis],
        color=colour,
        markerfacecolor="white" if row.rests_on == "assumed" else colour,
        markersize=5.5,
        gid=f"{row.outcome} {row.basis}",
    )


def _write_basis(numbers: Axes, row: Any, decimals: int) -> None:
    colour = INK if row.verdict.startswith(SIGNS) else GREY
    mean, low, high = (number(value, decimals, True) for value in (row.difference, row.expected_low, row.expected_high))
    _write(numbers, row.basis, f"{mean} [{low}, {high}]" if row.expected_low < row.expected_high else mean, colour)
    if row.basis == "posterior":
        share = "–" if np.isnan(row.parameter_share) else f"{row.parameter_share:.0%}"
        _write(numbers, "parameters", share, colour)
        _write(numbers, "verdict", textwrap.fill(row.verdict, 16), colour)


def _write(axes: Axes, column: str, text: str, colour: str = INK) -> None:
    written = axes.text(COLUMNS[column], 0.5, text, fontsize=SMALL, va="center", color=colour)
    written.set_in_layout(column == "verdict")  # only the last column can reach past its panel


def _explain(figure: Figure, heading: str) -> None:
    handles = [
        sample(basis, colour, BASIS_MARKERS[basis], line=True) for basis, colour in BASIS_COLOURS.items()
    ]
    handles += [sample(UNTOLD, GREY, line=True), sample(OPEN, INK, filled=False)]
    figure.legend(
        handles=handles,
        loc="outside upper left",
        ncols=4,
        fontsize=SMALL,
        frameon=False,
        title=heading,
        title_fontsize=LARGE,
        alignment="left",
    )


def _counts(differences: pd.DataFrame) -> str:
    counted = differences.drop_duplicates("basis")[["basis", "draws", "replicates"]]
    each = [
        f"{row.basis}: mean of {row.draws} draws × {row.replicates} paired histories each"
        for row in counted.itertuples()
    ]
    return as_sentence("; ".join(each))


def _plain(name: str) -> str:
    text = name.replace("_", " ")
    return text[:1].upper() + text[1:]


def _with_unit(outcome: str, unit: str) -> str:
    """An outcome's name above its unit, which is left out where the name ends in it."""
    name = _plain(outcome)
    return name if name.lower().endswith(unit) else f"{name},\n{unit}"
