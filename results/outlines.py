"""Outlines of the provinces on an equal-area sheet: projection, shapes and where each name is written."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.path import Path as Outline
from numpy.typing import ArrayLike, NDArray

from results.style import Provinces

OUTLINES = Path(__file__).parent / "data" / "provinces.geojson"
SOURCE = (
    "Albers equal-area conic projection (25° N, 47° N, 105° E); outlines of the units studied, Hong Kong and "
    "Macao from Natural Earth 1:50m."
)
EARTH_RADIUS = 6371.0  # km

# Where each name is written, degrees east and north of its middle: inside the outline, clear of the seat, or
# beside a unit that is smaller than its name.
NAME_SPOTS = {
    "Beijing": (113.6, 41.7),
    "Tianjin": (120.6, 38.5),
    "Hebei": (115.6, 37.3),
    "Shanxi": (112.0, 36.7),
    "Inner Mongolia": (117.6, 44.6),
    "Liaoning": (121.6, 41.6),
    "Jilin": (127.4, 43.2),
    "Heilongjiang": (128.2, 47.6),
    "Shanghai": (124.4, 31.6),
    "Jiangsu": (119.7, 33.2),
    "Zhejiang": (120.1, 28.9),
    "Anhui": (116.6, 33.0),
    "Fujian": (117.7, 26.0),
    "Jiangxi": (115.6, 27.4),
    "Shandong": (118.7, 35.9),
    "Henan": (113.5, 33.6),
    "Hubei": (112.2, 31.2),
    "Hunan": (111.4, 27.4),
    "Guangdong": (115.1, 23.9),
    "Guangxi": (108.4, 24.1),
    "Hainan": (109.6, 18.0),
    "Chongqing": (108.3, 30.4),
    "Sichuan": (102.0, 31.1),
    "Guizhou": (107.2, 27.6),
    "Yunnan": (101.0, 24.0),
    "Tibet": (88.0, 31.5),
    "Shaanxi": (108.8, 33.2),
    "Gansu": (96.8, 40.6),
    "Qinghai": (96.0, 35.8),
    "Ningxia": (105.9, 37.0),
    "Xinjiang": (85.0, 41.0),
    "Hong Kong": (116.6, 21.2),
    "Macao": (112.9, 20.3),
}
OFF_SHAPE = frozenset({"Beijing", "Tianjin", "Shanghai", "Hong Kong", "Macao", "Hainan"})


def albers(longitude: ArrayLike, latitude: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return kilometres east and north of 105° E, 36° N in Albers' equal-area conic projection.

    Degrees in, any shape; standard parallels 25° and 47° N, on a sphere (Snyder 1987, USGS professional
    paper 1395, chapter 14).
    """
    first, second, origin = np.radians([25.0, 47.0, 36.0])
    cone = (np.sin(first) + np.sin(second)) / 2
    constant = np.cos(first) ** 2 + 2 * cone * np.sin(first)
    angle = cone * np.radians(np.asarray(longitude, float) - 105.0)

    def radius(parallel: Any) -> Any:
        return EARTH_RADIUS * np.sqrt(constant - 2 * cone * np.sin(parallel)) / cone

    distance = radius(np.radians(np.asarray(latitude, float)))
    return distance * np.sin(angle), radius(origin) - distance * np.cos(angle)


def has_outlines(world: Provinces) -> bool:
    """Return whether every province of the world has an outline here."""
    return set(world.names) <= outlines().keys()


def seats(world: Provinces) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return kilometres east and north of every seat, shape (n,) each.

    In Albers' projection where there are outlines; elsewhere on a plain grid that is true to scale at the middle.
    """
    if has_outlines(world):
        return albers(world.longitude, world.latitude)
    east, north = np.radians(world.longitude), np.radians(world.latitude)
    return EARTH_RADIUS * east * np.cos(north.mean()), EARTH_RADIUS * north


@cache
def outlines() -> dict[str, Outline]:
    """Return the projected outline of every unit by name, km."""
    features = json.loads(OUTLINES.read_text(encoding="utf-8"))["features"]
    return {feature["properties"]["name"]: _outline(feature["geometry"]) for feature in features}


def name_spot(name: str) -> tuple[float, float]:
    """Return where the middle of a unit's name belongs, km; by default the middle of its outline."""
    x, y = albers(*NAME_SPOTS[name]) if name in NAME_SPOTS else middle(outlines()[name])
    return float(x), float(y)


def middle(outline: Outline) -> tuple[float, float]:
    """Return the centre of mass of the outline's largest part, km."""
    parts = [_moments(np.asarray(ring)) for ring in outline.to_polygons()]
    area, x, y = max(parts, key=lambda part: abs(part[0]))
    return x / area, y / area


def _outline(geometry: dict[str, Any]) -> Outline:
    parts = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    rings = [
        Outline(np.column_stack(albers(*np.transpose(ring))), closed=True) for part in parts for ring in part
    ]
    return Outline.make_compound_path(*rings)


def _moments(ring: NDArray[np.float64]) -> tuple[float, float, float]:
    x, y = ring.T
    cross = x[:-1] * y[1:] - x[1:] * y[:-1]
    east, north = (x[:-1] + x[1:]) @ cross / 6, (y[:-1] + y[1:]) @ cross / 6
    return float(cross.sum() / 2), float(east), float(north)
