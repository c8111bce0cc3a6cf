"""What if the provinces that lag could absorb what they see?"""

from scenarios.study.scenario import Scenario
from scenarios.study.script import run_as_script

scenario = Scenario(
    question="What if the provinces that lag could absorb what they see?",
    statement=(
        "Guizhou and Guangxi attract projects and lack the people to make use of them. Here every province absorbs "
        "all that it is shown, as the one with the most human capital does."
    ),
    source="China Newsweek, 10 April 2023",
    changes={"absorption": 1.0},
)

if __name__ == "__main__":
    run_as_script(__file__)
