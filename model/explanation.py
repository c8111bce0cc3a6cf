"""Why a province would go where: every term of every host's appeal, and the luck that decided one week."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from model import rules
from model.agents import Province
from model.chance import Purpose
from model.parameters import CHOICE
from model.state import covariates

AGAINST = ("repetition",)


@dataclass(frozen=True)
class Departure:
    """Whether a province sets out in a week, and what decides it.

    Attributes:
        home_again: first week in which its delegation is at home.
        probability: chance of setting out if it is at home.
        luck: the draw, evenly from 0 to 1; it sets out where this is below the probability.
        sets_out: what came of it.
    """

    home_again: int
    probability: float
    luck: float
    sets_out: bool


def departure(province: Province) -> Departure:
    """What decides whether this province sets out in the week that begins."""
    model = province.model
    luck = model.luck.draw(model.week, province.index, Purpose.DEPARTURE)
    return Departure(province.home_again, model.departures[province.index], luck, province.set_out())


def hosts(province: Province) -> pd.DataFrame:
    """Every host this province could visit first in the week that begins, the likeliest first.

    Columns: host; probability of being the first stop of a tour; by_choice and by_plan, the same if the province or
    the centre decides (by_plan is 0 where there is no plan); appeal, in log odds; and each term of it by the name of
    its weight, so that a row's terms sum to its appeal.
    """
    model, others = province.model, _others(province)
    appeals = [province.appeal_of(host) for host in others]
    table = pd.DataFrame({
        "host": [model.world.names[host] for host in others],
        "by_choice": _softmax(appeals),
        "by_plan": [model.plan[province.index][host] if model.plan else 0.0 for host in others],
        "appeal": appeals,
    })
    terms = pd.DataFrame([_terms(province, host) for host in others], columns=list(CHOICE))
    table.insert(1, "probability", _mixed(table["by_choice"], table["by_plan"], model.parameters.coordination))
    return pd.concat([table, terms], axis=1).sort_values("probability", ascending=False, ignore_index=True)


def stops(province: Province) -> pd.DataFrame:
    """How luck chose the hosts of the tour that begins this week, whether or not the province sets out on it.

    One row for each stop, in the order drawn, and host it could go to (under the plan those that are in it), the winner
    first. Columns: drawn, from 1; by, ``plan`` or ``choice``; coordination, and luck_of_plan, below it where the centre
    decides; host; appeal, own or planned; gumbel, the taste of the moment; utility, their sum; chosen; onward, the
    chance of going on after this stop, and luck_of_onward, below it where the delegation does.
    """
    gone: list[int] = []
    tables = []
    for drawn_as, (host, planned) in enumerate(province.choose_hosts()):
        tables.append(_stop(province, drawn_as, host, planned, gone))
        gone.append(host)
    return pd.concat(tables, ignore_index=True)


def _stop(province: Province, drawn_as: int, chosen: int, planned: bool, gone: list[int]) -> pd.DataFrame:
    model, own = province.model, {host: province.appeal_of(host) for host in _others(province) if host not in gone}
    appeals = _planned(province, own) if planned else own
    luck = model.luck.draws(model.week, province.index, Purpose.HOST, drawn_as, model.world.provinces).tolist()
    gumbels = [rules.gumbel(luck[host]) for host in appeals]
    table = pd.DataFrame({
        "drawn": drawn_as + 1,
        "by": "plan" if planned else "choice",
        "coordination": model.parameters.coordination,
        "luck_of_plan": model.luck.draw(model.week, province.index, Purpose.PLANNED, drawn_as),
        "host": [model.world.names[host] for host in appeals],
        "appeal": list(appeals.values()),
        "gumbel": gumbels,
        "utility": np.add(list(appeals.values()), gumbels),
        "chosen": [host == chosen for host in appeals],
        "onward": model.parameters.onward(drawn_as + 1),
        "luck_of_onward": model.luck.draw(model.week, province.index, Purpose.ONWARD, drawn_as + 1),
    })
    return table.sort_values("utility", ascending=False, ignore_index=True)


def _planned(province: Province, still_open: Iterable[int]) -> dict[int, float]:
    """Appeal of the hosts still open that the centre's plan holds for this province."""
    plan = province.model.plan[province.index]
    return {host: rules.planned_appeal(plan[host]) for host in still_open if plan[host] > 0}


def _others(province: Province) -> list[int]:
    return [host for host in range(province.model.world.provinces) if host != province.index]


def _terms(province: Province, host: int) -> list[float]:
    """Each weight times what it weighs, in the order of CHOICE."""
    model, parameters = province.model, province.model.parameters
    seen = covariates(model.world, model.state, model.agenda, parameters.memory, province.index, host, model.week)
    signs = [-1.0 if name in AGAINST else 1.0 for name in CHOICE]
    each = zip(signs, parameters.of_choice(), seen, strict=True)
    return [sign * weight * value + 0.0 for sign, weight, value in each]  # adding 0 spares the reader a minus nought


def _softmax(appeals: list[float]) -> list[float]:
    peak = max(appeals)
    odds = [math.exp(appeal - peak) for appeal in appeals]
    return [each / rules.total(odds) for each in odds]


def _mixed(by_choice: pd.Series, by_plan: pd.Series, coordination: float) -> pd.Series:
    """Chance of each host if the centre decides some stops; a province without a plan always decides itself."""
    planned = coordination if by_plan.any() else 0.0
    return planned * by_plan + (1.0 - planned) * by_choice
