"""Histories as tidy tables, each row with the keys of the history it belongs to."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.history import Histories
from model.measures import measure_all
from model.run import Run
from model.world import DOMAINS

MOMENTS = ("start", "end")


def outcome_table(histories: Histories, keys: pd.DataFrame) -> pd.DataFrame:
    """Every outcome, one row a history.

    Args:
        histories: r of them.
        keys: what tells them apart, r rows.
    """
    return keys.assign(**measure_all(histories))


def visit_table(histories: Histories, keys: pd.DataFrame) -> pd.DataFrame:
    """The visit logs, one row a stop."""
    return _keyed(histories.table(), keys, histories.replicate)


def capability_table(histories: Histories, keys: pd.DataFrame) -> pd.DataFrame:
    """Capability at start and end by domain, one row a history, moment and province."""
    names = histories.world.names
    values = histories.capability[:, [0, -1]].reshape(-1, len(DOMAINS))
    table = pd.DataFrame(values, columns=list(DOMAINS))
    table.insert(0, "moment", np.tile(np.repeat(MOMENTS, len(names)), len(keys)))
    return _keyed(table.assign(province=np.tile(names, len(MOMENTS) * len(keys))), keys,
                  np.repeat(np.arange(len(keys)), len(MOMENTS) * len(names)))


def parameter_table(keys: pd.DataFrame, runs: Sequence[Run]) -> pd.DataFrame:
    """Every parameter of every run, one row for each time they change: ``from_week`` is -1 for the start."""
    rows = [
        {**key, "from_week": week, **parameters.values()}
        for key, run in zip(keys.to_dict("records"), runs, strict=True)
        for week, parameters in [(-1, run.parameters), *(run.later or {}).items()]
    ]
    return pd.DataFrame(rows)


def _keyed(table: pd.DataFrame, keys: pd.DataFrame, of_row: NDArray[np.int64]) -> pd.DataFrame:
    return table.assign(**{str(name): keys[name].to_numpy()[of_row] for name in keys})
