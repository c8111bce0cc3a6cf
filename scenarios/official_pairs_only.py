"""What if official pairing were the only reason to travel?"""

from scenarios.study.scenario import Scenario
from scenarios.study.script import run_as_script

scenario = Scenario(
    question="What if official pairing were the only reason to travel?",
    statement=(
        "The centre has paired eastern with western and north-eastern provinces. Here only such partners draw a "
        "delegation, so strongly that hardly any other host is chosen where there is one; a province without a "
        "partner goes anywhere."
    ),
    source="model/data/official_pairs.csv",
    changes={
        "proximity": 0.0, "adjacency": 0.0, "cluster": 0.0, "hinterland": 0.0, "official_pair": 8.0,
        "counterpart_aid": 0.0, "capability_gap": 0.0, "host_size": 0.0, "reciprocity": 0.0, "repetition": 0.0,
    },
)

if __name__ == "__main__":
    run_as_script(__file__)
