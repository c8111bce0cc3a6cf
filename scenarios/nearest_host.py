"""Is anything but distance needed to choose a host?"""

from scenarios.study.scenario import Scenario
from scenarios.study.script import run_as_script

scenario = Scenario(
    question="Is anything but distance needed to choose a host?",
    statement="A null: the nearer a province, the likelier by far it is the host, and nothing else counts.",
    source="a model without the mechanism",
    changes={
        "proximity": 8.0, "adjacency": 0.0, "cluster": 0.0, "hinterland": 0.0, "official_pair": 0.0,
        "counterpart_aid": 0.0, "capability_gap": 0.0, "host_size": 0.0, "reciprocity": 0.0, "repetition": 0.0,
    },
)

if __name__ == "__main__":
    run_as_script(__file__)
