"""2023 as it was."""

from scenarios.study.scenario import Scenario
from scenarios.study.script import run_as_script

scenario = Scenario(
    question="Whom did the provinces visit in 2023, and what did it change?",
    statement=(
        "After the Two Sessions of 2023 newly appointed leaders went out to neighbours, cluster partners and official "
        "partners, each by its own choice; the centre set tasks but planned no visits."
    ),
    source="China Newsweek, 10 April 2023; calibration/data/visits.csv",
)

if __name__ == "__main__":
    run_as_script(__file__)
