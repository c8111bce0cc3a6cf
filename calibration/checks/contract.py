"""What every check takes and what it ends in."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from calibration.fit import Posterior


@dataclass(frozen=True)
class Sizes:
    """How much work the checks do.

    Attributes:
        years: simulated years of the predictive checks.
        worlds: simulated worlds of each study of recovery.
        ranks: simulated data sets of the check of ranks.
        controls: of these for the negative control.
        draws: of each fit by importance sampling.
        profile: points of each profile, either way.
    """

    years: int = 200
    worlds: int = 110
    ranks: int = 300
    controls: int = 100
    draws: int = 4000
    profile: int = 7


QUICK_SIZES = Sizes(years=6, worlds=3, ranks=4, controls=3, draws=250, profile=2)


@dataclass(frozen=True, eq=False)
class Setting:
    """What is checked, and how thoroughly.

    Attributes:
        posterior: a fit, just made or as shipped.
        facts: what the manifest of the fit says.
        sizes: how much work to do.
        seed: of all luck.
        workers: processes.
    """

    posterior: Posterior
    facts: Mapping[str, float]
    sizes: Sizes
    seed: int
    workers: int | None


@dataclass(frozen=True)
class Check:
    """What a check ends in.

    Attributes:
        name: what the user types.
        question: what it asks.
        passed: the verdict.
        sentence: what was found, with its numbers.
        table: the numbers behind it.
        facts: those that the manifest keeps.
    """

    name: str
    question: str
    passed: bool
    sentence: str
    table: pd.DataFrame
    facts: Mapping[str, float | bool | str] = field(default_factory=dict)

    @property
    def verdict(self) -> str:
        """One line for the terminal."""
        return f"{self.name}: {'passed' if self.passed else 'FAILED'}. {self.sentence}"
