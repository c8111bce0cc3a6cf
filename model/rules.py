"""Every decision of the model as a plain function of numbers: the equations page of the project.

Nothing here knows of agents, arrays, files or random generators. Chance arrives as an argument: ``luck`` is a number
drawn evenly between 0 and 1. The agents and the likelihood call these functions as they stand, so they hold only
arithmetic and the ``math`` module. Arguments come in the order: what is seen, then the parameters, most of
them named as in ``parameters.py``. The mechanisms and their sources are in ODD.md.
"""

import math
from collections.abc import Sequence

EARTH_RADIUS_KM = 6371.0
REFERENCE_KM = 500.0
GAP_UNIT = 0.25
DAYS_PER_WEEK = 7.0
WEEKS_PER_YEAR = 52
WEEKS_PER_QUARTER = 13


# 1 Depart


def newness(weeks_in_office: float, settling: float) -> float:
    """How new a number one is: 1 on the first day, halved every ``settling`` weeks, 0 before taking office."""
    return math.exp2(-weeks_in_office / settling) if weeks_in_office >= 0 else 0.0


def season(
    closed: float,
    in_spring_wave: float,
    in_autumn_wave: float,
    in_summer: float,
    spring_wave: float,
    autumn_wave: float,
    summer_peak: float,
) -> float:
    """The calendar's factor on departures: 0 in a closed week, 1 in an ordinary one, more in a wave."""
    waves = spring_wave * in_spring_wave + autumn_wave * in_autumn_wave + summer_peak * in_summer
    return (1.0 - closed) * (1.0 + waves)


def departure_rate(
    season: float, newness: float, campaigning: float, tours_per_year: float, new_leader: float, campaign: float
) -> float:
    """Tours a province starts per week, on average, while its delegation is at home."""
    return tours_per_year / WEEKS_PER_YEAR * season * math.exp(new_leader * newness + campaign * campaigning)


def departure_probability(rate: float) -> float:
    """Chance that a province at home sets out within the week."""
    return -math.expm1(-rate)


def happens(luck: float, probability: float) -> bool:
    """Whether something with this probability happens, given the luck of the decision."""
    return luck < probability


def weeks_away(stops: int, days_per_stop: float) -> int:
    """Weeks from setting out until the delegation can set out again."""
    return max(1, math.ceil(stops * days_per_stop / DAYS_PER_WEEK))


# 2 Choose hosts


