"""What if administrative barriers rose and small circles closed?"""

from scenarios.study.scenario import Scenario
from scenarios.study.script import run_as_script

scenario = Scenario(
    question="What if administrative barriers rose and small circles closed?",
    statement=(
        "Administrative barriers and local protectionism shut out what comes from elsewhere, and regions close "
        "into small circles. Here barriers take nine tenths of what is learnt between the unintegrated, nothing "
        "ties provinces of no common cluster, and few visits end in an agreement."
    ),
    source="China Newsweek, 10 April 2023",
    changes={"barrier": 0.9, "integration_outside": 0.0, "agreement": 0.1},
)

if __name__ == "__main__":
    run_as_script(__file__)
