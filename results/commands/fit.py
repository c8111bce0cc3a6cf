"""Fitting the model to observed visits, and scoring others."""

import json
from pathlib import Path

import click

from results.commands.options import JSON, SEED, WORKERS

SCORED = ("visits", "tours", "model", "uniform", "gravity", "clusters")  # what programs that read the JSON rely on
QUICK_FOLDER = Path("calibrate-quick")
CHECK_NAMES = (
    "samplers", "ranks", "recovery", "prior-predictive", "posterior-predictive", "leave-one-tour-out",
    "leave-one-cluster-out", "unseen-years", "rivals", "negative-control",
)


@click.command()
@click.argument("visits", type=click.Path(path_type=Path))
@JSON
def score(visits: Path, as_json: bool) -> None:
    """Log score of the calibrated choice on VISITS, a CSV file with columns tour, stop, origin, host."""
    from calibration.score import as_text, score_file

    scores = score_file(visits)
    shown = {name: scores[name] for name in SCORED}
    click.echo(json.dumps(shown) if as_json else as_text(scores))


@click.command()
@click.option("--visits", type=click.Path(path_type=Path), help="Fit to the tours of this CSV file instead of 2023's.")
@click.option("--check", "names", multiple=True, type=click.Choice([*CHECK_NAMES, "all"]), metavar="NAME",
              help="Only this check, or all, of the shipped posterior: nothing is fitted. May be repeated.")
@click.option("--quick", is_flag=True, help="A short run, to see that it works; nothing of it is to be believed.")
@click.option("--out", type=click.Path(path_type=Path), help="Folder to write; the shipped posterior by default.")
@SEED
@WORKERS
def calibrate(
    visits: Path | None, names: tuple[str, ...], quick: bool, out: Path | None, seed: int, workers: int | None
) -> None:
    """Fit the model to the visits of 2023, check the fit, and write the posterior, tables, figures and report."""
    from calibration.posterior import SHIPPED
    from calibration.run import Order
    from calibration.targets import read_dated_tours
    from model.world import china
    from results.calibration import calibrate as fit_check_and_draw

    tours = read_dated_tours(visits, china()) if visits else None
    default = QUICK_FOLDER if quick else Path(f"calibration-{visits.stem}") if visits else SHIPPED
    chosen = CHECK_NAMES if "all" in names or not names else names
    order = Order(tuple(tours) if tours else None, quick, seed, 1 if quick else workers)
    for line in fit_check_and_draw(order, chosen, out or default, fits=not names or visits is not None):
        click.echo(line)
