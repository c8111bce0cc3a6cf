"""Every parameter of the model, declared once.

A line holds default, unit, bounds, prior, status, sentence and source, and feeds agents, command line, sweeps, priors,
axis labels and PARAMETERS.md. ``identified`` means that visits or published shares move it; ``assumed`` that none has
measured it, so that outcomes resting on it say so. Defaults of identified parameters lie near posterior means, for
reading and for single runs by hand; scenarios use the posterior draws.
"""

import dataclasses
from dataclasses import dataclass
from functools import partial
from typing import Self

from model.declaration import Declaration, Prior, check_names, check_value, declarations, declare

ARTICLE = "China Newsweek, 10 April 2023"
MA = "Ma Liang 2019"
VISITS = "calibration/data/visits.csv"
ASSUMED = "not measured anywhere; range assumed"

WEAK = Prior("normal", 0.0, 1.5)
SHARE = (0.0, 1.0)
OPEN_SHARE = (0.0005, 0.9995)
ODDS = (-8.0, 8.0)

departing = partial(declare, group="departing")
choosing = partial(declare, group="choosing hosts")
theming = partial(declare, group="choosing themes")
learning_group = partial(declare, group="learning")
tying = partial(declare, group="ties between provinces")
planning = partial(declare, group="the centre")


def uniform(low: float, high: float) -> Prior:
    """Even prior over the range thought plausible."""
    return Prior("uniform", low, high)


