"""The model on one page: provinces that visit, learn and tie themselves together (Mesa engine).

Everyone reads the public record as it stood when the week began; what is decided lands together when it ends. So the
order in which agents act cannot matter, and the rules of ``rules.py`` are all there is to argue about.
"""

import math
from collections.abc import Mapping

import mesa

from model import rules
from model.centre import Plan, draw_up_plan
from model.chance import Luck, Purpose
from model.history import NO_FOCUS, History
from model.landing import Landing, Yield
from model.parameters import Parameters
from model.reports import AGENT_REPORTERS, MODEL_REPORTERS, history_of
from model.run import Run
from model.state import State, Visit, agenda_of, covariates, departure_probabilities, theme_leads
from model.world import ECONOMIC, ECONOMY, SCIENCE, THEMES, World, china


class Province(mesa.Agent):  # type: ignore[misc]
    """A province whose party-government delegation decides whether to travel, whom to visit and what to discuss."""

    model: "PolicyLearning"

    def __init__(self, model: "PolicyLearning", index: int) -> None:
        super().__init__(model)
        self.index = index
        self.name = model.world.names[index]
        self.home_again = 0

    @property
    def capability(self) -> list[float]:
        """Capability by domain, index 0 to 1, in the order of DOMAINS."""
        return self.model.state.capability[self.index]

    def set_out(self) -> bool:
        """Decide whether a delegation leaves this week."""
        if self.model.week < self.home_again:
            return False
        luck = self.model.luck.draw(self.model.week, self.index, Purpose.DEPARTURE)
        return rules.happens(luck, self.model.departures[self.index])

    def tour(self) -> list[Visit]:
        """Choose hosts one after another, and what to discuss with each; visits in the order of protocol."""
        chosen = self.choose_hosts()
        self.home_again = self.model.week + rules.weeks_away(len(chosen), self.model.parameters.days_per_stop)
        income = self.model.world.income
        by_protocol = sorted(enumerate(chosen), key=lambda drawn: -income[drawn[1][0]])
        return [
            self.meet(host, planned, drawn_as, stop)
            for stop, (drawn_as, (host, planned)) in enumerate(by_protocol, start=1)
        ]

    def choose_hosts(self) -> list[tuple[int, bool]]:
        """Draw hosts until the delegation goes home: each with whether the centre planned it."""
        appeals = [self.appeal_of(host) for host in range(self.model.world.provinces)]
        appeals[self.index] = -math.inf
        chosen: list[tuple[int, bool]] = []
        while max(appeals) > -math.inf:
            host, planned = self.choose_host(appeals, drawn_as=len(chosen))
            chosen.append((host, planned))
            appeals[host] = -math.inf
            if not self.go_on(len(chosen)):
                break
        return chosen

    def choose_host(self, appeals: list[float], drawn_as: int) -> tuple[int, bool]:
        """Draw one host from the province's own appeals or, where the centre decides, from its plan.

        Where every host of its plan is on the tour already, a province chooses for itself.
        """
        model = self.model
        luck_of_plan = model.luck.draw(model.week, self.index, Purpose.PLANNED, drawn_as)
        luck = model.luck.draws(model.week, self.index, Purpose.HOST, drawn_as, len(appeals)).tolist()
        if rules.happens(luck_of_plan, model.parameters.coordination):
            planned = self.planned_appeals(appeals)
            if max(planned) > -math.inf:
                return largest(planned, luck), True
        return largest(appeals, luck), False

    def planned_appeals(self, appeals: list[float]) -> list[float]:
        """Appeal of each host that can still be chosen according to the centre's plan."""
        return [
            rules.planned_appeal(probability) if appeal > -math.inf else -math.inf
            for appeal, probability in zip(appeals, self.model.plan[self.index], strict=True)
        ]

    def go_on(self, stops: int) -> bool:
        """Decide whether the delegation goes on to another host after this many stops."""
        luck = self.model.luck.draw(self.model.week, self.index, Purpose.ONWARD, stops)
        return rules.happens(luck, self.model.parameters.onward(stops))

    def appeal_of(self, host: int) -> float:
        """Appeal of one host, in log odds."""
        model, parameters = self.model, self.model.parameters
        seen = covariates(model.world, model.state, model.agenda, parameters.memory, self.index, host, model.week)
        return rules.appeal(*seen, *parameters.of_choice())

    def meet(self, host: int, planned: bool, drawn_as: int, stop: int) -> Visit:
        """Decide what one visit is about and whether it ends in an agreement."""
        model, parameters = self.model, self.model.parameters
        leads = self.model.state.leads(self.index, host)
        themes = self.choose_themes(leads, drawn_as)
        focus = self.choose_focus(leads, drawn_as) if themes[ECONOMY] else NO_FOCUS
        luck = model.luck.draw(model.week, self.index, Purpose.AGREEMENT, drawn_as)
        signed = rules.happens(luck, parameters.agreement)
        day = (stop - 1) * parameters.days_per_stop
        return Visit(model.week, self.index, host, stop, day, planned, themes, focus, signed)

    def choose_themes(self, leads: list[float], drawn_as: int) -> tuple[bool, ...]:
        """Draw each theme group by itself, so that a visit carries several, one or none."""
        luck = self.model.luck.draws(self.model.week, self.index, Purpose.THEMES, drawn_as, len(THEMES)).tolist()
        p = self.model.parameters
        shares = (p.economic_theme, p.urbanisation_theme, p.services_theme, p.governance_theme)
        return tuple(
            rules.happens(draw, rules.theme_probability(lead, share, p.theme_pull))
            for draw, share, lead in zip(luck, shares, theme_leads(leads), strict=True)
        )

    def choose_focus(self, leads: list[float], drawn_as: int) -> int:
        """Draw the one economic domain that a visit with economy on its agenda is about."""
        p = self.model.parameters
        luck = self.model.luck.draws(self.model.week, self.index, Purpose.FOCUS, drawn_as, len(ECONOMIC)).tolist()
        appeals = [
            rules.focus_appeal(leads[domain], domain == SCIENCE, p.focus_on_gap, p.innovation_agenda)
            for domain in range(len(ECONOMIC))
        ]
        return largest(appeals, luck)


