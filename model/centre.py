"""The centre's plan: for each province a distribution over hosts, redrawn every quarter."""

from model import rules
from model.parameters import Parameters
from model.state import State, agenda_of, complementarity
from model.world import World

Plan = list[list[float]]


def draw_up_plan(world: World, state: State, parameters: Parameters) -> Plan:
    """Probability of each host [province][host] under unified planning; rows sum to one, the diagonal is 0."""
    wanted = [_shares(row) for row in _weights(world, state, parameters)]
    loads = [rules.total([row[host] for row in wanted]) for host in range(world.provinces)]
    return [
        _shares([rules.evened(share, load, parameters.evenness) for share, load in zip(row, loads, strict=True)])
        for row in wanted
    ]


def _weights(world: World, state: State, parameters: Parameters) -> Plan:
    agenda, structures = agenda_of(parameters), state.structures()
    hosts = range(world.provinces)

    def weight(visitor: int, host: int) -> float:
        unlike = complementarity(structures[visitor], structures[host])
        paired = float(world.paired[visitor, host])
        return rules.planned_weight(state.gap(visitor, host, agenda), unlike, paired, parameters.plan_on_pairs)

    return [[weight(visitor, host) if host != visitor else 0.0 for host in hosts] for visitor in hosts]


def _shares(weights: list[float]) -> list[float]:
    """Weights made to sum to one; a province with nothing to learn anywhere has no plan, and all shares are 0."""
    total = rules.total(weights)
    return [weight / total if total > 0 else 0.0 for weight in weights]
