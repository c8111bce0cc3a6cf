"""The figure of the best new official pairs."""

import pandas as pd
from matplotlib.figure import Figure

from results.style import GREY, INK, LARGE, NORMAL, as_sentence, bare, sheet, write_note
from results.sweep_figure import COLOURS

LEGEND = (
    "Dot: mean difference from the official pairs of 2023; bar: 90% of the expected difference. Chosen among all other "
    "pairs under different draws, so that luck in the choice does not lift them. Rests on assumed rates of learning."
)


def best_pairs_chart(best: pd.DataFrame, note: str) -> Figure:
    """Return the pairs of `scenarios.study.pairs.best_pairs`, the best on top."""
    figure = sheet(7.5, 1.6 + 0.32 * len(best))
    axes = figure.add_subplot()
    places = range(len(best), 0, -1)
    reach = [best["difference"] - best["expected_low"], best["expected_high"] - best["difference"]]
    axes.axvline(0.0, color=GREY, linewidth=0.8)
    colour = COLOURS["assumed"]
    axes.errorbar(best["difference"], list(places), xerr=reach, fmt="o", color=colour, markerfacecolor="white")
    axes.set_yticks(list(places), best["one"] + " \N{EN DASH} " + best["other"])
    axes.set_xlabel("gap closed per visit: difference, capability x 1000", fontsize=NORMAL, color=INK)
    axes.set_title("Official pairs worth adding", loc="left", fontsize=LARGE, color=INK)
    bare(axes, "bottom")
    write_note(figure, as_sentence(note), LEGEND)
    return figure
