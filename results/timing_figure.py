"""The figure of visits week by week, against the political calendar."""

from collections.abc import Iterator
from typing import Any, Protocol

import numpy as np
import pandas as pd
from matplotlib import dates as mdates
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike, NDArray

from model.calendar import START
from results.style import GREY, INK, NORMAL, OKABE_ITO, SMALL, as_sentence, bare, sheet, tint, write_note

CLOSED, CAMPAIGN = tint(GREY, 0.45), OKABE_ITO["purple"]
WAVES = {"spring wave": OKABE_ITO["sky"], "autumn wave": OKABE_ITO["orange"]}
EPOCH = pd.Timestamp("1970-01-01")  # matplotlib counts its days from here
PRESS = "Press reports are a sample: a week without a point is no evidence of a week without visits."


class Weeks(Protocol):
    """What the figure asks of a calendar: flags for the weeks of one year, taken to repeat."""

    @property
    def closed(self) -> NDArray[Any]:
        """Return the weeks in which nobody travels."""
        ...

    @property
    def spring_wave(self) -> NDArray[Any]:
        """Return the weeks of the wave after the Two Sessions."""
        ...

    @property
    def autumn_wave(self) -> NDArray[Any]:
        """Return the weeks of the wave after National Day."""
        ...

    @property
    def campaign(self) -> NDArray[Any]:
        """Return the weeks of the campaign of investigation and research."""
        ...


def visit_timing(
    weekly_visits: ArrayLike, world_calendar: Weeks, note: str, observed: ArrayLike | None = None
) -> Figure:
    """Return visits per week from 2 January 2023, against the calendar.

    `weekly_visits` is (weeks,) for one history or (replicates, weeks), drawn as mean and 5% to 95% band.
    `world_calendar` is a world's calendar. `observed`, (weeks,), are visits found in the press; zeros are not
    drawn. Raises ValueError when it has another number of weeks.
    """
    counts = np.atleast_2d(np.asarray(weekly_visits, float))
    edges = float((START - EPOCH).days) + 7.0 * np.arange(counts.shape[1] + 1)
    figure = sheet(9.0, 4.8)
    strip, axes = figure.subplots(2, 1, sharex=True, height_ratios=[1, 5])
    _draw_calendar(strip, axes, world_calendar, edges)
    _draw_weeks(axes, counts, edges)
    if observed is not None:
        _draw_observed(axes, np.asarray(observed, float), edges)
    _label_weeks(axes)
    figure.legend(
        *axes.get_legend_handles_labels(), loc="outside upper left", ncols=3, fontsize=SMALL, frameon=False
    )
    write_note(figure, as_sentence(note), PRESS if observed is not None else "")
    return figure


def _draw_calendar(strip: Axes, axes: Axes, calendar: Weeks, edges: NDArray[np.float64]) -> None:
    strip.set(ylim=(2.5, -0.5), yticks=[0, 1, 2], yticklabels=["no travel", "wave", "campaign"])
    bare(strip)
    strip.tick_params(length=0, labelbottom=False)
    for spell in _spells(calendar.closed, edges):
        _mark(strip, axes, spell, 0, CLOSED)
    for name, colour in WAVES.items():
        for spell in _spells(getattr(calendar, name.replace(" ", "_")), edges):
            _mark(strip, axes, spell, 1, tint(colour, 0.55))
            strip.text(spell[1] + 2, 1, name, va="center", fontsize=SMALL, color=INK)
    for start, end in _spells(calendar.campaign, edges):
        strip.barh(2, end - start, 0.7, start, color=CAMPAIGN)


def _mark(strip: Axes, axes: Axes, spell: tuple[float, float], row: int, colour: str) -> None:
    start, end = spell
    strip.barh(row, end - start, 0.7, start, color=colour)
    axes.axvspan(start, end, color=colour, alpha=0.3, linewidth=0, zorder=0)


def _spells(flags: NDArray[Any], edges: NDArray[np.float64]) -> Iterator[tuple[float, float]]:
    """Yield start and end of every unbroken run of flagged weeks; the year's flags repeat."""
    flagged = np.resize(np.asarray(flags, int), len(edges) - 1)
    steps = np.diff(flagged, prepend=0, append=0)
    yield from zip(edges[steps == 1].tolist(), edges[steps == -1].tolist(), strict=True)


def _draw_weeks(axes: Axes, counts: NDArray[np.float64], edges: NDArray[np.float64]) -> None:
    blue = OKABE_ITO["blue"]
    if len(counts) == 1:
        axes.stairs(counts[0], edges, fill=True, color=blue, alpha=0.85, label="simulated visits")
        return
    low, high = np.quantile(counts, [0.05, 0.95], axis=0)
    band = "simulated, 90% of histories (5% to 95%)"
    axes.stairs(high, edges, baseline=low, fill=True, color=blue, alpha=0.3, label=band)
    axes.stairs(counts.mean(axis=0), edges, baseline=None, color=blue, linewidth=1.8, label="simulated, mean")


def _draw_observed(axes: Axes, observed: NDArray[np.float64], edges: NDArray[np.float64]) -> None:
    if observed.shape != (len(edges) - 1,):
        raise ValueError(f"{len(edges) - 1} weeks of observed visits are needed, got {observed.shape}")
    seen, middles = observed > 0, edges[:-1] + 3.5
    axes.scatter(
        middles[seen],
        observed[seen],
        s=34,
        color=OKABE_ITO["vermilion"],
        edgecolors="white",
        zorder=4,
        label="visits found in the press (a lower bound)",
    )


def _label_weeks(axes: Axes) -> None:
    locator = mdates.MonthLocator()  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_locator(locator)
    months = mdates.ConciseDateFormatter(locator)  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_formatter(months)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_ylabel("visits a week", fontsize=NORMAL)
    axes.set_ylim(bottom=0)
    axes.margins(x=0.01)
    bare(axes, "left", "bottom")
