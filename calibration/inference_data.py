"""The posterior in full, as ArviZ knows it: chains, prior, log likelihood of each tour, and what was observed."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from calibration.blocks import RHO, WINDOWS, stops_of, tours_by_window
from calibration.fit import Posterior, prior_table
from calibration.likelihood import ReportedHostChoice
from calibration.sampling import Chains, libraries
from model.world import china

KEPT = 125  # draws of each walker, evenly thinned
Single = NDArray[np.float32]


def inference_data(posterior: Posterior) -> Any:
    """An ``arviz.InferenceData`` of the fit; walkers are chains, and blocks are independent.

    Groups: posterior and prior by parameter, log_likelihood of the hosts of each tour as it entered the fit,
    observed_data (stops of each tour, tours in each window).
    """
    thinned = {name: _thinned(chains) for name, chains in posterior.chains.items()}
    by_parameter = {
        parameter: thinned[name][:, :, place]
        for name, chains in posterior.chains.items() for place, parameter in enumerate(chains.names)
    }
    prior = prior_table(len(posterior.draws), posterior.seed)
    weeks = [tour.week for tour in posterior.tours if tour.week is not None]
    return libraries()[1].from_dict(
        posterior=by_parameter,
        prior={str(name): column.to_numpy()[None, :].astype(np.float32) for name, column in prior.items()
               if name in by_parameter},
        log_likelihood={"hosts": _log_likelihood(posterior, thinned["choice"])},
        observed_data={"stops": stops_of(posterior.tours), "tours_in_window": tours_by_window(weeks)},
        dims={"hosts": ["tour"], "stops": ["tour"], "tours_in_window": ["window"]},
        coords={"tour": [tour.name for tour in posterior.tours], "window": list(WINDOWS)},
    )


def save_inference_data(posterior: Posterior, path: Path) -> None:
    """Write it as NetCDF, for any program that reads ArviZ's files."""
    inference_data(posterior).to_netcdf(str(path), engine="h5netcdf", compress=True)


def _thinned(chains: Chains) -> Single:
    """Draws of shape (walkers, draws, p)."""
    steps = np.linspace(0, len(chains.values) - 1, min(KEPT, len(chains.values))).astype(int)
    return np.asarray(np.swapaxes(chains.values[steps], 0, 1), dtype=np.float32)


def _log_likelihood(posterior: Posterior, choice: Single) -> Single:
    walkers, draws, terms = choice.shape
    points = choice.reshape(-1, terms).astype(float)
    data = ReportedHostChoice(posterior.tours, china())
    each = data.log_probability_of_report(points, np.full(len(points), RHO))
    return np.asarray(each.reshape(walkers, draws, -1), dtype=np.float32)
