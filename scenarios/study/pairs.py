"""Official pairs added to the world: what any set of them changes, and which single pairs close most gap per visit."""

import os
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from tqdm import tqdm

from model.batch import Batch
from model.declaration import InputError, nearest_name
from model.ensemble import simulate, simulate_all
from model.history import Histories
from model.measures import OUTCOMES
from model.run import Run
from model.world import World, china
from scenarios.study.compare import KEYS
from scenarios.study.differences import expected_interval, paired_differences, standard_error
from scenarios.study.tables import outcome_table
from scenarios.study.variants import BASELINE, Sample

Pair = tuple[str, str]
Numbers = NDArray[np.float64]
TOGETHER = "all together"
SCREENED, SCREENING_DRAWS = 40, 20
COLUMNS = (
    "one", "other", "baseline", "difference", "expected_low", "expected_high", "standard_error", "draws", "replicates",
)


def pair_of(words: str, world: World) -> Pair:
    """Two provinces from words like ``Guangdong-Guizhou``, in any order.

    Raises:
        InputError: for other words, an unknown province, one with itself, or two that are partners already.
    """
    one, _, other = (part.strip() for part in words.partition("-"))
    for name in (one, other):
        if name not in world.names:
            raise InputError(f"There is no province {name!r}: {nearest_name(name, world.names)}")
    if one == other:
        raise InputError(f"{one} cannot be its own partner; name two provinces, as in Guangdong-Guizhou.")
    if world.paired[world.index(one), world.index(other)]:
        raise InputError(f"{one} and {other} are official partners already; name another pair.")
    return one, other


def with_pairs(world: World, pairs: Iterable[Pair]) -> World:
    """The same world with these official partners besides."""
    paired = world.paired.copy()
    for one, other in pairs:
        i, j = world.index(one), world.index(other)
        paired[i, j] = paired[j, i] = True
    return replace(world, paired=paired)


def added_pairs(pairs: Sequence[Pair], sample: Sample | None = None, workers: int | None = None) -> pd.DataFrame:
    """Paired differences of every outcome when official pairs are added, each by itself and all together.

    The outcome that counts visits between official partners counts the added ones too.

    Returns:
        As ``paired_differences``; the scenario names the pair, or TOGETHER where there are several.
    """
    sample, world = sample or Sample(), china()
    sets: dict[str, list[Pair]] = {BASELINE: [], **{"-".join(pair): [pair] for pair in pairs}}
    if len(pairs) > 1:
        sets[TOGETHER] = list(pairs)
    tables = []
    for basis in sample.bases:
        batch = _batch(sample, basis)
        for name, added in sets.items():
            histories = simulate_all(batch, name, workers, with_pairs(world, added))
            tables.append(outcome_table(histories, _keys(sample, basis, name)))
    return paired_differences(pd.concat(tables, ignore_index=True), BASELINE)


def best_pairs(
    count: int = 10, sample: Sample | None = None, workers: int | None = None, screened: int = SCREENED
) -> pd.DataFrame:
    """The single new pairs that raise the gap closed per visit most, with the expected difference, 90%.

    Every pair that is not official is screened under a few draws; the best of those are measured under other draws, so
    that the luck of the screening lifts no interval.

    Args:
        count: how many to return.
        sample: draws and luck of the measurement.
        workers: threads.
        screened: how many go from the screening into the measurement.

    Returns:
        Columns COLUMNS, the best first; the difference is in capability index x 1000 of mean gap closed, per visit.
    """
    sample = sample or Sample()
    screening = replace(sample, draws=SCREENING_DRAWS)
    first = _measured(_all_pairs(china()), _batch(screening, "posterior", sample.draws), screening, workers)
    chosen = list(zip(first["one"].head(screened), first["other"].head(screened), strict=True))
    return _measured(chosen, _batch(sample, "posterior"), sample, workers).head(count)


