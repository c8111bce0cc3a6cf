"""A whole calibration: fit, variants, checks; every table goes to a folder, from which the report is written."""

import json
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
    outlines = profiles(posterior, order.sizes.profile, order.workers)
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


def setting_of(posterior: Posterior, order: Order, folder: Path) -> Setting:
    """What the checks of a fit in a folder look at."""
    return Setting(posterior, _manifest(folder), order.sizes, order.seed, order.workers)


def check(name: str, setting: Setting, folder: Path) -> Check:
    """Run a check by its name, write its table and what the manifest keeps of it."""
    found = CHECKS[name](setting)
    _write(folder, {name: found.table}, index=False)
    verdict = {"question": found.question, "passed": bool(found.passed), "found": found.sentence}
    verdicts = _manifest(folder).get("checks", {}) | {name: verdict}
    note_down(folder, {**found.facts, "checks": {each: verdicts[each] for each in CHECKS if each in verdicts}})
    return found


def _manifest(folder: Path) -> dict[str, Any]:
    text: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return text


def take_shipped(folder: Path) -> Posterior:
    """The shipped fit, as far as checks need it; its manifest goes to the folder, where they add to it."""
    folder.mkdir(parents=True, exist_ok=True)
    if folder != SHIPPED:
        note_down(folder, _manifest(SHIPPED) | {"checks": {}})
    others = {name: shipped_draws(name) for name in OTHER_FITS}
    return Posterior(tours_of_2023(), shipped_draws(), others, seed=int(_manifest(SHIPPED)["seed"]))


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
