"""Running a finished study again."""

import json
import sys
from pathlib import Path

import click

from results.commands.options import JSON, THREADS


@click.command()
@click.argument("run", type=click.Path(path_type=Path))
@click.option("--number", type=click.IntRange(min=0), help="One history, on the Mesa engine; else all, compiled.")
@THREADS
@JSON
def reproduce(run: Path, number: int | None, workers: int | None, as_json: bool) -> None:
    """Run a finished RUN again from its record, and say whether it is the same; exit status 1 if it is not."""
    from scenarios.study.reproduce import reproduce as run_again

    again = run_again(run, number, workers)
    if as_json:
        told = {"same": again.same, "histories": again.histories, "engine": again.engine, "visits": again.visits}
        told["same_visits"] = again.same_visits
        differing = json.loads(again.differing.to_json(orient="records"))
        click.echo(json.dumps({**told, "differing": differing, "environment": again.environment}))
    else:
        click.echo(again)
        if not again.differing.empty:
            click.echo(again.differing.head(20).to_string(index=False))
    sys.exit(0 if again.same else 1)
