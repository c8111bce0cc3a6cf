"""Variants of one year that are no scenarios of their own: simulated under the same draws and the same luck."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from calibration.posterior import posterior_draws, prior_draws
from model.batch import Batch
from model.declaration import InputError
from model.ensemble import simulate_all
from model.measures import OUTCOMES
from model.parameters import Parameters
from model.run import Run
from scenarios.study.compare import KEYS
from scenarios.study.tables import outcome_table

Variant = Callable[[Parameters], Parameters]
BASELINE = "baseline"


@dataclass(frozen=True)
class Sample:
    """Under which draws and which luck variants are simulated.

    Attributes:
        draws: posterior draws, and as many from the prior.
        replicates: histories for each draw, differing in luck alone.
        seed: of all luck.
        weeks: length of each history.
        fixed: parameters held at a value in every variant, by name.

    Raises:
        InputError: for fewer than two draws or replicates, no weeks, or more draws than there are.
    """

    draws: int = 60
    replicates: int = 2
    seed: int = 1
    weeks: int = 52
    fixed: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if min(self.draws, self.replicates) < 2 or self.weeks < 1:
            raise InputError("Telling parameters from luck needs at least 2 draws, 2 replicates of each, and 1 week.")
        Parameters().having(**self.fixed)
        posterior_draws(self.draws)

    @property
    def bases(self) -> dict[str, list[Parameters]]:
        """Draws of parameters under the posterior, and under the prior to show what the data add."""
        tables = {"posterior": posterior_draws(self.draws), "prior": prior_draws(self.draws)}
        return {basis: [draw.having(**self.fixed) for draw in draws] for basis, draws in tables.items()}

    def record(self) -> dict[str, Any]:
        """The sample as it goes into a manifest."""
        return {**asdict(self), "fixed": dict(self.fixed)}

    def __str__(self) -> str:
        return f"{self.draws} posterior draws x {self.replicates} replicates of {self.weeks} weeks, seed {self.seed}"


def check_free(names: tuple[str, ...], sample: Sample) -> None:
    """Refuse to hold a parameter that the variants change.

    Raises:
        InputError: naming the parameter.
    """
    for name in names:
        if name in sample.fixed:
            raise InputError(f"{name} is what is changed here and cannot be held as well; leave out --set {name}.")


def outcomes_of(variants: Mapping[str, Variant], sample: Sample, workers: int | None = None) -> pd.DataFrame:
    """Outcomes of every history, one row each, with columns as in a comparison; ``scenario`` names the variant."""
    keys, runs = zip(*_runs(variants, sample), strict=True)
    return outcome_table(simulate_all(Batch.of(runs), "histories", workers), pd.DataFrame(keys, columns=KEYS))


def _runs(variants: Mapping[str, Variant], sample: Sample) -> Iterator[tuple[tuple[str, str, int, int], Run]]:
    for basis, draws in sample.bases.items():
        for name, variant in variants.items():
            for draw, base in enumerate(draws):
                changed = variant(base)
                for replicate in range(sample.replicates):
                    luck = draw * sample.replicates + replicate
                    yield (basis, name, draw, replicate), Run(changed, sample.seed, luck, sample.weeks)


def by_draw(outcomes: pd.DataFrame, variant: str, basis: str = "posterior") -> dict[str, NDArray[np.float64]]:
    """Values of every outcome of one variant, shape (draws, replicates) each."""
    rows = outcomes[(outcomes["basis"] == basis) & (outcomes["scenario"] == variant)]
    wide = rows.pivot(index="draw", columns="replicate", values=list(OUTCOMES))
    return {name: np.asarray(wide[name], dtype=float) for name in OUTCOMES}
