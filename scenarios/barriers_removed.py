"""What if administrative barriers fell, with no plan?"""

from scenarios.study.scenario import Scenario
from scenarios.study.script import run_as_script

scenario = Scenario(
    question="What if administrative barriers fell, with no plan?",
    statement=(
        "Removing administrative barriers is asked for beside unified planning. Here they are gone and everybody "
        "still chooses for itself, which tells the one from the other."
    ),
    source="China Newsweek, 10 April 2023",
    changes={"barrier": 0.0},
)

if __name__ == "__main__":
    run_as_script(__file__)
