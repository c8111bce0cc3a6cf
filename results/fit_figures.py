"""Figures of what the data tell of each parameter, and of what the fit depends on."""

from collections.abc import Callable

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from results.style import GREY, NORMAL, OKABE_ITO, SMALL, bare, sheet, tint, title, write_note

BLUE, ORANGE = OKABE_ITO["blue"], OKABE_ITO["orange"]
ROW = 0.24
SHARE = "share inside clusters"
LEVELS = (0.3, 0.6)
DROP = 1.92


def contraction(table: pd.DataFrame) -> Figure:
    """Return how much narrower than its prior each parameter's posterior is."""
    figure = sheet(7.5, 1.4 + ROW * len(table))
    axes = figure.add_subplot()
    heights = np.arange(len(table))
    colours = [GREY if each < LEVELS[0] else ORANGE if each < LEVELS[1] else BLUE for each in table["contraction"]]
    axes.barh(heights, table["contraction"].clip(lower=0), 0.65, color=colours)
    for level in LEVELS:
        axes.axvline(level, color=GREY, linewidth=0.7, linestyle=":")
    axes.set_xlim(0, 1)
    axes.set_xlabel("contraction: 1 - posterior variance / prior variance", fontsize=NORMAL)
    _name_rows(axes, table["parameter"].tolist())
    bare(axes, "bottom")
    write_note(figure, "Grey: not informed by the data; orange: weakly; blue: informed.")
    return figure


def profile_curves(table: pd.DataFrame) -> Figure:
    """Return the profile log likelihood of each weight of host choice."""
    names = table["parameter"].unique().tolist()
    figure = sheet(10.0, 4.6)
    for axes, name in zip(figure.subplots(2, 5, sharey=True).flat, names, strict=False):
        part = table[table["parameter"] == name]
        axes.plot(part["value"], -part["drop"], color=BLUE)
        axes.axhline(-DROP, color=GREY, linewidth=0.7, linestyle=":")
        axes.axvline(0.0, color=GREY, linewidth=0.7)
        axes.set_ylim(-6, 0.3)
        title(axes, name.replace("_", " "))
        bare(axes, "left", "bottom")
    write_note(figure, "Log likelihood below its best, all other weights at their best, without prior; dotted: ends of",
               "the 95% interval. A curve that stays above it leaves that end open.")
    return figure


def correlation_cells(table: pd.DataFrame) -> Figure:
    """Return the correlation of every pair of fitted parameters."""
    table = table.set_index(table.columns[0])
    names = [str(name).replace("_", " ") for name in table.index]
    figure = sheet(8.6, 7.6)
    axes = figure.add_subplot()
    image = axes.imshow(table.to_numpy() - np.eye(len(table)), cmap="RdBu_r", vmin=-1, vmax=1)
    axes.set_xticks(np.arange(len(names)), names, rotation=90, fontsize=SMALL)
    axes.set_yticks(np.arange(len(names)), names, fontsize=SMALL)
    bare(axes)
    figure.colorbar(image, ax=axes, shrink=0.7).ax.tick_params(labelsize=SMALL)
    write_note(figure, "Correlation over posterior draws; blocks of the fit are independent.")
    return figure


def selection_bands(table: pd.DataFrame) -> Figure:
    """Return the pull of the clusters and the share inside them by variant, between the two bands."""
    figure = sheet(10.5, 1.8 + ROW * table[["family", "variant"]].drop_duplicates().shape[0])
    left, right = figure.subplots(1, 2, sharey=True)
    _draw_variants(left, table[table["parameter"] == "cluster"], "cluster, log odds")
    _draw_variants(right, table[table["parameter"] == SHARE], "share of first stops inside clusters")
    part = table[table["parameter"] == "cluster"]
    _name_rows(left, [f"{row.family}: {row.variant}" for row in part.itertuples()])
    write_note(figure, "Lines: 90%. Pale: the agnostic band, over every rho and all tours; darker: the informed band,",
               "of the shipped fit.")
    return figure


def _draw_variants(axes: Axes, part: pd.DataFrame, label: str) -> None:
    heights = np.arange(len(part))
    every = part[part["family"].isin(["as shipped", "all tours"])]
    first = part.iloc[0]
    axes.axvspan(every["low"].min(), every["high"].max(), color=tint(BLUE, 0.12))
    axes.axvspan(first["low"], first["high"], color=tint(BLUE, 0.28))
    axes.hlines(heights, part["low"], part["high"], colors=BLUE)
    axes.scatter(part["mean"], heights, color=BLUE, s=24, zorder=3)
    axes.set_xlabel(label, fontsize=NORMAL)
    bare(axes, "bottom")


def _name_rows(axes: Axes, names: list[str]) -> None:
    axes.set_yticks(np.arange(len(names)), [name.replace("_", " ") for name in names], fontsize=SMALL)
    axes.set_ylim(len(names) - 0.5, -0.5)


FIT_FIGURES: dict[str, Callable[[pd.DataFrame], Figure]] = {
    "identification": contraction,
    "profiles": profile_curves,
    "correlations": correlation_cells,
    "variants": selection_bands,
}
