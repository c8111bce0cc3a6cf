"""What if everyone went to the nearest province?"""

from scenarios.study.scenario import Scenario
from scenarios.study.script import run_as_script

scenario = Scenario(
    question="What if everyone went to the nearest province?",
    statement=(
        "A null: proximity decides all but surely, at the end of its bounds, and nothing else counts. What this "
        "reproduces of the visits needs no more than a map."
    ),
    source="a null model, to see whether more than distance is needed",
    changes={
        "proximity": 8.0, "adjacency": 0.0, "cluster": 0.0, "hinterland": 0.0, "official_pair": 0.0,
        "counterpart_aid": 0.0, "capability_gap": 0.0, "host_size": 0.0, "reciprocity": 0.0, "repetition": 0.0,
    },
)

if __name__ == "__main__":
    run_as_script(__file__)
