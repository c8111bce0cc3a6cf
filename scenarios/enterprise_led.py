"""What if the second stage, led by enterprises, came everywhere?"""

from scenarios.study.scenario import Scenario
from scenarios.study.script import run_as_script

scenario = Scenario(
    question="What if the second stage, led by enterprises, came everywhere?",
    statement=(
        "Cooperation is led by governments in a first stage and by enterprises in a second, which few have "
        "reached. Here firms close gaps at twice the most assumed for 2023, and offices teach each other as "
        "little as is assumed to be possible."
    ),
    source="China Newsweek, 10 April 2023",
    changes={"enterprise_channel": 0.004, "learning": 0.01},
)

if __name__ == "__main__":
    run_as_script(__file__)