@dataclass(frozen=True)
class Parameters:
    """One value for each parameter; values are checked against their bounds when made.

    Raises:
        InputError: for a value out of its bounds.
    """

    tours_per_year: float = departing(
        2.5, "tours per province and year", (0.0, 200.0), Prior("lognormal", 3.0, 0.7), "identified",
        "Tours a province would make in a year of ordinary weeks; known up to the share that is reported.",
        f"{VISITS}; the share reported has an assumed prior",
    )
    new_leader: float = departing(
        0.5, "log rate", (-3.0, 3.0), uniform(0.0, 1.0), "assumed",
        "How much more a province travels while its number one is new.", f"direction: {ARTICLE}; size {ASSUMED}",
    )
    settling: float = departing(
        26.0, "weeks", (1.0, 520.0), uniform(13.0, 52.0), "assumed",
        "Weeks in office after which a number one is half as new.", ASSUMED,
    )
    campaign: float = departing(
        0.3, "log rate", (-3.0, 3.0), uniform(0.0, 0.7), "assumed",
        "How much the campaign of investigation and research lifts departures.",
        f"direction: {ARTICLE}; size {ASSUMED}",
    )
    spring_wave: float = departing(
        1.7, "times the ordinary rate, added", (0.0, 200.0), Prior("lognormal", 1.5, 0.7), "identified",
        "Extra departures in the weeks after the Two Sessions.", f"{ARTICLE}; {VISITS}",
    )
    autumn_wave: float = departing(
        2.9, "times the ordinary rate, added", (0.0, 200.0), Prior("lognormal", 1.5, 0.7), "identified",
        "Extra departures in the weeks after National Day.", f"published_facts.csv, autumn_rate; {VISITS}",
    )
    summer_peak: float = departing(
        0.0, "times the ordinary rate, added", (0.0, 20.0), None, "assumed",
        "Extra departures from May to August; 0 in 2023, a lever for an ordinary year.", f"{MA}: cities, 2014-2018",
    )
    days_per_stop: float = departing(
        2.0, "days", (0.5, 14.0), None, "assumed",
        "Days from one stop of a tour to the next.", f"mean of the dated stops in {VISITS}",
    )
    onward_first: float = departing(
        0.23, "probability", SHARE, Prior("beta", 1.0, 1.0), "identified",
        "Chance that a delegation goes on after its first stop.", VISITS,
    )
    onward_second: float = departing(
        0.53, "probability", SHARE, Prior("beta", 1.0, 1.0), "identified",
        "Chance that a delegation goes on after its second stop.", VISITS,
    )
    onward_third: float = departing(
        0.22, "probability", SHARE, Prior("beta", 1.0, 1.0), "identified",
        "Chance that a delegation goes on after its third stop.", VISITS,
    )

    proximity: float = choosing(
        0.17, "log odds per halving of distance", ODDS, WEAK, "identified",
        "Pull of a host that is nearer.", f"{ARTICLE}: 'the principle of proximity'; {VISITS}",
    )
    adjacency: float = choosing(
        0.7, "log odds", ODDS, WEAK, "identified",
        "Pull of a host that shares a border.", f"{ARTICLE}; {VISITS}",
    )
    cluster: float = choosing(
        1.8, "log odds", ODDS, WEAK, "identified",
        "Pull between core provinces of one city cluster; depends on how the article is assumed to have selected.",
        f"{ARTICLE}: regional integration; {VISITS}",
    )
    hinterland: float = choosing(
        -0.5, "log odds", ODDS, WEAK, "identified",
        "Pull between a core and its hinterland; depends on how the article is assumed to have selected.",
        f"{ARTICLE}; {VISITS}",
    )
    official_pair: float = choosing(
        2.3, "log odds", ODDS, WEAK, "identified",
        "Pull between partners in East-West or Northeast-East cooperation.", f"model/data/official_pairs.csv; {VISITS}",
    )
    counterpart_aid: float = choosing(
        1.4, "log odds", ODDS, WEAK, "identified",
        "Pull between donor and receiver of counterpart aid.", f"model/data/counterpart_aid.csv; {VISITS}",
    )
    capability_gap: float = choosing(
        0.52, "log odds per quarter of the capability index", ODDS, WEAK, "identified",
        "Pull of a host that is ahead where the visitor is behind.", f"{ARTICLE}: shortcomings; {VISITS}",
    )
    host_size: float = choosing(
        0.13, "log odds per doubling of GDP", ODDS, WEAK, "identified",
        "Pull of a larger economy.", f"{MA}; {VISITS}",
    )
    reciprocity: float = choosing(
        0.0, "log odds", ODDS, WEAK, "identified",
        "Pull of a host whose visit has not been returned; weakened in the fit by visits that went unreported.",
        f"{ARTICLE}: reciprocal visits; {VISITS}",
    )
    repetition: float = choosing(
        3.0, "log odds", ODDS, WEAK, "identified",
        "Push away from a host visited not long ago; weakened in the fit by visits that went unreported.", VISITS,
    )
    memory: float = choosing(
        26.0, "weeks", (1.0, 520.0), None, "assumed",
        "Weeks after which a past visit weighs half.", ASSUMED,
    )

    economic_theme: float = theming(
        0.67, "share of visits", OPEN_SHARE, Prior("logitnormal", 0.5, 1.5), "identified",
        "Chance of an economic theme where the host is not ahead.", f"{MA}: 71.5% of visits between cities",
    )
    urbanisation_theme: float = theming(
        0.53, "share of visits", OPEN_SHARE, Prior("logitnormal", 0.5, 1.5), "identified",
        "Chance of an urbanisation theme where the host is not ahead.", f"{MA}: 56.3% of visits between cities",
    )
    services_theme: float = theming(
        0.37, "share of visits", OPEN_SHARE, Prior("logitnormal", 0.5, 1.5), "identified",
        "Chance of a theme in ecology, culture and other public services where the host is not ahead.",
        f"{MA}: nearly 40% of visits between cities",
    )
    governance_theme: float = theming(
        0.2, "share of visits", OPEN_SHARE, uniform(0.1, 0.4), "assumed",
        "Chance of a governance theme where the host is not ahead.", f"named without a number by {MA}; {ASSUMED}",
    )
    theme_pull: float = theming(
        1.0, "log odds per unit of the capability index", (-10.0, 10.0), uniform(0.0, 2.0), "assumed",
        "How much a theme gains where the host is ahead in it.", ASSUMED,
    )
    focus_on_gap: float = theming(
        0.5, "log odds per quarter of the capability index", ODDS, uniform(0.0, 1.0), "assumed",
        "How much the economic focus goes where the visitor is furthest behind.", ASSUMED,
    )
    innovation_agenda: float = theming(
        0.7, "log odds", ODDS, uniform(0.0, 1.4), "assumed",
        "Extra weight of science and technology innovation on the agenda.",
        f"{ARTICLE}: on every delegation's list; size {ASSUMED}",
    )

    learning: float = learning_group(
        0.03, "share of the gap per visit", SHARE, uniform(0.01, 0.05), "assumed",
        "Share of a gap that a visit closes for a visitor who absorbs all, with no barrier.", ASSUMED,
    )
    absorption: float = learning_group(
        0.5, "share", SHARE, uniform(0.2, 0.8), "assumed",
        "Share of what is shown that the province with the least human capital absorbs; the most absorbs all.",
        f"{ARTICLE}: lack of talent in the hinterland; size {ASSUMED}",
    )
    crowding: float = learning_group(
        0.3, "per further delegation", (0.0, 10.0), uniform(0.0, 0.6), "assumed",
        "How fast a host's attention falls with the number of delegations in one week.", ASSUMED,
    )
    mutual: float = learning_group(
        0.3, "share", SHARE, uniform(0.0, 0.6), "assumed",
        "What a host learns from its visitor, as a share of what a visitor would.", ASSUMED,
    )
    fading: float = learning_group(
        0.002, "share per week", SHARE, uniform(0.0, 0.004), "assumed",
        "Share of what has been learnt that is lost in a week without refreshment.", ASSUMED,
    )
    enterprise_channel: float = learning_group(
        0.001, "share of the gap per week", SHARE, uniform(0.0, 0.002), "assumed",
        "Share of a gap in industry or the digital economy that firms close in a week without delegations.",
        f"direction: {ARTICLE}, second stage; size {ASSUMED}",
    )

    barrier: float = tying(
        0.6, "share of learning lost", SHARE, uniform(0.3, 0.9), "assumed",
        "Learning lost to administrative barriers between provinces that are not integrated at all.",
        f"direction: {ARTICLE}; size {ASSUMED}",
    )
    integration_capital: float = tying(
        0.3, "index 0 to 1", SHARE, uniform(0.2, 0.4), "assumed",
        "Integration inside Beijing-Tianjin-Hebei at the start.", f"{ARTICLE}: slow; size {ASSUMED}",
    )
    integration_delta: float = tying(
        0.6, "index 0 to 1", SHARE, uniform(0.5, 0.7), "assumed",
        "Integration inside the Yangtze River Delta at the start.", f"{ARTICLE}: high; size {ASSUMED}",
    )
    integration_bay: float = tying(
        0.4, "index 0 to 1", SHARE, uniform(0.3, 0.5), "assumed",
        "Integration between Guangdong and its hinterland, and within the hinterland, at the start.", ASSUMED,
    )
    integration_outside: float = tying(
        0.1, "index 0 to 1", SHARE, uniform(0.0, 0.2), "assumed",
        "Integration of provinces in no common cluster at the start.", ASSUMED,
    )
    visit_bond: float = tying(
        0.02, "share of what is missing", SHARE, uniform(0.0, 0.04), "assumed",
        "How much a visit raises the integration of the pair.", ASSUMED,
    )
    agreement: float = tying(
        0.3, "probability", SHARE, uniform(0.1, 0.5), "assumed",
        "Chance that a visit ends in a cooperation agreement.", ASSUMED,
    )
    agreement_bond: float = tying(
        0.05, "share of what is missing", SHARE, uniform(0.0, 0.1), "assumed",
        "How much an agreement raises the integration of the pair.", ASSUMED,
    )
    loosening: float = tying(
        0.002, "share per week", SHARE, uniform(0.0, 0.004), "assumed",
        "Share of integration above its start that is lost in a week.", ASSUMED,
    )
    investment: float = tying(
        1.0, "index", (0.0, 100.0), None, "assumed",
        "Projects brought by an economic visit to a host one unit ahead in its focus, with no barrier; a scale.",
        f"direction: {ARTICLE}, attracting investment",
    )

    coordination: float = planning(
        0.0, "share of stops", SHARE, None, "assumed",
        "Share of stops the centre plans, which also lowers barriers; 0 is 2023 as it was, a lever.",
        f"{ARTICLE}: unified planning is still needed",
    )
    relief: float = planning(
        1.0, "share of barriers", SHARE, uniform(0.0, 1.0), "assumed",
        "Share of administrative barriers that full coordination removes.", f"direction: {ARTICLE}; size {ASSUMED}",
    )
    plan_on_pairs: float = planning(
        5.0, "weight", (0.0, 100.0), uniform(0.0, 10.0), "assumed",
        "Extra weight of official partners in the centre's plan.", ASSUMED,
    )
    evenness: float = planning(
        0.5, "exponent", SHARE, uniform(0.0, 1.0), "assumed",
        "How far the centre evens out the load on hosts: 0 not at all, 1 by dividing by it once.", ASSUMED,
    )

    def __post_init__(self) -> None:
        for name, declaration in DECLARATIONS.items():
            check_value(getattr(self, name), declaration)

    def having(self, **values: float) -> Self:
        """The same parameters with some values changed.

        Raises:
            InputError: for a name that is no parameter, or a value out of bounds.
        """
        check_names(values, DECLARATIONS)
        return dataclasses.replace(self, **values)

    def of_choice(self) -> tuple[float, ...]:
        """The weights of a host's appeal, in the order of the last arguments of ``rules.appeal``."""
        return tuple(getattr(self, name) for name in CHOICE)

    def onward(self, stops: int) -> float:
        """Chance of going on after this many stops; 0 after the last that any tour has."""
        return float(getattr(self, ONWARD[stops - 1])) if stops < MOST_STOPS else 0.0

    def values(self) -> dict[str, float]:
        """All values by name."""
        return {name: getattr(self, name) for name in DECLARATIONS}


DECLARATIONS: dict[str, Declaration] = declarations(Parameters)
CHOICE = (
    "proximity", "adjacency", "cluster", "hinterland", "official_pair", "counterpart_aid", "capability_gap",
    "host_size", "reciprocity", "repetition",
)
ONWARD = ("onward_first", "onward_second", "onward_third")
MOST_STOPS = len(ONWARD) + 1
