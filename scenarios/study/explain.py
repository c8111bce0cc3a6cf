"""Why a province goes where it goes in one week of one history: tables, and the same in words."""

from dataclasses import dataclass
from textwrap import fill
from typing import Any

import pandas as pd

from model import explanation
from model.calendar import START
from model.declaration import InputError, nearest_name
from model.explanation import Departure
from model.parameters import CHOICE
from scenarios.study.single import Single

WIDTH = 118


@dataclass(frozen=True)
class Explanation:
    """One province in one week of one history.

    Attributes:
        province, week: of what.
        single: of which history.
        departure: whether it sets out.
        hosts: every host with its probability and every term of its appeal; see ``model.explanation.hosts``.
        stops: how luck chose the hosts of its tour, made or not; see ``model.explanation.stops``.
    """

    province: str
    week: int
    single: Single
    departure: Departure
    hosts: pd.DataFrame
    stops: pd.DataFrame

    @property
    def tour(self) -> list[str]:
        """Hosts of the tour in the order drawn; empty if the province stays at home."""
        return self.stops.loc[self.stops["chosen"], "host"].tolist() if self.departure.sets_out else []

    def as_record(self) -> dict[str, Any]:
        """The whole explanation in plain types, for JSON."""
        return {
            "province": self.province,
            "week": self.week,
            "history": str(self.single),
            "departure": vars(self.departure),
            "tour": self.tour,
            "hosts": self.hosts.to_dict("records"),
            "stops": self.stops.to_dict("records"),
        }


def explain(province: str, week: int, single: Single | None = None) -> Explanation:
    """Why a province goes where it goes in a week: every host with its probability and every term of its appeal.

    Args:
        province: its name.
        week: from 0, the week of 2 January 2023; all is as it stands when the week begins.
        single: of which history; of the baseline, as ``policy-learning run baseline`` simulates it, if left out.

    Raises:
        InputError: for an unknown province, or a week outside the history.
    """
    single = single or Single("baseline", weeks=max(week + 1, Single.weeks))
    if not 0 <= week < single.weeks:
        raise InputError(f"Week {week} lies outside this history; give a week from 0 to {single.weeks - 1}.")
    model = single.model()
    if province not in model.world.names:
        raise InputError(f"There is no province {province!r}: {nearest_name(province, model.world.names)}")
    while model.week < week:
        model.step()
    model.begin_week()
    it = model.provinces[model.world.index(province)]
    return Explanation(
        province, week, single, explanation.departure(it), explanation.hosts(it), explanation.stops(it)
    )


def check_same_tour(told: Explanation, recorded: pd.DataFrame) -> None:
    """Make sure that the history told is the one recorded.

    Args:
        told: an explanation from a history simulated again.
        recorded: the visit log of the run.

    Raises:
        InputError: if another tour is on record.
    """
    there = recorded[(recorded["week"] == told.week) & (recorded["origin"] == told.province)]["host"].tolist()
    if sorted(there) != sorted(told.tour):
        raise InputError(
            f"On record {told.province} visits {', '.join(there) or 'nobody'} in week {told.week}, but simulated again "
            f"{', '.join(told.tour) or 'nobody'}; explain it with the commit that its manifest names."
        )


def in_words(told: Explanation) -> str:
    """The explanation as text: whether it sets out, the table of hosts, and how luck chose among them."""
    monday = START + pd.Timedelta(weeks=told.week)
    return "\n".join([
        f"{told.province} in week {told.week}, from {monday:%d %B %Y}. {told.single}.",
        "",
        *_wrapped(_on_departure(told)),
        "",
        "Chance of each host as first stop, its appeal in log odds, and what each term adds to it:",
        "",
        _table(told.hosts),
        "",
        *_on_stops(told),
    ])


def _on_stops(told: Explanation) -> list[str]:
    by_stop = told.stops.groupby("drawn")
    return [line for _, stop in by_stop for line in _wrapped(_on_stop(stop, told.departure.sets_out))]


def _wrapped(text: str) -> list[str]:
    return fill(text, WIDTH).splitlines()


def _on_departure(told: Explanation) -> str:
    at = told.departure
    if told.week < at.home_again:
        return f"It cannot set out: its delegation is on the road until week {at.home_again}."
    drawn = f"the chance was {at.probability:.3f} and luck drew {at.luck:.3f}"
    if at.sets_out:
        return f"It sets out: {drawn}, which is below."
    return f"It stays at home: {drawn}, which is not below. What follows is the tour it would have made."


def _table(hosts: pd.DataFrame) -> str:
    shown = hosts.drop(columns=["by_choice", "by_plan"] if not hosts["by_plan"].any() else [])
    shares = dict.fromkeys(("probability", "by_choice", "by_plan"), "{:.1%}".format)
    terms = dict.fromkeys(("appeal", *CHOICE), _signed)
    return str(shown.to_string(index=False, formatters=shares | terms))


def _signed(log_odds: float) -> str:
    return f"{log_odds:+.2f}" if log_odds else "0"


def _on_stop(stop: pd.DataFrame, sets_out: bool) -> str:
    first = stop.iloc[0]
    decided = "by the centre's plan" if first["by"] == "plan" else "by its own choice"
    if first["coordination"] > 0:
        decided += f" (coordination {first['coordination']:.2f}, luck {first['luck_of_plan']:.3f})"
    tense = "goes" if sets_out else "would go"
    more = "on" if first["luck_of_onward"] < first["onward"] else "home"
    return (
        f"Host {first['drawn']}, {decided}: {first['host']}. {_contest(stop)} "
        f"Then it {tense} {more}: the chance of going on is {first['onward']:.2f}, luck drew "
        f"{first['luck_of_onward']:.3f}."
    )


def _contest(stop: pd.DataFrame) -> str:
    """How the winner came out ahead of the next."""
    told = [
        f"{row['host']} has appeal {row['appeal']:+.2f} and luck {row['gumbel']:+.2f}, in all {row['utility']:+.2f}"
        for _, row in stop.head(2).iterrows()
    ]
    return "; next ".join(told) + "."
