"""What if the second stage, led by enterprises, came everywhere?"""

from scenarios.study.scenario import Like, Scenario
from scenarios.study.script import run_as_script

scenario = Scenario(
    question="What if the second stage, led by enterprises, came everywhere?",
    statement=(
        "Cooperation is said to begin with governments and to be carried on by enterprises. Here firms close gaps "
        "five times as fast as they are assumed to do in 2023, and delegations set out half as often; both factors "
        "are choices of ours."
    ),
    source="China Newsweek, 10 April 2023",
    changes={
        "enterprise_channel": Like("enterprise_channel", times=5.0),
        "tours_per_year": Like("tours_per_year", times=0.5),
    },
)

if __name__ == "__main__":
    run_as_script(__file__)
