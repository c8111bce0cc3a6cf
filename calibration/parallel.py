"""The same work on many items, on as many processes as wanted, in the order asked for."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from typing import TypeVar

from tqdm import tqdm

Item = TypeVar("Item")
Result = TypeVar("Result")


def each(work: Callable[[Item], Result], items: Sequence[Item], label: str, workers: int | None) -> list[Result]:
    """Results of a function, defined at the top level of a module, for every item.

    Args:
        work: what to do with one item.
        items: what to do it with.
        label: what the progress bar says.
        workers: processes; as many as there are processors if left out, none besides this one if 1.
    """
    workers = min(workers or os.cpu_count() or 1, len(items))
    progress = partial(tqdm, total=len(items), desc=label, disable=None, leave=False)
    if workers <= 1:
        return list(progress(map(work, items)))
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        return list(progress(pool.map(work, items)))
