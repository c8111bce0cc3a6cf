"""What if Beijing-Tianjin-Hebei integrated as the Yangtze River Delta has?"""

from scenarios.study.scenario import Like, Scenario
from scenarios.study.script import run_as_script

scenario = Scenario(
    question="What if Beijing-Tianjin-Hebei integrated as the Yangtze River Delta has?",
    statement=(
        "Integration is called slow around Beijing and high around Shanghai. Here the three northern provinces "
        "begin the year as integrated as those of the Delta are assumed to be, so that barriers among them are "
        "lower; whom they visit has the reasons it had."
    ),
    source="China Newsweek, 10 April 2023",
    changes={"integration_capital": Like("integration_delta")},
)

if __name__ == "__main__":
    run_as_script(__file__)
