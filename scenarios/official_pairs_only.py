"""What if East-West pairing were the only reason to travel?"""

from scenarios.study.scenario import Scenario
from scenarios.study.script import run_as_script

scenario = Scenario(
    question="What if East-West pairing were the only reason to travel?",
    statement=(
        "Eastern provinces have been assigned western and north-eastern partners. Here the pairing draws all but "
        "surely, at the end of its bounds, and nothing else draws. Provinces without a partner, and those whose "
        "partners have all been seen, choose at random: the model has no way to make them stay at home."
    ),
    source="model/data/SOURCES.md: East-West pairs of 2021 and Northeast-East pairs of 2017",
    changes={
        "proximity": 0.0, "adjacency": 0.0, "cluster": 0.0, "hinterland": 0.0, "official_pair": 8.0,
        "counterpart_aid": 0.0, "capability_gap": 0.0, "host_size": 0.0, "reciprocity": 0.0, "repetition": 0.0,
    },
)

if __name__ == "__main__":
    run_as_script(__file__)
