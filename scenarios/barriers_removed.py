"""What if administrative barriers fell, with no plan?"""

from scenarios.study.scenario import Scenario
from scenarios.study.script import run_as_script

scenario = Scenario(
    question="What if administrative barriers fell, with no plan?",
    statement=(
        "Administrative barriers are blamed for what visits fail to bring. Here none is left between any two "
        "provinces, while each still chooses its hosts and its agenda by itself: the part of stronger coordination "
        "that needs no plan."
    ),
    source="China Newsweek, 10 April 2023",
    changes={"barrier": 0.0},
)

if __name__ == "__main__":
    run_as_script(__file__)
