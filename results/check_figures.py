"""One figure for each check of the calibration, drawn from its table."""

from collections.abc import Callable

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from scipy import stats

from results.style import GREY, INK, NORMAL, OKABE_ITO, SMALL, bare, number, sheet, tint, title, write_note

GOOD, BAD, OTHER = OKABE_ITO["blue"], OKABE_ITO["vermilion"], OKABE_ITO["orange"]
ROW = 0.24
RANKS = 100  # ranks run from 0 to 99


def two_samplers(table: pd.DataFrame) -> Figure:
    """Return how far means and standard deviations of two samplers differ, a parameter a row."""
    figure = sheet(8.0, 1.4 + ROW * len(table))
    left, right = figure.subplots(1, 2, sharey=True)
    heights = np.arange(len(table))
    left.axvspan(-4, 4, color=tint(GOOD, 0.12))
    left.plot(table["z"], heights, "o", color=GOOD, markersize=5)
    right.axvline(1.0, color=GREY, linewidth=0.8)
    right.plot(table["sd_ratio"], heights, "o", color=GOOD, markersize=5)
    left.set_xlabel("difference of means, Monte Carlo standard errors", fontsize=NORMAL)
    right.set_xlabel("ratio of standard deviations", fontsize=NORMAL)
    right.set_xlim(0.8, 1.25)
    _name_rows(left, table["parameter"].tolist())
    for axes in (left, right):
        bare(axes, "bottom")
    write_note(figure, "emcee against importance sampling; shaded: 4 standard errors either way.")
    return figure


def rank_curves(table: pd.DataFrame) -> Figure:
    """Return the cumulative share of ranks less what even ranks would give, a line a quantity."""
    figure = sheet(8.0, 4.6)
    axes = figure.add_subplot()
    steps = np.arange(RANKS + 1)
    data_sets = 0
    for name, part in table.groupby("quantity", sort=False):
        ranks = part["rank"].to_numpy()
        data_sets = len(ranks)
        share = np.array([(ranks < step).mean() for step in steps]) - steps / RANKS
        axes.plot(steps / RANKS, share, color=BAD if name == "log likelihood of hosts" else GOOD, linewidth=0.9,
                  alpha=0.7)
    bound = float(stats.kstwo.ppf(0.99, data_sets)) if data_sets else 0.0
    axes.axhspan(-bound, bound, color=tint(GREY, 0.25), zorder=0)
    axes.set_xlabel("rank of the truth among posterior draws, share", fontsize=NORMAL)
    axes.set_ylabel("cumulative share less even share", fontsize=NORMAL)
    bare(axes, "left", "bottom")
    write_note(figure, f"{data_sets} data sets simulated from the prior. Shaded: where the curve of one quantity stays",
               "in 99 of 100 cases if ranks are even. Red: rank of the log likelihood.")
    return figure


def coverage(table: pd.DataFrame) -> Figure:
    """Return coverage of 90% intervals and mean error by parameter, a colour a study."""
    names = table["parameter"].unique().tolist()
    figure = sheet(8.5, 1.8 + ROW * len(names))
    left, right = figure.subplots(1, 2, sharey=True)
    left.axvspan(0.85, 0.95, color=tint(GOOD, 0.15))
    right.axvline(0.0, color=GREY, linewidth=0.8)
    for colour, (study, part) in zip((GOOD, OTHER), table.groupby("study", sort=False), strict=True):
        heights = [names.index(name) for name in part["parameter"]]
        left.scatter(part["coverage"], heights, color=colour, s=28, zorder=3, label=str(study))
        right.scatter(part["error"], heights, color=colour, s=28)
    left.set_xlim(min(0.6, table["coverage"].min() - 0.05), 1.02)
    left.set_xlabel("worlds whose 90% interval holds the truth, share", fontsize=NORMAL)
    right.set_xlabel("mean error, posterior standard deviations", fontsize=NORMAL)
    figure.legend(*left.get_legend_handles_labels(), loc="outside upper left", ncols=2, fontsize=SMALL, frameon=False)
    _name_rows(left, names)
    for axes in (left, right):
        bare(axes, "bottom")
    write_note(figure, "Parameters planted in the full model, found from what would have been reported of its visits.")
    return figure


def patterns(table: pd.DataFrame) -> Figure:
    """Return observed patterns against the 90% range of simulated years, each row on its own scale."""
    rows = table[table["verdict"] != "not observed"].reset_index(drop=True)
    figure = sheet(9.5, 1.6 + ROW * len(rows))
    axes = figure.add_subplot()
    heights = np.arange(len(rows))
    width = (rows["high"] - rows["low"]).where(lambda each: each > 0, 1.0)
    place = ((rows["observed"] - rows["low"]) / width).clip(-0.6, 1.6)
    axes.barh(heights, 1.0, 0.62, 0.0, color=tint(GOOD, 0.25))
    axes.scatter((rows["median"] - rows["low"]) / width, heights, marker="|", s=80, color=GOOD)
    axes.scatter(place, heights, c=np.where(rows["verdict"] == "inside", GOOD, BAD), s=30, zorder=3)
    for height, seen, low, high in zip(heights, rows["observed"], rows["low"], rows["high"], strict=True):
        text = f"{_short(seen)} in {_short(low)} to {_short(high)}"
        axes.text(1.72, float(height), text, va="center", fontsize=SMALL, color=INK)
    axes.set(xlim=(-0.7, 2.6), xticks=[0, 1])
    axes.set_xticklabels(["5%", "95%"])
    _name_rows(axes, [f"{row.view}: {row.pattern}" for row in rows.itertuples()])
    bare(axes, "bottom")
    write_note(figure, "Bar: 90% of simulated years, each row on its own scale; tick: median; dot: observed, red",
               "outside the bar (drawn at most 60% of its width away).")
    return figure


