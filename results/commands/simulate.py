"""Simulating one history."""

from dataclasses import asdict
from pathlib import Path

import click

from results.commands.options import OUT, SEED, SET, WEEKS, values_of


@click.command()
@click.argument("scenario")
@SEED
@WEEKS
@SET
@OUT
@click.option("--draw", default=0, show_default=True, type=click.IntRange(min=0), help="Which draw of the posterior.")
def run(scenario: str, seed: int, weeks: int, assignments: tuple[str, ...], out: Path | None, draw: int) -> None:
    """Simulate one history of SCENARIO on the Mesa engine: visits, outcomes, a map."""
    from results.maps import visit_map
    from scenarios.study.record import new_folder, write_tables
    from scenarios.study.single import Single, tables_of, told

    single = Single(scenario, draw, seed, weeks, values_of(assignments))
    folder = new_folder(f"run-{scenario}", out)
    history = single.carry_out()
    write_tables(tables_of(single, history), folder, "run", asdict(single))
    visit_map(history.visits, history.world, str(single)).savefig(folder / "map.png", dpi=150)
    click.echo(f"{told(single, history)}\n\nTables and map in {folder}; more figures: policy-learning figures {folder}")
