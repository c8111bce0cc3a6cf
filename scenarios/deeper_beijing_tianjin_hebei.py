"""What if Beijing-Tianjin-Hebei were as integrated as the Yangtze River Delta?"""

from scenarios.study.scenario import Scenario
from scenarios.study.script import run_as_script

scenario = Scenario(
    question="What if Beijing-Tianjin-Hebei were as integrated as the Yangtze River Delta?",
    statement=(
        "Integration is called slow around the capital and high in the Delta; the indices agree in direction, "
        "less in size. Here the first starts from the middle of what is assumed of the second."
    ),
    source="China Newsweek, 10 April 2023",
    changes={"integration_capital": 0.6},
)

if __name__ == "__main__":
    run_as_script(__file__)
