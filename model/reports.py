"""What the Mesa engine reports: weekly for the data collector, and the whole history at the end."""

from typing import TYPE_CHECKING

import numpy as np

from model.history import VISIT, History

if TYPE_CHECKING:
    from model.agents import PolicyLearning, Province
    from model.landing import Yield
    from model.state import Visit


def visits_last_week(model: "PolicyLearning") -> int:
    """Number of visits in the week that has just ended."""
    return sum(visit.week == model.week - 1 for visit in model.visits)


def mean_capability(model: "PolicyLearning") -> float:
    """Mean over provinces and domains, index 0 to 1."""
    return float(np.mean(model.state.capability))


def spread_of_capability(model: "PolicyLearning") -> float:
    """Standard deviation between provinces of their mean capability."""
    return float(np.std(np.mean(model.state.capability, axis=1)))


def integration_inside(model: "PolicyLearning") -> float:
    """Mean integration of pairs inside a cluster, index 0 to 1; not a number where there is none."""
    inside = model.world.inside
    return float(np.mean(np.array(model.state.integration)[inside])) if inside.any() else np.nan


def own_capability(province: "Province") -> float:
    """Mean capability of one province over domains."""
    return float(np.mean(province.capability))


MODEL_REPORTERS = {
    "visits": visits_last_week,
    "mean_capability": mean_capability,
    "spread": spread_of_capability,
    "integration_inside": integration_inside,
}
AGENT_REPORTERS = {"name": "name", "capability": own_capability}


def history_of(model: "PolicyLearning") -> History:
    """The run so far as arrays."""
    capability, integration = zip(*model.path, strict=True)
    rows = [_row(visit, brought) for visit, brought in zip(model.visits, model.yields, strict=True)]
    log = np.array(rows, dtype=VISIT)
    return History(model.world, model.week, log, np.stack(capability), np.stack(integration))


def _row(visit: "Visit", brought: "Yield") -> tuple[object, ...]:
    values = {**visit._asdict(), **brought._asdict(), "replicate": 0}
    return tuple(values[name] for name in VISIT.names or ())
