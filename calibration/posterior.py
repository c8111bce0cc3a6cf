"""The posterior as shipped: draws of every uncertain parameter, and how they came about."""

import hashlib
import json
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import metadata, resources
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from calibration.blocks import (
    FITTED,
    REPORTING,
    RHO,
    RIVALS,
    TRANSFER_SD,
    draw_onward,
    fit_choice,
    fit_departures,
    fit_plain_choice,
    fit_themes,
    weights_by_rho,
)
from calibration.likelihood import HostChoice, ReportedHostChoice
from calibration.priors import draw
from calibration.sampling import Chains
from calibration.targets import tours_of_2023
from model.declaration import InputError
from model.parameters import CHOICE, DECLARATIONS, Parameters
from model.world import china

SIZE = 1000
SHIPPED = Path(str(resources.files("calibration"))) / "posterior"
DATA = {
    "model": (
        "provinces.csv", "provinces_dictionary.csv", "domains.csv", "adjacency.csv", "official_pairs.csv",
        "counterpart_aid.csv", "calendar.csv",
    ),
    "calibration": ("visits.csv", "published_facts.csv"),
}
CODE = {
    "model": ("rules.py", "parameters.py", "state.py", "world.py", "calendar.py"),
    "calibration": ("blocks.py", "likelihood.py", "priors.py", "sampling.py", "targets.py"),
}


@dataclass(frozen=True)
class Lengths:
    """Steps of the sampler for each block."""

    choice: int = 16000
    rival: int = 4000
    departures: int = 9000
    themes: int = 30000


QUICK = Lengths(choice=600, rival=200, departures=100, themes=300)


@dataclass(frozen=True)
class Posterior:
    """Draws of a fit and its diagnostics.

    Attributes:
        draws: one row a draw; columns are parameters, and the share of tours reported.
        plain: draws of the weights of host choice fitted without the selection correction.
        rivals: draws of the weights of each rival of host choice.
        diagnostics: R-hat and effective sizes by block and parameter.
        by_rho: most probable weights for each rho, one row each.
        seed: of the fit.
    """

    draws: pd.DataFrame
    plain: pd.DataFrame
    rivals: Mapping[str, pd.DataFrame]
    by_rho: pd.DataFrame
    diagnostics: Mapping[str, Mapping[str, Mapping[str, float]]]
    seed: int


def fit(seed: int = 1, lengths: Lengths | None = None) -> Posterior:
    """Fit every block to the tours of 2023 and the published shares.

    Raises:
        InputError: if emcee or arviz is not installed.
    """
    lengths = lengths or Lengths()
    seeds = np.random.SeedSequence(seed).generate_state(7).tolist()
    world, tours = china(), tours_of_2023()
    reported, plain = ReportedHostChoice(tours, world), HostChoice(tours, world)
    chains = {
        "choice": fit_choice(reported, steps=lengths.choice, seed=seeds[0]),
        "departures": fit_departures(tours, world, steps=lengths.departures, seed=seeds[1]),
        "themes": fit_themes(tours, world, steps=lengths.themes, seed=seeds[2]),
    }
    uncorrected = fit_plain_choice(plain, steps=lengths.choice, seed=seeds[3])
    rivals = {
        name: fit_plain_choice(plain, terms, steps=lengths.rival, seed=seeds[4]) for name, terms in RIVALS.items()
    }
    everything = {**chains, "choice without correction": uncorrected, **rivals}
    return Posterior(
        draws=_side_by_side(chains, draw_onward(tours, size=SIZE, seed=seeds[5]), seeds[6]),
        plain=pd.DataFrame(uncorrected.draws(SIZE)),
        rivals={name: pd.DataFrame(each.draws(SIZE)) for name, each in rivals.items()},
        by_rho=pd.DataFrame.from_dict(weights_by_rho(reported), orient="index", columns=list(CHOICE)),
        diagnostics={name: each.diagnostics() for name, each in everything.items()},
        seed=seed,
    )


def _side_by_side(chains: Mapping[str, Chains], onward: Mapping[str, Any], seed: int) -> pd.DataFrame:
    """One table of independent blocks, with what no data inform drawn from its prior."""
    rng = np.random.default_rng(seed)
    fitted = [pd.DataFrame(each.draws(SIZE)).iloc[rng.permutation(SIZE)].reset_index(drop=True) for each in
              chains.values()]
    table = pd.concat([*fitted, pd.DataFrame(onward)], axis=1)
    rest = [name for name, item in DECLARATIONS.items() if item.prior is not None and name not in FITTED]
    return pd.concat([table, prior_table(SIZE, seed)[rest]], axis=1)


def prior_table(size: int, seed: int) -> pd.DataFrame:
    """Independent draws of every uncertain parameter from its prior, one row a draw."""
    rng = np.random.default_rng(seed)
    return pd.DataFrame({
        name: draw(item.prior, size, rng) for name, item in DECLARATIONS.items() if item.prior is not None
    })


