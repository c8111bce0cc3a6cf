"""Figures of dose and response: every outcome along the dose, and what is gained against what it costs."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from model.measures import OUTCOMES
from results.style import GREY, INK, NORMAL, OKABE_ITO, SMALL, as_sentence, bare, sheet, tint, write_note
from results.sweep_figure import BASES, COLOURS, plain
from scenarios.study.dose import TRADE_OFFS

COLUMNS = 5
LEGEND = (
    "Paired difference from no coordination. Line and band: posterior mean and 90% of the expected difference; dashed: "
    "mean under the prior."
)
TRADED = (
    "Each dot is a dose of coordination, bars are 90% of the expected difference from none; numbers are doses. "
    "What lies on these axes for learning rests on assumed rates."
)


def dose_curves(differences: pd.DataFrame, note: str) -> Figure:
    """Return every outcome's difference along the dose, from the table of `scenarios.study.dose`."""
    rows = -(-len(OUTCOMES) // COLUMNS)
    figure = sheet(2.6 * COLUMNS, 2.1 * rows)
    panels = figure.subplots(rows, COLUMNS, sharex=True)
    for axes, name in zip(panels.flat, OUTCOMES, strict=False):
        _curve(axes, differences[differences["outcome"] == name], COLOURS[OUTCOMES[name].rests_on])
        axes.set_title(plain(name), loc="left", fontsize=SMALL + 1, color=COLOURS[OUTCOMES[name].rests_on])
        axes.set_ylabel(OUTCOMES[name].unit, fontsize=SMALL)
    for axes in panels.flat[len(OUTCOMES) :]:
        axes.set_axis_off()
    figure.suptitle("Across: share of stops that the centre plans", x=0.01, ha="left", fontsize=SMALL + 1, color=INK)
    write_note(figure, as_sentence(note), LEGEND, BASES)
    return figure


def _curve(axes: Axes, rows: pd.DataFrame, colour: str) -> None:
    posterior, prior = (_from_none(rows[rows["basis"] == basis]) for basis in ("posterior", "prior"))
    low, high = posterior["expected_low"].to_numpy(float), posterior["expected_high"].to_numpy(float)
    axes.axhline(0.0, color=GREY, linewidth=0.7)
    axes.fill_between(posterior["dose"], low, high, color=tint(colour, 0.25), linewidth=0)
    axes.plot(posterior["dose"], posterior["difference"], color=colour, linewidth=1.4)
    axes.plot(prior["dose"], prior["difference"], color=INK, linewidth=0.9, linestyle="--")
    axes.margins(x=0)
    bare(axes, "left", "bottom")


def _from_none(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with the dose of none, which differs in nothing, before them."""
    columns = ["dose", "difference", "expected_low", "expected_high"]
    none = pd.DataFrame([dict.fromkeys(columns, 0.0)])
    return pd.concat([none, rows[columns].sort_values("dose")], ignore_index=True)


def trade_offs(differences: pd.DataFrame, note: str) -> Figure:
    """Return what coordination gains against what it costs, from the table of `scenarios.study.dose`."""
    posterior = differences[differences["basis"] == "posterior"]
    figure = sheet(10.5, 5.2)
    for axes, (across, up) in zip(figure.subplots(1, len(TRADE_OFFS)), TRADE_OFFS, strict=True):
        _trade(axes, *(_from_none(posterior[posterior["outcome"] == name]) for name in (across, up)))
        axes.set_xlabel(_axis(across), fontsize=NORMAL, color=INK)
        axes.set_ylabel(_axis(up), fontsize=NORMAL, color=INK)
        bare(axes, "left", "bottom")
    write_note(figure, as_sentence(note), TRADED)
    return figure


def _trade(axes: Axes, across: pd.DataFrame, up: pd.DataFrame) -> None:
    x, y, colour = across["difference"], up["difference"], OKABE_ITO["blue"]
    reaches = [
        [rows["difference"] - rows["expected_low"], rows["expected_high"] - rows["difference"]] for rows in (across, up)
    ]
    axes.axhline(0.0, color=GREY, linewidth=0.7)
    axes.axvline(0.0, color=GREY, linewidth=0.7)
    axes.errorbar(x, y, xerr=reaches[0], yerr=reaches[1], color=tint(colour, 0.35), linewidth=0.9, fmt="none")
    axes.plot(x, y, color=colour, marker="o", markersize=4.5, linewidth=1.2)
    beside = (6, -11) if np.corrcoef(x, y)[0, 1] > 0 else (5, 5)  # the side on which the line does not run
    for dose, right, above in zip(across["dose"], x, y, strict=True):
        axes.annotate(f"{dose:.2g}", (right, above), beside, textcoords="offset points", fontsize=SMALL, color=INK)


def _axis(name: str) -> str:
    return f"{plain(name)}: difference, {OUTCOMES[name].unit}"
