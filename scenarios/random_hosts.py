"""Is any reason for choosing a host needed at all?"""

from scenarios.study.scenario import Scenario
from scenarios.study.script import run_as_script

scenario = Scenario(
    question="Is any reason for choosing a host needed at all?",
    statement=(
        "A null: every other province is as good a host as any, so that only who sets out, when, and for how many "
        "stops is left of the model."
    ),
    source="a model without the mechanism",
    changes={
        "proximity": 0.0, "adjacency": 0.0, "cluster": 0.0, "hinterland": 0.0, "official_pair": 0.0,
        "counterpart_aid": 0.0, "capability_gap": 0.0, "host_size": 0.0, "reciprocity": 0.0, "repetition": 0.0,
    },
)

if __name__ == "__main__":
    run_as_script(__file__)