def parameters_of(table: pd.DataFrame) -> list[Parameters]:
    """Each row of a table of draws as parameters; those held fixed take their defaults."""
    names = [name for name in table.columns if name in DECLARATIONS]
    base = Parameters()
    return [base.having(**dict(zip(names, row, strict=True))) for row in table[names].to_numpy().tolist()]


def posterior_draws(size: int) -> list[Parameters]:
    """The first ``size`` draws of the shipped posterior.

    Raises:
        InputError: for more draws than are shipped.
    """
    return parameters_of(_first(shipped_draws(), size))


def prior_draws(size: int) -> list[Parameters]:
    """Draws of what was fitted from its prior, of all else as in the posterior: what differs is what the data add."""
    prior, posterior = prior_table(size, seed=1), _first(shipped_draws(), size)
    return parameters_of(prior.assign(**{name: posterior[name] for name in map(str, prior) if name not in FITTED}))


def _first(table: pd.DataFrame, size: int) -> pd.DataFrame:
    if size > len(table):
        raise InputError(f"The posterior holds {len(table)} draws, not {size}; ask for fewer.")
    return table.head(size)


@cache
def shipped_draws(name: str = "draws") -> pd.DataFrame:
    """A table of ``calibration/posterior``: draws, plain, gravity or clusters."""
    return pd.read_parquet(SHIPPED / f"{name}.parquet")


def save(posterior: Posterior, folder: Path) -> None:
    """Write the draws as Parquet, their summary as CSV, and the manifest."""
    folder.mkdir(parents=True, exist_ok=True)
    tables = {"draws": posterior.draws, "plain": posterior.plain, **posterior.rivals}
    for name, table in tables.items():
        table.to_parquet(folder / f"{name}.parquet", index=False)
    summary(posterior).to_csv(folder / "summary.csv", float_format="%.4g")
    posterior.by_rho.rename_axis("rho").to_csv(folder / "selection.csv", float_format="%.4g")
    (folder / "manifest.json").write_text(json.dumps(manifest(posterior), indent=2) + "\n", encoding="utf-8")


def summary(posterior: Posterior) -> pd.DataFrame:
    """Prior and posterior of each parameter, and contraction: 1 - posterior variance over prior variance.

    Below 0.3 the data do not inform a parameter, below 0.6 weakly; themes contract through published shares. The last
    two columns are of the fit without the selection correction, the other end of what the article can mean.
    """
    draws, plain = posterior.draws, posterior.plain
    prior = prior_table(20_000, 0)
    rows = []
    for name in prior.columns:
        before, after = prior[name], draws[name]
        contraction = 1.0 - after.var() / before.var()
        low, high = after.quantile([0.05, 0.95])
        rows.append((name, DECLARATIONS[name].status, before.mean(), before.std(), after.mean(), after.std(), low, high,
                     contraction, informed(contraction)))
    columns = ["parameter", "status", "prior_mean", "prior_sd", "mean", "sd", "low", "high", "contraction", "verdict"]
    table = pd.DataFrame(rows, columns=columns).set_index("parameter")
    return table.assign(uncorrected_mean=plain.mean(), uncorrected_sd=plain.std())


def informed(contraction: float) -> str:
    """A plain word for how far the data inform a parameter."""
    if contraction < 0.3:
        return "not informed by the data"
    return "weakly informed" if contraction < 0.6 else "informed"


def manifest(posterior: Posterior) -> dict[str, Any]:
    """How the draws came about: data and code by hash, versions, seed, diagnostics."""
    each = [values for block in posterior.diagnostics.values() for values in block.values()]
    return {
        "seed": posterior.seed,
        "draws": len(posterior.draws),
        "rhat_max": max(values["rhat"] for values in each),
        "ess_bulk_min": min(values["ess_bulk"] for values in each),
        "ess_tail_min": min(values["ess_tail"] for values in each),
        "data": data_hashes(),
        "priors": declared_priors(),
        "assumed": {"rho": RHO, "reporting": str(REPORTING), "sd of the transfer of themes": TRANSFER_SD},
        "code": code_hash(),
        "python": platform.python_version(),
        "versions": {name: metadata.version(name) for name in ("policy-learning", "numpy", "scipy", "emcee", "arviz")},
        "diagnostics": posterior.diagnostics,
    }


def declared_priors() -> dict[str, str]:
    """The prior of every uncertain parameter, as text."""
    return {name: str(item.prior) for name, item in DECLARATIONS.items() if item.prior is not None}


def code_hash() -> str:
    """Hash of the code that a fit rests on: rules, parameters, world, likelihood, sampler."""
    each = [_hash(resources.files(package).joinpath(file)) for package, files in CODE.items() for file in files]
    return hashlib.sha256("".join(each).encode()).hexdigest()


def data_hashes() -> dict[str, str]:
    """Hash of every table that a fit rests on, by package and name."""
    return {
        f"{package}/data/{file}": _hash(resources.files(package).joinpath("data").joinpath(file))
        for package, files in DATA.items()
        for file in files
    }


def _hash(file: Any) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def shipped_hash() -> str:
    """Hash of the shipped draws, for the record of what used them."""
    return _hash(SHIPPED / "draws.parquet")
