"""Do capabilities move for any reason but learning?"""

from scenarios.study.scenario import Scenario
from scenarios.study.script import run_as_script

scenario = Scenario(
    question="Do capabilities move for any reason but learning?",
    statement=(
        "A null: visits and firms teach nothing. Much that looks like learning from others can come from "
        "elsewhere, so that what remains here is the measure of it."
    ),
    source="Volden, Ting and Carpenter 2008: learning from others and from own experience are easily confused",
    changes={"learning": 0.0, "enterprise_channel": 0.0},
)

if __name__ == "__main__":
    run_as_script(__file__)
