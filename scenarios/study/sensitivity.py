"""Which parameters move which outcomes: Morris screening and Sobol indices by SALib, over what is believed of each.

A parameter varies over the middle 90% of what is believed of it: of its posterior draws where the visits identify it,
of its prior where it is assumed; what correlates in the posterior is varied independently. SALib's points lie in the
unit cube and become values by quantiles. All points share luck, so an index is about parameters; how much of the
variance of single histories is luck is told beside it.
"""

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtri

from calibration.posterior import shipped_draws
from calibration.priors import from_standard_normal
from model.declaration import InputError, check_names
from model.measures import OUTCOMES
from model.parameters import DECLARATIONS
from scenarios.study.effects import share_of_luck
from scenarios.study.sweep import Sweep
from scenarios.study.sweeping import SweepFolder, carry_out_sweep

MISSING_EXTRA = "Sensitivity needs SALib; in the project's folder type: pip install -e '.[sensitivity]'"
METHODS = ("morris", "sobol")
LEVELS = 4
MOST_NAMED = 3
HEADS = {
    "morris": "Morris: luck, then the largest mean absolute elementary effects (in units of the outcome)",
    "sobol": "Sobol: luck, then the largest total shares of the variance of means of points; ± is half a 90% interval",
}
CONFIDENCE = 0.90
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Question:
    """What is asked of the model.

    Attributes:
        method: ``morris`` (elementary effects) or ``sobol`` (shares of variance).
        parameters: names of what is varied.
        trajectories: of Morris, each of parameters + 1 points; for Sobol the base sample, each of parameters + 2.
        seed: of points and of all confidence intervals.
    """

    method: str
    parameters: tuple[str, ...]
    trajectories: int
    seed: int

    def __post_init__(self) -> None:
        check_names(self.parameters, DECLARATIONS)
        if len(set(self.parameters)) < len(self.parameters):
            raise InputError("A parameter is named twice; name each once.")
        for name in self.parameters:
            if DECLARATIONS[name].prior is None:
                raise InputError(f"{name} has no prior to be varied over; sweep it instead: --vary {name}=LOW:HIGH.")
        if self.method not in METHODS:
            raise InputError(f"There is no method {self.method!r}; choose from {', '.join(METHODS)}.")
        if self.trajectories < 2:
            raise InputError("An interval needs at least 2 trajectories or base points.")

    @property
    def problem(self) -> dict[str, Any]:
        """The same for SALib."""
        k = len(self.parameters)
        return {"num_vars": k, "names": list(self.parameters), "bounds": [[0.0, 1.0]] * k}

    def unit_points(self) -> Numbers:
        """Points in the unit cube, in the order that the analysis relies on, shape (points, parameters)."""
        sample = _salib(f"sample.{self.method}")
        if self.method == "morris":
            return np.asarray(sample.sample(self.problem, self.trajectories, num_levels=LEVELS, seed=self.seed))
        return np.asarray(sample.sample(self.problem, self.trajectories, calc_second_order=False, seed=self.seed))

    def indices(self, unit: Numbers, values: Numbers) -> pd.DataFrame:
        """Indices with their 90% intervals, one row a parameter, from one value a point."""
        analyse = _salib(f"analyze.{self.method}").analyze
        settings = {"conf_level": CONFIDENCE, "seed": self.seed}
        if self.method == "morris":
            found = _quietly(analyse, self.problem, unit, values, num_levels=LEVELS, **settings)
            columns = {"effect": "mu", "size": "mu_star", "size_error": "mu_star_conf", "curvature": "sigma"}
        else:
            found = _quietly(analyse, self.problem, values, calc_second_order=False, **settings)
            columns = {"first": "S1", "first_error": "S1_conf", "total": "ST", "total_error": "ST_conf"}
        return pd.DataFrame({name: np.asarray(found[key], dtype=float) for name, key in columns.items()})


def all_uncertain() -> tuple[str, ...]:
    """Every parameter that has a prior."""
    return tuple(name for name, item in DECLARATIONS.items() if item.prior is not None)


def values_at(name: str, unit: Numbers) -> Numbers:
    """Values of a parameter at places between 0 and 1 of the middle 90% of its posterior or, if assumed, its prior."""
    declaration, inner = DECLARATIONS[name], 0.05 + 0.9 * unit
    if declaration.status == "identified" or declaration.prior is None:
        return np.asarray(np.quantile(shipped_draws()[name].to_numpy(dtype=float), inner))
    return from_standard_normal(declaration.prior, np.asarray(ndtri(inner)))