def gap_closed_per_visit(histories: Histories) -> Numbers:
    """Fall of the mean distance to the best province over provinces and domains, capability x 1000 per visit, (r,)."""
    ends = histories.capability[:, [0, -1]]
    behind = (ends.max(axis=2, keepdims=True) - ends).mean(axis=(2, 3))
    visits = OUTCOMES["visits"].measure(histories)
    fall = 1000.0 * histories.world.provinces * (behind[:, 0] - behind[:, 1])
    return np.asarray(np.divide(fall, visits, out=np.full(len(fall), np.nan), where=visits > 0))


def _all_pairs(world: World) -> list[Pair]:
    one, other = np.nonzero(np.triu(~world.paired, k=1))
    return [(world.names[i], world.names[j]) for i, j in zip(one, other, strict=True)]


def _measured(pairs: list[Pair], batch: Batch, sample: Sample, workers: int | None) -> pd.DataFrame:
    """What each pair adds to the gap closed per visit, the most first."""
    world, shape = china(), (sample.draws, sample.replicates)
    base = gap_closed_per_visit(simulate_all(batch, "baseline", workers)).reshape(shape)

    def added(pair: Pair) -> Numbers:
        return gap_closed_per_visit(simulate(with_pairs(world, [pair]), batch)).reshape(shape) - base

    with ThreadPoolExecutor(workers or os.cpu_count()) as pool:
        found = list(tqdm(pool.map(added, pairs), "pairs", len(pairs), disable=None, leave=False))
    rows = [(*pair, float(np.nanmean(base)), *_told(values), *shape) for pair, values in zip(pairs, found, strict=True)]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return table.sort_values("difference", ascending=False, kind="stable", ignore_index=True)


def _told(values: Numbers) -> tuple[float, float, float, float]:
    measured = values[~np.isnan(values).any(axis=1)]
    if len(measured) < 2:
        return (np.nan,) * 4
    return float(measured.mean()), *expected_interval(measured), standard_error(measured)


def _batch(sample: Sample, basis: str, first: int = 0) -> Batch:
    """Every history of a sample; with ``first``, of as many further posterior draws from that one on."""
    draws = replace(sample, draws=first + sample.draws).bases[basis][first:]
    return Batch.of([
        Run(draw, sample.seed, (first + place) * sample.replicates + replicate, sample.weeks)
        for place, draw in enumerate(draws)
        for replicate in range(sample.replicates)
    ])


def _keys(sample: Sample, basis: str, name: str) -> pd.DataFrame:
    places = [(basis, name, draw, replicate) for draw in range(sample.draws) for replicate in range(sample.replicates)]
    return pd.DataFrame(places, columns=KEYS)


def best_told(best: pd.DataFrame, sample: Sample) -> str:
    """The best pairs as a small table."""
    lines = [
        f"Official pairs that add most to the gap closed per visit (assumed rates): {sample}; expected 90%.",
        "Capability x 1000 of the mean gap to the best, summed over provinces, for each visit; without them "
        f"{best['baseline'].iloc[0]:.4f}.",
    ]
    for place, row in enumerate(best.to_dict("records"), start=1):
        interval = f"({row['expected_low']:+.4f} to {row['expected_high']:+.4f})"
        lines.append(f"{place:>3}  {row['one']:<16}{row['other']:<16}{row['difference']:>+9.4f}  {interval}")
    return "\n".join(lines)


def added_told(differences: pd.DataFrame, sample: Sample) -> str:
    """What the added pairs change, an outcome a line and a set of pairs a block; what nothing changes is left out."""
    lines = [f"Official pairs added: {sample}; paired differences from the pairs of 2023, expected 90%."]
    posterior = differences[differences["basis"] == "posterior"]
    for name, rows in posterior.groupby("scenario", sort=False):
        lines += ["", str(name)]
        for row in rows[rows["difference"].abs() > 0].to_dict("records"):
            interval = f"({row['expected_low']:+.3g} to {row['expected_high']:+.3g})"
            told = f"{row['difference']:>+10.3g}  {interval:<28}{row['verdict']} ({row['rests_on']})"
            lines.append(f"  {row['outcome']:<32}{told}")
    return "\n".join(lines)
