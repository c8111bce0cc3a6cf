"""The figure of why a host: every term of its appeal, its chance, and the luck that decided."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from model.parameters import CHOICE
from results.style import (
    GREY,
    INK,
    LARGE,
    NORMAL,
    OKABE_ITO,
    SMALL,
    as_sentence,
    bare,
    number,
    sheet,
    title,
    write_note,
)
from scenarios.study.explain import Explanation

MOST_HOSTS = 40  # rows that can be read
LEAST_WRITTEN = 0.005  # what two decimals can show
WON, RIVAL, APPEAL = OKABE_ITO["vermilion"], OKABE_ITO["blue"], GREY
KEY = (
    "Cells: what each term adds to the appeal, in log odds; only differences between hosts matter. "
    "Probability: of being the first stop of a tour."
)
KEY_TO_LUCK = (
    "Right: open circle, appeal (of the plan's share where the centre decides); filled, with the taste of the moment "
    "added; the largest is visited (vermilion)."
)


def chart_of(told: Explanation) -> Figure:
    """Return the figure of an explanation, with the luck of its tour if there is one."""
    heading = f"{told.province} in week {told.week}: whom it would visit, and why"
    stops = told.stops if told.departure.sets_out else told.stops[:0]
    return appeal_chart(told.hosts, stops, heading, str(told.single))


def appeal_chart(hosts: pd.DataFrame, stops: pd.DataFrame, heading: str, note: str) -> Figure:
    """Return every host's terms and probability, and beside them how luck chose, a panel for each stop.

    `hosts` and `stops` are the tables of `model.explanation`; `stops` may be empty. Of a large world the likeliest 40
    hosts are drawn, and any other that luck chose.
    """
    shown = _drawn(hosts, stops)
    drawn = [stop for _, stop in stops.groupby("drawn")]
    figure = sheet(10.0 + 1.7 * len(drawn), 2.0 + 0.2 * len(shown))
    widths = [1.2 * len(CHOICE), 2.5, *[3.0] * len(drawn)]
    panels = figure.subplots(1, len(widths), sharey=True, width_ratios=widths)
    _draw_terms(panels[0], shown)
    _draw_chances(panels[1], shown)
    for axes, stop in zip(panels[2:], drawn, strict=True):
        _draw_luck(axes, stop.set_index("host").reindex(shown["host"]))
    panels[0].set_ylim(len(shown) - 0.5, -0.5)
    figure.suptitle(heading, x=0.01, ha="left", fontsize=LARGE, color=INK)
    write_note(figure, as_sentence(note), *_key(hosts, shown, drawn))
    return figure


def _drawn(hosts: pd.DataFrame, stops: pd.DataFrame) -> pd.DataFrame:
    chosen = set(stops.loc[stops["chosen"].astype(bool), "host"])
    return hosts[(np.arange(len(hosts)) < MOST_HOSTS) | hosts["host"].isin(chosen)].reset_index(drop=True)


def _key(hosts: pd.DataFrame, shown: pd.DataFrame, drawn: list[pd.DataFrame]) -> Iterator[str]:
    yield KEY
    if drawn:
        yield KEY_TO_LUCK
    if len(shown) < len(hosts):
        yield f"Drawn: {len(shown)} of {len(hosts)} hosts."


def _draw_terms(axes: Axes, hosts: pd.DataFrame) -> None:
    terms = hosts[list(CHOICE)].to_numpy(float)
    reach = float(np.abs(terms).max()) or 1.0
    axes.imshow(terms, cmap=colormaps["PuOr_r"], vmin=-reach, vmax=reach, aspect="auto")
    for row, column in np.argwhere(np.abs(terms) >= LEAST_WRITTEN).tolist():
        value = terms[row, column]
        colour = "white" if abs(value) > 0.7 * reach else INK
        text = axes.text(column, row, number(value, 2, True), ha="center", va="center", fontsize=6.5, color=colour)
        text.set_in_layout(False)  # it lies within its cell: hundreds need not be measured
    axes.set_xticks(range(len(CHOICE)), [name.replace("_", "\n") for name in CHOICE], fontsize=SMALL)
    axes.set_yticks(range(len(hosts)), hosts["host"], fontsize=SMALL)
    axes.tick_params(length=0, labelsize=SMALL, labelcolor=INK)
    title(axes, "What draws it there")


def _draw_chances(axes: Axes, hosts: pd.DataFrame) -> None:
    percent = 100 * hosts["probability"]
    axes.barh(range(len(hosts)), percent, color=RIVAL, height=0.7)
    for row, value in enumerate(percent):
        axes.text(value, row, f" {value:.1f}", va="center", fontsize=6.5, color=INK)
    axes.set_xlim(0, 1.35 * percent.max())
    axes.set_xlabel("probability, %", fontsize=NORMAL)
    bare(axes, "bottom")
    axes.tick_params(axis="y", length=0)
    title(axes, "Chance")


def _draw_luck(axes: Axes, stop: pd.DataFrame) -> None:
    rows = np.arange(len(stop))
    won = (stop["chosen"] == True).to_numpy()  # noqa: E712 - hosts no longer open are missing, not False
    colours = np.where(won, WON, RIVAL).tolist()
    axes.hlines(rows, stop["appeal"], stop["utility"], colors=colours, linewidth=1.0)
    axes.scatter(stop["appeal"], rows, s=14, facecolors="white", edgecolors=APPEAL, zorder=3)
    axes.scatter(stop["utility"], rows, s=18, c=colours, zorder=4)
    axes.axvline(stop["utility"].max(), color=WON, linewidth=0.6, linestyle=":")
    low, high = axes.get_xlim()
    axes.set_xticks([tick for tick in axes.get_xticks() if low <= tick <= high])
    axes.set_xlabel("appeal, then + luck", fontsize=NORMAL)
    bare(axes, "bottom")
    axes.tick_params(axis="y", length=0)
    by = stop["by"].dropna().iloc[0]
    title(axes, f"Host {stop['drawn'].dropna().iloc[0]:.0f}, by {by}")
