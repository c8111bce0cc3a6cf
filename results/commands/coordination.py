"""Asking of the centre: how much coordination, which part of it does the work, and which official pairs."""

import json
from collections.abc import Callable
from pathlib import Path

import click
import pandas as pd

from results.commands.options import JSON, OUT, SEED, SET, THREADS, WEEKS, values_of

DRAWS = click.option("--draws", default=60, show_default=True, help="Posterior draws, and as many from the prior.")
REPLICATES = click.option("--replicates", default=2, show_default=True, help="Histories of each draw.")


def sampled(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of what it simulates, and of how it tells it."""
    for option in (JSON, THREADS, OUT, SET, WEEKS, SEED, REPLICATES, DRAWS):
        command = option(command)
    return command


@click.command()
@click.option("--steps", default=8, show_default=True, type=click.IntRange(min=1), help="Doses above none.")
@sampled
def dose(
    steps: int, draws: int, replicates: int, seed: int, weeks: int, assignments: tuple[str, ...], out: Path | None,
    workers: int | None, as_json: bool,
) -> None:  # fmt: skip
    """Coordination from 0 to 1 against every outcome, with bands, and what it gains against what it costs."""
    from results.dose_figure import dose_curves, trade_offs
    from scenarios.study.dose import as_text, dose_response
    from scenarios.study.record import new_folder, write_tables
    from scenarios.study.variants import Sample

    sample = Sample(draws, replicates, seed, weeks, values_of(assignments))
    folder = new_folder("dose", out)
    found = dose_response(steps, sample, workers)
    write_tables({"differences.csv": found}, folder, "dose", {"steps": steps, **sample.record()})
    for name, draw in {"dose": dose_curves, "trade-offs": trade_offs}.items():
        draw(found, str(sample)).savefig(folder / f"{name}.png", dpi=150)
    _tell({"differences": found}, as_text(found, sample), folder, as_json)


@click.command()
@sampled
def parts(
    draws: int, replicates: int, seed: int, weeks: int, assignments: tuple[str, ...], out: Path | None,
    workers: int | None, as_json: bool,
) -> None:  # fmt: skip
    """Plan, lower barriers and agenda in all eight combinations, and what each adds to stronger coordination."""
    from results.overview_figure import scenario_overview
    from scenarios.study.parts import as_text, break_into_parts
    from scenarios.study.record import new_folder, write_tables
    from scenarios.study.variants import Sample

    sample = Sample(draws, replicates, seed, weeks, values_of(assignments))
    folder = new_folder("parts", out)
    found = break_into_parts(sample, workers)
    tables = {"differences": found.differences, "shares": found.shares}
    write_tables({f"{name}.csv": table for name, table in tables.items()}, folder, "parts", sample.record())
    scenario_overview(found.differences).savefig(folder / "parts.png", dpi=150)
    _tell(tables, as_text(found, sample), folder, as_json)


@click.command()
@click.option("--add", "added", multiple=True, metavar="ONE-OTHER", help="Add this official pair; may be given often.")
@click.option("--best", default=10, show_default=True, type=click.IntRange(1, 40), help="Single pairs to find, else.")
@sampled
def pairs(
    added: tuple[str, ...], best: int, draws: int, replicates: int, seed: int, weeks: int,
    assignments: tuple[str, ...], out: Path | None, workers: int | None, as_json: bool,
) -> None:  # fmt: skip
    """What official pairs would add: those named with --add, or the best single ones by gap closed per visit."""
    from model.world import china
    from results.pairs_figure import best_pairs_chart
    from scenarios.study.pairs import added_pairs, added_told, best_pairs, best_told, pair_of
    from scenarios.study.record import new_folder, write_tables
    from scenarios.study.variants import Sample

    sample = Sample(draws, replicates, seed, weeks, values_of(assignments))
    chosen = [pair_of(words, china()) for words in added]
    folder = new_folder("pairs", out)
    if chosen:
        name, found = "differences", added_pairs(chosen, sample, workers)
        text = added_told(found, sample)
    else:
        name, found = "best", best_pairs(best, sample, workers)
        best_pairs_chart(found, str(sample)).savefig(folder / "best.png", dpi=150)
        text = best_told(found, sample)
    write_tables({f"{name}.csv": found}, folder, "pairs", {"added": list(added), "best": best, **sample.record()})
    _tell({name: found}, text, folder, as_json)


def _tell(tables: dict[str, pd.DataFrame], text: str, folder: Path, as_json: bool) -> None:
    if as_json:
        told = {name: json.loads(table.to_json(orient="records")) for name, table in tables.items()}
        click.echo(json.dumps({"folder": str(folder), **told}))
    else:
        click.echo(f"{text}\n\nTables and figures are in {folder}.")
