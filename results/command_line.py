"""What the user types: ``policy-learning``."""

import sys
from typing import NoReturn

import click

from model.declaration import InputError, StudyError
from results.commands.again import reproduce
from results.commands.coordination import dose, pairs, parts
from results.commands.explain import explain
from results.commands.explore import explore
from results.commands.fit import calibrate, score
from results.commands.look import figures, parameters, scenarios
from results.commands.needed import assumed, luck, nulls
from results.commands.network import export, maps
from results.commands.publishing import study
from results.commands.simulate import compare, run
from results.commands.speed import benchmark
from results.commands.sweeping import sensitivity, sweep
from results.commands.world import world


class Commands(click.Group):
    """A group that tells in one sentence what is wrong: input, with exit status 2, or a run that failed, with 1."""

    def invoke(self, context: click.Context) -> object:
        """Run the command that was typed."""
        try:
            return super().invoke(context)
        except (InputError, StudyError) as error:
            _end(f"Error: {error}", 2 if isinstance(error, InputError) else 1)
        except KeyboardInterrupt:
            _end("Stopped. What is finished is kept; a sweep goes on with the same command.", 130)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            if context.params["debug"]:
                raise
            told = " ".join(str(error).split()) or type(error).__name__
            _end(f"Error: {told} (unexpected; `policy-learning --debug ...` shows where it arose)", 1)


def _end(sentence: str, status: int) -> NoReturn:
    click.echo(sentence, err=True)
    sys.exit(status)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="policy-learning")
@click.option("--debug", is_flag=True, help="Show where an unexpected error arose.")
def main(debug: bool) -> None:
    """Study visits between China's provinces: simulate, calibrate, and compare what-if scenarios."""


for command in (
    run, compare, sweep, sensitivity, calibrate, score, explain, explore, reproduce, figures, scenarios,
    parameters, world, benchmark, dose, parts, pairs, maps, export, nulls, luck, assumed,
    study,
):
    main.add_command(command)
