"""The figure of many scenarios at once: what each moves, in standard deviations of single years."""

import numpy as np
import pandas as pd
from matplotlib.colors import TwoSlopeNorm
from matplotlib.figure import Figure

from results.style import INK, SMALL, bare, sheet, write_note
from results.sweep_figure import BASES, COLOURS, plain

LEAST, MOST = 0.05, 3.0
LEGEND = (
    "Colour and number: expected difference from the baseline in standard deviations of its single years. Without a "
    "number: below 0.05, or cannot be told from zero with 90% probability. In brackets: the prior alone has the same "
    "sign, no finding."
)


def scenario_overview(differences: pd.DataFrame, against: str = "baseline") -> Figure:
    """Return a heat map of scenarios (columns) by outcomes (rows), from the table of paired differences."""
    posterior, prior = (
        _table(differences, basis, "verdict").fillna("").to_numpy(dtype=str) for basis in ("posterior", "prior")
    )
    size = _table(differences, "posterior", "standardised")
    figure = sheet(4.2 + 0.62 * size.shape[1], 3.0 + 0.25 * len(size))
    axes = figure.add_subplot()
    norm = TwoSlopeNorm(0.0, -MOST, MOST)
    image = axes.imshow(size.to_numpy(dtype=float).clip(-MOST, MOST), cmap="RdBu_r", norm=norm, aspect="auto")
    axes.set_xticks(range(size.shape[1]), map(plain, size.columns), rotation=45, ha="right", rotation_mode="anchor")
    axes.set_yticks(range(len(size)), map(plain, size.index))
    bare(axes)
    bases = differences.groupby("outcome", sort=False)["rests_on"].first()
    for label, basis in zip(axes.get_yticklabels(), bases, strict=True):
        label.set_color(COLOURS[basis])
    for (row, column), value in np.ndenumerate(size.to_numpy(dtype=float)):
        word, before = str(posterior[row, column]), str(prior[row, column])
        if word.startswith(("rises", "falls")) and abs(value) >= LEAST:
            told = f"{value:+.1f}".replace("-", "\N{MINUS SIGN}")
            told = f"({told})" if word[:5] == before[:5] else told
            colour = "white" if abs(value) > 0.6 * MOST else INK
            axes.text(column, row, told, ha="center", va="center", fontsize=SMALL - 1, color=colour)
    bar = figure.colorbar(image, ax=axes, shrink=0.4, pad=0.02, extend="both")
    bar.ax.tick_params(labelsize=SMALL)
    first = differences.iloc[0]
    size_of_study = f"Against {against}: {first['draws']} posterior draws x {first['replicates']} replicates."
    write_note(figure, size_of_study, LEGEND, BASES)
    return figure


def _table(differences: pd.DataFrame, basis: str, column: str) -> pd.DataFrame:
    """One column of the differences, outcomes by scenarios, in the order in which they stand."""
    rows = differences[differences["basis"] == basis]
    outcomes, scenarios = rows["outcome"].unique(), rows["scenario"].unique()
    return rows.pivot(index="outcome", columns="scenario", values=column).loc[outcomes, scenarios]
