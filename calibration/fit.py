"""The fit: every block of the joint posterior, and the rivals of host choice on the same tours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from calibration.blocks import (
    DEPARTING,
    PARTS,
    REPORTING,
    RHO,
    RIVALS,
    THEMING,
    choice_block,
    departures_block,
    draw_onward,
    leads_on_themes,
    published_shares,
    stops_of,
    themes_block,
    tours_by_window,
)
from calibration.importance import sample_by_importance
from calibration.likelihood import ReportedHostChoice
from calibration.parallel import each
from calibration.priors import draw
from calibration.sampling import Block, Chains, sample
from calibration.targets import Tour, tours_of_2023
from model.parameters import CHOICE, DECLARATIONS, ONWARD
from model.world import china

SIZE = 1000
WALKERS = 32
BLOCKS = (CHOICE, *((name,) for name in ONWARD), (*DEPARTING, "reporting"), THEMING)
# Fits besides the model's own: their terms, and the rho they believe in (1 for no correction, which favours rivals)
OTHER_FITS: dict[str, tuple[tuple[str, ...], float]] = {
    "plain": (CHOICE, 1.0),
    **{name: (terms, 1.0) for name, terms in RIVALS.items()},
    **{name: (terms, RHO) for name, terms in PARTS.items()},
}


@dataclass(frozen=True)
class Lengths:
    """Steps of the chains of each block, and draws of each other fit."""

    choice: int = 16000
    departures: int = 14000
    themes: int = 40000
    others: int = 10000

    def of(self, block: str) -> int:
        """Steps of a block by its name."""
        return int(getattr(self, block))


QUICK = Lengths(choice=400, departures=150, themes=200, others=500)


@dataclass(frozen=True)
class Posterior:
    """Draws of a fit and how they came about.

    Attributes:
        tours: what was fitted.
        draws: one row a draw; columns are parameters, and the share of tours reported.
        others: draws of the weights of host choice by name: ``plain``, the model fitted without the selection
            correction, every rival, likewise, and the model without a part, with it.
        chains: what emcee drew, by block.
        pareto_k: shape of the tail of the importance weights of each of ``others``.
        seed: of the fit.
    """

    tours: tuple[Tour, ...]
    draws: pd.DataFrame
    others: Mapping[str, pd.DataFrame]
    seed: int
    chains: Mapping[str, Chains] = field(default_factory=dict)
    pareto_k: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Chain:
    """A block to sample: its name, the tours, steps and seed."""

    block: str
    tours: tuple[Tour, ...]
    steps: int
    seed: int


def run_chain(work: Chain) -> Chains:
    """Sample one block with emcee."""
    return sample(blocks_of(work.tours)[work.block], steps=work.steps, walkers=WALKERS, seed=work.seed)


def fit(
    seed: int = 1, lengths: Lengths | None = None, tours: Sequence[Tour] | None = None, workers: int | None = None
) -> Posterior:
    """Fit every block to tours, those of 2023 by default, and to the published shares.

    Args:
        seed: of all luck.
        lengths: of chains and other fits.
        tours: what to fit.
        workers: processes.

    Raises:
        InputError: if emcee or arviz is not installed.
    """
    lengths, tours = lengths or Lengths(), tuple(tours or tours_of_2023())
    seeds = np.random.SeedSequence(seed).generate_state(6).tolist()
    work = [Chain(name, tours, lengths.of(name), seeds[place]) for place, name in enumerate(blocks_of(tours))]
    chains = {one.block: found for one, found in zip(work, each(run_chain, work, "blocks", workers), strict=True)}
    choice = ReportedHostChoice(tours, china())
    weighted = {
        name: sample_by_importance(choice_block(choice, terms, rho=rho), seed=seeds[3], size=lengths.others)
        for name, (terms, rho) in OTHER_FITS.items()
    }
    return Posterior(
        tours=tours,
        draws=_side_by_side(chains, draw_onward(stops_of(tours), size=SIZE, seed=seeds[4]), seeds[5]),
        others={name: found.draws(SIZE, seeds[4]) for name, found in weighted.items()},
        seed=seed,
        chains=chains,
        pareto_k={name: found.pareto_k for name, found in weighted.items()},
    )


def blocks_of(tours: Sequence[Tour]) -> dict[str, Block]:
    """The blocks that are sampled, by name; departures only where a tour is dated within 2023."""
    world = china()
    counts = tours_by_window([tour.week for tour in tours if tour.week is not None])
    blocks = {
        "choice": choice_block(ReportedHostChoice(tours, world)),
        "themes": themes_block(leads_on_themes(tours, world), published_shares()),
        "departures": departures_block(counts, world),
    }
    return blocks if counts.any() else {name: blocks[name] for name in ("choice", "themes")}


def _side_by_side(chains: Mapping[str, Chains], onward: pd.DataFrame, seed: int) -> pd.DataFrame:
    """One table of independent blocks, with what no data inform drawn from its prior."""
    rng = np.random.default_rng(seed)
    fitted = [found.draws(SIZE).iloc[rng.permutation(SIZE)].reset_index(drop=True) for found in chains.values()]
    table = pd.concat([*fitted, onward], axis=1)
    prior = prior_table(SIZE, seed).assign(reporting=draw(REPORTING, SIZE, rng))
    return pd.concat([table, prior[[name for name in prior if name not in table]]], axis=1)


def prior_table(size: int, seed: int) -> pd.DataFrame:
    """Independent draws of every uncertain parameter from its prior, one row a draw."""
    rng = np.random.default_rng(seed)
    return pd.DataFrame({
        name: draw(item.prior, size, rng) for name, item in DECLARATIONS.items() if item.prior is not None
    })

