"""What if hosts were drawn by lot?"""

from scenarios.study.scenario import Scenario
from scenarios.study.script import run_as_script

scenario = Scenario(
    question="What if hosts were drawn by lot?",
    statement=(
        "A null: provinces set out as often as they do, and no host appeals more than another. What this "
        "reproduces of the visits needs no reason to choose a host."
    ),
    source="a null model, to see whether the choice of hosts is needed",
    changes={
        "proximity": 0.0, "adjacency": 0.0, "cluster": 0.0, "hinterland": 0.0, "official_pair": 0.0,
        "counterpart_aid": 0.0, "capability_gap": 0.0, "host_size": 0.0, "reciprocity": 0.0, "repetition": 0.0,
    },
)

if __name__ == "__main__":
    run_as_script(__file__)
