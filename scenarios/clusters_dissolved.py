"""What if cluster membership did not matter to whom a province visits?"""

from scenarios.study.scenario import Scenario
from scenarios.study.script import run_as_script

scenario = Scenario(
    question="What if cluster membership did not matter to whom a province visits?",
    statement=(
        "All 13 visits of the article lie inside or beside three city clusters. Here neither a shared cluster nor "
        "the tie of core and hinterland draws anybody; how integrated the clusters are stays as it is."
    ),
    source="China Newsweek, 10 April 2023",
    changes={"cluster": 0.0, "hinterland": 0.0},
)

if __name__ == "__main__":
    run_as_script(__file__)
