"""The map of visits in a world without outlines: seats as points in the colours of their clusters."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from numpy.typing import NDArray

from results.arrows import BETWEEN, INSIDE, coverage, draw_arrows, explain_arrows, least_flow
from results.base_map import frame_points
from results.outlines import seats
from results.style import (
    INK,
    MOST_CLUSTERS,
    NORMAL,
    SMALL,
    Provinces,
    as_sentence,
    cluster_colours,
    cluster_name,
    sample,
    sheet,
    write_note,
)
from results.visit_counts import pair_totals

MOST_NAMES = 60  # that can be read
MARGIN = 0.08  # of the larger side
ROOM_FOR_LEGENDS = 0.25  # of the width
THIN_LINES = "Thin lines: all smaller flows."
PROJECTION = "Seats on a plain grid, a kilometre as long both ways at the middle latitude."


def point_map(visits: pd.DataFrame, world: Provinces, note: str) -> Figure:
    """Return a map of the visits between seats; arguments as in `maps.visit_map`."""
    totals = pair_totals(visits, world)
    least = least_flow(totals)
    drawn = np.where(totals >= least, totals, 0.0)
    figure = sheet(10.0, 8.4)
    axes = figure.add_subplot()
    axes.set_axis_off()
    _draw_seats(axes, world)
    _draw_lines(axes, world, np.where(drawn > 0, 0.0, totals))
    draw_arrows(axes, world, drawn, drawn.max())
    explain_arrows(axes, drawn)
    _explain_clusters(axes, world)
    write_note(figure, as_sentence(note), coverage(totals, drawn, least), THIN_LINES if least else "", PROJECTION)
    return figure


def _draw_seats(axes: Axes, world: Provinces) -> None:
    places, colours = np.column_stack(seats(world)), cluster_colours(world)
    frame_points(axes, places, margin=max(1.0, MARGIN * float(np.ptp(places, axis=0).max())))
    west, east = axes.get_xlim()
    axes.set_xlim(west - ROOM_FOR_LEGENDS * (east - west), east)
    edges = [colours[str(code)] for code in world.cluster]
    faces = [edge if core else "white" for edge, core in zip(edges, world.core, strict=True)]
    axes.scatter(places[:, 0], places[:, 1], s=60, c=faces, edgecolors=edges, linewidths=1.6, zorder=2)
    names = world.names if len(world.names) <= MOST_NAMES else []
    for name, place in zip(names, places.tolist(), strict=False):
        text = axes.annotate(name, place, (0, 9), textcoords="offset points", ha="center", fontsize=SMALL, color=INK)
        text.set(zorder=6, path_effects=[withStroke(linewidth=2.2, foreground="white", alpha=0.85)])


def _draw_lines(axes: Axes, world: Provinces, flows: NDArray[np.float64]) -> None:
    """Draw a thin line for every positive entry of `flows`, (n, n): hundreds of arrows could not be told apart."""
    places, clusters = np.column_stack(seats(world)), [str(code) for code in world.cluster]
    pairs = np.argwhere(flows > 0).tolist()
    colours = [INSIDE if clusters[one] == clusters[other] != "" else BETWEEN for one, other in pairs]
    lines = LineCollection([places[pair] for pair in pairs], colors=colours, linewidths=0.4, alpha=0.25, zorder=1)
    axes.add_artist(lines)


def _explain_clusters(axes: Axes, world: Provinces) -> None:
    found = cluster_colours(world)
    few = len(found) <= MOST_CLUSTERS
    kinds = [sample("core", INK), sample("hinterland", INK, filled=False)]
    axes.legend(
        handles=[sample(cluster_name(code), colour) for code, colour in found.items()] if few else kinds,
        loc="lower left",
        fontsize=SMALL,
        frameon=False,
        title="Clusters (open: hinterland)" if few else f"{len(found.keys() - {''})} clusters, colours recur",
        title_fontsize=NORMAL,
        alignment="left",
    )
