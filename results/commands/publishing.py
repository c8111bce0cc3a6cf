"""Publishing one full study."""

from pathlib import Path

import click

from results.commands.options import SEED, THREADS


@click.command()
@SEED
@click.option("--draws", default=60, show_default=True, type=click.IntRange(min=2), help="Of doses, parts and pairs.")
@click.option("--precision", default=0.1, show_default=True, type=click.FloatRange(0.0, min_open=True),
              help="Of the comparison of all scenarios.")  # fmt: skip
@click.option("--out", type=click.Path(path_type=Path), help="Folder; results/published if left out.")
@THREADS
def study(seed: int, draws: int, precision: float, out: Path | None, workers: int | None) -> None:
    """One full study: all scenarios, doses, parts, pairs and nulls, with FINDINGS.md written from its tables."""
    from results.published_study import FINDINGS, PUBLISHED, publish
    from results.published_study import study as carry_out
    from scenarios.study.variants import Sample

    sample, folder = Sample(draws=draws, seed=seed), out or PUBLISHED
    tables, figures = carry_out(sample, precision, workers=workers)
    publish(tables, figures, sample, folder)
    click.echo((folder / FINDINGS).read_text(encoding="utf-8"))
    click.echo(f"Tables and figures are in {folder}.")