def sensitivity(
    question: Question, scenario: str = "baseline", *, against: str | None = None, replicates: int = 4, weeks: int = 52,
    fixed: Mapping[str, float] | None = None, out: Path | None = None, workers: int | None = None,
) -> tuple[pd.DataFrame, SweepFolder]:  # fmt: skip
    """Indices of every outcome, and the sweep they come from; the same call resumes what was stopped.

    Args:
        question: method, parameters, and how many points.
        scenario: under which it is asked.
        against: another scenario, to ask it of the paired difference from that one.
        replicates: histories of each point; their mean is analysed, their variance is luck.
        weeks, fixed, out, workers: as in a sweep.

    Returns:
        One row an outcome and parameter: the indices, ``luck`` (part of the variance of single histories that is left
        at a point, by luck and by draws of what is not varied), and what the outcome rests on. Not a number where an
        outcome never changed or was not measured.

    Raises:
        InputError: for wrong input, or where SALib is not installed.
    """
    unit = question.unit_points()
    points = pd.DataFrame({name: values_at(name, unit[:, k]) for k, name in enumerate(question.parameters)})
    names = (scenario,) if against is None else (against, scenario)
    sweep = Sweep.of(names, points, replicates=replicates, seed=question.seed, weeks=weeks, fixed=fixed)
    study = carry_out_sweep(sweep, out, workers=workers)
    outcomes = study.outcomes() if against is None else differences_at_points(study.outcomes(), against)
    return indices_of(question, unit, outcomes), study


def differences_at_points(outcomes: pd.DataFrame, against: str) -> pd.DataFrame:
    """Paired differences of every outcome from one of the scenarios of a sweep, one row a pair."""
    pair = ["point", "replicate"]
    base = outcomes[outcomes["scenario"] == against].set_index(pair)[list(OUTCOMES)]
    other = outcomes[outcomes["scenario"] != against].set_index(pair)[list(OUTCOMES)]
    return (other - base.loc[other.index]).reset_index()


def indices_of(question: Question, unit: Numbers, outcomes: pd.DataFrame) -> pd.DataFrame:
    """The table of ``sensitivity`` from the outcomes of its sweep."""
    by_point = outcomes.groupby("point")[list(OUTCOMES)]
    means, within = by_point.mean(), by_point.var(ddof=1).mean()
    tables = []
    for name, item in OUTCOMES.items():
        values = means[name].to_numpy(dtype=float)
        table = pd.DataFrame({"outcome": name, "rests_on": item.rests_on, "parameter": question.parameters})
        if len(values) == len(unit) and np.isfinite(values).all() and values.std() > 0:
            table = pd.concat([table, question.indices(unit, values)], axis=1)
        tables.append(table.assign(luck=share_of_luck(means[name], float(within[name]))))
    return pd.concat(tables, ignore_index=True)


def _quietly(analyse: Callable[..., Any], *arguments: Any, **settings: Any) -> Any:
    """Analyse without SALib's warning of resamples that are constant: their interval is 0, as it should be."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return analyse(*arguments, **settings)


def _salib(module: str) -> Any:
    try:
        return import_module(f"SALib.{module}")
    except ImportError as error:
        raise InputError(MISSING_EXTRA) from error


def as_text(tables: Mapping[str, pd.DataFrame]) -> str:
    """For each outcome the three parameters that matter most by each method, and how much is luck."""
    lines = []
    for method, table in tables.items():
        size, error = ("size", "size_error") if method == "morris" else ("total", "total_error")
        lines += ["", HEADS[method]]
        lines += [_line(str(outcome), rows, size, error) for outcome, rows in table.groupby("outcome", sort=False)]
    return "\n".join(lines)


def _line(outcome: str, rows: pd.DataFrame, size: str, error: str) -> str:
    top = rows.dropna(subset=[size]).nlargest(MOST_NAMED, size)
    named = ", ".join(f"{row['parameter']} {row[size]:.2g} ± {row[error]:.1g}" for _, row in top.iterrows())
    luck = float(rows["luck"].iloc[0])
    told = "" if np.isnan(luck) else f"{luck:.0%}"
    mark = " (assumed)" if rows["rests_on"].iloc[0] == "assumed" else ""
    return f"{outcome + mark:<41}{told:>5}  {named or 'never changes'}"
