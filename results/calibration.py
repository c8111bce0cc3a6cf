"""A calibration from start to end: fit, tables, checks, figures, report."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from calibration.report import place_of, write_report
from calibration.run import Order, check, fit_and_describe, setting_of, take_shipped
from results.check_figures import CHECK_FIGURES
from results.fit_figures import FIT_FIGURES

Draw = Callable[[pd.DataFrame], Figure]


def calibrate(order: Order, names: Sequence[str], folder: Path, *, fits: bool) -> Iterator[str]:
    """Fit or take the shipped posterior, run checks, write tables, figures and report; yields lines to print.

    Args:
        order: what to calibrate and how.
        names: of the checks.
        folder: where to write.
        fits: whether to fit; otherwise the shipped posterior is checked.

    Raises:
        InputError: if emcee or arviz is not installed.
    """
    if fits:
        posterior = fit_and_describe(order, folder)
        draw(folder, FIT_FIGURES)
    else:
        posterior = take_shipped(folder)
    setting = setting_of(posterior, order, folder)
    for name in names:
        yield check(name, setting, folder).verdict
        draw(folder, {name: CHECK_FIGURES[name]})
    whole = (folder / "identification.csv").exists()
    yield f"Report: {write_report(folder)}" if whole else f"Tables and figures: {folder}"


def draw(folder: Path, figures: Mapping[str, Draw]) -> None:
    """Draw figures, each from the table of its name, beside the report of the folder."""
    place = place_of(folder) / "figures"
    place.mkdir(parents=True, exist_ok=True)
    for name, figure in figures.items():
        figure(pd.read_csv(folder / f"{name}.csv")).savefig(place / f"{name}.png", dpi=110)
