"""The map of the live page, as SVG: light enough to be drawn anew after every week."""

from collections.abc import Iterable
from functools import cache
from html import escape

import numpy as np
from matplotlib.path import Path as Outline
from numpy.typing import NDArray

from model.world import CLUSTERS, World, china
from results.base_map import province_tint
from results.outlines import name_spot, outlines, seats
from results.style import CLUSTER_COLOURS, GREY, INK, OKABE_ITO, total

KM_PER_UNIT = 9.0  # of the drawing
MARGIN = 60.0  # km
FINEST = 0.6  # units: points of an outline closer than this are left out
WEEK, SO_FAR = OKABE_ITO["vermilion"], INK
BEND = 0.18  # of an arrow, as a share of its length
SHORT_NAMES = {"Inner Mongolia": "Inner Mong."}

Flows = NDArray[np.float64]


@cache
def base_map() -> str:
    """The provinces in the colours of their clusters, with their names, as an SVG image."""
    world = china()
    cluster = {name: (str(code), bool(core)) for name, code, core in zip(
        world.names, world.cluster, world.core, strict=True)}
    shapes = [
        f'<path d="{_outline(outline)}" fill="{province_tint(*cluster[name]) if name in cluster else "white"}"/>'
        for name, outline in outlines().items()
    ]
    names = [_name(name) for name in world.names]
    return _svg("base", [f'<g stroke="{GREY}" stroke-width="0.6">', *shapes, "</g>", *names])


def flow_map(world: World, week: Iterable[tuple[int, int]], so_far: Flows) -> str:
    """Arrows of the visits of the last week, and of all so far, as wide as their number, as an SVG image over the map.

    `week` holds pairs of origin and host; `so_far`, (n, n), counts visits from each origin (row) to each host.
    """
    places = np.column_stack(_units(*seats(world)))
    earlier = np.argwhere(so_far > 0).tolist()
    arrows = [
        _arrow(places, world, pair, so_far, f'class="flow" stroke="{SO_FAR}" stroke-opacity="0.38"') for pair in earlier
    ]
    arrows += [
        _arrow(places, world, list(pair), so_far, f'class="week" stroke="{WEEK}" marker-end="url(#head)"')
        for pair in week
    ]
    head = (
        '<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerUnits="userSpaceOnUse" markerWidth="11" '
        f'markerHeight="11" orient="auto"><path d="M0,0 L8,4 L0,8 Z" fill="{WEEK}"/></marker></defs>'
    )
    return _svg("flows", [head, '<g fill="none">', *arrows, "</g>"])


def map_key() -> str:
    """What the colours of the maps stand for, as HTML."""
    clusters = [
        f'<span style="color:{CLUSTER_COLOURS[code]}">&#9632;</span> {escape(name)}' for code, name in CLUSTERS.items()
    ]
    arrows = f'<span style="color:{WEEK}">&#10142;</span> visit of the last week'
    told = " &emsp; ".join([*clusters, "darker: core", arrows, "grey lines: visits so far"])
    return f'<div style="font-size:13px">{told}</div>'


def _arrow(places: NDArray[np.float64], world: World, pair: list[int], so_far: Flows, style: str) -> str:
    origin, host = pair
    start, end = places[origin], places[host]
    middle = (start + end) / 2 + BEND * np.array([start[1] - end[1], end[0] - start[0]])
    count = float(so_far[origin, host])
    told = f"{world.names[origin]} to {world.names[host]}: {total(count)} so far"
    path = f"M{_point(start)} Q{_point(middle)} {_point(end)}"
    width = 2.2 if "week" in style else 0.7 + 0.8 * np.sqrt(count)
    return f'<path d="{path}" stroke-width="{width:.1f}" {style}><title>{escape(told)}</title></path>'


def _name(name: str) -> str:
    x, y = _units(*map(np.asarray, name_spot(name)))
    text = escape(SHORT_NAMES.get(name, name))
    halo = 'paint-order="stroke" stroke="white" stroke-width="2" stroke-opacity="0.75"'
    return f'<text x="{float(x):.0f}" y="{float(y):.0f}" text-anchor="middle" {halo} fill="{INK}">{text}</text>'


def _svg(kind: str, parts: list[str]) -> str:
    west, _, south, _ = _frame()
    east, north = _frame()[1], _frame()[3]
    box = f"0 0 {(east - west) / KM_PER_UNIT:.0f} {(north - south) / KM_PER_UNIT:.0f}"
    style = "width:100%;height:auto;display:block;font:10px sans-serif"
    return f'<svg class="{kind}" viewBox="{box}" style="{style}">{"".join(parts)}</svg>'


@cache
def _frame() -> tuple[float, float, float, float]:
    """West, east, south and north of the drawing, km."""
    corners = np.vstack([np.asarray(outline.vertices) for outline in outlines().values()])
    (west, south), (east, north) = corners.min(axis=0) - MARGIN, corners.max(axis=0) + MARGIN
    return float(west), float(east), float(south), float(north)


def _units(east: NDArray[np.float64], north: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Kilometres east and north as units to the right and downwards."""
    west, _, _, top = _frame()
    return (east - west) / KM_PER_UNIT, (top - north) / KM_PER_UNIT


def _outline(outline: Outline) -> str:
    return "".join(_ring(np.column_stack(_units(*np.asarray(ring).T))) for ring in outline.to_polygons())


def _ring(points: NDArray[np.float64]) -> str:
    kept = [points[0]]
    for point in points[1:]:
        if np.abs(point - kept[-1]).max() >= FINEST:
            kept.append(point)
    return "M" + " ".join(_point(point) for point in kept) + "Z" if len(kept) > 2 else ""


def _point(point: NDArray[np.float64]) -> str:
    return f"{point[0]:.1f},{point[1]:.1f}"
