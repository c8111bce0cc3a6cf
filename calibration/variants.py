"""The choice of hosts fitted in other ways: other data, other selection, other priors, another mechanism.

Each variant answers one objection. All are fitted by importance sampling, the shipped fit once more among them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from calibration.blocks import AGNOSTIC, RHO, choice_block
from calibration.completion import CompletedHostChoice
from calibration.importance import sample_by_importance
from calibration.likelihood import HostChoice, ReportedHostChoice
from calibration.sampling import Block
from calibration.targets import Tour, tours_of_2012_2016
from model.declaration import Prior
from model.parameters import CHOICE, WEAK, Parameters
from model.world import World, china

Numbers = NDArray[np.float64]

RHO_PRIOR = Prior("beta", 1.0, 9.0)
POWERS = (0.25, 0.5, 1.0)
WIDTHS = (1.0, 1.5, 2.5)
SHARES_ON_RECORD = (0.7, 0.5, 0.35)
SHIPPED = "as shipped"
NOT_STATED = "not stated"
INSIDE = "share inside clusters"


@dataclass(frozen=True)
class Variant:
    """A fit by another way.

    Attributes:
        family: the objection it answers.
        name: what is different.
        block: the weights, with priors and likelihood.
    """

    family: str
    name: str
    block: Block


class WaveChoice(ReportedHostChoice):
    """Host choice with one more weight: an extra pull inside clusters in the weeks of the spring wave."""

    terms = (*CHOICE, "cluster_in_wave")

    def __init__(self, tours: Sequence[Tour], world: World, parameters: Parameters | None = None) -> None:
        super().__init__(tours, world, parameters)
        wave = [tour.week is not None and bool(world.calendar.spring_wave[tour.week % 52]) for tour in tours]
        extra = np.array(wave)[:, None] * world.inside[self.origins]
        self.pulls = np.concatenate([self.pulls, extra[None].astype(float)])


def variants(tours: Sequence[Tour]) -> Iterator[Variant]:
    """Every variant, the shipped fit first; those on the article only where a tour is of the article."""
    whole = ReportedHostChoice(tours, china())
    yield Variant(SHIPPED, f"all tours, rho {RHO:g}", choice_block(whole))
    yield from _of_selection("all tours", tours)
    article = [tour for tour in tours if tour.in_article]
    if article:
        yield from _of_selection("article alone", article)
        yield Variant("article alone", f"rho {RHO:g}", choice_block(ReportedHostChoice(article, china())))
    yield from _of_priors(whole)
    yield from _of_other_years(tours)
    yield from _of_doubtful_tours(tours)
    for share in SHARES_ON_RECORD:
        completed = CompletedHostChoice(tours, china(), share=share)
        yield Variant("unreported visits", f"completed, {share:.0%} on record", choice_block(completed))
    block = choice_block(WaveChoice(tours, china()), WaveChoice.terms)
    yield Variant("mechanism", "pull inside clusters stronger in the spring wave", block)


def _of_selection(family: str, tours: Sequence[Tour]) -> Iterator[Variant]:
    choice = ReportedHostChoice(tours, china())
    for rho in (AGNOSTIC, 0.02, 0.5, 1.0):
        yield Variant(family, f"rho {rho:g}", choice_block(choice, rho=rho))
    yield Variant(family, f"rho ~ {RHO_PRIOR}", choice_block(choice, rho=RHO_PRIOR))


def _of_priors(choice: ReportedHostChoice) -> Iterator[Variant]:
    for width in WIDTHS:
        yield Variant("prior width", f"N(0, {width:g})", choice_block(choice, widening=width / WEAK.second))


def _of_other_years(tours: Sequence[Tour]) -> Iterator[Variant]:
    """The power prior: the tours of 2012-2016, which test the shipped fit, join it with part of their weight."""
    earlier = tours_of_2012_2016()
    choice = ReportedHostChoice([*tours, *earlier], china())
    for power in POWERS:
        weights = np.array([1.0] * len(tours) + [power] * len(earlier))
        yield Variant("power prior", f"2012-2016 with power {power:g}", choice_block(choice, weights=weights))


def _of_doubtful_tours(tours: Sequence[Tour]) -> Iterator[Variant]:
    """Without some tours, which leave the record too."""
    kept = {
        "led by number ones only": [tour for tour in tours if tour.led_by_number_one],
        "without leaders not stated": [tour for tour in tours if tour.leader != NOT_STATED],
        "without years inferred": [tour for tour in tours if tour.year_known],
        "without tours not found again": [tour for tour in tours if tour.confirmed],
    }
    for name, rest in kept.items():
        if 0 < len(rest) < len(tours):
            block = choice_block(ReportedHostChoice(rest, china()))
            yield Variant("doubtful tours", f"{name} ({len(rest)} tours)", block)


def fit_variant(variant: Variant, tours: Sequence[Tour], seed: int, size: int) -> pd.DataFrame:
    """One row a weight, and one for the share of first stops inside clusters that the fit expects of these tours.

    Returns:
        Columns family, variant, parameter, mean, sd, low, high (90%), k.
    """
    weighted = sample_by_importance(variant.block, seed=seed, size=size)
    draws = weighted.draws(size, seed)
    draws[INSIDE] = share_inside(draws.reindex(columns=list(CHOICE), fill_value=0.0).to_numpy(), tours)
    low, high = draws.quantile(0.05), draws.quantile(0.95)
    table = pd.DataFrame({"mean": draws.mean(), "sd": draws.std(), "low": low, "high": high})
    table.insert(0, "variant", variant.name)
    table.insert(0, "family", variant.family)
    return table.assign(k=weighted.pareto_k).rename_axis("parameter").reset_index()


def share_inside(weights: Numbers, tours: Sequence[Tour]) -> Numbers:
    """Expected share of first stops inside a cluster if these origins set out afresh, shape (draws,)."""
    world = china()
    origins = [Tour("", tour.origin, tour.hosts[:1]) for tour in tours]
    choice = HostChoice(origins, world)
    inside = world.inside[choice.origins]
    return np.concatenate([_mean_inside(choice, some, inside) for some in np.array_split(weights, 20)])


def _mean_inside(choice: HostChoice, weights: Numbers, inside: NDArray[np.bool_]) -> Numbers:
    appeals = choice.appeals(weights)
    appeals[:, np.arange(len(inside)), choice.origins] = -np.inf
    odds = np.exp(appeals - appeals.max(axis=2, keepdims=True))
    return np.asarray(((odds * inside).sum(axis=2) / odds.sum(axis=2)).mean(axis=1))


def bands(table: pd.DataFrame) -> pd.DataFrame:
    """Two bands of what depends on the article's selection: agnostic about it, and informed by the assumed rho.

    The agnostic band runs from the lowest to the highest bound over every rho, from nothing told outside to everything.

    Args:
        table: rows of ``fit_variant`` for the variants of selection and the shipped fit.

    Returns:
        Rows cluster, hinterland and INSIDE; columns low_agnostic, high_agnostic, low_informed, high_informed.
    """
    chosen = table[table["parameter"].isin(["cluster", "hinterland", INSIDE])]
    every = chosen[chosen["family"].isin([SHIPPED, "all tours"])].groupby("parameter", sort=False)
    informed = chosen[chosen["family"] == SHIPPED].set_index("parameter")
    return pd.DataFrame({
        "low_agnostic": every["low"].min(), "high_agnostic": every["high"].max(),
        "low_informed": informed["low"], "high_informed": informed["high"],
    }).rename_axis("quantity")

