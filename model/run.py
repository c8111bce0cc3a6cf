"""One history to simulate, by either engine."""

from collections.abc import Mapping
from dataclasses import dataclass

from model.parameters import Parameters


@dataclass(frozen=True)
class Run:
    """What to simulate: parameters, key of its luck, length, and parameters that hold from later weeks on."""

    parameters: Parameters
    seed: int
    replicate: int
    weeks: int = 52
    later: Mapping[int, Parameters] | None = None
