"""The posterior as shipped: draws of every uncertain parameter, and how they came about."""

import hashlib
import json
import platform
from functools import cache
from importlib import metadata, resources
from pathlib import Path
from typing import Any

import pandas as pd

from calibration.blocks import FITTED, REPORTING, RHO, TRANSFER_SD
from calibration.fit import Posterior, prior_table
from model.declaration import InputError
from model.parameters import DECLARATIONS, Parameters

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
    "calibration": (
        "blocks.py", "fit.py", "importance.py", "likelihood.py", "priors.py", "sampling.py", "targets.py",
    ),
}
PACKAGES = ("policy-learning", "numpy", "scipy", "numba", "emcee", "arviz")


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
    """A table of ``calibration/posterior``: draws, plain, or a rival's name."""
    return pd.read_parquet(SHIPPED / f"{name}.parquet")


def save(posterior: Posterior, folder: Path) -> None:
    """Write the draws as Parquet, their summary as CSV, and the manifest."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in {"draws": posterior.draws, **posterior.others}.items():
        table.to_parquet(folder / f"{name}.parquet", index=False)
    summary(posterior).to_csv(folder / "summary.csv", float_format="%.4g")
    note_down(folder, manifest(posterior))


def note_down(folder: Path, facts: dict[str, Any]) -> None:
    """Add facts to the manifest of a folder, over what it said of them before."""
    path = folder / "manifest.json"
    before = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    path.write_text(json.dumps(before | facts, indent=2) + "\n", encoding="utf-8")


def summary(posterior: Posterior) -> pd.DataFrame:
    """Prior and posterior of each parameter, and contraction: 1 - posterior variance over prior variance.

    Below 0.3 the data do not inform a parameter, below 0.6 weakly; themes contract through published shares. The last
    two columns are of the fit without the selection correction, the other end of what the article can mean.
    """
    draws, plain = posterior.draws, posterior.others["plain"]
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
    diagnostics = {name: chains.diagnostics() for name, chains in posterior.chains.items()}
    each = [values for block in diagnostics.values() for values in block.values()]
    return {
        "seed": posterior.seed,
        "tours": len(posterior.tours),
        "draws": len(posterior.draws),
        "rhat_max": max(values["rhat"] for values in each),
        "ess_bulk_min": min(values["ess_bulk"] for values in each),
        "ess_tail_min": min(values["ess_tail"] for values in each),
        "pareto_k_max": max(posterior.pareto_k.values()),
        "data": data_hashes(),
        "priors": declared_priors(),
        "assumed": {"rho": RHO, "reporting": str(REPORTING), "sd of the transfer of themes": TRANSFER_SD},
        "code": code_hash(),
        "python": platform.python_version(),
        "versions": {name: metadata.version(name) for name in PACKAGES},
        "diagnostics": diagnostics,
    }


def declared_priors() -> dict[str, str]:
    """The prior of every uncertain parameter, as text."""
    return {name: str(item.prior) for name, item in DECLARATIONS.items() if item.prior is not None}


def code_hash() -> str:
    """Hash of the code that a fit rests on: rules, parameters, world, likelihood, samplers."""
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
