"""What if the centre plans half of all stops, lowers barriers and sets the agenda?"""

from scenarios.study.scenario import Scenario
from scenarios.study.script import run_as_script

scenario = Scenario(
    question="What if the centre plans half of all stops, lowers barriers and sets the agenda?",
    statement=(
        "Integration is held back by administrative barriers and everyone building the same industries, so that "
        "unified planning and overall guidance by the centre are said to be needed still. Here the centre plans half "
        "of all stops by gap, complementarity and official pairs, lowers barriers by up to half, and sets an agenda "
        "that follows the gaps as closely as is assumed to be possible."
    ),
    source="China Newsweek, 10 April 2023",
    changes={"coordination": 0.5, "focus_on_gap": 1.0},
)

if __name__ == "__main__":
    run_as_script(__file__)
