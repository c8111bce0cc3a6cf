"""A list of questions put to the model; the machinery is in ``scenarios.study``."""

from scenarios.study.compare import Comparison, compare
from scenarios.study.explain import Explanation, explain
from scenarios.study.scenario import Scenario, find_scenario, known_scenarios
from scenarios.study.sweeping import SweepFolder, sweep

__all__ = [
    "Comparison", "Explanation", "Scenario", "SweepFolder", "compare", "explain", "find_scenario", "known_scenarios",
    "sweep",
]
