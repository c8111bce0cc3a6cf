"""Fitting the model to observed visits, and scoring others."""

import json
from pathlib import Path

import click

from results.commands.options import JSON, SEED, WORKERS


@click.command()
@click.argument("visits", type=click.Path(path_type=Path))
@JSON
def score(visits: Path, as_json: bool) -> None:
    """Log score of the calibrated choice on VISITS, a CSV file with columns tour, stop, origin, host."""
    from calibration.score import as_text, score_file

    scores = score_file(visits)
    shown = {key: value for key, value in scores.items() if key != "plain"}  # a variant of the model, not a rival
    click.echo(json.dumps(shown) if as_json else as_text(scores))


@click.command()
@SEED
@click.option("--quick", is_flag=True, help="A short run, to see that it works; its draws are not to be believed.")
@click.option(
    "--years", default=200, show_default=True, type=click.IntRange(10, 1000), help="Simulated years."
)
@click.option("--out", type=click.Path(path_type=Path), help="Folder to write; the shipped posterior by default.")
@WORKERS
def calibrate(seed: int, quick: bool, years: int, out: Path | None, workers: int | None) -> None:
    """Fit the model to the visits of 2023, check it, and write the posterior draws that scenarios use."""
    from calibration.report import calibrate as fit_and_check

    click.echo(fit_and_check(seed, quick=quick, years=years, out=out, workers=workers))
