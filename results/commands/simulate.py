"""Simulating: one history, or scenarios against a baseline."""

from pathlib import Path

import click

from results.commands.options import OUT, SEED, SET, WEEKS, WORKERS, WORLD, values_of


@click.command()
@click.argument("scenario")
@SEED
@WEEKS
@SET
@OUT
@WORLD
@click.option("--draw", default=0, show_default=True, type=click.IntRange(min=0), help="Which draw of the posterior.")
def run(
    scenario: str,
    seed: int,
    weeks: int,
    assignments: tuple[str, ...],
    out: Path | None,
    world: str | None,
    draw: int,
) -> None:
    """Simulate one history of SCENARIO on the Mesa engine: visits, outcomes, a map."""
    from results.maps import visit_map
    from scenarios.study.places import keep_world
    from scenarios.study.record import new_folder, write_tables
    from scenarios.study.single import Single, tables_of, told

    single = Single(scenario, draw, seed, weeks, values_of(assignments), world)
    folder = new_folder(f"run-{scenario}", out)
    keep_world(single.record(), folder)
    history = single.carry_out()
    write_tables(tables_of(single, history), folder, "run", single.record())
    visit_map(history.visits, history.world, str(single)).savefig(folder / "map.png", dpi=150)
    click.echo(f"{told(single, history)}\n\nTables and map in {folder}; more figures: policy-learning figures {folder}")


@click.command()
@click.argument("scenarios", nargs=-1, required=True)
@click.option("--against", default="baseline", show_default=True, help="Scenario to compare with.")
@click.option("--draws", default=60, show_default=True, help="Posterior draws, and as many from the prior.")
@click.option("--replicates", default=2, show_default=True, help="Histories for each draw, differing in luck.")
@SEED
@WEEKS
@SET
@OUT
@WORKERS
def compare(
    scenarios: tuple[str, ...],
    against: str,
    draws: int,
    replicates: int,
    seed: int,
    weeks: int,
    assignments: tuple[str, ...],
    out: Path | None,
    workers: int | None,
) -> None:
    """Compare SCENARIOS with the baseline: paired differences with intervals, tables and figures."""
    from results.plates import save_figures
    from results.store import open_study
    from scenarios.study.compare import Design, carry_out
    from scenarios.study.record import new_folder, write_comparison
    from scenarios.study.report import report

    design = Design((against, *scenarios), draws, replicates, seed, weeks, values_of(assignments))
    folder = new_folder("compare-" + "-".join(scenarios), out)
    comparison = carry_out(design, workers)
    write_comparison(comparison, folder)
    click.echo(report(comparison.differences, comparison.design))
    files = save_figures(open_study(folder))
    click.echo(f"\nTables in {folder}, {len(files)} figures in {folder / 'figures'}.")
