"""The figure of a sweep: curves over one parameter, maps over two, rank correlations over more."""

from collections.abc import Callable

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import TwoSlopeNorm
from matplotlib.figure import Figure
from numpy.typing import NDArray
from scipy.stats import binned_statistic_2d

from model.measures import OUTCOMES
from model.parameters import DECLARATIONS
from results.style import INK, OKABE_ITO, SMALL, as_sentence, bare, sheet, tint, write_note
from scenarios.study.effects import effects

Panel = Callable[[Axes, pd.DataFrame, list[str], str], None]
COLUMNS = 5
MOST_CURVE_POINTS, MOST_CELLS = 24, 16
COLOURS = {"identified": OKABE_ITO["blue"], "assumed": OKABE_ITO["vermilion"]}
BASES = "Blue: rests on what the visits identify. Red: rests on assumed rates."


def sweep_effects(outcomes: pd.DataFrame, varied: list[str], note: str) -> Figure:
    """Return what each outcome does over the points of a sweep of one scenario.

    `outcomes` has one row a history, with `point`, the varied parameters and every outcome. One parameter gives curves
    with the middle 90% of histories, two give maps of means, more give rank correlations.
    """
    if len(varied) == 1:
        return _small_multiples(outcomes, note, _curve, varied, "Line: mean. Band: middle 90% of histories.")
    if len(varied) == 2:
        return _small_multiples(outcomes, note, _map, varied, "Colour: mean of the histories in a cell.")
    return _correlations(outcomes, varied, note)


def _small_multiples(outcomes: pd.DataFrame, note: str, draw: Panel, varied: list[str], legend: str) -> Figure:
    rows = -(-len(OUTCOMES) // COLUMNS)
    figure = sheet(2.6 * COLUMNS, 2.15 * rows)
    panels = figure.subplots(rows, COLUMNS, sharex=True, sharey=len(varied) > 1)
    for axes, (name, item) in zip(panels.flat, OUTCOMES.items(), strict=False):
        axes.set_title(plain(name), loc="left", fontsize=SMALL + 1, color=COLOURS[item.rests_on])
        draw(axes, outcomes, varied, name)
        bare(axes, "left", "bottom")
    for axes in panels.flat[len(OUTCOMES) :]:
        axes.set_axis_off()
    figure.supylabel(_label(varied[1]) if len(varied) > 1 else "", fontsize=SMALL + 1, color=INK)
    figure.suptitle(f"Across: {_label(varied[0])}", x=0.01, ha="left", fontsize=SMALL + 1, color=INK)
    write_note(figure, as_sentence(note), legend, BASES)
    return figure


def _curve(axes: Axes, outcomes: pd.DataFrame, varied: list[str], name: str) -> None:
    setting = outcomes[varied[0]]
    few = setting.nunique() <= MOST_CURVE_POINTS
    cells = setting if few else pd.qcut(setting, MOST_CURVE_POINTS, duplicates="drop")
    grouped = outcomes.groupby(cells, observed=True)
    x, values = grouped[varied[0]].mean(), grouped[name]
    colour = COLOURS[OUTCOMES[name].rests_on]
    axes.fill_between(x, values.quantile(0.05), values.quantile(0.95), color=tint(colour, 0.2), linewidth=0)
    axes.plot(x, values.mean(), color=colour, linewidth=1.4)
    axes.set_ylabel(OUTCOMES[name].unit, fontsize=SMALL)


def _map(axes: Axes, outcomes: pd.DataFrame, varied: list[str], name: str) -> None:
    across, up = (outcomes[each].to_numpy(dtype=float) for each in varied)
    known = outcomes[name].notna().to_numpy()
    bins = [_edges(across), _edges(up)]
    mean, *_ = binned_statistic_2d(across[known], up[known], outcomes[name].to_numpy(dtype=float)[known], bins=bins)
    image = axes.pcolormesh(*bins, mean.T, cmap="viridis", rasterized=True)
    bar = axes.figure.colorbar(image, ax=axes, pad=0.02)
    bar.ax.tick_params(labelsize=SMALL - 1)
    bar.outline.set_visible(False)


def _edges(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Edges of cells: halfway between levels where there are few, else even."""
    levels = np.unique(values)
    if len(levels) > MOST_CELLS:
        cells = int(np.clip(np.sqrt(len(levels) / 2), 4, MOST_CELLS))
        return np.asarray(np.linspace(levels[0], levels[-1], cells + 1))
    if len(levels) == 1:
        return np.asarray(levels[0] + np.array([-0.5, 0.5]))
    middle = (levels[1:] + levels[:-1]) / 2
    return np.array([2 * levels[0] - middle[0], *middle, 2 * levels[-1] - middle[-1]])


def _correlations(outcomes: pd.DataFrame, varied: list[str], note: str) -> Figure:
    table = effects(outcomes, varied).set_index("outcome")
    figure = sheet(3.2 + 0.42 * len(varied), 2.6 + 0.24 * len(table))
    axes = figure.add_subplot()
    values = table[varied].to_numpy(dtype=float)
    image = axes.imshow(values, cmap="RdBu_r", norm=TwoSlopeNorm(0.0, -1.0, 1.0), aspect="auto")
    axes.set_yticks(range(len(table)), [plain(name) for name in table.index])
    axes.set_xticks(range(len(varied)), map(plain, varied), rotation=45, ha="right", rotation_mode="anchor")
    bare(axes)
    for label, basis in zip(axes.get_yticklabels(), table["rests_on"], strict=True):
        label.set_color(COLOURS[basis])
    for (row, column), value in np.ndenumerate(values):
        if abs(value) >= 0.3:
            axes.text(column, row, f"{value:+.1f}".replace("-", "\N{MINUS SIGN}"), ha="center", va="center",
                      fontsize=SMALL - 1, color="white" if abs(value) > 0.6 else INK)
    bar = figure.colorbar(image, ax=axes, shrink=0.4, pad=0.02)
    bar.set_label("rank correlation", fontsize=SMALL, color=INK)
    bar.ax.tick_params(labelsize=SMALL)
    legend = "Rank correlation of the means of points with each parameter; white where an outcome never changed."
    write_note(figure, as_sentence(note), legend, BASES)
    return figure


def plain(name: str) -> str:
    """Return the name of a parameter or outcome in plain words."""
    return name.replace("_", " ").capitalize()


def _label(parameter: str) -> str:
    return f"{parameter.replace('_', ' ')}, {DECLARATIONS[parameter].unit}"
