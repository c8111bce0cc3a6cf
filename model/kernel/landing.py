"""How a week ends, compiled; it reads as ``landing.py`` does, and sums in the same order."""
# mypy: disable-error-code="no-untyped-def, no-untyped-call"

from model.compiled import compiled, rules
from model.kernel.record import ALL_DOMAINS, complementarity, structures
from model.world import DOMAINS_OF_THEME, ECONOMY, FIRM_DOMAINS

THEME_OF_DOMAIN = tuple(
    next(theme for theme, domains in enumerate(DOMAINS_OF_THEME) if domain in domains) for domain in range(ALL_DOMAINS)
)


@compiled
def land(visits, record, standing, p):
    """Let everything decided in a week take effect."""
    record.gained[:], record.refreshed[:], record.delegations[:] = 0.0, False, 0
    for place in range(len(visits)):
        record.delegations[visits[place].host] += 1
    for place in range(len(visits)):
        teach(visits[place], record, standing, p)
        bring_projects(visits[place], record, p)
    let_firms_meet(record, p)
    change_integration(visits, record, p)
    change_capability(record, p)
    for place in range(len(visits)):
        record.last_visit[visits[place].origin, visits[place].host] = visits[place].week


@compiled
def barrier(record, p, one, other):
    """Administrative barrier between two provinces."""
    return rules.barrier_between(record.integration[one, other], p.barrier, p.coordination, p.relief)


@compiled
def is_discussed(visit, domain):
    """Whether a domain is on the agenda: of economy only the focus, of every other theme all."""
    theme = THEME_OF_DOMAIN[domain]
    return visit.themes[theme] and (theme != ECONOMY or domain == visit.focus)


@compiled
def teach(visit, record, standing, p):
    """Let visitor and host learn on the domains of the agenda."""
    visitor, host = visit.origin, visit.host
    lost, attention = barrier(record, p, visitor, host), rules.attention(record.delegations[host], p.crowding)
    for domain in range(ALL_DOMAINS):
        visit.learnt[domain] = 0.0
        if is_discussed(visit, domain):
            mine, theirs = record.capability[domain, visitor], record.capability[domain, host]
            learnt = rules.learnt(rules.lead(mine, theirs), standing.absorptive[visitor], lost, attention, p.learning)
            learnt_back = rules.learnt_back(
                rules.lead(theirs, mine), standing.absorptive[host], lost, attention, p.learning, p.mutual
            )
            visit.learnt[domain] = learnt
            record.gained[domain, visitor] += learnt
            record.gained[domain, host] += learnt_back
            record.refreshed[domain, visitor] = record.refreshed[domain, host] = True


@compiled
def bring_projects(visit, record, p):
    """Projects that an economic visit brings home."""
    visit.projects = 0.0
    if visit.themes[ECONOMY]:
        lead = rules.lead(record.capability[visit.focus, visit.origin], record.capability[visit.focus, visit.host])
        visit.projects = rules.projects(lead, barrier(record, p, visit.origin, visit.host), p.investment)


@compiled
def let_firms_meet(record, p):
    """Let the firms of every pair close part of its gaps; the partners of each province come in their order."""
    if p.enterprise_channel == 0.0:
        return
    structures(record.capability, record.structure)
    n = record.capability.shape[1]
    for other in range(n):
        for one in range(n):
            unlike = complementarity(record.structure, one, other)
            lost = barrier(record, p, other, one)
            for domain in FIRM_DOMAINS:
                lead = rules.lead(record.capability[domain, one], record.capability[domain, other])
                record.gained[domain, one] += rules.learnt_by_firms(lead, unlike, lost, p.enterprise_channel)


@compiled
def change_integration(visits, record, p):
    """Loosen every tie a little, then bind those who met."""
    n = record.integration.shape[0]
    for one in range(n):
        for other in range(n):
            record.integration[one, other] = rules.kept(
                record.integration[one, other], record.start_integration[one, other], p.loosening
            )
    for place in range(len(visits)):
        one, other = visits[place].origin, visits[place].host
        tie = rules.bonded(record.integration[one, other], p.visit_bond)
        tie = rules.bonded(tie, p.agreement_bond) if visits[place].agreement else tie
        record.integration[one, other] = record.integration[other, one] = tie


@compiled
def change_capability(record, p):
    """Let fade what no visit was about; add what was gained."""
    for domain in range(ALL_DOMAINS):
        for province in range(record.capability.shape[1]):
            fading = 0.0 if record.refreshed[domain, province] else p.fading
            left = rules.kept(record.capability[domain, province], record.start_capability[domain, province], fading)
            record.capability[domain, province] = rules.raised(left, record.gained[domain, province])