def great_circle_km(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Kilometres between two points given in degrees (haversine formula)."""
    north = math.sin(math.radians(other_latitude - latitude) / 2.0) ** 2
    east = math.sin(math.radians(other_longitude - longitude) / 2.0) ** 2
    bend = math.cos(math.radians(latitude)) * math.cos(math.radians(other_latitude))
    return 2.0 * EARTH_RADIUS_KM * math.asin(math.sqrt(north + bend * east))


def nearness(km: float) -> float:
    """Nearness of a host: 0 at 500 km, one more for every halving of the distance."""
    return -math.log2(km / REFERENCE_KM)


def size(gdp: float, median_gdp: float) -> float:
    """Size of a host: 0 at the median economy, one more for every doubling."""
    return math.log2(gdp / median_gdp)


def lead(visitor: float, host: float) -> float:
    """How far the host is ahead of the visitor in one domain; nothing where it is behind."""
    return max(0.0, host - visitor)


def gap(mean_lead: float) -> float:
    """Capability gap in quarters of the index, from the mean lead weighted by the visitor's agenda."""
    return mean_lead / GAP_UNIT


def fresh(weeks_since: float, memory: float) -> float:
    """What is left of a past visit: 1 at once, halved every ``memory`` weeks, 0 if it never was."""
    return math.exp2(-weeks_since / memory)


def owed(weeks_since_received: float, weeks_since_paid: float, memory: float) -> float:
    """A return visit owed to a host: fresh while its last visit here has not been answered."""
    return fresh(weeks_since_received, memory) if weeks_since_received < weeks_since_paid else 0.0


def standing_appeal(
    nearness: float,
    borders: float,
    same_cluster: float,
    core_to_hinterland: float,
    paired: float,
    aided: float,
    size: float,
    proximity: float,
    adjacency: float,
    cluster: float,
    hinterland: float,
    official_pair: float,
    counterpart_aid: float,
    host_size: float,
) -> float:
    """The part of a host's appeal that stays as it is from week to week, in log odds."""
    return (
        proximity * nearness
        + adjacency * borders
        + cluster * same_cluster
        + hinterland * core_to_hinterland
        + official_pair * paired
        + counterpart_aid * aided
        + host_size * size
    )


def present_appeal(
    standing_appeal: float,
    gap: float,
    owed: float,
    recent: float,
    capability_gap: float,
    reciprocity: float,
    repetition: float,
) -> float:
    """Appeal of a host this week, in log odds: what stands, and what capability and the record of visits add."""
    return standing_appeal + capability_gap * gap + reciprocity * owed - repetition * recent


def appeal(
    nearness: float,
    borders: float,
    same_cluster: float,
    core_to_hinterland: float,
    paired: float,
    aided: float,
    gap: float,
    size: float,
    owed: float,
    recent: float,
    proximity: float,
    adjacency: float,
    cluster: float,
    hinterland: float,
    official_pair: float,
    counterpart_aid: float,
    capability_gap: float,
    host_size: float,
    reciprocity: float,
    repetition: float,
) -> float:
    """Appeal of a host to a visitor, in log odds: the systematic utility of the multinomial logit."""
    ties = (nearness, borders, same_cluster, core_to_hinterland, paired, aided, size)
    pulls = (proximity, adjacency, cluster, hinterland, official_pair, counterpart_aid, host_size)
    standing = standing_appeal(*ties, *pulls)
    return present_appeal(standing, gap, owed, recent, capability_gap, reciprocity, repetition)


def gumbel(luck: float) -> float:
    """The taste of the moment for one option; the largest of appeal plus taste is a multinomial logit draw."""
    return -math.log(-math.log(luck))


# 3 Choose themes


def theme_probability(lead: float, share: float, theme_pull: float) -> float:
    """Chance that a theme group is on the agenda: ``share`` where the host is not ahead, more where it is."""
    log_odds = math.log(share / (1.0 - share)) + theme_pull * lead
    return 1.0 / (1.0 + math.exp(-log_odds))


def focus_appeal(lead: float, is_science: float, focus_on_gap: float, innovation_agenda: float) -> float:
    """Appeal of one economic domain as the focus of a visit, in log odds."""
    return focus_on_gap * lead / GAP_UNIT + innovation_agenda * is_science


def agenda_weight(is_science: float, innovation_agenda: float) -> float:
    """Weight of a domain on a visitor's agenda, before all weights are made to sum to one."""
    return math.exp(innovation_agenda * is_science)


# 4 Learn


def absorptive_capacity(human_capital: float, absorption: float) -> float:
    """Share of what is shown that can be absorbed: ``absorption`` where human capital is lowest, 1 where highest."""
    return absorption + (1.0 - absorption) * human_capital


def attention(delegations: int, crowding: float) -> float:
    """Attention a host gives each of the delegations it receives in one week: 1 for a single one."""
    return 1.0 / (1.0 + crowding * (delegations - 1))


def barrier_between(integration: float, barrier: float, coordination: float, relief: float) -> float:
    """Share of learning lost to administrative barriers: less between the integrated, and under coordination."""
    return barrier * (1.0 - integration) * (1.0 - relief * coordination)


def learnt(lead: float, absorptive_capacity: float, barrier_between: float, attention: float, learning: float) -> float:
    """Capability a visitor gains in one domain from one visit: a share of the host's lead."""
    return learning * absorptive_capacity * (1.0 - barrier_between) * attention * lead


def learnt_back(
    lead: float, absorptive_capacity: float, barrier_between: float, attention: float, learning: float, mutual: float
) -> float:
    """Capability a host gains in one domain where its visitor is ahead: ``mutual`` times what a visitor would."""
    return mutual * learnt(lead, absorptive_capacity, barrier_between, attention, learning)


def kept(value: float, start: float, rate: float) -> float:
    """What is not refreshed falls back towards where it began by the share ``rate`` a week."""
    return start + (value - start) * (1.0 - rate)


def raised(capability: float, gained: float) -> float:
    """Capability after a gain; the index ends at 1."""
    return min(1.0, capability + gained)


# 5 Tie


def bonded(integration: float, bond: float) -> float:
    """Integration of a pair after a visit or an agreement closes the share ``bond`` of what is missing to 1."""
    return integration + bond * (1.0 - integration)


def projects(lead: float, barrier_between: float, investment: float) -> float:
    """Index of the projects an economic visit brings to a visitor whose host is ahead in the focus of the visit."""
    return investment * (1.0 - barrier_between) * lead


# 6 Firms meet


def structure_share(capability: float, total: float, domains: int) -> float:
    """Share of one economic domain in a province's industrial structure; even where there is nothing."""
    return capability / total if total > 0 else 1.0 / domains


def unlikeness(share: float, other_share: float) -> float:
    """One domain's part of complementarity; the parts sum to half the Krugman specialisation index (0 to 1)."""
    return abs(share - other_share) / 2.0


def learnt_by_firms(lead: float, complementarity: float, barrier_between: float, enterprise_channel: float) -> float:
    """Capability a province gains in one domain in one week from the firms of another that is ahead."""
    return enterprise_channel * complementarity * (1.0 - barrier_between) * lead


# 7 The centre plans


def planned_weight(gap: float, complementarity: float, paired: float, plan_on_pairs: float) -> float:
    """Weight of a host in the centre's plan for a province, before the load on hosts is evened out."""
    return gap * complementarity * (1.0 + plan_on_pairs * paired)


def evened(weight: float, load: float, evenness: float) -> float:
    """Weight of a host once its expected load (1 = an even share) is set against it; 0 stays 0."""
    return weight / math.pow(load, evenness) if load > 0 else 0.0


def planned_appeal(probability: float) -> float:
    """Appeal of a planned host, so that the largest of appeal plus taste is a draw from the plan."""
    return math.log(probability) if probability > 0 else -math.inf


# Sums


def total(numbers: Sequence[float]) -> float:
    """Sum from left to right, the same in every engine (the built-in sum of floats compensates since Python 3.12)."""
    running = 0.0
    for number in numbers:
        running += number
    return running
