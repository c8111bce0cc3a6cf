"""Worlds of other regions: writing a template, finding every fault, recovering planted weights, fitting visits."""

import json
import sys
from pathlib import Path

import click
import pandas as pd

from results.commands.options import JSON, SEED, SET, WEEKS, values_of

FOLDER = click.argument("folder", type=click.Path(path_type=Path))


@click.group()
def world() -> None:
    """Regions other than the provinces of China, in a folder of tables."""


@world.command()
@FOLDER
@click.option(
    "--regions", default=12, show_default=True, type=click.IntRange(2, 3000), help="How many regions to make up."
)
@SEED
def new(folder: Path, regions: int, seed: int) -> None:
    """Write a made-up world to FOLDER: a template for one's own regions, which FORMAT.md in it explains."""
    from model.world_example import write_example

    write_example(folder, regions, seed)
    click.echo(f"{regions} regions in {folder}; simulate them: policy-learning run baseline --world {folder}")


@world.command()
@FOLDER
@JSON
def check(folder: Path, as_json: bool) -> None:
    """Every fault of the world in FOLDER at once, with file, row and remedy; exit status 2 if there is any."""
    from model.world_folder import faults_in, read_world, summary

    faults = faults_in(folder)
    if as_json:
        click.echo(json.dumps({"faults": [vars(fault) for fault in faults]}))
    elif faults:
        click.echo("\n".join(map(str, faults)), err=True)
    else:
        click.echo(f"{folder} is sound: {summary(read_world(folder))}.")
    sys.exit(2 if faults else 0)


@world.command()
@FOLDER
@SEED
@WEEKS
@SET
@JSON
def recover(folder: Path, seed: int, weeks: int, assignments: tuple[str, ...], as_json: bool) -> None:
    """Simulate visits in FOLDER, fit the choice of hosts to them, and say which of the planted weights it recovers."""
    from model.agents import PolicyLearning
    from model.parameters import Parameters
    from model.world_folder import read_world
    from scenarios.study.recovery import recover as recovered

    parameters = Parameters().having(**values_of(assignments))
    history = PolicyLearning(read_world(folder), parameters, seed, weeks=weeks).run()
    _show(recovered(history, parameters), as_json)


@world.command()
@FOLDER
@JSON
def fit(folder: Path, as_json: bool) -> None:
    """Fit the choice of hosts to the visits in FOLDER: each weight with its 90% interval, to hold with --set."""
    from calibration.targets import read_tours
    from model.world_folder import read_world
    from model.world_format import VISITS
    from scenarios.study.recovery import fit_weights

    regions = read_world(folder)
    _show(fit_weights(read_tours(folder / VISITS.file, regions), regions), as_json)


def _show(table: pd.DataFrame, as_json: bool) -> None:
    rows = {"weights": table.to_dict("records")}
    click.echo(json.dumps(rows) if as_json else table.to_string(index=False, float_format="{:.2f}".format))
