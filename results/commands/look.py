"""Looking: at finished runs, at the scenarios, at the parameters."""

from pathlib import Path

import click

from model.parameters_page import describe


@click.command()
@click.argument("run", type=click.Path(path_type=Path))
def figures(run: Path) -> None:
    """Draw the figures of a finished RUN into its folder."""
    from results.plates import save_figures
    from results.store import open_study

    for file in save_figures(open_study(run)):
        click.echo(file)


@click.command()
def scenarios() -> None:
    """List the scenarios and their questions."""
    from scenarios import find_scenario, known_scenarios

    for name in known_scenarios():
        click.echo(f"{name:<32}{find_scenario(name).question}")


@click.command()
def parameters() -> None:
    """Every parameter with default, unit, bounds, prior, status, meaning and source, as Markdown."""
    click.echo(describe(), nl=False)
