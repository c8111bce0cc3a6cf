"""What the live page is set with: how far each slider goes, and how words typed become settings."""

from collections.abc import Mapping
from dataclasses import replace

from model.declaration import Declaration, InputError
from model.parameters import DECLARATIONS
from scenarios.study.side_by_side import Settings

SPREAD_OF_PRIOR, TIMES_DEFAULT = 3.0, 4.0
GROUPS = tuple(dict.fromkeys(item.group for item in DECLARATIONS.values()))


def of_group(group: str) -> list[Declaration]:
    """Return the parameters of a group, as declared."""
    return [item for item in DECLARATIONS.values() if item.group == group]


def slider_range(item: Declaration, value: float) -> tuple[float, float]:
    """Return the ends of a parameter's slider: where the action is, inside the bounds, and the value itself."""
    low, high = item.low, item.high
    if item.prior and item.prior.family == "normal":
        reach = SPREAD_OF_PRIOR * item.prior.second
        low, high = max(low, item.prior.first - reach), min(high, item.prior.first + reach)
    elif item.default and high > 1.0:
        low, high = max(low, -TIMES_DEFAULT * item.default), min(high, TIMES_DEFAULT * item.default)
    return min(low, value), max(high, value)


def label(item: Declaration, value: float) -> str:
    """Return what stands over a slider: name, value and unit."""
    return f"{item.name.replace('_', ' ')}: {value:.4g} {item.unit}"


def bounds(item: Declaration) -> str:
    """Return the bounds of a parameter and its meaning."""
    return f"{item.sentence} From {item.low:g} to {item.high:g}; {item.status}."


def moved(settings: Settings, name: str, value: object) -> Settings:
    """Return the settings with a parameter moved to a value, typed or slid.

    Raises:
        InputError: for what is no number, or out of bounds.
    """
    try:
        number = float(str(value))
    except ValueError:
        example = f"{DECLARATIONS[name].default:g}"
        raise InputError(f"{name} = {value!r} is no number: write one, such as {example}.") from None
    return replace(settings, moved=_without_idle({**settings.moved, name: float(f"{number:.4g}")}, settings))


def reseeded(settings: Settings, typed: str) -> Settings:
    """Return the settings with another seed, as typed.

    Raises:
        InputError: for what is no seed.
    """
    try:
        return replace(settings, seed=int(typed))
    except ValueError as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"The seed {typed!r} is no whole number: write one, such as 1.") from None


def _without_idle(values: Mapping[str, float], settings: Settings) -> dict[str, float]:
    """What differs, in the digits shown, from the scenario's own values."""
    own = Settings(settings.scenario).shown.values()
    return {name: value for name, value in values.items() if f"{value:.4g}" != f"{own[name]:.4g}"}
