"""How a week ends in the Mesa engine: visits teach and tie, firms meet, what is not refreshed fades."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from model import rules
from model.parameters import Parameters
from model.state import State, Visit, complementarity
from model.world import DOMAINS, ECONOMY, FIRM_DOMAINS, World


class Yield(NamedTuple):
    """What a visit brought its visitor."""

    learnt: list[float]
    projects: float


class Landing:
    """The end of one week: reads the state as it stood when the week began, then changes it at once."""

    def __init__(self, world: World, state: State, parameters: Parameters, visits: Sequence[Visit]) -> None:
        self.state = state
        self.absorptive = [
            rules.absorptive_capacity(human_capital, parameters.absorption)
            for human_capital in world.human_capital.tolist()
        ]
        self.parameters = parameters
        self.visits = visits
        self.delegations = Counter(visit.host for visit in visits)
        self.gained = [[0.0] * len(DOMAINS) for _ in state.capability]
        self.refreshed: set[tuple[int, int]] = set()

    def land(self) -> list[Yield]:
        """Let everything decided take effect; returns what each visit brought, in order."""
        yields = [Yield(self.teach(visit), self.bring_projects(visit)) for visit in self.visits]
        self.let_firms_meet()
        self.change_integration()
        self.change_capability()
        for visit in self.visits:
            self.state.last_visit[visit.origin][visit.host] = visit.week
        return yields

    def barrier(self, one: int, other: int) -> float:
        """Administrative barrier between two provinces."""
        p = self.parameters
        return rules.barrier_between(self.state.integration[one][other], p.barrier, p.coordination, p.relief)

    def teach(self, visit: Visit) -> list[float]:
        """Let visitor and host learn on the domains of the agenda; what the visitor learnt, by domain."""
        p, visitor, host = self.parameters, visit.origin, visit.host
        barrier = self.barrier(visitor, host)
        attention = rules.attention(self.delegations[host], p.crowding)
        leads, leads_back = self.state.leads(visitor, host), self.state.leads(host, visitor)
        learnt = [0.0] * len(DOMAINS)
        for domain in visit.domains:
            learnt[domain] = rules.learnt(leads[domain], self.absorptive[visitor], barrier, attention, p.learning)
            self.gained[visitor][domain] += learnt[domain]
            self.refreshed |= {(visitor, domain), (host, domain)}
            self.gained[host][domain] += rules.learnt_back(
                leads_back[domain], self.absorptive[host], barrier, attention, p.learning, p.mutual
            )
        return learnt

    def bring_projects(self, visit: Visit) -> float:
        """Projects that an economic visit brings home."""
        if not visit.themes[ECONOMY]:
            return 0.0
        lead = self.state.leads(visit.origin, visit.host)[visit.focus]
        return rules.projects(lead, self.barrier(visit.origin, visit.host), self.parameters.investment)

    def let_firms_meet(self) -> None:
        """Let the firms of every pair close part of its gaps in industry and the digital economy."""
        channel, structures = self.parameters.enterprise_channel, self.state.structures()
        for one, other in pairs(len(self.gained)):
            unlike = complementarity(structures[one], structures[other])
            barrier = self.barrier(one, other)
            for domain in FIRM_DOMAINS:
                mine, theirs = self.state.capability[one][domain], self.state.capability[other][domain]
                self.gained[one][domain] += rules.learnt_by_firms(rules.lead(mine, theirs), unlike, barrier, channel)
                self.gained[other][domain] += rules.learnt_by_firms(rules.lead(theirs, mine), unlike, barrier, channel)

    def change_integration(self) -> None:
        """Loosen every tie a little, then bind those who met."""
        integration, p = self.state.integration, self.parameters
        for one, other in pairs(len(self.gained)):
            tie = rules.kept(integration[one][other], self.state.start_integration[one][other], p.loosening)
            integration[one][other] = integration[other][one] = tie
        for visit in self.visits:
            tie = rules.bonded(integration[visit.origin][visit.host], p.visit_bond)
            tie = rules.bonded(tie, p.agreement_bond) if visit.agreement else tie
            integration[visit.origin][visit.host] = integration[visit.host][visit.origin] = tie

    def change_capability(self) -> None:
        """Let fade what no visit was about; add what was gained."""
        for province, gained in enumerate(self.gained):
            capability, start = self.state.capability[province], self.state.start_capability[province]
            for domain, gain in enumerate(gained):
                fading = 0.0 if (province, domain) in self.refreshed else self.parameters.fading
                capability[domain] = rules.raised(rules.kept(capability[domain], start[domain], fading), gain)


def pairs(provinces: int) -> Iterator[tuple[int, int]]:
    """Every unordered pair of provinces, the later one first."""
    return ((one, other) for one in range(provinces) for other in range(one))
