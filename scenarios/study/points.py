"""Points of a sweep: values of the parameters that are varied, one row a point."""

import warnings
from collections.abc import Mapping, Sequence
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import qmc

from model.declaration import InputError, check_names, check_value
from model.parameters import DECLARATIONS

Varied = Mapping[str, tuple[float, float] | list[float]]
SAMPLERS = {"sobol": qmc.Sobol, "latin-hypercube": qmc.LatinHypercube}
DESIGNS = ("grid", *SAMPLERS)


def draw_points(vary: Varied, points: int, design: str | None = None, seed: int = 1) -> pd.DataFrame:
    """Points of a designed sweep, one row a point and one column a parameter.

    Args:
        vary: for each parameter a range, as a tuple (low, high), or levels, as a list.
        points: how many; a grid over ranges has the nearest whole number of levels for each.
        design: ``grid`` (every combination of levels), ``sobol`` (scrambled Sobol sequence) or ``latin-hypercube``; a
            grid by default where only levels are given, else Sobol.
        seed: of the scrambling.

    Raises:
        InputError: for an unknown parameter or design, a value out of bounds, an empty range, or levels in a sample.
    """
    _check(vary)
    design = design or ("grid" if all(isinstance(values, list) for values in vary.values()) else "sobol")
    if design not in DESIGNS:
        raise InputError(f"There is no design {design!r}; choose from {', '.join(DESIGNS)}.")
    if points < 1:
        raise InputError(f"{points} points make no sweep; give at least 1.")
    return check_points(_grid(vary, points) if design == "grid" else _sample(vary, points, design, seed))


def given_points(
    table: str | Path | pd.DataFrame | None, vary: Varied, points: int, design: str | None = None, seed: int = 1
) -> pd.DataFrame:
    """Points from a table of one's own or from a design: one of the two.

    Raises:
        InputError: if both are given or neither, or for what ``draw_points`` and ``read_points`` refuse.
    """
    if table is None:
        return draw_points(vary, points, design, seed)
    if vary or design:
        raise InputError("A table of points stands for itself; leave out what is varied and the design.")
    return check_points(table) if isinstance(table, pd.DataFrame) else read_points(Path(table))


def read_points(path: Path) -> pd.DataFrame:
    """Points from a table of one's own, CSV or Parquet; every column is a parameter.

    Raises:
        InputError: for a file that cannot be read, a column that is no parameter, or a value out of bounds.
    """
    try:
        table: pd.DataFrame = pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path)
    except (OSError, ValueError) as error:
        told = str(error).splitlines()[0]
        raise InputError(f"Cannot read {path} ({told}); give a CSV or Parquet file, a column a parameter.") from error
    return check_points(table)


def check_points(table: pd.DataFrame) -> pd.DataFrame:
    """The same points as numbers, numbered from 0.

    Raises:
        InputError: for a column that is no parameter, or a value out of bounds, with its row.
    """
    if table.empty:
        raise InputError("The table holds no points; give one row for each and a column a parameter.")
    check_names(map(str, table.columns), DECLARATIONS)
    if not table.columns.is_unique:
        raise InputError("A parameter has two columns in the table of points; keep one.")
    as_numbers = {str(name): pd.to_numeric(column, errors="coerce") for name, column in table.items()}
    numbers = pd.DataFrame(as_numbers, dtype=float).reset_index(drop=True)
    for name, column in numbers.items():
        declaration = DECLARATIONS[str(name)]
        wrong = np.flatnonzero(~column.between(declaration.low, declaration.high))
        if len(wrong):
            raise InputError(
                f"Point {wrong[0] + 1}: {name} = {table[name].iloc[wrong[0]]} is out of range: give a "
                f"number from {declaration.low:g} to {declaration.high:g} ({declaration.unit})."
            )
    return numbers


def _check(vary: Varied) -> None:
    if not vary:
        raise InputError("Nothing is varied; name at least one parameter, such as learning=0.01:0.1.")
    check_names(vary, DECLARATIONS)
    for name, values in vary.items():
        if not isinstance(values, tuple | list) or (isinstance(values, tuple) and len(values) != 2):
            raise InputError(f"{name} needs a range, as a tuple (low, high), or levels, as a list.")
        if not len(values):
            raise InputError(f"{name} has no values; give a range LOW:HIGH or levels A,B,C.")
        for value in values:
            check_value(float(value), DECLARATIONS[name])
        if isinstance(values, tuple) and not values[0] < values[1]:
            raise InputError(f"The range {values[0]:g}:{values[1]:g} of {name} is empty; give LOW:HIGH, LOW first.")


def _grid(vary: Varied, points: int) -> pd.DataFrame:
    ranges = [name for name, values in vary.items() if isinstance(values, tuple)]
    listed = int(np.prod([len(values) for values in vary.values() if isinstance(values, list)]))
    each = max(2, round((points / listed) ** (1 / len(ranges)))) if ranges else 0
    levels: list[Sequence[float]] = [
        np.linspace(*values, each).tolist() if isinstance(values, tuple) else values for values in vary.values()
    ]
    return pd.DataFrame(list(product(*levels)), columns=list(vary))


def _sample(vary: Varied, points: int, design: str, seed: int) -> pd.DataFrame:
    for name, values in vary.items():
        if isinstance(values, list):
            raise InputError(f"{name} has levels, which only a grid can take; give LOW:HIGH, or choose the grid.")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # a Sobol sequence is most even, but not only good, at powers of 2
        unit = SAMPLERS[design](len(vary), rng=seed).random(points)
    lows, highs = zip(*vary.values(), strict=True)
    return pd.DataFrame(qmc.scale(unit, lows, highs), columns=list(vary))
