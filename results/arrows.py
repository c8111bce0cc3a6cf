"""Arrows of visits between provinces: which are drawn, how wide, and what the reader is told of them."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch
from numpy.typing import NDArray

from results.outlines import seats
from results.style import GREY, INK, NORMAL, OKABE_ITO, SMALL, Provinces, total

INSIDE, BETWEEN = OKABE_ITO["vermilion"], OKABE_ITO["black"]
WIDEST, THINNEST, MOST_PER_VISIT = 5.0, 0.5, 2.0  # points
MOST_ARROWS = 120
ROUND_FLOWS = (0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0, 20.0, 50.0)

Point = tuple[float, float]


def least_flow(totals: NDArray[np.float64], most: int = MOST_ARROWS) -> float:
    """Return the smallest round number of visits that at most `most` pairs reach; 0 when all pairs fit."""
    if np.count_nonzero(totals) <= most:
        return 0.0
    fits = (flow for flow in ROUND_FLOWS if np.count_nonzero(totals >= flow) <= most)
    return next(fits, float(totals.max()))


def arrow_width(flow: float, largest: float) -> float:
    """Return the width of a flow's arrow in points: in proportion, with a floor that keeps it visible.

    Where even the largest flow is small, no arrow is wide.
    """
    return max(THINNEST, flow * min(MOST_PER_VISIT, WIDEST / largest))


def draw_arrows(axes: Axes, world: Provinces, drawn: NDArray[np.float64], largest: float) -> None:
    """Draw an arrow for every positive entry of `drawn`, (n, n), wide flows last; gid "origin to host"."""
    east, north = seats(world)
    axes.scatter(east, north, s=9, color=INK, zorder=3, linewidths=0)
    for origin, host in sorted(np.argwhere(drawn > 0).tolist(), key=lambda pair: float(drawn[tuple(pair)])):
        width = arrow_width(float(drawn[origin, host]), largest)
        inside = bool(world.cluster[origin] == world.cluster[host] != "")
        arrow = _arrow((east[origin], north[origin]), (east[host], north[host]), width, inside)
        arrow.set_gid(f"{world.names[origin]} to {world.names[host]}")
        axes.add_artist(arrow)  # the frame is set by hand: an arrow need not be measured for it


def explain_arrows(axes: Axes, drawn: NDArray[np.float64]) -> None:
    """Write the legend of colours and widths."""
    handles = [
        Line2D([], [], color=INSIDE, linewidth=2.5, label="within a cluster"),
        Line2D([], [], color=BETWEEN, alpha=0.5, linewidth=2.5, label="all other visits"),
    ]
    handles += [
        Line2D([], [], color=GREY, linewidth=arrow_width(flow, drawn.max()), label=f"{flow:g} a year")
        for flow in _sample_flows(drawn[drawn > 0])
    ]
    legend = Legend(
        axes,
        handles,
        [str(handle.get_label()) for handle in handles],
        loc="upper left",
        fontsize=SMALL,
        frameon=False,
        handlelength=3.2,
        title="Visits, from origin to host",
        title_fontsize=NORMAL,
        alignment="left",
    )
    axes.add_artist(legend)


def coverage(totals: NDArray[np.float64], drawn: NDArray[np.float64], least: float) -> str:
    """Return the sentence that says which flows are drawn and how much of all visits they carry."""
    if not drawn.any():
        return "No visits."
    visits = f"{total(float(totals.sum()))} visits a year"
    if not least:
        return f"Drawn: every flow ({np.count_nonzero(totals)} pairs, {visits})."
    pairs = f"{np.count_nonzero(drawn)} of {np.count_nonzero(totals)} pairs with visits"
    share = f"{float(drawn.sum() / totals.sum()):.0%} of {visits}"
    return f"Drawn: flows of at least {least:g} visits a year ({pairs}, {share})."


def _arrow(start: Point, end: Point, width: float, inside: bool) -> FancyArrowPatch:
    return FancyArrowPatch(
        start,
        end,
        arrowstyle="-|>,head_length=0.45,head_width=0.22",
        connectionstyle="arc3,rad=0.16",
        mutation_scale=7 + 1.6 * width,
        linewidth=width,
        shrinkA=1.5,
        shrinkB=2.5,
        color=INSIDE if inside else BETWEEN,
        alpha=0.85 if inside else min(0.7, 0.3 + 0.1 * width),
        zorder=5 if inside else 4,
        capstyle="butt",
        joinstyle="miter",
    )


def _sample_flows(flows: NDArray[np.float64]) -> list[float]:
    if not flows.size:
        return []
    samples = np.linspace(flows.min(), flows.max(), 3).tolist()
    whole = np.array_equal(flows, np.round(flows))
    return sorted({float(np.floor(flow)) if whole else float(f"{flow:.2g}") for flow in samples})
