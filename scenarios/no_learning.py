"""What if visits taught nothing?"""

from scenarios.study.scenario import Scenario
from scenarios.study.script import run_as_script

scenario = Scenario(
    question="What if visits taught nothing?",
    statement=(
        "A null: neither delegations nor firms carry any capability, while visits, ties and agreements go on. What "
        "this reproduces needs no learning."
    ),
    source="a null model, to see whether learning is needed",
    changes={"learning": 0.0, "enterprise_channel": 0.0},
)

if __name__ == "__main__":
    run_as_script(__file__)
