"""What the user types: ``policy-learning``."""

import sys

import click

from model.declaration import InputError, StudyError
from results.commands.again import reproduce
from results.commands.explain import explain
from results.commands.explore import explore
from results.commands.fit import calibrate, score
from results.commands.look import figures, parameters, scenarios
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
            click.echo(f"Error: {error}", err=True)
            sys.exit(2 if isinstance(error, InputError) else 1)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="policy-learning")
def main() -> None:
    """Study visits between China's provinces: simulate, calibrate, and compare what-if scenarios."""


for command in (
    run, compare, sweep, sensitivity, calibrate, score, explain, explore, reproduce, figures, scenarios,
    parameters, world, benchmark,
):
    main.add_command(command)
