"""The centre's plan, compiled; it reads as ``centre.py`` does."""
# mypy: disable-error-code="no-untyped-def, no-untyped-call"

from model.compiled import compiled, rules
from model.kernel.record import complementarity, gap, structures


@compiled
def draw_up_plan(record, given, standing, p):
    """Write the plan of a quarter: for each province a distribution over hosts."""
    structures(record.capability, record.structure)
    n = len(given.size)
    for visitor in range(n):
        for host in range(n):
            record.plan[visitor, host] = wanted(record, given, standing, p, visitor, host) if host != visitor else 0.0
        share_out(record.plan[visitor])
    for host in range(n):
        load = rules.total(record.plan[:, host])
        for visitor in range(n):
            record.plan[visitor, host] = rules.evened(record.plan[visitor, host], load, p.evenness)
    for visitor in range(n):
        share_out(record.plan[visitor])


@compiled
def wanted(record, given, standing, p, visitor, host):
    """Weight of a host in the plan for a province, before loads are evened out."""
    unlike = complementarity(record.structure, visitor, host)
    gap_to_host = gap(record.capability, standing.agenda, visitor, host)
    return rules.planned_weight(gap_to_host, unlike, given.paired[visitor, host], p.plan_on_pairs)


@compiled
def share_out(weights):
    """Make weights sum to one; nothing where all are zero."""
    total = rules.total(weights)
    for place in range(len(weights)):
        weights[place] = weights[place] / total if total > 0 else 0.0
