"""A whole calibration: fit, variants, checks; every table goes to a folder, from which the report is written."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from calibration.checks import CHECKS, QUICK_SIZES, Check, Setting, Sizes
from calibration.fit import OTHER_FITS, QUICK, Lengths, Posterior, fit
from calibration.identification import correlations, identification, profile_intervals, profiles
from calibration.inference_data import save_inference_data
from calibration.posterior import SHIPPED, note_down, save, shipped_draws
from calibration.score import score_draws
from calibration.targets import Tour, tours_of_2012_2016, tours_of_2023
from calibration.variants import bands, fit_variant, variants

ALL = "all"


@dataclass(frozen=True)
class Order:
    """What to calibrate and how.

    Attributes:
        tours: to fit; those of 2023 if None.
        quick: a short run, to see that all works; nothing of it is to be believed.
        seed: of all luck.
        workers: processes.
    """

    tours: tuple[Tour, ...] | None
    quick: bool
    seed: int
    workers: int | None

    @property
    def sizes(self) -> Sizes:
        """How much work the checks do."""
        return QUICK_SIZES if self.quick else Sizes()


def fit_and_describe(order: Order, folder: Path) -> Posterior:
    """Fit, and write the posterior with all that describes it; checks are another matter.

    Raises:
        InputError: if emcee or arviz is not installed.
    """
    posterior = fit(order.seed, QUICK if order.quick else Lengths(), order.tours, order.workers)
    save(posterior, folder)
    save_inference_data(posterior, folder / "posterior.nc")
    outlines = profiles(posterior, order.workers)
    table = identification(posterior).join(profile_intervals(outlines))
    others = variant_table(posterior, order)
    _write(folder, {
        "identification": table, "correlations": correlations(posterior), "selection": bands(others),
        "scores": scores_of(posterior),
    })
    _write(folder, {"profiles": outlines, "variants": others}, index=False)
    return posterior


def variant_table(posterior: Posterior, order: Order) -> pd.DataFrame:
    """Every variant of the choice of hosts, a row a parameter."""
    work = partial(fit_variant, tours=posterior.tours, seed=order.seed, size=order.sizes.draws)
    return pd.concat(list(map(work, variants(posterior.tours))), ignore_index=True)


def check(names: Sequence[str], posterior: Posterior, order: Order, folder: Path) -> list[Check]:
    """Run checks by name, write their tables and what the manifest keeps of them."""
    facts = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    setting = Setting(posterior, facts, order.sizes, order.seed, order.workers)
    checks = [CHECKS[name](setting) for name in names]
    _write(folder, {each.name: each.table for each in checks}, index=False)
    verdicts = facts.get("checks", {}) | {each.name: _verdict(each) for each in checks}
    kept: dict[str, Any] = {key: value for each in checks for key, value in each.facts.items()}
    note_down(folder, kept | {"checks": {name: verdicts[name] for name in CHECKS if name in verdicts}})
    return checks


def _verdict(check: Check) -> dict[str, Any]:
    return {"question": check.question, "passed": bool(check.passed), "found": check.sentence}


def take_shipped(folder: Path) -> Posterior:
    """The shipped fit, as far as checks need it; its manifest goes to the folder, where they add to it."""
    folder.mkdir(parents=True, exist_ok=True)
    if folder != SHIPPED:
        note_down(folder, json.loads((SHIPPED / "manifest.json").read_text(encoding="utf-8")) | {"checks": {}})
    return Posterior(
        tours_of_2023(), shipped_draws(), {name: shipped_draws(name) for name in OTHER_FITS}, seed=_shipped_seed()
    )


def _shipped_seed() -> int:
    return int(json.loads((SHIPPED / "manifest.json").read_text(encoding="utf-8"))["seed"])


def scores_of(posterior: Posterior) -> pd.DataFrame:
    """Scores of the model and its rivals on each sample by the whole fit, one row a sample."""
    tables = {"model": posterior.draws, **posterior.others}
    article = [tour for tour in posterior.tours if tour.in_article]
    samples = {
        "fitted": posterior.tours,
        **({"article, fitted": article} if article else {}),
        "2012-2016, never fitted": tours_of_2012_2016(),
    }
    rows = {name: score_draws(tours, tables) for name, tours in samples.items()}
    return pd.DataFrame.from_dict(rows, orient="index")


def _write(folder: Path, tables: dict[str, pd.DataFrame], *, index: bool = True) -> None:
    for name, table in tables.items():
        table.to_csv(folder / f"{name}.csv", index=index, float_format="%.5g")
