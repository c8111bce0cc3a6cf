"""How every figure looks: one palette, one kind of sheet, one place for the note."""

from collections.abc import Sequence
from functools import cache
from io import BytesIO
from itertools import cycle
from typing import Any, Protocol

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.lines import Line2D
from matplotlib.textpath import text_to_path
from numpy.typing import NDArray

from model.world import CLUSTERS

# Okabe and Ito (2008), "Color universal design": told apart under every common colour vision.
OKABE_ITO = {
    "black": "#000000",
    "orange": "#E69F00",
    "sky": "#56B4E9",
    "green": "#009E73",
    "yellow": "#F0E442",
    "blue": "#0072B2",
    "vermilion": "#D55E00",
    "purple": "#CC79A7",
}
GREY = "#8C8C8C"
INK = "#222222"
SMALL, NORMAL, LARGE = 7.5, 8.5, 10.0
# Where a note starts and how wide it may be, in shares of its figure: a tenth is spare, as glyphs are rounded to
# whole pixels, which makes a line up to 8% longer at 72 dots an inch.
NOTE_START, NOTE_WIDTH = 0.01, 0.90

CLUSTER_COLOURS = {
    "BTH": OKABE_ITO["purple"],
    "YRD": OKABE_ITO["sky"],
    "GBA": OKABE_ITO["green"],
    "": GREY,
}
MOST_CLUSTERS = 7  # that colours can tell apart
OTHER_CLUSTERS = tuple(OKABE_ITO[colour] for colour in ("purple", "sky", "green", "orange", "blue", "yellow"))
CLUSTER_NAMES = CLUSTERS | {"": "no cluster"}
DOMAIN_LABELS = {
    "science": "Science and technology",
    "industry": "Industry",
    "digital": "Digital economy",
    "trade": "Trade and investment",
    "urbanisation": "Urbanisation",
    "ecology": "Ecology",
    "services": "Health, education, culture",
    "governance": "Governance",
}
THEME_LABELS = {
    "economy": "Economic development",
    "urbanisation": "Urbanisation",
    "services": "Public services",
    "governance": "Governance",
}


class Provinces(Protocol):
    """What a figure asks of a world: names, seats, clusters and size of n provinces, all in one order."""

    @property
    def names(self) -> Sequence[str]:
        """Return the n names."""
        ...

    @property
    def longitude(self) -> NDArray[Any]:
        """Return the n longitudes of the seats, degrees east."""
        ...

    @property
    def latitude(self) -> NDArray[Any]:
        """Return the n latitudes of the seats, degrees north."""
        ...

    @property
    def cluster(self) -> Any:
        """Return the n cluster codes, "" for none."""
        ...

    @property
    def core(self) -> NDArray[Any]:
        """Return n booleans, true for a member of a cluster's core."""
        ...

    @property
    def gdp(self) -> NDArray[Any]:
        """Return the n gross domestic products, 100 million yuan."""
        ...


class Sheet(Figure):
    """A figure that no window owns, so nothing leaks, and that a notebook shows all the same."""

    def _repr_png_(self) -> bytes:
        # A notebook knows figures by type only after pyplot has been used, and here it never is.
        picture = BytesIO()
        self.savefig(picture, format="png", dpi=100)
        return picture.getvalue()


def sheet(width: float, height: float) -> Sheet:
    """Return an empty figure of the given inches, in constrained layout."""
    layout = ConstrainedLayoutEngine(w_pad=0.08, h_pad=0.06)
    return Sheet(figsize=(width, height), dpi=100, layout=layout)


def write_note(figure: Figure, *sentences: str) -> None:
    """Write the sentences below the figure, wrapped to its width."""
    lines = [""]
    for word in " ".join(sentence for sentence in sentences if sentence).split():
        longer = f"{lines[-1]} {word}".strip()
        fits = _width(longer) <= NOTE_WIDTH * figure.get_figwidth() * 72
        lines[-1:] = [longer] if fits or not lines[-1] else [lines[-1], word]
    figure.supxlabel("\n".join(lines), x=NOTE_START, ha="left", fontsize=SMALL, color=INK)


@cache
def _width(text: str) -> float:
    """Return the width of a small text, points."""
    width, _, _ = text_to_path.get_text_width_height_descent(text, FontProperties(size=SMALL), ismath=False)
    return float(width)


def as_sentence(note: str) -> str:
    """Return the note with a capital and a full stop, and names of scenarios in plain words."""
    note = note.strip().replace("_", " ")
    return note[:1].upper() + note[1:].rstrip(".") + "." if note else ""


def title(axes: Axes, text: str) -> None:
    """Write a title flush left."""
    axes.set_title(text, loc="left", fontsize=LARGE, color=INK)


def bare(axes: Axes, *sides: str) -> None:
    """Keep only the named sides of the frame, and make ticks small."""
    for side, spine in axes.spines.items():
        spine.set_visible(side in sides)
        spine.set_color(GREY)
    axes.tick_params(labelsize=SMALL, color=GREY, labelcolor=INK)


def tint(colour: str, strength: float) -> str:
    """Return the colour mixed with white; strength 1 is the colour, 0 is white."""
    mixed = strength * np.array(to_rgb(colour)) + (1.0 - strength)
    return to_hex(mixed.tolist())


def sample(label: str, colour: str, marker: str = "o", line: bool = False, filled: bool = True) -> Line2D:
    """Return a legend's sample of a marker, with a line through it or not, filled or open."""
    handle = Line2D(
        [], [], color=colour, marker=marker, markersize=5.5, linestyle="-" if line else "", label=label
    )
    handle.set_markerfacecolor(colour if filled else "white")
    return handle


def number(value: float, decimals: int, signed: bool = False) -> str:
    """Return the value with so many decimals, thousands apart, and a true minus sign; a dash for none."""
    if not np.isfinite(value):
        return "–"
    return f"{value:{'+' if signed and value else ''},.{decimals}f}".replace("-", "−")


def total(value: float) -> str:
    """Return a number of visits: whole where it is whole, to one decimal where it is a mean."""
    return number(value, 0 if abs(value - round(value)) < 1e-6 else 1)


def cluster_colours(world: Provinces) -> dict[str, str]:
    """Return the colour of every cluster that occurs: those of China keep theirs, others take the palette in turn."""
    codes = {str(code) for code in world.cluster}
    known = {code: colour for code, colour in CLUSTER_COLOURS.items() if code in codes and code}
    others = dict(zip(sorted(codes - known.keys() - {""}), cycle(OTHER_CLUSTERS), strict=False))
    return known | others | ({"": GREY} if "" in codes else {})


def cluster_name(code: str) -> str:
    """Return a cluster's name: the code itself outside China."""
    return CLUSTER_NAMES.get(code, code)


def by_cluster(world: Provinces) -> list[int]:
    """Return the provinces' indices by cluster, core before hinterland, then from rich to poor."""
    rank = {code: place for place, code in enumerate(cluster_colours(world))}
    return sorted(
        range(len(world.names)),
        key=lambda i: (rank[str(world.cluster[i])], not world.core[i], -float(world.gdp[i])),
    )
