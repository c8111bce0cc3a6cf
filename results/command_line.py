"""What the user types: ``policy-learning``."""

import sys

import click

from model.declaration import InputError
from results.commands.explain import explain
from results.commands.fit import calibrate, score
from results.commands.look import figures, parameters, scenarios
from results.commands.simulate import compare, run
from results.commands.world import world


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


for command in (run, compare, calibrate, score, explain, figures, scenarios, parameters, world):
    main.add_command(command)
