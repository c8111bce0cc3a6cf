"""Luck as a function of its key, so that no decision ever disturbs the luck of another.

The key is (seed, replicate, week, province, purpose, stop, option). A counter-based generator turns it into a number:
Philox 4x64 keyed by (seed, replicate) and started at the counter (0, week, province, purpose and stop); the option,
a host or a theme, is the place in the sequence that follows. Nothing is stored, draws can be asked for in any order,
and two scenarios that share seed and replicate share luck decision by decision (Salmon et al. 2011 for the generator;
Klein et al. 2024 for the use of common random numbers in agent-based models).
"""

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

STOPS_PER_PURPOSE = 16


class Purpose(IntEnum):
    """What a draw decides; the numbers are part of the key and never change their meaning."""

    DEPARTURE = 0
    PLANNED = 1
    HOST = 2
    ONWARD = 3
    THEMES = 4
    FOCUS = 5
    AGREEMENT = 6


class Luck:
    """The luck of one replicate of one seed.

    Args:
        seed: from 0 to 2**64 - 1.
        replicate: from 0 to 2**64 - 1.
    """

    def __init__(self, seed: int, replicate: int) -> None:
        self._key = np.array([seed, replicate], dtype=np.uint64)

    def draws(self, week: int, province: int, purpose: Purpose, stop: int, options: int) -> NDArray[np.float64]:
        """Luck of each option of one decision: shape (options,), each strictly between 0 and 1."""
        place = purpose * STOPS_PER_PURPOSE + stop
        counter = np.array([0, week, province, place], dtype=np.uint64)
        return to_unit_interval(np.random.Philox(counter=counter, key=self._key).random_raw(options))

    def draw(self, week: int, province: int, purpose: Purpose, stop: int = 0) -> float:
        """Luck of a decision with a single option."""
        return float(self.draws(week, province, purpose, stop, 1)[0])


def to_unit_interval(raw: NDArray[np.uint64]) -> NDArray[np.float64]:
    """Random 64-bit words as numbers strictly between 0 and 1, from their upper 52 bits."""
    numbers: NDArray[np.float64] = ((raw >> np.uint64(12)).astype(np.float64) + 0.5) * 2.0**-52
    return numbers
