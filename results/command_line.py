"""What the user types: ``policy-learning``."""

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click

from model.declaration import InputError
from model.parameters import Parameters
from model.parameters_page import describe

# Commands import what they need themselves, so that --help does not wait for Mesa and matplotlib.
SEED = click.option("--seed", default=1, show_default=True, type=click.IntRange(0, 2**64 - 1), help="Seed of all luck.")
WEEKS = click.option("--weeks", default=52, show_default=True, type=click.IntRange(min=1), help="Weeks to simulate.")
OUT = click.option("--out", type=click.Path(path_type=Path), help="Folder to write; a new one by default.")
SET = click.option("--set", "assignments", multiple=True, metavar="NAME=VALUE", help="Hold a parameter at a value.")
WORKERS = click.option("--workers", type=click.IntRange(min=1), help="Processes; all processors if left out.")


class Commands(click.Group):
    """A group that tells wrong input in one sentence, with exit status 2."""

    def invoke(self, context: click.Context) -> object:
        """Run the command that was typed."""
        try:
            return super().invoke(context)
        except InputError as error:
            click.echo(f"Error: {error}", err=True)
            sys.exit(2)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="policy-learning")
def main() -> None:
    """Study visits between China's provinces: simulate, calibrate, and compare what-if scenarios."""


@main.command()
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


@main.command()
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


@main.command()
@click.argument("visits", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def score(visits: Path, as_json: bool) -> None:
    """Log score of the calibrated choice on VISITS, a CSV file with columns tour, stop, origin, host."""
    from calibration.score import as_text, score_file

    scores = score_file(visits)
    shown = {key: value for key, value in scores.items() if key != "plain"}  # a variant of the model, not a rival
    click.echo(json.dumps(shown) if as_json else as_text(scores))


@main.command()
@SEED
@click.option("--quick", is_flag=True, help="A short run, to see that it works; its draws are not to be believed.")
@click.option(
    "--years", default=200, show_default=True, type=click.IntRange(10, 1000), help="Simulated years."
)
@click.option("--out", type=click.Path(path_type=Path), help="Folder to write; the shipped posterior by default.")
@WORKERS
def calibrate(seed: int, quick: bool, years: int, out: Path | None, workers: int | None) -> None:
    """Fit the model to the visits of 2023, check it, and write the posterior draws that scenarios use."""
    from calibration.report import calibrate as fit_and_check

    click.echo(fit_and_check(seed, quick=quick, years=years, out=out, workers=workers))


@main.command()
@click.argument("run", type=click.Path(path_type=Path))
def figures(run: Path) -> None:
    """Draw the figures of a finished RUN into its folder."""
    from results.plates import save_figures
    from results.store import open_study

    for file in save_figures(open_study(run)):
        click.echo(file)


@main.command()
def scenarios() -> None:
    """List the scenarios and their questions."""
    from scenarios import find_scenario, known_scenarios

    for name in known_scenarios():
        click.echo(f"{name:<32}{find_scenario(name).question}")


@main.command()
def parameters() -> None:
    """Every parameter with default, unit, bounds, prior, status, meaning and source, as Markdown."""
    click.echo(describe(), nl=False)


def values_of(assignments: tuple[str, ...]) -> dict[str, float]:
    """Parameter values from words like ``learning=0.05``.

    Raises:
        InputError: for a word of another form, an unknown name or a value out of bounds.
    """
    values = {}
    for assignment in assignments:
        name, _, value = assignment.partition("=")
        try:
            values[name.strip()] = float(value)
        except ValueError:
            raise InputError(f"Cannot read --set {assignment!r}; write NAME=NUMBER, such as learning=0.05.") from None
    Parameters().having(**values)
    return values
