"""How a parameter is declared, looked up and refused."""

import dataclasses
import difflib
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

Status = Literal["identified", "assumed"]
Family = Literal["normal", "uniform", "beta", "lognormal", "logitnormal"]


class InputError(ValueError):
    """Wrong input, told in one sentence with its remedy."""


class StudyError(RuntimeError):
    """A run that could not go on, told in one sentence with what to do next."""


@dataclass(frozen=True)
class Prior:
    """A prior by family and two numbers, as ``calibration.priors`` reads it.

    normal(mean, sd), uniform(low, high), beta(a, b), lognormal(median, sd of the log), logitnormal(median, sd of the
    log odds).
    """

    family: Family
    first: float
    second: float

    def __str__(self) -> str:
        return f"{self.family}({self.first:g}, {self.second:g})"


@dataclass(frozen=True)
class Declaration:
    """All that is known of one parameter; ``prior`` is None where the value is held as it is."""

    name: str
    group: str
    default: float
    unit: str
    low: float
    high: float
    prior: Prior | None
    status: Status
    sentence: str
    source: str


def declare(
    default: float,
    unit: str,
    bounds: tuple[float, float],
    prior: Prior | None,
    status: Status,
    sentence: str,
    source: str,
    *,
    group: str,
) -> Any:
    """Declare one field of a parameter class; the line is the only place where its facts stand."""
    facts = {
        "group": group,
        "unit": unit,
        "low": bounds[0],
        "high": bounds[1],
        "prior": prior,
        "status": status,
        "sentence": sentence,
        "source": source,
    }
    return dataclasses.field(default=default, metadata=facts)


def declarations(parameters: type) -> dict[str, Declaration]:
    """All declarations of a parameter class by name, in the order in which they stand."""
    return {
        field.name: Declaration(name=field.name, default=float(cast(float, field.default)), **field.metadata)
        for field in dataclasses.fields(parameters)
    }


def nearest_name(name: str, known: Iterable[str]) -> str:
    """The remedy for a misspelt name: a guess at what was meant, or the list of what there is."""
    known = list(known)
    close = difflib.get_close_matches(name, known, n=1)
    return f"did you mean {close[0]!r}?" if close else "known are " + ", ".join(known) + "."


def check_names(names: Iterable[str], known: Mapping[str, Declaration]) -> None:
    """Refuse names that are no parameters.

    Raises:
        InputError: for the first unknown name, with the nearest known one.
    """
    for name in names:
        if name not in known:
            raise InputError(f"There is no parameter {name!r}: {nearest_name(name, known)}")


def check_value(value: float, declaration: Declaration) -> None:
    """Refuse a value outside the bounds of its parameter.

    Raises:
        InputError: naming the parameter, the value and the bounds.
    """
    low, high = declaration.low, declaration.high
    if not (isinstance(value, int | float) and math.isfinite(value) and low <= value <= high):
        raise InputError(
            f"{declaration.name} = {value!r} is out of range: "
            f"give a number from {low:g} to {high:g} ({declaration.unit})."
        )
