"""Comparing scenarios with a baseline."""

import json
from pathlib import Path

import click
import pandas as pd

from results.commands.options import JSON, OUT, SEED, SET, WEEKS, WORKERS, values_of

FEW = 3  # scenarios of which every figure is drawn at once


@click.command()
@click.argument("scenarios", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Every scenario there is.")
@click.option("--against", default="baseline", show_default=True, help="Scenario to compare with.")
@click.option(
    "--precision", default=0.1, show_default=True, type=float,
    help="Draw until each mean difference is known to so many standard deviations of the baseline, or of itself (90%).",
)  # fmt: skip
@click.option("--draws", type=int, help="So many posterior draws, and as many from the prior, however precise.")
@click.option("--replicates", default=2, show_default=True, help="Histories for each draw, differing in luck.")
@SEED
@WEEKS
@SET
@OUT
@WORKERS
@JSON
def compare(
    scenarios: tuple[str, ...], everything: bool, against: str, precision: float, draws: int | None, replicates: int,
    seed: int, weeks: int, assignments: tuple[str, ...], out: Path | None, workers: int | None, as_json: bool,
) -> None:  # fmt: skip
    """Compare SCENARIOS with the baseline: paired differences with intervals, a ranking, tables and figures."""
    from results.plates import save_figures
    from results.store import open_study
    from scenarios.study.compare import carry_out, designed
    from scenarios.study.record import new_folder, write_comparison
    from scenarios.study.report import precision_told, ranking_told, report

    names = _chosen(scenarios, everything, against)
    design = designed(names, against, draws, precision, replicates, seed, weeks, values_of(assignments))
    folder = new_folder("compare-" + ("-".join(names) if len(names) <= FEW else f"{len(names)}-scenarios"), out)
    comparison = carry_out(design, workers, precision if draws is None else None)
    write_comparison(comparison, folder)
    files = save_figures(open_study(folder), brief=len(names) > FEW)
    if as_json:
        click.echo(json.dumps({**_as_json(comparison.differences, comparison.ranking), "folder": str(folder)}))
        return
    click.echo(report(comparison.differences, comparison.design))
    if len(names) > 1:
        click.echo(f"\n{ranking_told(comparison.ranking)}")
    click.echo(f"\n{precision_told(comparison.differences, comparison.design, precision)}")
    click.echo(f"\nTables in {folder}, {len(files)} figures in {folder / 'figures'}.")
    if len(names) > FEW:
        click.echo(f"Maps and all other figures of each scenario: policy-learning figures {folder}")


def _chosen(scenarios: tuple[str, ...], everything: bool, against: str) -> tuple[str, ...]:
    from model.declaration import InputError
    from scenarios import known_scenarios

    if everything and scenarios:
        raise InputError("Name scenarios or give --all, not both.")
    return tuple(name for name in known_scenarios() if name != against) if everything else scenarios


def _as_json(differences: pd.DataFrame, ranking: pd.DataFrame) -> dict[str, object]:
    """The tables as records; ``replicates`` counts all paired histories of a difference."""
    counted = differences.rename(columns={"replicates": "replicates_per_draw"})
    counted["replicates"] = differences["draws"] * differences["replicates"]
    tables = {"differences": counted, "ranking": ranking}
    return {name: json.loads(table.to_json(orient="records")) for name, table in tables.items()}
