"""The figure of a sensitivity analysis: which parameter moves which outcome, and how much is luck."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from results.style import INK, SMALL, as_sentence, bare, sheet, write_note
from results.sweep_figure import BASES, COLOURS, plain

LEAST_SHOWN = 0.05
LEGENDS = {
    "morris": "Mean absolute elementary effect, as a share of the largest of its outcome",
    "sobol": "Total Sobol index: share of the variance of means of points in which the parameter has a part",
}


def sensitivity_matrix(table: pd.DataFrame, method: str, note: str) -> Figure:
    """Return a heat map of outcomes (rows) by parameters (columns), with the share of luck in the last column.

    `table` is that of scenarios.study.sensitivity. Parameters that never reach 0.05 are left out and counted.
    """
    column = "size" if method == "morris" else "total"
    outcomes, parameters = table["outcome"].unique(), table["parameter"].unique()
    values = table.pivot(index="outcome", columns="parameter", values=column).loc[outcomes, parameters]
    if method == "morris":
        values = values.div(values.max(axis=1), axis=0)
    shown = values.loc[:, values.max() >= LEAST_SHOWN]
    told = table.groupby("outcome", sort=False).first()
    figure = sheet(4.4 + 0.36 * shown.shape[1], 2.6 + 0.24 * len(outcomes))
    axes = figure.add_subplot()
    beside = np.column_stack([np.full(len(told), np.nan), told["luck"].to_numpy(dtype=float)])
    cells = np.hstack([shown.to_numpy(dtype=float), beside])
    image = axes.imshow(cells.clip(0.0, 1.0), cmap="Blues", vmin=0.0, vmax=1.0, aspect="auto")
    axes.set_yticks(range(len(outcomes)), map(plain, outcomes))
    places = [*range(shown.shape[1]), shown.shape[1] + 1]
    axes.set_xticks(places, [*map(plain, shown.columns), "Luck"], rotation=45, ha="right", rotation_mode="anchor")
    bare(axes)
    for label, basis in zip(axes.get_yticklabels(), told["rests_on"], strict=True):
        label.set_color(COLOURS[basis])
    for (row, place), value in np.ndenumerate(cells):
        if value >= LEAST_SHOWN:
            colour = "white" if value > 0.6 else INK
            figure_shown = f"{value:.2f}".lstrip("0")
            axes.text(place, row, figure_shown, ha="center", va="center", fontsize=SMALL - 1, color=colour)
    bar = figure.colorbar(image, ax=axes, shrink=0.4, pad=0.02)
    bar.ax.tick_params(labelsize=SMALL)
    left_out = f"{values.shape[1] - shown.shape[1]} parameters never reach {LEAST_SHOWN:g} and are left out."
    write_note(figure, as_sentence(note), LEGENDS[method] + ".", "Luck: share of the variance of single histories.",
               left_out, BASES)
    return figure
