"""The centre's plan, compiled; it reads as ``centre.py`` does."""
# mypy: disable-error-code="no-untyped-def, no-untyped-call"

from model.compiled import compiled, rules
from model.kernel.choosing import leads_to
from model.kernel.record import complementarity, structures


@compiled
def draw_up_plan(record, given, standing, p):
    """Write the plan of a quarter: for each province a distribution over hosts."""
    structures(record.capability, record.structure)
    n = len(given.size)
    for visitor in range(n):
        leads_to(record, standing, visitor)
        for host in range(n):
            unlike = complementarity(record.structure, visitor, host)
            gap = rules.gap(record.leads[host])
            weight = rules.planned_weight(gap, unlike, given.paired[visitor, host], p.plan_on_pairs)
            record.plan[visitor, host] = weight if host != visitor else 0.0
        share_out(record.plan[visitor])
    even_out(record.plan, p)


@compiled
def even_out(plan, p):
    """Set the expected load of each host against its share in every row."""
    for host in range(len(plan)):
        load = rules.total(plan[:, host])
        for visitor in range(len(plan)):
            plan[visitor, host] = rules.evened(plan[visitor, host], load, p.evenness)
    for visitor in range(len(plan)):
        share_out(plan[visitor])


@compiled
def share_out(weights):
    """Make weights sum to one; nothing where all are zero."""
    total = rules.total(weights)
    for place in range(len(weights)):
        weights[place] = weights[place] / total if total > 0 else 0.0
