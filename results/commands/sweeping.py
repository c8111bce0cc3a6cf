"""Sweeping parameters over many histories."""

from pathlib import Path

import click

from results.commands.options import JSON, SEED, SET, WEEKS, values_of, varied_of

CLUSTER = click.option("--cluster", metavar="tcp://HOST:PORT", help="Simulate on the workers of a Dask scheduler.")
DRAWS = click.option(
    "--draws", type=click.IntRange(min=1),
    help="Posterior draws, each with all replicates; if left out, each replicate has a draw of its own.",
)  # fmt: skip
THREADS = click.option("--workers", type=click.IntRange(min=1), help="Threads; all processors if left out.")


@click.command()
@click.argument("scenarios", nargs=-1)
@click.option(
    "--vary", "varied", multiple=True, metavar="NAME=LOW:HIGH",
    help="Vary a parameter over a range, or over levels: NAME=A,B,C. May be given several times.",
)  # fmt: skip
@click.option("--points", default=256, show_default=True, type=click.IntRange(min=1), help="Points; 2^n suits Sobol.")
@click.option(
    "--design", type=click.Choice(["grid", "sobol", "latin-hypercube"]),
    help="How points are laid out; Sobol over ranges and a grid over levels if left out.",
)  # fmt: skip
@click.option("--table", type=click.Path(path_type=Path), help="Points of your own: CSV or Parquet, a column a parameter.")
@click.option("--replicates", default=10, show_default=True, type=click.IntRange(min=1), help="Histories of each point.")
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
    from scenarios.study.points import draw_points, points_given
    from scenarios.study.preflight import preflight
    from scenarios.study.sweep import Sweep
    from scenarios.study.sweeping import carry_out_sweep

    chosen = points_given(table, varied_of(varied), points, design, seed)
    planned = Sweep.of(
        scenarios or ("baseline",), chosen, replicates=replicates, draws=draws, seed=seed, weeks=weeks,
        fixed=values_of(assignments),
    )  # fmt: skip
    click.echo(preflight(planned, workers), err=as_json)
    if dry_run:
        return
    study = carry_out_sweep(planned, out, workers=workers, cluster=cluster, retry_failed=retry_failed)
