"""Checks of the fit, each by the name that the user types; every one ends in a verdict that can be bad."""

from collections.abc import Callable

from calibration.checks.contract import QUICK_SIZES, Check, Setting, Sizes
from calibration.checks.leaving_out import leave_one_cluster_out, leave_one_tour_out, rivals, unseen_years
from calibration.checks.negative_control import negative_control
from calibration.checks.predictive import posterior_predictive, prior_predictive
from calibration.checks.ranks import ranks
from calibration.checks.recovery import recovery
from calibration.checks.samplers import samplers

__all__ = ["CHECKS", "QUICK_SIZES", "Check", "Setting", "Sizes"]

CHECKS: dict[str, Callable[[Setting], Check]] = {
    "samplers": samplers,
    "ranks": ranks,
    "recovery": recovery,
    "prior-predictive": prior_predictive,
    "posterior-predictive": posterior_predictive,
    "leave-one-tour-out": leave_one_tour_out,
    "leave-one-cluster-out": leave_one_cluster_out,
    "unseen-years": unseen_years,
    "rivals": rivals,
    "negative-control": negative_control,
}
