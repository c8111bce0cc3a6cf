"""The benchmark as a whole: everything measured in one run, told as ratios."""

import platform
from collections.abc import Callable
from typing import Any

from tqdm import tqdm

from benchmarks.measure import (
    batch_run_seconds,
    compiled_seconds,
    exponent,
    first_result_seconds,
    made_up_world,
    mesa_seconds,
    numpy_seconds,
    peak_megabytes,
    same_visits,
)

BATCH_RUN, COMPILED = "mesa.batch_run, 2 processes", "compiled engine, 2 threads"
REGIONS, LENGTHS = (31, 300, 3000), (52, 520)
HISTORIES_OF = {31: 500, 300: 16, 3000: 1}


def benchmark(*, quick: bool = False) -> dict[str, Any]:
    """Measure the engines side by side, on the same histories of 52 weeks and 31 provinces unless said otherwise.

    Args:
        quick: fewer histories, no large worlds, no cold start.

    Returns:
        ``seconds_per_history`` by engine; ``ratio_over_batch_run``; ``faster_than_batch_run`` by engine; whether all
        engines told the ``same_visits``; and where not quick, ``growth``, ``first_result`` and ``peak_megabytes``.
    """
    many = 400 if quick else 2000
    work: dict[str, Callable[[], float]] = {
        BATCH_RUN: lambda: batch_run_seconds(16 if quick else 60),
        "Mesa engine": lambda: mesa_seconds(6 if quick else 30),
        "plain NumPy": lambda: numpy_seconds(6 if quick else 30),
        "compiled engine, 1 thread": lambda: compiled_seconds(many),
        COMPILED: lambda: compiled_seconds(2 * many, threads=2),
    }
    seconds = {name: each() for name, each in tqdm(work.items(), desc="engines", disable=None, leave=False)}
    found = {
        "machine": {"architecture": platform.machine(), "python": platform.python_version()},
        "seconds_per_history": seconds,
        "ratio_over_batch_run": seconds[BATCH_RUN] / seconds[COMPILED],
        "faster_than_batch_run": {name: seconds[BATCH_RUN] / each for name, each in seconds.items()},
        "same_visits": same_visits(),
    }
    if quick:
        return found
    return {**found, "growth": growth(), "first_result": first_result_seconds(), "peak_megabytes": peak_megabytes()}


def growth() -> dict[str, Any]:
    """Seconds per history of the compiled engine on one thread, by regions and by weeks, with the exponents."""
    by_regions = {
        regions: compiled_seconds(HISTORIES_OF[regions], world=made_up_world(regions))
        for regions in tqdm(REGIONS, desc="regions", disable=None, leave=False)
    }
    by_weeks = {weeks: compiled_seconds(300, weeks=weeks) for weeks in LENGTHS}
    return {
        "regions": by_regions,
        "exponent_of_regions": exponent(REGIONS, list(by_regions.values())),
        "exponent_from_300_regions": exponent(REGIONS[1:], list(by_regions.values())[1:]),
        "plain_numpy_at_300": numpy_seconds(1, made_up_world(300)),
        "weeks": by_weeks,
        "exponent_of_weeks": exponent(LENGTHS, list(by_weeks.values())),
    }


def as_text(found: dict[str, Any]) -> str:
    """The findings as a table of ratios."""
    seconds, ratios = found["seconds_per_history"], found["faster_than_batch_run"]
    lines = [
        f"{'31 provinces, 52 weeks':<32}{'ms per history':>16}{'times mesa.batch_run':>22}",
        *(f"{name:<32}{1000 * each:>16.3g}{ratios[name]:>22.3g}" for name, each in seconds.items()),
        "",
        "All three engines told the same visits." if found["same_visits"] else "THE ENGINES TOLD DIFFERENT VISITS.",
        "batch_run keeps its data collector's tables, and the start of its processes is taken off.",
    ]
    return "\n".join([*lines, *(_grown(found) if "growth" in found else [])])


def _grown(found: dict[str, Any]) -> list[str]:
    growth, first = found["growth"], found["first_result"]
    regions = ", ".join(f"{regions}: {1000 * each:.3g} ms" for regions, each in growth["regions"].items())
    weeks = ", ".join(f"{weeks}: {1000 * each:.3g} ms" for weeks, each in growth["weeks"].items())
    return [
        "",
        f"By regions, one thread: {regions}",
        f"  exponent {growth['exponent_of_regions']:.2f}, from 300 on {growth['exponent_from_300_regions']:.2f}; "
        f"plain NumPy at 300: {1000 * growth['plain_numpy_at_300']:.3g} ms",
        f"By weeks, one thread: {weeks}; exponent {growth['exponent_of_weeks']:.2f}",
        f"First result after {first['cold']:.1f} s where nothing is compiled yet, {first['warm']:.1f} s after that.",
        f"Peak memory while sweeping on two threads: {found['peak_megabytes']:,.0f} MB; reading back adds to it.",
    ]
