"""Asking whether the mechanism is needed, and what shared luck is worth."""

from pathlib import Path

import click

from results.commands.options import OUT, SEED, THREADS


@click.command()
@click.option("--years", default=200, show_default=True, type=click.IntRange(min=10), help="Simulated years of each.")
@SEED
@OUT
@THREADS
def nulls(years: int, seed: int, out: Path | None, workers: int | None) -> None:
    """Hold the nulls and the baseline against the patterns of 2023: is the mechanism needed at all?"""
    from scenarios.study.nulls import against_patterns, as_text, needed
    from scenarios.study.record import new_folder, write_tables

    folder = new_folder("nulls", out)
    patterns = against_patterns(years=years, seed=seed, workers=workers)
    table = needed(patterns)
    tables = {"patterns.csv": patterns, "needed.csv": table.reset_index()}
    write_tables(tables, folder, "nulls", {"years": years, "seed": seed})
    click.echo(f"{as_text(table)}\n\nEvery pattern is in {folder}.")


@click.command()
@click.argument("scenario", default="stronger_central_coordination")
@click.option("--draws", default=60, show_default=True, type=click.IntRange(min=2), help="Posterior draws.")
@SEED
@THREADS
def luck(scenario: str, draws: int, seed: int, workers: int | None) -> None:
    """How many fewer histories a difference of SCENARIO needs for sharing draws and luck with the baseline."""
    from scenarios.study.shared_luck import as_text, shared_luck

    click.echo(as_text(shared_luck(scenario, draws, seed, workers)))
