"""The model in plain NumPy: arrays over hosts and pairs, a Python loop over weeks and delegations, nothing compiled.

Written to be measured against, as a careful user would who vectorises what a week has in common. It tells the histories
of the other engines (``same_visits`` in ``measure.py`` holds it to that), for runs with no plan and no later change.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model import rules
from model.chance import Luck, Purpose
from model.parameters import Parameters
from model.run import Run
from model.state import agenda_of, departure_probabilities
from model.world import DOMAINS_OF_THEME, ECONOMIC, ECONOMY, FIRM_DOMAINS, SCIENCE, World

Numbers = NDArray[np.float64]


class Stop(NamedTuple):
    """One visit: who, whom, on which domains, and with what end."""

    origin: int
    host: int
    domains: list[int]
    agreement: bool


class NumpyModel:
    """One history; capability has shape (n, domains), integration and the record shape (n, n)."""

    def __init__(self, world: World, run: Run) -> None:
        self.world, self.p, self.weeks = world, run.parameters, run.weeks
        self.luck = Luck(run.seed, run.replicate)
        self.capability, self.start = world.capability.copy(), world.capability
        self.integration = world.initial_integration(self.p)
        self.start_integration = self.integration.copy()
        self.last = np.full((world.provinces, world.provinces), -np.inf)
        self.home_again = np.zeros(world.provinces, dtype=int)
        self.agenda = np.array(agenda_of(self.p))
        self.absorptive = self.p.absorption + (1.0 - self.p.absorption) * world.human_capital
        self.standing = standing_appeals(world, self.p)

    def run(self) -> list[tuple[int, int, int]]:
        """Simulate every week; the visits as (week, origin, host)."""
        visits = []
        for week in range(self.weeks):
            chances = departure_probabilities(self.world, week, self.p)
            stops = [stop for origin, chance in enumerate(chances) for stop in self.tour(origin, chance, week)]
            self.land(stops, week)
            visits += [(week, stop.origin, stop.host) for stop in stops]
        return visits

    def tour(self, origin: int, chance: float, week: int) -> list[Stop]:
        """The stops of one province in one week, in the order of protocol."""
        if week < self.home_again[origin] or self.luck.draw(week, origin, Purpose.DEPARTURE) >= chance:
            return []
        appeals = self.appeals(origin, week)
        chosen: list[int] = []
        while len(chosen) < len(appeals) - 1:
            luck = self.luck.draws(week, origin, Purpose.HOST, len(chosen), len(appeals))
            chosen.append(int(np.argmax(appeals - np.log(-np.log(luck)))))
            appeals[chosen[-1]] = -np.inf
            if self.luck.draw(week, origin, Purpose.ONWARD, len(chosen)) >= self.p.onward(len(chosen)):
                break
        self.home_again[origin] = week + rules.weeks_away(len(chosen), self.p.days_per_stop)
        order = sorted(range(len(chosen)), key=lambda drawn: -self.world.income[chosen[drawn]])
        return [self.meet(origin, chosen[drawn], drawn, week) for drawn in order]

    def appeals(self, origin: int, week: int) -> Numbers:
        """Appeal of every host to one province."""
        leads = np.maximum(0.0, self.capability - self.capability[origin]) @ self.agenda
        received, paid = week - self.last[:, origin], week - self.last[origin]
        owed = np.where(received < paid, np.exp2(-received / self.p.memory), 0.0)
        p = self.p
        appeals = self.standing[origin] + p.capability_gap * leads / rules.GAP_UNIT + p.reciprocity * owed
        appeals = appeals - p.repetition * np.exp2(-paid / p.memory)
        appeals[origin] = -np.inf
        return np.asarray(appeals)

    def meet(self, origin: int, host: int, drawn: int, week: int) -> Stop:
        """What one visit is about, and whether it ends in an agreement."""
        p, leads = self.p, np.maximum(0.0, self.capability[host] - self.capability[origin])
        shares = np.array([p.economic_theme, p.urbanisation_theme, p.services_theme, p.governance_theme])
        mean = np.array([leads[list(domains)].mean() for domains in DOMAINS_OF_THEME])
        chances = 1.0 / (1.0 + np.exp(-(np.log(shares / (1.0 - shares)) + p.theme_pull * mean)))
        themes = self.luck.draws(week, origin, Purpose.THEMES, drawn, len(shares)) < chances
        domains = [domain for on, each in zip(themes[1:], DOMAINS_OF_THEME[1:], strict=True) if on for domain in each]
        if themes[ECONOMY]:
            luck = self.luck.draws(week, origin, Purpose.FOCUS, drawn, len(ECONOMIC))
            appeal = p.focus_on_gap * leads[: len(ECONOMIC)] / rules.GAP_UNIT
            appeal[SCIENCE] += p.innovation_agenda
            domains.insert(0, int(np.argmax(appeal - np.log(-np.log(luck)))))
        signed = self.luck.draw(week, origin, Purpose.AGREEMENT, drawn) < p.agreement
        return Stop(origin, host, domains, signed)

    def land(self, stops: list[Stop], week: int) -> None:
        """Let everything decided in a week take effect."""
        p, capability = self.p, self.capability
        barriers = p.barrier * (1.0 - self.integration) * (1.0 - p.relief * p.coordination)
        gained, fading = np.zeros_like(capability), np.full_like(capability, p.fading)
        received = np.bincount([stop.host for stop in stops], minlength=len(capability))
        for origin, host, domains, _ in stops:
            kept = p.learning * (1.0 - barriers[origin, host]) / (1.0 + p.crowding * (received[host] - 1))
            ahead = (capability[host] - capability[origin])[domains]
            gained[origin, domains] += kept * self.absorptive[origin] * np.maximum(0.0, ahead)
            gained[host, domains] += p.mutual * kept * self.absorptive[host] * np.maximum(0.0, -ahead)
            fading[origin, domains] = fading[host, domains] = 0.0
        gained[:, FIRM_DOMAINS] += firms(capability, barriers) * p.enterprise_channel
        self.integration = self.start_integration + (self.integration - self.start_integration) * (1.0 - p.loosening)
        for origin, host, _, agreement in stops:
            self.bind(origin, host, agreement)
            self.last[origin, host] = week
        self.capability = np.minimum(1.0, self.start + (capability - self.start) * (1.0 - fading) + gained)

    def bind(self, one: int, other: int, agreement: bool) -> None:
        """Raise the integration of a pair that met."""
        for bond in (self.p.visit_bond, self.p.agreement_bond)[: 1 + agreement]:
            self.integration[one, other] += bond * (1.0 - self.integration[one, other])
        self.integration[other, one] = self.integration[one, other]


def standing_appeals(world: World, p: Parameters) -> Numbers:
    """The part of appeals that no week changes, shape (n, n)."""
    ties = (world.nearness, world.borders, world.same_cluster, world.core_to_hinterland, world.paired, world.aided)
    pulls = (p.proximity, p.adjacency, p.cluster, p.hinterland, p.official_pair, p.counterpart_aid)
    return np.tensordot(np.array(pulls), np.stack(ties), axes=1) + p.host_size * world.size


def firms(capability: Numbers, barriers: Numbers) -> Numbers:
    """Gains from the firms of all others in their two domains, before the channel's share, shape (n, 2)."""
    economy = capability[:, : len(ECONOMIC)]
    total = economy.sum(axis=1, keepdims=True)
    structure = np.divide(economy, total, out=np.full_like(economy, 1.0 / len(ECONOMIC)), where=total > 0)
    unlike = np.abs(structure[:, None] - structure).sum(axis=2) / 2.0
    own = capability[:, FIRM_DOMAINS]
    leads = np.maximum(0.0, own[None, :] - own[:, None])
    return np.asarray(np.einsum("ij,ijd->id", unlike * (1.0 - barriers), leads))


def simulate(world: World, run: Run) -> list[tuple[int, int, int]]:
    """The visits of one history as (week, origin, host)."""
    if run.parameters.coordination > 0 or run.later:
        raise ValueError("the plain version knows no plan and no change on the way")
    return NumpyModel(world, run).run()
