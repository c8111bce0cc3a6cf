"""What if travel had been closed until June?"""

from scenarios.study.scenario import Scenario
from scenarios.study.script import run_as_script

scenario = Scenario(
    question="What if travel had been closed until June?",
    statement=(
        "A closure such as the years before 2023 had, set into 2023 to see how much of a year's learning hangs on its "
        "first five months. No delegation sets out before June; from then on everything is as it was, with nothing "
        "made up for."
    ),
    source="our own question; no figure is taken from anyone",
    changes={"tours_per_year": 0.0},
    until="2023-06-01",
)

if __name__ == "__main__":
    run_as_script(__file__)
