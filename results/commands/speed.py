"""Measuring how fast the engines are."""

import json

import click

from results.commands.options import JSON


@click.command()
@click.option("--quick", is_flag=True, help="Within a minute: fewer histories, no large worlds, no cold start.")
@JSON
def benchmark(quick: bool, as_json: bool) -> None:
    """Measure both engines side by side with Mesa's batch_run and plain NumPy: ratios from one run."""
    from benchmarks.report import as_text
    from benchmarks.report import benchmark as measure

    found = measure(quick=quick)
    click.echo(json.dumps(found) if as_json else as_text(found))
