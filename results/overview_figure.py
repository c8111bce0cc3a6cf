"""The figure of all scenarios at once: standardised differences, an outcome a row and a scenario a column."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from model.measures import OUTCOMES
from results.style import INK, LARGE, SMALL, bare, number, sheet, tint, write_note
from results.sweep_figure import BASES, COLOURS, plain
from scenarios.study.report import SIGNS

REACH = 2.0
KEY = (
    "Mean paired difference in standard deviations of the baseline's single years; colours end at 2. Framed: the sign "
    "can be told from zero and the prior alone does not have it. White: cannot be told from zero."
)


def overview(differences: pd.DataFrame) -> Figure:
    """Return the standardised differences of several scenarios, as scenarios.study.differences describes them."""
    posterior = _wide(differences, "posterior")
    values = posterior["standardised"]
    told = posterior["verdict"].apply(lambda column: column.str.startswith(SIGNS))
    prior = _wide(differences, "prior")["verdict"]
    new = told & (posterior["verdict"].apply(_direction) != prior.apply(_direction))
    figure = sheet(3.4 + 0.62 * values.shape[1], 3.2 + 0.27 * len(values))
    axes = figure.add_subplot()
    shown = values.where(told).to_numpy(float)
    image = axes.imshow(shown, cmap="PuOr_r", vmin=-REACH, vmax=REACH, aspect="auto")
    _write(axes, shown, new.to_numpy())
    _label(axes, list(map(str, values.index)), list(map(str, values.columns)))
    bar = figure.colorbar(image, ax=axes, shrink=0.5, pad=0.02, extend="both")
    bar.set_label("standard deviations", fontsize=SMALL, color=INK)
    bar.ax.tick_params(labelsize=SMALL)
    axes.set_title("Differences from the baseline", loc="left", fontsize=LARGE, color=INK)
    write_note(figure, KEY, BASES)
    return figure


def _wide(differences: pd.DataFrame, basis: str) -> pd.DataFrame:
    rows = differences[differences["basis"] == basis]
    wide = rows.pivot(index="outcome", columns="scenario", values=["standardised", "verdict"])
    return wide.reindex(index=list(OUTCOMES), columns=rows["scenario"].unique(), level="scenario")


def _direction(verdicts: pd.Series) -> pd.Series:
    return verdicts.str[: len(SIGNS[0])]


def _write(axes: Axes, shown: np.ndarray, new: np.ndarray) -> None:
    for (row, column), value in np.ndenumerate(shown):
        if abs(value) >= 0.05:
            colour = "white" if abs(value) > 0.7 * REACH else INK
            axes.text(column, row, number(value, 1, True), ha="center", va="center", fontsize=SMALL - 0.5, color=colour)
        if new[row, column]:
            axes.add_patch(Rectangle((column - 0.46, row - 0.44), 0.92, 0.88, fill=False, edgecolor=INK, linewidth=0.9))


def _label(axes: Axes, outcomes: list[str], scenarios: list[str]) -> None:
    axes.set_yticks(range(len(outcomes)), map(plain, outcomes))
    axes.set_xticks(range(len(scenarios)), map(plain, scenarios), rotation=40, ha="right", rotation_mode="anchor")
    bare(axes)
    axes.set_xticks(np.arange(len(scenarios)) + 0.5, minor=True)
    axes.grid(visible=True, which="minor", axis="x", color=tint(INK, 0.12), linewidth=0.6)
    axes.tick_params(which="minor", length=0)
    for label, name in zip(axes.get_yticklabels(), outcomes, strict=True):
        label.set_color(COLOURS[OUTCOMES[name].rests_on])
