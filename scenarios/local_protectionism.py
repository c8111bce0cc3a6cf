"""What if administrative barriers rose and small circles closed?"""

from scenarios.study.scenario import Like, Scenario
from scenarios.study.script import run_as_script

scenario = Scenario(
    question="What if administrative barriers rose and small circles closed?",
    statement=(
        "Local protectionism and small circles are named as what stands in the way of integration. Here barriers "
        "stand at the upper end of what is assumed, provinces in no common cluster begin with no integration at "
        "all, and cores of one cluster draw each other more, by 1 in log odds, which is a choice of ours."
    ),
    source="China Newsweek, 10 April 2023",
    changes={"barrier": 0.9, "integration_outside": 0.0, "cluster": Like("cluster", plus=1.0)},
)

if __name__ == "__main__":
    run_as_script(__file__)
