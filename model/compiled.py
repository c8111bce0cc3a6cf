"""The rules and the luck as machine code: the same functions, compiled by numba, for whole histories at once.

The rules are not written again. Each function of ``rules.py`` is given to numba as it stands, in a module of its own
where the rules that call one another find their compiled selves. Luck is Philox 4x64-10 (Salmon et al. 2011), which
needs the upper half of a product of two words; that is one instruction of the processor, reached through LLVM.
"""

import hashlib
import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import resources
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

ROUNDS = 10
MULTIPLIERS = (np.uint64(0xD2E7470EE14C6C93), np.uint64(0xCA5A826395121157))
INCREMENTS = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBB67AE8584CAA73B))
WORDS = 4
# Divisions by zero give infinity, as the rules rule them out; nothing is reordered, so that bits stay as they are.
compiled = numba.njit(error_model="numpy", fastmath=False, _nrt=False)
allocating = numba.njit(error_model="numpy", fastmath=False)


def compiled_rules() -> ModuleType:
    """A module with every rule compiled, under its own name."""
    module = ModuleType("model.compiled_rules")
    for name, value in vars(plain).items():
        if inspect.isfunction(value):
            value = compiled(FunctionType(value.__code__, vars(module), name))
        setattr(module, name, value)
    return module


rules = compiled_rules()


def source_hash() -> str:
    """Hash of the source of the model, and of numba's version: what compiled code depends on."""
    files = sorted(Path(str(resources.files("model"))).rglob("*.py"))
    digest = hashlib.sha256(numba.__version__.encode())
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()


@contextmanager
def kept_by_source() -> Iterator[None]:
    """Keep what is compiled for the next start, in a folder named by the source: numba alone misses changed callees."""
    before = config.CACHE_DIR
    config.CACHE_DIR = str(Path.home() / ".cache" / "policy-learning" / source_hash()[:16])
    try:
        yield
    finally:
        config.CACHE_DIR = before


def kernel(function: Callable[..., Any]) -> Any:
    """Compile a function that others call from Python: without the interpreter's lock, and kept between starts."""
    with kept_by_source():
        return numba.njit(error_model="numpy", fastmath=False, nogil=True, cache=True)(function)


@intrinsic  # type: ignore[untyped-decorator]
def upper_half(_: Any, one: Any, other: Any) -> Any:
    """Upper 64 bits of the product of two 64-bit words."""

    def generate(context: Any, builder: Any, signature: Any, words: Any) -> Any:
        wide = context.get_value_type(types.uint64).__class__(128)
        product = builder.mul(builder.zext(words[0], wide), builder.zext(words[1], wide))
        return builder.trunc(builder.lshr(product, wide(64)), words[0].type)

    return types.uint64(types.uint64, types.uint64), generate


@compiled
def philox(seed, replicate, block, week, province, place):  # type: ignore[no-untyped-def]
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
def to_unit_interval(word):  # type: ignore[no-untyped-def]
    """A random word as a number strictly between 0 and 1, from its upper 52 bits."""
    return (np.float64(word >> np.uint64(12)) + 0.5) * 2.0**-52


@compiled
def draw(seed, replicate, week, province, purpose, stop):  # type: ignore[no-untyped-def]
    """Luck of a decision with a single option."""
    place = purpose * STOPS_PER_PURPOSE + stop
    return to_unit_interval(philox(seed, replicate, 0, week, province, place)[0])


@compiled
def draw_options(seed, replicate, week, province, purpose, stop, luck):  # type: ignore[no-untyped-def]
    """Fill ``luck`` with the luck of each option of one decision."""
    place = purpose * STOPS_PER_PURPOSE + stop
    for block in range((len(luck) + WORDS - 1) // WORDS):
        words = philox(seed, replicate, block, week, province, place)
        for word in range(min(WORDS, len(luck) - WORDS * block)):
            luck[WORDS * block + word] = to_unit_interval(words[word])
