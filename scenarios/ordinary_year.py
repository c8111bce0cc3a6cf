"""What if 2023 had not been a year of new leaders, with the May-August peak?"""

from scenarios.study.scenario import Like, Scenario
from scenarios.study.script import run_as_script

scenario = Scenario(
    question="What if 2023 had not been a year of new leaders, with the May-August peak?",
    statement=(
        "Most leaders had just taken office and a campaign called for field research, so that visits came right "
        "after the Two Sessions; visits between cities usually peak from May to August. Here nobody travels more "
        "for being new, there is no campaign, and the wave of spring comes in those four months instead, as high "
        "as it was. It is longer then, so that the number of visits says little by itself."
    ),
    source="China Newsweek, 10 April 2023; Ma Liang 2019: months of visits between cities, 2014-2018",
    changes={"new_leader": 0.0, "campaign": 0.0, "spring_wave": 0.0, "summer_peak": Like("spring_wave")},
)

if __name__ == "__main__":
    run_as_script(__file__)
