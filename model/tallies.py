"""Counting visits history by history, in the form that every log of visits takes."""

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from model.world import World

Numbers = NDArray[np.float64]


class VisitLog(Protocol):
    """Visits of any kind, simulated or observed, of one or many replicates; every array has shape (visits,)."""

    @property
    def world(self) -> World:
        """Where the visits took place."""

    @property
    def replicates(self) -> int:
        """Number of histories, those without any visit included."""

    @property
    def replicate(self) -> NDArray[Any]:
        """Which history each visit belongs to, from 0."""

    @property
    def week(self) -> NDArray[Any]:
        """Week of each visit."""

    @property
    def origin(self) -> NDArray[np.int64]:
        """Province that sends the delegation."""

    @property
    def host(self) -> NDArray[np.int64]:
        """Province that receives it."""


def visit_matrices(log: VisitLog) -> NDArray[np.int64]:
    """Number of visits from each origin to each host, shape (replicates, n, n)."""
    n = log.world.provinces
    cells = (log.replicate * n + log.origin) * n + log.host
    return np.bincount(cells, minlength=log.replicates * n * n).reshape(log.replicates, n, n)


def received(log: VisitLog) -> NDArray[np.int64]:
    """Number of visits each province received, shape (replicates, n)."""
    n = log.world.provinces
    return np.bincount(log.replicate * n + log.host, minlength=log.replicates * n).reshape(log.replicates, n)


def count(log: VisitLog) -> NDArray[np.int64]:
    """Number of visits, shape (replicates,)."""
    return np.bincount(log.replicate, minlength=log.replicates)


def total(log: VisitLog, values: NDArray[Any]) -> Numbers:
    """Sum of a value over visits, shape (replicates,)."""
    return np.asarray(np.bincount(log.replicate, weights=values, minlength=log.replicates), dtype=float)


def mean(log: VisitLog, values: NDArray[Any]) -> Numbers:
    """Mean of a value over visits, shape (replicates,); not a number where there are none."""
    return ratio(total(log, values), count(log))


def ratio(parts: NDArray[Any], wholes: NDArray[Any]) -> Numbers:
    """Parts over wholes; not a number where there is nothing."""
    return np.asarray(np.divide(parts, wholes, out=np.full(len(wholes), np.nan), where=wholes > 0))
