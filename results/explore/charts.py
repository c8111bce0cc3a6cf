"""The charts of the live page: what both years have come to, week by week."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from model.agents import PolicyLearning
from model.world import THEMES
from results.style import GREY, OKABE_ITO, SMALL, THEME_LABELS, bare, sheet, tint, title
from scenarios.study.side_by_side import WEEKS, SideBySide

COLOURS = {"baseline": GREY, "scenario": OKABE_ITO["blue"]}

Numbers = NDArray[np.float64]


def live_charts(years: SideBySide) -> Figure:
    """Return visits so far, shares of themes, spread and integration, both years in each panel."""
    both = dict(zip(COLOURS, (years.baseline, years.other), strict=True))
    figure = sheet(8.4, 4.6)
    panels = figure.subplots(2, 2).ravel()
    _draw_lines(panels[0], {name: visits_so_far(model) for name, model in both.items()}, "Visits so far")
    _draw_themes(panels[1], both)
    _draw_lines(panels[2], {name: spread(model) for name, model in both.items()}, "Spread of capability, s.d.")
    _draw_lines(panels[3], {name: integration(model) for name, model in both.items()}, "Integration in clusters")
    panels[0].legend(fontsize=SMALL, frameon=False, loc="lower right")
    return figure


def visits_so_far(model: PolicyLearning) -> Numbers:
    """Return the number of visits at the start and after each week, shape (weeks + 1,)."""
    by_week = np.bincount([visit.week for visit in model.visits], minlength=model.week)
    return np.concatenate([[0.0], np.cumsum(by_week)])


def spread(model: PolicyLearning) -> Numbers:
    """Return the standard deviation between provinces of mean capability, shape (weeks + 1,)."""
    return np.array([capability.mean(axis=1).std() for capability, _ in model.path])


def integration(model: PolicyLearning) -> Numbers:
    """Return the mean integration of pairs inside a cluster, shape (weeks + 1,)."""
    return np.array([ties[model.world.inside].mean() for _, ties in model.path])


def theme_shares(model: PolicyLearning) -> Numbers:
    """Return the share of visits so far with each theme, shape (4,); 0 where there were none."""
    themes = np.array([visit.themes for visit in model.visits], dtype=float).reshape(-1, len(THEMES))
    return np.asarray(themes.mean(axis=0)) if len(themes) else np.zeros(len(THEMES))


def _draw_lines(axes: Axes, lines: dict[str, Numbers], heading: str) -> None:
    for name, values in lines.items():
        axes.plot(range(len(values)), values, color=COLOURS[name], linewidth=1.8, label=name)
        axes.plot(len(values) - 1, values[-1], "o", color=COLOURS[name], markersize=4)
    axes.set(xlim=(0, WEEKS), ylim=_ends(np.concatenate(list(lines.values()))))
    axes.set_xlabel("week", fontsize=SMALL)
    axes.grid(color=tint(GREY, 0.25), linewidth=0.5)
    bare(axes, "left", "bottom")
    title(axes, heading)


def _ends(values: Numbers) -> tuple[float, float]:
    """Return ends that hold the values with some room, never so little that a step of nothing looks large."""
    low, high = float(values.min()), float(values.max())
    room = max(0.1 * (high - low), 0.02 * high, 1e-3)
    return (low - room if low > 0 else 0.0), high + room


def _draw_themes(axes: Axes, both: dict[str, PolicyLearning]) -> None:
    for shift, (name, model) in zip((-0.19, 0.19), both.items(), strict=True):
        axes.barh(np.arange(len(THEMES)) + shift, 100 * theme_shares(model), height=0.36, color=COLOURS[name])
    axes.set_yticks(range(len(THEMES)), [THEME_LABELS[theme].replace(" ", "\n", 1) for theme in THEMES])
    axes.set(xlim=(0, 100), ylim=(len(THEMES) - 0.5, -0.5))
    axes.set_xlabel("% of visits so far", fontsize=SMALL)
    bare(axes, "bottom")
    axes.tick_params(axis="y", length=0)
    title(axes, "Themes")
