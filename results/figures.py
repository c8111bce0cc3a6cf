"""Figures of visits: who visits whom, when, and about what; figures of learning and differences by name."""

from itertools import cycle

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.patches import Patch, Rectangle
from numpy.typing import NDArray

from results.difference_figure import difference_intervals
from results.learning_figure import capability_spread
from results.style import (
    GREY,
    INK,
    NORMAL,
    OKABE_ITO,
    SMALL,
    THEME_LABELS,
    Provinces,
    as_sentence,
    bare,
    by_cluster,
    cluster_colours,
    cluster_name,
    number,
    sheet,
    tint,
    total,
    write_note,
)
from results.timing_figure import visit_timing
from results.visit_counts import pair_totals

__all__ = ["capability_spread", "difference_intervals", "theme_shares", "visit_matrix", "visit_timing"]

ORDER = "Provinces by cluster, core before hinterland, then by gross domestic product, largest first."
TARGET_COLOURS = tuple(OKABE_ITO[colour] for colour in ("vermilion", "green", "purple", "orange"))


def visit_matrix(visits: pd.DataFrame, world: Provinces, note: str) -> Figure:
    """Return a heat map of visits by origin (row) and host (column), with what each sends and receives.

    `visits` as in `maps.visit_map`. Provinces stand by cluster, core first, then from rich to poor.
    Raises ValueError for a province the world lacks.
    """
    order = by_cluster(world)
    totals = pair_totals(visits, world)[np.ix_(order, order)]
    figure = sheet(10.0, 9.8)
    grid = figure.add_gridspec(2, 3, width_ratios=[16, 1.8, 0.4], height_ratios=[1.8, 16])
    axes = figure.add_subplot(grid[1, 0])
    image = _draw_cells(axes, totals, [world.names[i] for i in order])
    boxes = _box_clusters(axes, [str(world.cluster[i]) for i in order], cluster_colours(world))
    _draw_margins(figure.add_subplot(grid[0, 0]), figure.add_subplot(grid[1, 1]), totals)
    bar = figure.colorbar(image, cax=figure.add_subplot(grid[1, 2]))
    bar.set_label("visits a year", fontsize=NORMAL)
    bar.ax.tick_params(labelsize=SMALL)
    figure.legend(handles=boxes, loc="outside upper left", ncols=3, fontsize=SMALL, frameon=False)
    in_all = f"{total(float(totals.sum()))} visits a year in all;"
    write_note(figure, as_sentence(note), in_all, _unwritten(totals), ORDER)
    return figure


def theme_shares(simulated: pd.DataFrame, targets: pd.DataFrame, note: str) -> Figure:
    """Return the share of visits that carry each theme, simulated and as published.

    `simulated` has a row a theme: theme, mean, low, high (shares 0 to 1, at 5% and 95%); `targets`: theme,
    value, source. Raises KeyError for a target whose theme is not simulated.
    """
    figure = sheet(7.5, 1.9 + 0.45 * len(simulated))
    axes = figure.add_subplot()
    rows = {theme: row for row, theme in enumerate(simulated["theme"])}
    _draw_shares(axes, simulated)
    sources = targets.groupby("source", sort=False)
    for colour, (source, found) in zip(cycle(TARGET_COLOURS), sources, strict=False):
        heights = [rows[theme] + 0.14 for theme in found["theme"]]
        axes.scatter(100 * found["value"], heights, s=46, c=colour, marker="D", label=f"target: {source}")
    axes.set_yticks(list(rows.values()), [THEME_LABELS.get(theme, theme) for theme in rows])
    axes.set(xlim=(0, 100), ylim=(len(rows) - 0.5, -0.5))
    axes.set_xlabel("visits that carry the theme, % (a visit carries several)", fontsize=NORMAL)
    axes.grid(axis="x", color=tint(GREY, 0.3), linewidth=0.6)
    bare(axes, "bottom")
    handles, labels = axes.get_legend_handles_labels()
    figure.legend(handles[::-1], labels[::-1], loc="outside upper left", fontsize=SMALL, frameon=False)
    write_note(figure, as_sentence(note), "Line: 5% to 95%.")
    return figure


