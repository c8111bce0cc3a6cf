"""The figure of what provinces can do, domain by domain, before and after."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import ArrayLike, NDArray

from results.style import (
    DOMAIN_LABELS,
    GREY,
    INK,
    MOST_CLUSTERS,
    NORMAL,
    SMALL,
    Provinces,
    as_sentence,
    bare,
    cluster_colours,
    cluster_name,
    sample,
    sheet,
    tint,
    title,
    write_note,
)

START, END = -0.17, 0.17
ASSUMED = (
    "Open markers (assumed): how much a visit teaches is assumed, not measured, so the end of the period and "
    "every change rest on assumed rates; the start is data. The left scale is the whole index, the right one "
    "is enlarged."
)


def capability_spread(capability: ArrayLike, world: Provinces, note: str) -> Figure:
    """Return the provinces' capability per domain at start and end, and the change on a scale of its own.

    `capability` is (weeks + 1, n, 8) for one history or (replicates, weeks + 1, n, 8); index 0 to 1. Raises
    ValueError for another shape. Dots are means over histories.
    """
    levels = np.asarray(capability, float)
    levels = levels[None] if levels.ndim == 3 else levels
    if levels.ndim != 4 or levels.shape[2:] != (len(world.names), len(DOMAIN_LABELS)):
        raise ValueError(
            f"capability of {len(world.names)} provinces in 8 domains is needed, got {levels.shape}"
        )
    first, last = levels[:, 0], levels[:, -1]
    figure = sheet(10.5, 6.6)
    left, right = figure.subplots(1, 2, sharey=True, width_ratios=[1.25, 1])
    _draw_levels(left, first.mean(axis=0), last.mean(axis=0), world)
    _draw_changes(right, (last - first).mean(axis=0), world)
    _state_spread(right, first.std(axis=1), last.std(axis=1))
    left.set_yticks(range(len(DOMAIN_LABELS)), list(DOMAIN_LABELS.values()))
    left.set_ylim(len(DOMAIN_LABELS) - 0.5, -0.6)
    figure.legend(handles=_legend(world), loc="outside upper left", ncols=3, fontsize=SMALL, frameon=False)
    write_note(figure, as_sentence(note), "s.d.: standard deviation between provinces.", ASSUMED)
    return figure


def _draw_levels(axes: Axes, first: NDArray[np.float64], last: NDArray[np.float64], world: Provinces) -> None:
    colours = _colours(world)
    for domain in range(first.shape[1]):
        rows = np.full(len(first), float(domain))
        axes.scatter(first[:, domain], rows + START, 20, colours, linewidths=0, alpha=0.8)
        axes.scatter(last[:, domain], rows + END, 20, "none", edgecolors=colours, linewidths=1)
        for values, shift in ((first[:, domain], START), (last[:, domain], END)):
            _draw_mean(axes, values, domain + shift)
    axes.set_xlim(-0.03, 1.03)
    axes.set_xlabel("capability, index 0 to 1", fontsize=NORMAL)
    title(axes, "Level: start above, end below")
    _frame(axes)


def _draw_mean(axes: Axes, values: NDArray[np.float64], height: float) -> None:
    axes.plot([values.mean()] * 2, [height - 0.13, height + 0.13], color=INK, linewidth=2)


def _draw_changes(axes: Axes, change: NDArray[np.float64], world: Provinces) -> None:
    colours, n = _colours(world), len(change)
    # Neighbouring dots take turns in height, so that equal changes do not hide one another.
    jitter = 0.26 * (np.arange(n) * 0.618 % 1 - 0.5)
    for domain in range(change.shape[1]):
        axes.scatter(change[:, domain], domain + jitter, 20, "none", edgecolors=colours, linewidths=1)
        axes.plot([change[:, domain].mean()] * 2, [domain - 0.24, domain + 0.24], color=INK, linewidth=2)
    axes.axvline(0, color=INK, linewidth=0.8)
    axes.set_xlabel("change from start to end, index points (enlarged scale)", fontsize=NORMAL)
    title(axes, "Change (assumed rates)")
    _frame(axes)


def _state_spread(axes: Axes, first: NDArray[np.float64], last: NDArray[np.float64]) -> None:
    """Write the mean standard deviations beside the rows; inputs are (replicates, domains)."""
    axes.text(
        1.03, -0.6, "s.d., start → end", transform=axes.get_yaxis_transform(), fontsize=SMALL, va="bottom"
    )
    for domain in range(first.shape[1]):
        difference = last[:, domain] - first[:, domain]
        text = f"{first[:, domain].mean():.4f} → {last[:, domain].mean():.4f}\n{_with_range(difference)}"
        axes.text(1.03, domain, text, transform=axes.get_yaxis_transform(), fontsize=SMALL, va="center")


def _with_range(difference: NDArray[np.float64]) -> str:
    text = f"{difference.mean():+.4f}"
    if len(difference) > 1:
        low, high = np.quantile(difference, [0.05, 0.95])
        text += f" [{low:+.4f}, {high:+.4f}]"
    return text.replace("-", "−")


def _frame(axes: Axes) -> None:
    axes.grid(axis="x", color=tint(GREY, 0.25), linewidth=0.6)
    axes.set_axisbelow(True)
    bare(axes, "bottom")
    axes.tick_params(axis="y", length=0, labelsize=NORMAL)


def _colours(world: Provinces) -> list[str]:
    colours = cluster_colours(world)
    return [colours[str(code)] for code in world.cluster]


def _legend(world: Provinces) -> Sequence[Line2D]:
    found = cluster_colours(world)
    shown = found if len(found) <= MOST_CLUSTERS else {}  # colours recur
    return [
        *(sample(cluster_name(code), colour) for code, colour in shown.items()),
        Line2D([], [], color=INK, linewidth=2, label="mean of the provinces"),
        sample("start (data)", INK),
        sample("end, change (assumed rates)", INK, filled=False),
    ]