def tours_left_out(table: pd.DataFrame) -> Figure:
    """Return the score of each tour when left out: the model against gravity."""
    table = table.drop_duplicates(["tour", "contender"])  # rivals come again with other beliefs about the selection
    wide = table.pivot(index="tour", columns="contender", values="score")
    lead = (wide["model"] - wide["gravity"]).sort_values()
    figure = sheet(9.5, 4.4)
    axes = figure.add_subplot()
    axes.bar(np.arange(len(lead)), lead, color=np.where(lead > 0, GOOD, BAD))
    axes.set_xticks(np.arange(len(lead)), lead.index.tolist(), rotation=90)
    axes.set_ylabel("log score: model less gravity", fontsize=NORMAL)
    bare(axes, "left")
    axes.tick_params(axis="x", labelsize=6.0)
    write_note(figure, "Each tour scored by fits that have not seen it; above zero the model tells it better.")
    return figure


def leads(table: pd.DataFrame, panel: str = "sample") -> Figure:
    """Return the model's lead over each rival with two standard errors either way, a panel a sample."""
    parts = list(table[table["contender"] != "model"].groupby(panel, sort=False)) if panel in table else [
        ("", table[table["contender"] != "model"])]
    rows = max(len(part) for _, part in parts)
    figure = sheet(3.4 + 2.4 * len(parts), 1.6 + 0.3 * rows)
    all_axes = figure.subplots(1, len(parts), squeeze=False)[0]
    for axes, (name, part) in zip(all_axes, parts, strict=True):
        _draw_leads(axes, part)
        title(axes, _wrapped(str(name)))
    for axes in all_axes:
        axes.set_xlabel("lead per visit, nats", fontsize=SMALL)
    write_note(figure, "Right of zero the model is ahead; lines: two standard errors from the spread between tours.",
               "Grey: cannot be told.")
    return figure


def leads_by_cluster(table: pd.DataFrame) -> Figure:
    """Return the model's lead on the tours of each cluster left out."""
    return leads(table, "cluster")


def controls(table: pd.DataFrame) -> Figure:
    """Return the statistic of each wrong model against its threshold."""
    figure = sheet(9.0, 1.6 + 0.5 * len(table))
    axes = figure.add_subplot()
    heights = np.arange(len(table))
    axes.barh(heights, 1.0, 0.5, color=np.where(table["rejected"], GOOD, BAD))
    for height, row in zip(heights, table.itertuples(), strict=True):
        word = "rejected" if row.rejected else "NOT rejected"
        text = f"{word}: {row.statistic} {row.value:.2g}, threshold {row.threshold:.2g}"
        axes.text(0.03, float(height), text, va="center", fontsize=NORMAL, color="white")
    axes.set(xlim=(0, 1), xticks=[])
    _name_rows(axes, [_wrapped(name) for name in table["wrong_model"]])
    bare(axes)
    write_note(figure, "Models known to be wrong; blue: the check notices.")
    return figure


def _draw_leads(axes: Axes, part: pd.DataFrame) -> None:
    heights = np.arange(len(part))
    colours = part["verdict"].map({"ahead": GOOD, "behind": BAD}).fillna(GREY).tolist()
    axes.axvline(0.0, color=INK, linewidth=0.8)
    axes.hlines(heights, part["ahead"] - 2 * part["ahead_se"], part["ahead"] + 2 * part["ahead_se"], colors=colours)
    axes.scatter(part["ahead"], heights, c=colours, s=26, zorder=3)
    _name_rows(axes, part["contender"].tolist())
    bare(axes, "bottom")


def _name_rows(axes: Axes, names: list[str]) -> None:
    axes.set_yticks(np.arange(len(names)), [name.replace("_", " ") for name in names], fontsize=SMALL)
    axes.set_ylim(len(names) - 0.5, -0.5)


def _wrapped(text: str) -> str:
    return text.replace(", ", ",\n", 2)


def _short(value: float) -> str:
    return number(value, 0 if abs(value) >= 20 else 2)


CHECK_FIGURES: dict[str, Callable[[pd.DataFrame], Figure]] = {
    "samplers": two_samplers,
    "ranks": rank_curves,
    "recovery": coverage,
    "prior-predictive": patterns,
    "posterior-predictive": patterns,
    "leave-one-tour-out": tours_left_out,
    "leave-one-cluster-out": leads_by_cluster,
    "unseen-years": leads,
    "rivals": leads,
    "negative-control": controls,
}
