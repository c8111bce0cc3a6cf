"""What changes in a run of the Mesa engine: capability, integration, and who visited whom when."""

import math
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from model import rules
from model.parameters import Parameters
from model.world import DOMAINS, DOMAINS_OF_THEME, ECONOMIC, ECONOMY, SCIENCE, World

NEVER = -math.inf


class Visit(NamedTuple):
    """One stop of a tour as decided, before anything is learnt."""

    week: int
    origin: int
    host: int
    stop: int
    day: float
    planned: bool
    themes: tuple[bool, ...]
    focus: int
    agreement: bool

    @property
    def domains(self) -> list[int]:
        """Domains on the agenda: of economy only the focus, of every other theme all."""
        wider = zip(self.themes[ECONOMY + 1 :], DOMAINS_OF_THEME[ECONOMY + 1 :], strict=True)
        focus = [self.focus] if self.themes[ECONOMY] else []
        return focus + [domain for on, domains in wider if on for domain in domains]


class State:
    """The public record: capability [province][domain], integration and last visit [province][province].

    ``start_capability`` and ``start_integration`` are what the first two fall back to.
    """

    def __init__(
        self, capability: list[list[float]], integration: list[list[float]], last_visit: list[list[float]]
    ) -> None:
        self.capability = capability
        self.integration = integration
        self.start_capability = [list(row) for row in capability]
        self.start_integration = [list(row) for row in integration]
        self.last_visit = last_visit

    @classmethod
    def at_start(cls, world: World, parameters: Parameters) -> Self:
        """The record before the first week: nobody has visited anybody."""
        n = world.provinces
        never = [[NEVER] * n for _ in range(n)]
        return cls(world.capability.tolist(), world.initial_integration(parameters).tolist(), never)

    def snapshot(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Copies of capability, shape (n, domains), and integration, shape (n, n)."""
        return np.array(self.capability), np.array(self.integration)

    def weeks_since(self, origin: int, host: int, week: int) -> float:
        """Weeks since the last visit in this direction; infinite if there was none."""
        return week - self.last_visit[origin][host]

    def leads(self, visitor: int, host: int) -> list[float]:
        """How far the host is ahead, by domain."""
        return [
            rules.lead(behind, ahead)
            for behind, ahead in zip(self.capability[visitor], self.capability[host], strict=True)
        ]

    def gap(self, visitor: int, host: int, agenda: list[float]) -> float:
        """Capability gap between visitor and host, weighted by the agenda."""
        mean_lead = 0.0
        for weight, lead in zip(agenda, self.leads(visitor, host), strict=True):
            mean_lead += weight * lead
        return rules.gap(mean_lead)

    def structures(self) -> list[list[float]]:
        """Industrial structure of every province: shares of the economic domains."""
        return [structure_of(capability[: len(ECONOMIC)]) for capability in self.capability]


def departure_probabilities(world: World, week: int, parameters: Parameters) -> list[float]:
    """Chance that each province sets out in a week if it is at home."""
    p, season, campaigning = parameters, world.calendar.season(week, parameters), world.calendar.campaigning(week)
    new = [rules.newness(week - since, p.settling) for since in world.leader_since.tolist()]
    rates = [rules.departure_rate(season, n, campaigning, p.tours_per_year, p.new_leader, p.campaign) for n in new]
    return [rules.departure_probability(rate) for rate in rates]


def covariates(
    world: World, state: State, agenda: list[float], memory: float, visitor: int, host: int, week: int
) -> tuple[float, ...]:
    """What a visitor sees in a host at the start of a week, in the order of the arguments of ``rules.appeal``."""
    received, paid = state.weeks_since(host, visitor, week), state.weeks_since(visitor, host, week)
    return (
        float(world.nearness[visitor, host]),
        float(world.borders[visitor, host]),
        float(world.same_cluster[visitor, host]),
        float(world.core_to_hinterland[visitor, host]),
        float(world.paired[visitor, host]),
        float(world.aided[visitor, host]),
        state.gap(visitor, host, agenda),
        float(world.size[host]),
        rules.owed(received, paid, memory),
        rules.fresh(paid, memory),
    )


def structure_of(economy: list[float]) -> list[float]:
    """Shares of the economic domains in what a province can do in all of them."""
    total = rules.total(economy)
    return [rules.structure_share(part, total, len(economy)) for part in economy]


def complementarity(structure: list[float], other: list[float]) -> float:
    """How unlike two industrial structures are, 0 to 1."""
    unlike = 0.0
    for share, its in zip(structure, other, strict=True):
        unlike += rules.unlikeness(share, its)
    return unlike


def agenda_of(parameters: Parameters) -> list[float]:
    """Weight of each domain on a visitor's agenda; the weights sum to one."""
    weights = [
        rules.agenda_weight(domain == SCIENCE, parameters.innovation_agenda) for domain in range(len(DOMAINS))
    ]
    total = rules.total(weights)
    return [weight / total for weight in weights]


def theme_leads(leads: list[float]) -> list[float]:
    """Mean lead of the host in the domains of each theme group."""
    return [
        rules.total([leads[domain] for domain in domains]) / len(domains) for domains in DOMAINS_OF_THEME
    ]