def _draw_cells(axes: Axes, totals: NDArray[np.float64], names: list[str]) -> AxesImage:
    colours = colormaps["Blues"].with_extremes(bad="white")
    image = axes.imshow(np.ma.masked_equal(totals, 0), cmap=colours, vmin=0, vmax=totals.max() or 1)
    axes.set_aspect("auto")
    _write_counts(axes, totals)
    axes.plot(range(len(names)), range(len(names)), "s", color=tint(GREY, 0.25), markersize=5)
    places = np.arange(len(names))
    axes.set_xticks(places, names, rotation=90)
    axes.set_yticks(places, names)
    # Lines of their own, where a grid would need a tick for each.
    for draw in (axes.hlines, axes.vlines):
        draw(places[1:] - 0.5, -0.5, len(names) - 0.5, colors=tint(GREY, 0.22), linewidth=0.5, zorder=1.4)
    axes.set_xlabel("host", fontsize=NORMAL)
    axes.set_ylabel("origin", fontsize=NORMAL)
    axes.tick_params(which="both", length=0, labelsize=SMALL)
    return image


def _write_counts(axes: Axes, totals: NDArray[np.float64]) -> None:
    for row, column in np.argwhere(totals > _least_written(totals)).tolist():
        count = float(totals[row, column])
        colour = "white" if count > 0.55 * totals.max() else INK
        text = number(count, 0 if _least_written(totals) == 0 else 1)
        written = axes.text(column, row, text, ha="center", va="center", fontsize=6.5, color=colour, gid="count")
        written.set_in_layout(False)  # it lies within its cell: hundreds need not be measured


def _least_written(totals: NDArray[np.float64]) -> float:
    """Return 0 for counts; for means a floor, below which hundreds of cells would all read 0.1."""
    return 0.0 if np.array_equal(totals, np.round(totals)) else 0.15


def _unwritten(totals: NDArray[np.float64]) -> str:
    least = _least_written(totals)
    return f"cells of less than {least:g} are coloured and not written." if least else "empty cells had none."


def _box_clusters(axes: Axes, clusters: list[str], colours: dict[str, str]) -> list[Patch]:
    boxes: list[Patch] = []
    for code in dict.fromkeys(code for code in clusters if code):
        first, size = clusters.index(code) - 0.5, clusters.count(code)
        colour = colours[code]
        box = Rectangle((first, first), size, size, fill=False, edgecolor=colour, linewidth=2.4, zorder=4)
        box.set(gid=code, label=f"within {cluster_name(code)}", clip_on=False)
        axes.add_patch(box)
        boxes.append(box)
    return boxes


def _draw_margins(above: Axes, beside: Axes, totals: NDArray[np.float64]) -> None:
    places, top = np.arange(len(totals)), 1.05 * max(totals.sum(0).max(), totals.sum(1).max(), 1)
    above.bar(places, totals.sum(0), color=GREY, width=0.8)
    beside.barh(places, totals.sum(1), color=GREY, height=0.8)
    above.set(xlim=(-0.5, len(places) - 0.5), ylim=(0, top), xticks=[])
    beside.set(ylim=(len(places) - 0.5, -0.5), xlim=(0, top), yticks=[])
    above.set_ylabel("received", fontsize=NORMAL)
    beside.set_xlabel("sent", fontsize=NORMAL)
    bare(above, "left")
    bare(beside, "bottom")


def _draw_shares(axes: Axes, simulated: pd.DataFrame) -> None:
    heights, mean = np.arange(len(simulated)) - 0.14, 100 * simulated["mean"]
    spread = np.abs(100 * simulated[["low", "high"]].to_numpy().T - mean.to_numpy())
    blue = OKABE_ITO["blue"]
    axes.errorbar(mean, heights, xerr=spread, fmt="o", color=blue, markersize=6, capsize=3, label="simulated")
