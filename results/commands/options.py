"""Options that several commands share, and how words become parameter values."""

from pathlib import Path

import click

from model.declaration import InputError
from model.parameters import Parameters

SEED = click.option("--seed", default=1, show_default=True, type=click.IntRange(0, 2**64 - 1), help="Seed of all luck.")
WEEKS = click.option("--weeks", default=52, show_default=True, type=click.IntRange(min=1), help="Weeks to simulate.")
OUT = click.option("--out", type=click.Path(path_type=Path), help="Folder to write; a new one by default.")
SET = click.option("--set", "assignments", multiple=True, metavar="NAME=VALUE", help="Hold a parameter at a value.")
WORKERS = click.option("--workers", type=click.IntRange(min=1), help="Processes; all processors if left out.")
THREADS = click.option("--workers", type=click.IntRange(min=1), help="Threads; all processors if left out.")
WORLD = click.option("--world", metavar="FOLDER", help="Other regions, in a folder as `world new` writes it.")
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def varied_of(words: tuple[str, ...]) -> dict[str, tuple[float, float] | list[float]]:
    """Ranges and levels from words like ``learning=0.01:0.1`` and ``coordination=0,0.5,1``.

    Raises:
        InputError: for a word of another form.
    """
    varied = [(name.strip(), _varied(name, values)) for name, _, values in (word.partition("=") for word in words)]
    if len(dict(varied)) < len(varied):
        raise InputError("A parameter is varied twice; give --vary once for each.")
    return dict(varied)


def _varied(name: str, values: str) -> tuple[float, float] | list[float]:
    try:
        if ":" in values:
            low, high = map(float, values.split(":"))
            return low, high
        return [float(value) for value in values.split(",")]
    except ValueError:
        remedy = "write NAME=LOW:HIGH for a range or NAME=A,B,C for levels, such as learning=0.01:0.1"
        raise InputError(f"Cannot read --vary {name}={values}; {remedy}.") from None


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
