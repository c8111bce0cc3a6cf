"""The map under every map: provinces in the colours of their clusters, and their names."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, PathPatch
from matplotlib.patheffects import withStroke
from numpy.typing import NDArray

from results.outlines import OFF_SHAPE, middle, name_spot, outlines
from results.style import CLUSTER_COLOURS, CLUSTER_NAMES, GREY, INK, NORMAL, SMALL, Provinces, tint

CORE, HINTERLAND = 0.55, 0.25
NO_CLUSTER = tint(GREY, 0.10)
HATCH = "//////"


def blank_map(figure: Figure) -> Axes:
    """Return axes that hold every outline, without a frame."""
    axes = figure.add_subplot()
    corners = np.vstack([np.asarray(outline.vertices) for outline in outlines().values()])
    frame_points(axes, corners, margin=60)
    axes.set_ylim(bottom=axes.get_ylim()[0] - 130)  # room for the names off the southern coast
    axes.set_axis_off()
    return axes


def frame_points(axes: Axes, points: NDArray[np.float64], margin: float) -> None:
    """Fit the axes to the points, (count, 2) in km, with a margin in km; a kilometre is as long both ways."""
    (west, south), (east, north) = points.min(axis=0), points.max(axis=0)
    axes.set(xlim=(west - margin, east + margin), ylim=(south - margin, north + margin), aspect="equal")


def draw_unit(axes: Axes, name: str, colour: Any) -> PathPatch:
    """Fill one unit's outline with the colour and return the patch, its gid the name."""
    patch = PathPatch(outlines()[name], facecolor=colour, edgecolor=GREY, linewidth=0.6, gid=name)
    axes.add_artist(patch)  # the frame is set by hand: a patch need not be measured for it
    return patch


def draw_clusters(axes: Axes, world: Provinces) -> None:
    """Fill every province by its cluster and role, and hatch the units that are not simulated."""
    for name, code, core in zip(world.names, world.cluster, world.core, strict=True):
        draw_unit(axes, name, province_tint(str(code), bool(core)))
    draw_not_simulated(axes, world)


def province_tint(cluster: str, core: bool) -> str:
    """Return a province's fill: its cluster's colour, darker in the core than in the hinterland."""
    return tint(CLUSTER_COLOURS[cluster], CORE if core else HINTERLAND) if cluster else NO_CLUSTER


def not_simulated(world: Provinces) -> list[str]:
    """Return the units that have an outline and no agent."""
    return sorted(outlines().keys() - set(world.names))


def draw_not_simulated(axes: Axes, world: Provinces) -> None:
    """Hatch the units that have an outline and no agent."""
    for name in not_simulated(world):
        draw_unit(axes, name, "white").set(hatch=HATCH, edgecolor=INK, linewidth=0.9, zorder=1.5)


def write_names(axes: Axes, names: Sequence[str]) -> None:
    """Write the names, each in its place, with a line to the units too small to hold one."""
    for name in names:
        x, y = name_spot(name)
        if name in OFF_SHAPE:
            east, north = middle(outlines()[name])
            axes.plot([x, east], [y, north], color=GREY, linewidth=0.6, zorder=1.6)
        text = axes.text(x, y, name.replace(" ", "\n"), fontsize=SMALL, color=INK, ha="center", va="center")
        text.set(zorder=6, linespacing=0.9, gid="name")
        text.set_path_effects([withStroke(linewidth=2.2, foreground="white", alpha=0.85)])


def explain_clusters(axes: Axes, world: Provinces) -> None:
    """Write the legend of the fills that occur."""
    kinds = {(str(code), bool(core)) for code, core in zip(world.cluster, world.core, strict=True)}
    patches = [
        Patch(facecolor=province_tint(code, core), edgecolor=GREY, label=_kind_name(code, core))
        for code in CLUSTER_COLOURS
        for core in (True, False)
        if (code, core) in kinds
    ]
    patches.append(hatched_patch())
    axes.legend(
        handles=patches,
        loc="lower left",
        fontsize=SMALL,
        frameon=False,
        title="Clusters",
        title_fontsize=NORMAL,
        alignment="left",
    )


def hatched_patch() -> Patch:
    """Return the legend's sample of a unit that is not simulated."""
    return Patch(facecolor="white", edgecolor=INK, hatch=HATCH, label="not simulated")


def _kind_name(code: str, core: bool) -> str:
    return f"{CLUSTER_NAMES[code]}, {'core' if core else 'hinterland'}" if code else CLUSTER_NAMES[code]