class PolicyLearning(mesa.Model):  # type: ignore[misc]
    """A year, or any number of weeks, of study tours between provinces.

    Args:
        world: the provinces and what is given to them; the 31 of China by default.
        parameters: values of all parameters; the defaults if left out.
        seed, replicate: the key of all luck in the run, each from 0 to 2**64 - 1.
        weeks: how many weeks ``run`` simulates.
        later: parameters that hold instead from the week that is their key; before it nothing differs.
    """

    def __init__(
        self,
        world: World | None = None,
        parameters: Parameters | None = None,
        seed: int = 1,
        replicate: int = 0,
        weeks: int = 52,
        later: Mapping[int, Parameters] | None = None,
    ) -> None:
        super().__init__(rng=int(seed))
        self.world = world or china()
        self.parameters = parameters or Parameters()
        self.later = later or {}
        self.weeks = weeks
        self.week = 0
        self.luck = Luck(int(seed), int(replicate))
        self.state = State.at_start(self.world, self.parameters)
        self.plan: Plan = []
        self.agenda = agenda_of(self.parameters)
        self.departures = departure_probabilities(self.world, self.week, self.parameters)
        self.visits: list[Visit] = []
        self.yields: list[Yield] = []
        self.provinces = [Province(self, index) for index in range(self.world.provinces)]
        self.path = [self.state.snapshot()]
        self.datacollector = mesa.DataCollector(model_reporters=MODEL_REPORTERS, agent_reporters=AGENT_REPORTERS)
        self.datacollector.collect(self)

    def step(self) -> None:
        """Simulate one week: all decide on the record as it stands, then everything lands."""
        self.begin_week()
        travelling = [province for province in self.provinces if province.set_out()]
        visits = [visit for province in travelling for visit in province.tour()]
        self.visits += visits
        self.yields += Landing(self.world, self.state, self.parameters, visits).land()
        self.week += 1
        self.path.append(self.state.snapshot())
        self.datacollector.collect(self)

    def begin_week(self) -> None:
        """Take over what holds from this week on and let the centre plan if a quarter begins; chance has no part."""
        before, self.parameters = self.parameters, self.later.get(self.week, self.parameters)
        self.agenda = agenda_of(self.parameters)
        self.departures = departure_probabilities(self.world, self.week, self.parameters)
        new_quarter = self.week % rules.WEEKS_PER_QUARTER == 0
        if self.parameters.coordination > 0 and (new_quarter or self.parameters != before):
            self.plan = draw_up_plan(self.world, self.state, self.parameters)

    def run(self) -> History:
        """Simulate all weeks that are left."""
        while self.week < self.weeks:
            self.step()
        return self.history()

    def history(self) -> History:
        """What has happened so far."""
        return history_of(self)


def simulate(run: Run, world: World | None = None) -> History:
    """Simulate one history, in the world of 2023 if no other is given, and leave no model behind."""
    model = PolicyLearning(world, run.parameters, run.seed, run.replicate, run.weeks, run.later)
    history = model.run()
    forget(model)
    return history


def forget(model: PolicyLearning) -> None:
    """Let a model go that is no longer needed."""
    model.remove_all_agents()
    getattr(model.provinces[0], "_ids", {}).pop(model, None)  # Mesa 3.3 would keep the model alive for ever


def largest(appeals: list[float], luck: list[float]) -> int:
    """The option with the largest appeal plus taste of the moment: a multinomial logit draw."""
    utilities = [appeal + rules.gumbel(draw) for appeal, draw in zip(appeals, luck, strict=True)]
    return utilities.index(max(utilities))
