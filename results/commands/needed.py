"""Asking what an answer hangs on: the mechanism, shared luck, and what is assumed."""

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


@click.command()
@click.argument("scenario", default="stronger_central_coordination")
@click.option("--against", default="baseline", show_default=True, help="Scenario to compare with.")
@click.option("--draws", default=30, show_default=True, type=click.IntRange(min=2), help="Posterior draws.")
@SEED
@OUT
@THREADS
def assumed(scenario: str, against: str, draws: int, seed: int, out: Path | None, workers: int | None) -> None:
    """How far each assumed parameter could move the differences of SCENARIO, and which could turn a sign."""
    from scenarios.study.record import new_folder, write_tables
    from scenarios.study.turning import as_text, at_ends
    from scenarios.study.variants import Sample

    sample = Sample(draws=draws, seed=seed)
    table = at_ends(scenario, against, sample, workers)
    folder = new_folder(f"assumed-{scenario}", out)
    design = {"scenario": scenario, "against": against, **sample.record()}
    write_tables({"assumed.csv": table}, folder, "assumed", design)
    click.echo(f"{as_text(table, scenario, against, sample)}\n\nThe table is in {folder}.")
