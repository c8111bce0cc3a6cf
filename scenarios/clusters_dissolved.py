"""What if cluster membership did not matter?"""

from scenarios.study.scenario import Like, Scenario
from scenarios.study.script import run_as_script

scenario = Scenario(
    question="What if cluster membership did not matter?",
    statement=(
        "The visits reported in March 2023 all lie in or beside three city clusters, whose integration the centre "
        "has made a task. Here a cluster neither draws visits, between its cores or to its hinterland, nor begins "
        "more integrated than provinces elsewhere."
    ),
    source="China Newsweek, 10 April 2023",
    changes={
        "cluster": 0.0, "hinterland": 0.0, "integration_capital": Like("integration_outside"),
        "integration_delta": Like("integration_outside"), "integration_bay": Like("integration_outside"),
    },
)

if __name__ == "__main__":
    run_as_script(__file__)
