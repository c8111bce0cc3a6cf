"""Sweeping parameters over many histories."""

import json
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import click

from model.declaration import StudyError
from results.commands.options import JSON, SEED, SET, THREADS, WEEKS, values_of, varied_of

if TYPE_CHECKING:
    import pandas as pd

    from scenarios.study.sweeping import SweepFolder


CLUSTER = click.option("--cluster", metavar="tcp://HOST:PORT", help="Simulate on the workers of a Dask scheduler.")
DRAWS = click.option(
    "--draws", type=click.IntRange(min=1),
    help="Posterior draws, each with all replicates; if left out, each replicate has a draw of its own.",
)  # fmt: skip


@click.command()
@click.argument("scenarios", nargs=-1)
@click.option(
    "--vary", "varied", multiple=True, metavar="NAME=LOW:HIGH",
    help="Vary a parameter over a range, or over levels: NAME=A,B,C. May be given several times.",
)  # fmt: skip
@click.option("--points", default=256, show_default=True, type=click.IntRange(min=1), help="How many; 2^n suits Sobol.")
@click.option(
    "--design", type=click.Choice(["grid", "sobol", "latin-hypercube"]),
    help="How points are laid out; Sobol over ranges and a grid over levels if left out.",
)  # fmt: skip
@click.option("--table", type=click.Path(path_type=Path), help="Points of your own: CSV or Parquet, a column each.")
@click.option("--replicates", default=10, show_default=True, type=click.IntRange(min=1), help="Histories of a point.")
@DRAWS
@SEED
@WEEKS
@SET
@click.option("--out", type=click.Path(path_type=Path), help="Folder; the same sweep finds its own if left out.")
@THREADS
@CLUSTER
@click.option("--dry-run", is_flag=True, help="Say how many histories, how long and how large; simulate nothing.")
@click.option("--retry-failed", is_flag=True, help="Simulate points that failed again.")
@JSON
def sweep(
    scenarios: tuple[str, ...], varied: tuple[str, ...], points: int, design: str | None, table: Path | None,
    replicates: int, draws: int | None, seed: int, weeks: int, assignments: tuple[str, ...], out: Path | None,
    workers: int | None, cluster: str | None, dry_run: bool, retry_failed: bool, as_json: bool,
) -> None:  # fmt: skip
    """Simulate SCENARIOS (the baseline if none) at many points of their parameters; resumes where it was stopped."""
    from scenarios.study.points import given_points
    from scenarios.study.preflight import preflight
    from scenarios.study.sweep import Sweep
    from scenarios.study.sweeping import begin, carry_out_sweep

    chosen = given_points(table, varied_of(varied), points, design, seed)
    planned = Sweep.of(
        scenarios or ("baseline",), chosen, replicates=replicates, draws=draws, seed=seed, weeks=weeks,
        fixed=values_of(assignments),
    )  # fmt: skip
    if dry_run:
        expected = preflight(planned, workers)
        click.echo(json.dumps(expected.record()) if as_json else expected)
        return
    begin(planned, out)
    click.echo(preflight(planned, workers), err=as_json)
    study = carry_out_sweep(planned, out, workers=workers, cluster=cluster, retry_failed=retry_failed)
    if len(outcomes := study.outcomes()):
        _tell_effects(study, outcomes, [str(name) for name in chosen.columns], as_json)
    _tell_failures(study)


def _tell_effects(study: "SweepFolder", outcomes: "pd.DataFrame", varied: list[str], as_json: bool) -> None:
    from results.plates import save_figures
    from results.store import open_study
    from scenarios.study.effects import as_text, effects

    found = effects(outcomes, varied)
    save_figures(open_study(study.folder))
    if as_json:
        told = {"folder": str(study.folder), "status": study.manifest["status"], "histories": len(outcomes)}
        click.echo(json.dumps({**told, "effects": json.loads(found.to_json(orient="records"))}))
        return
    click.echo(as_text(found, varied))
    click.echo(f"\nOutcomes of {len(outcomes):,} histories and their figures are in {study.folder}.")


def _tell_failures(study: "SweepFolder") -> None:
    failures = study.failures()
    if len(failures):
        first = failures["traceback"].iloc[0].strip().splitlines()[-1]
        raise StudyError(
            f"{len(failures)} histories failed, the first with {first!r}. All else is kept; once that is mended, give "
            f"the same command with --retry-failed. Tracebacks are in {study.folder / 'failures'}."
        )


@click.command()
@click.argument("scenario", default="baseline")
@click.option("--against", help="Ask it of the difference from this scenario, such as baseline.")
@click.option("--method", type=click.Choice(["morris", "sobol"]), help="Only one of the two.")
@click.option("--of", "parameters", multiple=True, metavar="NAME", help="A parameter to vary; all uncertain if none.")
@click.option("--trajectories", default=20, show_default=True, type=click.IntRange(min=2), help="Of Morris screening.")
@click.option("--base", default=256, show_default=True, type=click.IntRange(min=2), help="Base points of Sobol; 2^n.")
@click.option("--replicates", default=4, show_default=True, type=click.IntRange(min=2), help="Histories of a point.")
@SEED
@WEEKS
@SET
@click.option("--out", type=click.Path(path_type=Path), help="Folder; the same question finds its own if left out.")
@THREADS
@JSON
def sensitivity(
    scenario: str, against: str | None, method: str | None, parameters: tuple[str, ...], trajectories: int,
    base: int, replicates: int, seed: int, weeks: int, assignments: tuple[str, ...], out: Path | None,
    workers: int | None, as_json: bool,
) -> None:  # fmt: skip
    """Which parameters move which outcomes of SCENARIO: Morris screening and Sobol indices, with intervals and luck.

    With --against, which move its difference from another scenario.
    """
    from results.sensitivity_figure import sensitivity_matrix
    from scenarios import find_scenario
    from scenarios.study.record import RUNS
    from scenarios.study.sensitivity import METHODS, Question, all_uncertain, as_text, sensitivity

    fixed, tables = values_of(assignments), {}
    held = {*fixed, *find_scenario(scenario).changes, *(find_scenario(against).changes if against else ())}
    varied = parameters or tuple(name for name in all_uncertain() if name not in held)
    settings = (varied, trajectories, base, replicates, seed, weeks, sorted(fixed.items()), *filter(None, [against]))
    folder = out or RUNS / f"sensitivity-{scenario}-{sha256(repr(settings).encode()).hexdigest()[:8]}"
    for each in [method] if method else METHODS:
        question = Question(each, varied, trajectories if each == "morris" else base, seed)
        tables[each], study = sensitivity(
            question, scenario, against=against, replicates=replicates, weeks=weeks, fixed=fixed, out=folder / each,
            workers=workers,
        )  # fmt: skip
        tables[each].to_csv(study.folder / "indices.csv", index=False)
        size = f"{study.manifest['design']['points']:,} points x {replicates} replicates of {weeks} weeks, seed {seed}"
        of_what = f"{scenario} against {against}" if against else scenario
        figure = sensitivity_matrix(tables[each], each, f"{of_what}: {size}")
        figure.savefig(study.folder / "indices.png", dpi=150)
    if as_json:
        click.echo(json.dumps({each: json.loads(table.to_json(orient="records")) for each, table in tables.items()}))
    else:
        click.echo(f"{as_text(tables)}\n\nIndices, figures and outcomes are in {folder}.")
