"""What the Mesa engine reports: weekly for the data collector, and the whole history at the end."""

from typing import TYPE_CHECKING, Any

import numpy as np

from model.history import History
from model.world import DOMAINS, THEMES

if TYPE_CHECKING:
    from model.agents import PolicyLearning, Province


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
    visits, yields = model.visits, model.yields
    capability, integration = zip(*model.path, strict=True)

    def column(name: str, kind: type) -> Any:
        return np.array([getattr(visit, name) for visit in visits], dtype=kind)

    return History(
        world=model.world,
        weeks=model.week,
        week=column("week", int),
        origin=column("origin", int),
        host=column("host", int),
        stop=column("stop", int),
        day=column("day", float),
        planned=column("planned", bool),
        themes=column("themes", bool).reshape(-1, len(THEMES)),
        focus=column("focus", int),
        learnt=np.array([each.learnt for each in yields]).reshape(-1, len(DOMAINS)),
        agreement=column("agreement", bool),
        projects=np.array([each.projects for each in yields], dtype=float),
        capability=np.stack(capability),
        integration=np.stack(integration),
    )
