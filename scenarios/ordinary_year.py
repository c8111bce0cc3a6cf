"""What if 2023 had been no year of new leaders, and had had the usual peak from May to August?"""

from scenarios.study.scenario import Scenario
from scenarios.study.script import run_as_script

scenario = Scenario(
    question="What if 2023 had been no year of new leaders, and had had the usual peak from May to August?",
    statement=(
        "Nearly all leaders of the tours were newly appointed, and the usual peak of visits is in summer, when "
        "the priorities set by the Two Sessions need answers. Here nobody is new, no campaign runs, no wave "
        "follows the Two Sessions or National Day, and departures double from May to August; that they double is "
        "assumed."
    ),
    source="China Newsweek, 10 April 2023; Ma Liang 2019: cities, 2014-2018",
    changes={
        "new_leader": 0.0, "campaign": 0.0, "spring_wave": 0.0, "autumn_wave": 0.0, "summer_peak": 1.0,
    },
)

if __name__ == "__main__":
    run_as_script(__file__)
