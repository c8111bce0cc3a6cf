"""Differences by place say what the histories say, and other tools read the network that was simulated."""

from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from model.world import DOMAINS, china
from results.command_line import main
from results.network import (
    GRAPHML,
    clustering,
    events,
    flows,
    modularity,
    network_measures,
    node_measures,
    pagerank,
    write_graphml,
)
from scenarios import compare
from scenarios.study.by_place import by_cluster, by_province
from scenarios.study.record import write_comparison

NEAREST = "nearest_host"


def typed(*words):
    return CliRunner().invoke(main, list(map(str, words)))


@pytest.fixture(scope="module")
def comparison():
    return compare(NEAREST, draws=3, replicates=2, weeks=14)


@pytest.fixture(scope="module")
def folder(comparison, tmp_path_factory):
    folder = tmp_path_factory.mktemp("network") / "run"
    folder.mkdir()
    write_comparison(comparison, folder)
    return folder


def of_three(world, *edges):
    """A network of all provinces in which only the first three visit: edges by their places, with visits."""
    flow = np.zeros((world.provinces, world.provinces))
    for origin, host, visits in edges:
        flow[origin, host] = visits
    return flow


# By place


def test_the_differences_of_provinces_average_to_the_difference_of_the_outcome(comparison, world):
    places = by_province(comparison.visits, comparison.capability, "baseline", world)
    whole = comparison.differences.query("basis == 'posterior'").set_index("outcome")["difference"]
    mean = places.groupby("measure")["difference"].mean()
    assert mean["capability_gained"] == pytest.approx(whole["capability_gained"])
    assert mean["visits_received"] * 31 == pytest.approx(whole["visits"])


def test_the_difference_of_one_province_is_that_of_its_own_capability(comparison, world):
    places = by_province(comparison.visits, comparison.capability, "baseline", world)
    ends = comparison.capability.query("basis == 'posterior' and moment == 'end' and province == 'Guizhou'")
    mean = ends.assign(mean=ends[list(DOMAINS)].mean(axis=1)).groupby("scenario")["mean"].mean()
    row = places.query("place == 'Guizhou' and measure == 'capability_gained'").iloc[0]
    assert row["difference"] == pytest.approx(1000.0 * (mean[NEAREST] - mean["baseline"]))
    assert row["expected_low"] <= row["difference"] <= row["expected_high"]


@pytest.mark.parametrize(("measure", "end"), [("visits_made", "origin"), ("visits_received", "host")])
def test_the_visits_of_a_province_are_those_that_the_log_has_of_it(comparison, world, measure, end):
    places = by_province(comparison.visits, comparison.capability, "baseline", world).set_index(["measure", "place"])
    log = comparison.visits.query("basis == 'posterior' and scenario == 'baseline'")
    for name in ("Beijing", "Guizhou", "Tibet"):
        assert places.loc[(measure, name), "baseline"] == pytest.approx((log[end] == name).sum() / 6)


def test_the_clusters_hold_every_province_once(comparison, world):
    clusters = by_cluster(comparison.visits, comparison.capability, "baseline", world)
    sizes = {"Beijing-Tianjin-Hebei": 3, "Yangtze River Delta": 4}
    places = by_province(comparison.visits, comparison.capability, "baseline", world)
    code = dict(zip(world.names, world.cluster, strict=True))
    for title, short in (("Beijing-Tianjin-Hebei", "BTH"), ("Yangtze River Delta", "YRD")):
        own = places[(places["measure"] == "visits_made") & (places["place"].map(code) == short)]["difference"]
        row = clusters.query("place == @title and measure == 'visits_made'").iloc[0]
        assert len(own) == sizes[title]
        assert row["difference"] == pytest.approx(own.mean())


def test_the_maps_of_a_comparison_are_drawn_with_their_tables(folder):
    answer = typed("maps", folder)
    assert answer.exit_code == 0, repr(answer.exception)
    files = {file.name for file in (folder / "maps").iterdir()}
    assert {"by_province.csv", "by_cluster.csv", f"{NEAREST}-capability_gained.png"} <= files
    assert "Yangtze River Delta" in answer.output


def test_a_run_without_a_baseline_has_no_differences_to_map(tmp_path):
    typed("run", "baseline", "--weeks", 2, "--out", tmp_path / "one")
    answer = typed("maps", tmp_path / "one")
    assert answer.exit_code == 2
    assert "compares nothing" in answer.output


# Measures


