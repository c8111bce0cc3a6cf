"""What if travel had been closed until June?"""

from scenarios.study.scenario import Scenario
from scenarios.study.script import run_as_script

scenario = Scenario(
    question="What if travel had been closed until June?",
    statement=(
        "A pandemic keeps every delegation at home until June; then the year goes on as it was."
    ),
    source="a thought experiment; the date is assumed",
    changes={"tours_per_year": 0.0},
    until="2023-06-05",
)

if __name__ == "__main__":
    run_as_script(__file__)
