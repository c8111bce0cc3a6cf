"""Explaining why a province would go where."""

import json
import re
from pathlib import Path

import click

from results.commands.options import JSON, OUT


@click.command()
@click.argument("province")
@click.option("--week", required=True, type=click.IntRange(min=0), help="Week, 0 being that of 2 January 2023.")
@click.option(
    "--run", "run_folder", type=click.Path(path_type=Path),
    help="Folder that `run` wrote, to explain its visits; a fresh baseline by default.",
)
@JSON
@OUT
def explain(province: str, week: int, run_folder: Path | None, as_json: bool, out: Path | None) -> None:
    """Why PROVINCE would visit whom in a week: chance and every term of each host's appeal, and the luck that chose."""
    from results.explanation_figure import chart_of
    from results.store import open_study
    from scenarios.study.explain import check_same_tour, in_words
    from scenarios.study.explain import explain as explained
    from scenarios.study.record import new_folder
    from scenarios.study.single import recorded_single

    study = open_study(run_folder) if run_folder else None
    told = explained(province, week, recorded_single(study.kind, study.design, study.folder) if study else None)
    if study:
        check_same_tour(told, study.visits())
    name = re.sub(r"\W+", "-", province)  # a region may be named with what no folder can be
    file = new_folder(f"explain-{name}-{week}", out) / "appeal.png"
    chart_of(told).savefig(file, dpi=150)
    shown = json.dumps({**told.as_record(), "chart": str(file)}) if as_json else f"{in_words(told)}\n\nChart: {file}"
    click.echo(shown)