def test_a_triangle_that_goes_round_has_the_measures_that_anyone_can_work_out(world):
    flow = of_three(world, (0, 1, 2.0), (1, 2, 1.0), (2, 0, 1.0))
    measures = network_measures(flow, world)
    assert measures["visits"] == 4.0
    assert measures["density"] == pytest.approx(3 / (31 * 30))
    assert measures["reciprocity"] == 0.0
    assert measures["transitivity"] == pytest.approx(1.0)
    nodes = node_measures(flow, world)
    assert nodes["in_strength"].head(3).tolist() == [1.0, 2.0, 1.0]
    assert nodes["out_degree"].head(3).tolist() == [1, 1, 1]
    assert clustering((flow + flow.T) > 0)[:4].tolist() == [1.0, 1.0, 1.0, 0.0]


def test_pagerank_is_the_share_of_time_of_who_follows_visits_and_now_and_then_jumps():
    flow = np.array([[0.0, 3.0, 1.0], [1.0, 0.0, 0.0], [0.0, 0.0, 0.0]])
    rank = pagerank(flow)
    steps = np.array([[0.0, 0.75, 0.25], [1.0, 0.0, 0.0], [1 / 3, 1 / 3, 1 / 3]])
    assert rank.sum() == pytest.approx(1.0)
    assert rank == pytest.approx(0.85 * rank @ steps + 0.05)


def test_visits_inside_groups_alone_have_the_highest_modularity_and_across_alone_the_lowest():
    inside = np.array([[0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 1], [0, 0, 1, 0]], dtype=float)
    groups = np.array([0, 0, 1, 1])
    assert modularity(inside, groups) == pytest.approx(0.5)
    assert modularity(inside[[2, 3, 0, 1]], groups) == pytest.approx(-0.5)
    assert modularity(np.zeros((4, 4)), groups) == 0.0


def test_measures_agree_with_networkx(comparison, world):
    networkx = pytest.importorskip("networkx")
    one = comparison.visits.query("basis == 'posterior' and scenario == 'baseline' and draw == 0 and replicate == 0")
    flow = flows(one, pd.DataFrame({"draw": [0]}), world)[0]
    graph = networkx.from_numpy_array(flow, create_using=networkx.DiGraph)
    either, ours = graph.to_undirected(), network_measures(flow, world)
    assert ours["density"] == pytest.approx(networkx.density(graph))
    assert ours["reciprocity"] == pytest.approx(networkx.overall_reciprocity(graph))
    assert ours["transitivity"] == pytest.approx(networkx.transitivity(either))
    nodes = node_measures(flow, world)
    assert nodes["clustering"].tolist() == pytest.approx(list(networkx.clustering(either).values()))
    assert nodes["pagerank"].tolist() == pytest.approx(list(networkx.pagerank(graph, tol=1e-12).values()), abs=1e-8)


# For other tools


def test_graphml_holds_every_province_and_every_pair_with_its_visits(tmp_path, world):
    write_graphml(of_three(world, (0, 1, 2.5), (2, 0, 1.0)), world, tmp_path / "net.graphml")
    root = ElementTree.parse(tmp_path / "net.graphml").getroot()
    space = f"{{{GRAPHML}}}"
    assert [node.get("id") for node in root.iter(f"{space}node")] == list(world.names)
    edges = [(edge.get("source"), edge.get("target"), float(edge[0].text)) for edge in root.iter(f"{space}edge")]
    names = world.names
    assert edges == [(names[0], names[1], 2.5), (names[2], names[0], 1.0)]


def test_events_are_the_visits_of_one_history_in_the_order_of_their_days():
    dates = pd.to_datetime(["2023-01-10", "2023-01-02", "2023-01-10"])
    log = pd.DataFrame({"date": dates, "origin": ["a", "b", "c"], "host": ["d", "e", "f"]})
    assert events(log).to_dict("list") == {"time": [0, 8, 8], "sender": ["b", "a", "c"], "receiver": ["e", "d", "f"]}


def test_the_export_of_a_comparison_holds_the_visits_of_its_histories(folder, comparison, tmp_path):
    answer = typed("export", folder, "--out", tmp_path / "out")
    assert answer.exit_code == 0, repr(answer.exception)
    table = pd.read_csv(tmp_path / "out" / "network.csv").set_index(["scenario", "measure"])["mean"]
    rows = comparison.outcomes.query("basis == 'posterior' and scenario == @NEAREST")
    assert table[NEAREST, "visits"] == pytest.approx(rows["visits"].mean())
    told = pd.read_csv(tmp_path / "out" / f"{NEAREST}-events.csv")
    assert len(told) == rows.query("draw == 0 and replicate == 0")["visits"].item()
    assert set(told["sender"]) <= set(china().names)
