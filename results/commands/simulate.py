"""Simulating: one history, or scenarios against a baseline."""

import json
from pathlib import Path

import click

from model.declaration import InputError
from results.commands.options import JSON, OUT, SEED, SET, THREADS, WEEKS, WORLD, values_of


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
@click.argument("scenarios", nargs=-1)
@click.option("--all", "every", is_flag=True, help="Compare every scenario there is.")
@click.option("--against", default="baseline", show_default=True, help="Scenario to compare with.")
@click.option(
    "--precision", default=0.1, show_default=True, type=click.FloatRange(0.0, min_open=True),
    help="Simulate until the error of each mean difference is below so many standard deviations of single years.",
)  # fmt: skip
@click.option("--draws", type=int, help="A fixed number of posterior draws, and as many from the prior, instead.")
@click.option("--replicates", default=2, show_default=True, help="Histories for each draw, differing in luck.")
@SEED
@WEEKS
@SET
@OUT
@THREADS
@JSON
def compare(
    scenarios: tuple[str, ...], every: bool, against: str, precision: float, draws: int | None, replicates: int,
    seed: int, weeks: int, assignments: tuple[str, ...], out: Path | None, workers: int | None, as_json: bool,
) -> None:  # fmt: skip
    """Compare SCENARIOS with the baseline: paired differences with intervals, tables and figures."""
    from results.plates import save_figures
    from results.store import open_study
    from scenarios.study.compare import Design, carry_out
    from scenarios.study.precision import FIRST_DRAWS, compare_until
    from scenarios.study.record import new_folder, write_comparison
    from scenarios.study.report import report
    from scenarios.study.scenario import known_scenarios

    names = tuple(name for name in known_scenarios() if name != against) if every else scenarios
    if not names:
        raise InputError("Name at least one scenario, or give --all; `policy-learning scenarios` lists them.")
    design = Design((against, *names), draws or FIRST_DRAWS, replicates, seed, weeks, values_of(assignments))
    folder = new_folder("compare-" + ("all" if every else "-".join(names)), out)
    comparison = carry_out(design, workers) if draws else compare_until(design, precision, workers)
    write_comparison(comparison, folder)
    files = save_figures(open_study(folder))
    if as_json:
        told = json.loads(comparison.differences.to_json(orient="records"))
        click.echo(json.dumps({"folder": str(folder), "differences": told}))
        return
    click.echo(report(comparison.differences, comparison.design, None if draws else precision))
    click.echo(f"\nTables in {folder}, {len(files)} figures in {folder / 'figures'}.")
