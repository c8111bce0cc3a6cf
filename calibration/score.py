"""The log score of the calibrated choice of hosts on anyone's visits, beside rivals fitted on the same tours."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from calibration.fit import OTHER_FITS
from calibration.likelihood import HostChoice, log_orders
from calibration.posterior import shipped_draws
from calibration.targets import Tour, read_tours
from model.parameters import CHOICE
from model.world import World, china

NAMES = {
    "model": "calibrated choice",
    "plain": "  fitted without the selection correction",
    "without_gap": "without the capability gap",
    "without_pairs": "without official pairs",
    "clusters": "clusters only",
    "gravity": "gravity (distance and host size)",
    "nearest": "nearest (distance only)",
    "uniform": "uniform",
}


def score_file(path: Path) -> dict[str, float]:
    """The scores of the visits in a CSV file with the columns tour, stop, origin and host; see ``score``.

    Raises:
        InputError: for a file or a row that cannot be read as visits, naming the row.
    """
    return score(read_tours(path, china()), china())


def as_text(scores: dict[str, float]) -> str:
    """Scores as a small table."""
    lines = [f"{name:<42}{scores[key]:>8.3f}" for key, name in NAMES.items()]
    head = f"{scores['visits']} visits in {scores['tours']} tours; mean log score per visit, higher is better"
    return "\n".join([head, *lines, "The rivals are fitted without the correction, which favours them on the article."])


def score(tours: Sequence[Tour], world: World) -> dict[str, float]:
    """Mean log score per visit of the model and its rivals; higher is better.

    A tour's score is its log posterior predictive probability, summed over orders and divided by their number, since
    the order of stops is protocol: a uniform choice scores log(1/30) for the first stop, log(1/29) for the second, as
    if one order had been observed. Dates are not used, so no visit is owed or repeated.

    Returns:
        visits, tours, model, uniform, each rival and part left out, and ``plain``: the model fitted without the
        selection correction. Rivals are fitted without it too, which favours them on the article's visits.
    """
    fits = {name: shipped_draws(name) for name in OTHER_FITS}
    return score_draws(tours, {"model": shipped_draws(), **fits}, world)


def score_draws(
    tours: Sequence[Tour], fits: Mapping[str, pd.DataFrame], world: World | None = None
) -> dict[str, float]:
    """The scores of ``score`` for any fits, each a table of draws of the weights; uniform choice comes with them."""
    undated = [Tour(tour.name, tour.origin, tour.hosts) for tour in tours]
    choice = HostChoice(undated, world or china())
    visits = sum(len(tour.hosts) for tour in tours)
    everybody_alike = pd.DataFrame({name: [0.0] for name in CHOICE})
    scores = {
        name: float((log_predictive(choice, draws) - log_orders(tours)).sum() / visits)
        for name, draws in {**fits, "uniform": everybody_alike}.items()
    }
    return {"visits": visits, "tours": len(tours), **scores}


def log_predictive(choice: HostChoice, draws: pd.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Log of the mean over draws of each tour's probability, shape (tours,); weights not drawn are 0."""
    weights = draws.reindex(columns=list(CHOICE), fill_value=0.0).to_numpy(dtype=float)
    by_draw = choice.log_probability(weights)
    return np.asarray(np.logaddexp.reduce(by_draw, axis=0) - np.log(len(weights)))
