"""Maps: who visits whom, and one value for every province."""

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.patheffects import withStroke
from numpy.typing import ArrayLike, NDArray

from results.arrows import coverage, draw_arrows, explain_arrows, least_flow
from results.base_map import (
    blank_map,
    draw_clusters,
    draw_not_simulated,
    draw_unit,
    explain_clusters,
    frame_points,
    hatched_patch,
    not_simulated,
    write_names,
)
from results.outlines import SOURCE, has_outlines, seats
from results.point_map import point_map
from results.style import (
    CLUSTER_NAMES,
    GREY,
    INK,
    NORMAL,
    SMALL,
    Provinces,
    as_sentence,
    sheet,
    tint,
    write_note,
)
from results.visit_counts import pair_totals

NO_VALUE = tint(GREY, 0.35)
# Two clusters too small for their arrows are drawn again in empty corners: left, bottom, width, height.
ENLARGED = {"BTH": (0.36, 0.73, 0.25, 0.24), "YRD": (0.90, 0.10, 0.23, 0.30)}
ROOM = 120.0  # km around the seats of an enlarged cluster
# Points from a seat to the middle of its name there, on the side that has no arrows.
ABOVE, BELOW = (0, 11), (0, -11)
BESIDE_SEAT = {"Tianjin": (14, -9), "Hebei": BELOW, "Zhejiang": BELOW, "Anhui": BELOW}


def visit_map(visits: pd.DataFrame, world: Provinces, note: str) -> Figure:
    """Return a map of the visits: an arrow from origin to host, as wide as the pair has visits a year.

    `visits` has columns origin and host, and `weight` (visits a year a row stands for) when it stacks several
    histories. `note` says how many histories it shows. A world without outlines is drawn as points. Raises
    ValueError for a province the world lacks.
    """
    if not has_outlines(world):
        return point_map(visits, world, note)
    totals = pair_totals(visits, world)
    least = least_flow(totals)
    drawn = np.where(totals >= least, totals, 0.0)
    figure = sheet(10.0, 8.4)
    axes = blank_map(figure)
    draw_clusters(axes, world)
    draw_arrows(axes, world, drawn, drawn.max())
    write_names(axes, [*world.names, *not_simulated(world)])
    for code, frame in ENLARGED.items():
        _enlarge(axes.inset_axes(frame), world, code, drawn)
    explain_arrows(axes, drawn)
    explain_clusters(axes, world)
    write_note(figure, as_sentence(note), coverage(totals, drawn, least), SOURCE)
    return figure


def province_map(
    values: ArrayLike, world: Provinces, label: str, note: str, diverging: bool = False
) -> Figure:
    """Return a map that colours every province by its value, with a colour bar called `label`.

    `values` has shape (n,) in the world's order, or is a Series indexed by province name; NaN is drawn grey.
    `diverging` centres the colours on zero. Raises ValueError for values of another length.
    """
    shown = _in_order(values, world)
    colours = _colour_scale(shown, diverging)
    figure = sheet(9.0, 7.4)
    axes = blank_map(figure)
    for name, value in zip(world.names, shown, strict=True):
        draw_unit(axes, name, NO_VALUE if np.isnan(value) else colours.to_rgba(value))
    draw_not_simulated(axes, world)
    write_names(axes, [*world.names, *not_simulated(world)])
    bar = figure.colorbar(colours, ax=axes, shrink=0.6, pad=0.01, aspect=28)
    bar.set_label(label, fontsize=NORMAL)
    bar.ax.tick_params(labelsize=SMALL)
    axes.legend(handles=_samples(shown), loc="lower left", fontsize=SMALL, frameon=False)
    write_note(figure, as_sentence(note), SOURCE)
    return figure


def _enlarge(axes: Axes, world: Provinces, code: str, drawn: NDArray[np.float64]) -> None:
    """Draw one cluster again, larger, with the visits among its members alone."""
    members = np.array([str(cluster) == code for cluster in world.cluster])
    axes.set(xticks=[], yticks=[], visible=bool(members.any()))
    if members.any():
        draw_clusters(axes, world)
        draw_arrows(axes, world, np.where(np.outer(members, members), drawn, 0.0), drawn.max())
        places = np.column_stack(seats(world))[members]
        frame_points(axes, places, margin=ROOM)
        _name_seats(axes, np.array(world.names)[members].tolist(), places)
        axes.set_title(f"within {CLUSTER_NAMES[code]}", fontsize=SMALL, color=INK, pad=3)


def _name_seats(axes: Axes, names: list[str], places: NDArray[np.float64]) -> None:
    for name, seat in zip(names, places, strict=True):
        place = BESIDE_SEAT.get(name, ABOVE)
        text = axes.annotate(name, seat, place, textcoords="offset points", fontsize=SMALL, ha="center")
        halo = withStroke(linewidth=2.2, foreground="white", alpha=0.85)
        text.set(va="center", zorder=6, gid="name", path_effects=[halo])


def _samples(values: NDArray[np.float64]) -> list[Patch]:
    missing = [Patch(facecolor=NO_VALUE, edgecolor=GREY, label="no value")] if np.isnan(values).any() else []
    return [hatched_patch(), *missing]


def _in_order(values: ArrayLike, world: Provinces) -> NDArray[np.float64]:
    if isinstance(values, pd.Series):
        values = values.reindex(list(world.names)).to_numpy(float)
    shown = np.asarray(values, float)
    if shown.shape != (len(world.names),):
        raise ValueError(f"{len(world.names)} values are needed, one for each province; got {shown.shape}")
    return shown


def _colour_scale(values: NDArray[np.float64], diverging: bool) -> ScalarMappable:
    low, high = (
        (float(np.nanmin(values)), float(np.nanmax(values))) if np.isfinite(values).any() else (0.0, 1.0)
    )
    if diverging:
        high = max(abs(low), abs(high)) or 1.0
        low = -high
    return ScalarMappable(Normalize(low, high), colormaps["PuOr_r" if diverging else "cividis"])
