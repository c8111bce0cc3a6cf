"""Fitting, checking and writing down, told as text."""

from pathlib import Path
from typing import Any

import pandas as pd

from calibration.posterior import QUICK, SHIPPED, Lengths, Posterior, fit, manifest, save, summary
from calibration.predictive import posterior_predictive
from calibration.score import score_draws
from calibration.targets import tours_of_2012_2016, tours_of_2023, tours_of_article

QUICK_FOLDER = Path("calibrate-quick")
SAMPLES = {
    "2023 (fitted)": tours_of_2023,
    "article, 13 visits (fitted)": tours_of_article,
    "2012-2016 (never fitted)": tours_of_2012_2016,
}


def calibrate(seed: int, *, quick: bool, years: int, out: Path | None, workers: int | None) -> str:
    """Fit, check against simulated years, write everything to a folder, and return the report as text.

    Args:
        seed: of the sampler and of the simulated years.
        quick: a short run whose draws are not to be believed; written to a folder of its own.
        years: simulated years of the posterior predictive check.
        out: folder; that of the shipped posterior if left out.
        workers: processes.

    Raises:
        InputError: if emcee or arviz is not installed.
    """
    folder = out or (QUICK_FOLDER if quick else SHIPPED)
    posterior = fit(seed, QUICK if quick else Lengths())
    save(posterior, folder)
    predictive = posterior_predictive(posterior.draws, years=years, seed=seed, workers=workers)
    scores = scores_of(posterior)
    predictive.to_csv(folder / "predictive.csv", index=False, float_format="%.4g")
    scores.to_csv(folder / "scores.csv", float_format="%.4f")
    return "\n\n".join([
        _titled("Prior and posterior", summary(posterior)),
        _titled("Mean log score per visit (higher is better)", scores),
        _titled("Most probable weights by rho, the assumed chance that the article reports outside the clusters",
                posterior.by_rho.rename_axis("rho")),
        _titled(f"Posterior predictive: 90% range of {years} simulated years", predictive),
        missed(predictive),
        trust(posterior),
        f"Written to {folder}.",
    ])


def scores_of(posterior: Posterior) -> pd.DataFrame:
    """Scores of the model and its rivals on each sample, one row a sample."""
    tables = {"model": posterior.draws, "plain": posterior.plain, **posterior.rivals}
    rows = {name: score_draws(tours(), tables) for name, tours in SAMPLES.items()}
    return pd.DataFrame.from_dict(rows, orient="index")


def missed(predictive: pd.DataFrame) -> str:
    """One sentence on what simulated years get wrong."""
    misses = predictive[predictive["verdict"] == "missed"]
    if misses.empty:
        return "Every observed pattern lies inside its 90% range."
    named = [f"{row.pattern} ({row.view}: {row.observed:.3g} outside {row.low:.3g} to {row.high:.3g})" for row in
             misses.itertuples()]
    return f"Missed by the simulated years: {'; '.join(named)}."


def trust(posterior: Posterior) -> str:
    """One sentence on whether the chains can be believed."""
    facts: dict[str, Any] = manifest(posterior)
    believed = facts["rhat_max"] < 1.01 and min(facts["ess_bulk_min"], facts["ess_tail_min"]) > 1000
    word = "The chains can be believed" if believed else "The chains are too short to be believed"
    return (
        f"{word}: largest R-hat {facts['rhat_max']:.3f}, smallest effective size "
        f"{facts['ess_bulk_min']:.0f} (bulk) and {facts['ess_tail_min']:.0f} (tail)."
    )


def _titled(title: str, table: pd.DataFrame) -> str:
    index = not isinstance(table.index, pd.RangeIndex)
    return f"{title}\n{table.to_string(index=index, float_format='{:.3g}'.format, na_rep='')}"
