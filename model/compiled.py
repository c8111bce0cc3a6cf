"""The rules and the luck as machine code: the same functions, compiled by numba, for whole histories at once.

The rules are not written again. Each function of ``rules.py`` is given to numba as it stands, in a module of its own
where the rules that call one another find their compiled selves. Luck is Philox 4x64-10 (Salmon et al. 2011), which
needs the upper half of a product of two words; that is one instruction of the processor, reached through LLVM.
"""

# mypy: disable-error-code="no-untyped-def, no-untyped-call"

import inspect
import os
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import numba
import numpy as np
from numba import types
from numba.core import config
from numba.extending import intrinsic

from model import rules as plain
from model.chance import STOPS_PER_PURPOSE
from model.source import source_hash

ROUNDS = 10
MULTIPLIERS = (np.uint64(0xD2E7470EE14C6C93), np.uint64(0xCA5A826395121157))
INCREMENTS = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBB67AE8584CAA73B))
WORDS = 4
FOLDERS_KEPT = 8

# Divisions by zero give infinity, as the rules rule them out; nothing is reordered, so that bits stay as they are.
njit: Any = partial(numba.njit, error_model="numpy", fastmath=False)
allocating = njit()
# Without counting references to arrays: a third faster, and it may allocate none.
compiled = njit(_nrt=False)


def compiled_rules() -> ModuleType:
    """A module with every rule compiled, under its own name."""
    module = ModuleType("model.compiled_rules")
    for name, value in vars(plain).items():
        if inspect.isfunction(value):
            value = compiled(FunctionType(value.__code__, vars(module), name))
        setattr(module, name, value)
    return module


rules = compiled_rules()


def cache_folder() -> Path | None:
    """Folder for what is compiled from this very source, or None where none can be written; old ones are removed."""
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "policy-learning"
    folder = caches / f"{source_hash()[:16]}-numba-{numba.__version__}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        os.utime(folder)
        others = sorted(set(caches.iterdir()) - {folder}, key=lambda each: each.stat().st_mtime)
    except OSError:
        return None
    for old in others[: 1 - FOLDERS_KEPT]:
        shutil.rmtree(old, ignore_errors=True)
    return folder


def is_kept() -> bool:
    """Whether this very source was compiled before and kept."""
    folder = cache_folder()
    return folder is not None and any(folder.rglob("*.nbi"))


def kernel(function: Callable[..., Any]) -> Any:
    """Compile a function that others call from Python: without the interpreter's lock, and kept between starts.

    numba's own cache misses a change in a function that is called from another file, so it gets a folder by the source.
    """
    folder = cache_folder()
    if folder is None:
        return njit(nogil=True)(function)
    settings: Any = config
    before, settings.CACHE_DIR = settings.CACHE_DIR, str(folder)
    try:
        return njit(nogil=True, cache=True)(function)
    finally:
        settings.CACHE_DIR = before


def _upper_half(_: Any, one: Any, other: Any) -> Any:
    """Upper 64 bits of the product of two 64-bit words."""

    def generate(context: Any, builder: Any, signature: Any, words: Any) -> Any:
        wide = context.get_value_type(types.uint64).__class__(128)
        product = builder.mul(builder.zext(words[0], wide), builder.zext(words[1], wide))
        return builder.trunc(builder.lshr(product, wide(64)), words[0].type)

    return types.uint64(types.uint64, types.uint64), generate


upper_half: Any = intrinsic(_upper_half)


@compiled
def philox(seed, replicate, block, week, province, place):
    """Four 64-bit words of the sequence of one decision, from the block that starts at ``WORDS * block``."""
    zero, one, two, three = np.uint64(block + 1), np.uint64(week), np.uint64(province), np.uint64(place)
    key, other_key = seed, replicate
    for _ in range(ROUNDS):
        high, low = upper_half(MULTIPLIERS[0], zero), MULTIPLIERS[0] * zero
        other_high, other_low = upper_half(MULTIPLIERS[1], two), MULTIPLIERS[1] * two
        zero, one, two, three = other_high ^ one ^ key, other_low, high ^ three ^ other_key, low
        key, other_key = key + INCREMENTS[0], other_key + INCREMENTS[1]
    return zero, one, two, three


@compiled
def to_unit_interval(word):
    """A random word as a number strictly between 0 and 1, from its upper 52 bits."""
    return (np.float64(word >> np.uint64(12)) + 0.5) * 2.0**-52


@compiled
def draw(seed, replicate, week, province, purpose, stop):
    """Luck of a decision with a single option."""
    place = purpose * STOPS_PER_PURPOSE + stop
    return to_unit_interval(philox(seed, replicate, 0, week, province, place)[0])


@compiled
def draw_options(seed, replicate, week, province, purpose, stop, luck):
    """Fill ``luck`` with the luck of each option of one decision."""
    place = purpose * STOPS_PER_PURPOSE + stop
    for block in range((len(luck) + WORDS - 1) // WORDS):
        words = philox(seed, replicate, block, week, province, place)
        for word in range(min(WORDS, len(luck) - WORDS * block)):
            luck[WORDS * block + word] = to_unit_interval(words[word])
