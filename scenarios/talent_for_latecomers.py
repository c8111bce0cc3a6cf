"""What if the provinces that lag could absorb all they see?"""

from scenarios.study.scenario import Scenario
from scenarios.study.script import run_as_script

scenario = Scenario(
    question="What if the provinces that lag could absorb all they see?",
    statement=(
        "Guizhou and Guangxi attract projects and lack talent. Here no province absorbs less than another for "
        "want of people."
    ),
    source="China Newsweek, 10 April 2023",
    changes={"absorption": 1.0},
)

if __name__ == "__main__":
    run_as_script(__file__)
