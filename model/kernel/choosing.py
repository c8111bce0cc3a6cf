"""Whom to visit and what about, compiled; a decision reads as it does in ``agents.py``."""
# mypy: disable-error-code="no-untyped-def, no-untyped-call"

import math

import numpy as np

from model.chance import Purpose
from model.compiled import compiled, draw, draw_options, rules
from model.history import NO_FOCUS
from model.kernel.record import ALL_DOMAINS, ECONOMIC_DOMAINS, NEVER
from model.parameters import MOST_STOPS
from model.world import DOMAINS_OF_THEME, ECONOMY, SCIENCE, THEMES

THEME_GROUPS = len(THEMES)
FIRST_DOMAIN = np.array([domains[0] for domains in DOMAINS_OF_THEME])
AFTER_DOMAIN = np.array([domains[-1] + 1 for domains in DOMAINS_OF_THEME])
DEPARTURE, PLANNED, HOST, ONWARD, THEME, FOCUS, AGREEMENT = map(int, Purpose)


@compiled
def see_hosts(record, standing, p, visitor, week):
    """Appeal of every host to a visitor as the week begins."""
    leads_to(record, standing, visitor)
    for host in range(len(record.appeals)):
        received, paid = record.last_visit[host, visitor], record.last_visit[visitor, host]
        owed = recent = 0.0
        if received != NEVER or paid != NEVER:
            since_received = math.inf if received == NEVER else float(week - received)
            since_paid = math.inf if paid == NEVER else float(week - paid)
            owed = rules.owed(since_received, since_paid, p.memory)
            recent = rules.fresh(since_paid, p.memory)
        record.appeals[host] = rules.present_appeal(
            standing.appeal[visitor, host], rules.gap(record.leads[host]), owed, recent,
            p.capability_gap, p.reciprocity, p.repetition,
        )  # fmt: skip
    record.appeals[visitor] = -math.inf


@compiled
def leads_to(record, standing, visitor):
    """Mean lead of every host over a visitor, weighted by the agenda; domain by domain, along the hosts."""
    record.leads[:] = 0.0
    for domain in range(ALL_DOMAINS):
        mine, weight = record.capability[domain, visitor], standing.agenda[domain]
        for host in range(len(record.leads)):
            record.leads[host] += weight * rules.lead(mine, record.capability[domain, host])


@compiled
def largest(appeals, luck):
    """The option with the largest appeal plus taste of the moment; -1 where none is open."""
    best, best_utility = -1, -math.inf
    for option in range(len(appeals)):
        if appeals[option] > -math.inf:
            utility = appeals[option] + rules.gumbel(luck[option])
            if utility > best_utility:
                best, best_utility = option, utility
    return best


@compiled
def largest_planned(appeals, plan, luck):
    """The same by the centre's plan, among the hosts still open."""
    best, best_utility = -1, -math.inf
    for option in range(len(appeals)):
        if appeals[option] > -math.inf and plan[option] > 0:
            utility = rules.planned_appeal(plan[option]) + rules.gumbel(luck[option])
            if utility > best_utility:
                best, best_utility = option, utility
    return best


@compiled
def choose_host(record, p, seed, replicate, week, visitor, drawn_as):
    """Draw one host, and say whether the centre planned it."""
    draw_options(seed, replicate, week, visitor, HOST, drawn_as, record.luck)
    if p.coordination > 0 and rules.happens(
        draw(seed, replicate, week, visitor, PLANNED, drawn_as), p.coordination
    ):
        host = largest_planned(record.appeals, record.plan[visitor], record.luck)
        if host >= 0:
            return host, True
    return largest(record.appeals, record.luck), False


@compiled
def onward(p, stops):
    """Chance of going on after this many stops."""
    if stops == 1:
        return p.onward_first
    if stops == 2:
        return p.onward_second
    return p.onward_third if stops < MOST_STOPS else 0.0


@compiled
def choose_hosts(record, standing, p, seed, replicate, week, visitor):
    """Draw hosts until the delegation goes home; how many."""
    see_hosts(record, standing, p, visitor, week)
    stops, still_open = 0, len(record.appeals) - 1
    while stops < still_open:
        host, planned = choose_host(record, p, seed, replicate, week, visitor, stops)
        record.hosts[stops], record.planned[stops] = host, planned
        record.appeals[host] = -math.inf
        stops += 1
        if not rules.happens(draw(seed, replicate, week, visitor, ONWARD, stops), onward(p, stops)):
            break
    return stops


@compiled
def by_protocol(hosts, stops, income, order):
    """Order the stops by income of the host, highest first; stops of equal income stay as drawn."""
    for stop in range(stops):
        place = stop
        while place > 0 and income[hosts[order[place - 1]]] < income[hosts[stop]]:
            order[place] = order[place - 1]
            place -= 1
        order[place] = stop


# Choose themes


@compiled
def mean_lead(leads, theme):
    """Mean lead of the host in the domains of a theme group."""
    first, after = FIRST_DOMAIN[theme], AFTER_DOMAIN[theme]
    return rules.total(leads[first:after]) / (after - first)


@compiled
def choose_themes(visit, record, p, seed, replicate, drawn_as):
    """Draw each theme group by itself."""
    draw_options(seed, replicate, visit.week, visit.origin, THEME, drawn_as, record.option_luck)
    shares = (p.economic_theme, p.urbanisation_theme, p.services_theme, p.governance_theme)
    for theme in range(THEME_GROUPS):
        chance = rules.theme_probability(mean_lead(record.domain_leads, theme), shares[theme], p.theme_pull)
        visit.themes[theme] = rules.happens(record.option_luck[theme], chance)


@compiled
def choose_focus(visit, record, p, seed, replicate, drawn_as):
    """Draw the one economic domain that a visit is about."""
    draw_options(seed, replicate, visit.week, visit.origin, FOCUS, drawn_as, record.option_luck)
    for domain in range(ECONOMIC_DOMAINS):
        record.option_appeals[domain] = rules.focus_appeal(
            record.domain_leads[domain], domain == SCIENCE, p.focus_on_gap, p.innovation_agenda
        )
    return largest(record.option_appeals, record.option_luck)


@compiled
def meet(visit, record, p, seed, replicate, drawn_as):
    """Decide what one visit is about and whether it ends in an agreement."""
    for domain in range(ALL_DOMAINS):
        mine, theirs = record.capability[domain, visit.origin], record.capability[domain, visit.host]
        record.domain_leads[domain] = rules.lead(mine, theirs)
    choose_themes(visit, record, p, seed, replicate, drawn_as)
    visit.focus = choose_focus(visit, record, p, seed, replicate, drawn_as) if visit.themes[ECONOMY] else NO_FOCUS
    luck = draw(seed, replicate, visit.week, visit.origin, AGREEMENT, drawn_as)
    visit.agreement = rules.happens(luck, p.agreement)


@compiled
def tour(log, visits, record, standing, p, seed, replicate, week, visitor):
    """Write the visits of one tour to the log, in the order of protocol; how many visits it holds then."""
    stops = choose_hosts(record, standing, p, seed, replicate, week, visitor)
    record.home_again[visitor] = week + rules.weeks_away(stops, p.days_per_stop)
    by_protocol(record.hosts, stops, record.income, record.order)
    for stop in range(stops):
        visit, drawn_as = log[visits + stop], record.order[stop]
        visit.week, visit.origin, visit.host, visit.stop = week, visitor, record.hosts[drawn_as], stop + 1
        visit.day = stop * p.days_per_stop
        visit.planned = record.planned[drawn_as]
        meet(visit, record, p, seed, replicate, drawn_as)
    return visits + stops
