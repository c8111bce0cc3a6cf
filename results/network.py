"""The network of visits: measures as users of igraph and networkx know them, GraphML, and relational events."""

from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.calendar import START
from model.world import World

Matrix = NDArray[np.float64]
DAMPING, ROUNDS = 0.85, 200
GRAPHML = "http://graphml.graphdrawing.org/xmlns"
NODE_KEYS = {"name": "string", "cluster": "string", "latitude": "double", "longitude": "double", "gdp": "double"}


def flows(visits: pd.DataFrame, histories: pd.DataFrame, world: World) -> Matrix:
    """Visits of each history from each origin to each host, shape (histories, n, n).

    Args:
        visits: logs with columns origin, host and those of ``histories``.
        histories: the keys that tell histories apart, one row each, those without any visit included.
        world: the provinces.
    """
    keys = list(map(str, histories.columns))
    numbers = histories.assign(number=np.arange(len(histories)))
    number = visits[keys].merge(numbers, on=keys, how="left")["number"].to_numpy(dtype=int)
    places = {name: place for place, name in enumerate(world.names)}
    origin, host = (visits[end].map(places).to_numpy(dtype=int) for end in ("origin", "host"))
    counts = np.zeros((len(histories), world.provinces, world.provinces))
    np.add.at(counts, (number, origin, host), 1.0)
    return counts


def over_histories(flow: Matrix, world: World) -> pd.DataFrame:
    """Measures of each history's network: their mean and the middle 90%, one row a measure.

    Args:
        flow: shape (histories, n, n); measured one by one, since all years together are one dense network.
        world: the provinces.
    """
    table = pd.DataFrame([network_measures(each, world) for each in flow])
    bounds = {"mean": table.mean(), "low": table.quantile(0.05), "high": table.quantile(0.95)}
    return pd.DataFrame(bounds).rename_axis("measure").reset_index()


def nodes_over_histories(flow: Matrix, world: World) -> pd.DataFrame:
    """Mean over histories of the measures of every province, one row each; flow of shape (histories, n, n)."""
    stacked = pd.concat([node_measures(each, world) for each in flow])
    return stacked.groupby("province", sort=False).mean().reset_index()


def node_measures(flow: Matrix, world: World) -> pd.DataFrame:
    """Degree, strength and PageRank of every province in a weighted directed network.

    Args:
        flow: visits from each origin (row) to each host (column), shape (n, n).
        world: the provinces, in the same order.

    Returns:
        One row a province: in_degree and out_degree (partners), in_strength and out_strength (visits), pagerank
        (by visits, damping 0.85), and clustering (share of pairs of its neighbours, in either direction, that are
        neighbours themselves).
    """
    tied = (flow + flow.T) > 0
    return pd.DataFrame({
        "province": world.names,
        "in_degree": (flow > 0).sum(axis=0),
        "out_degree": (flow > 0).sum(axis=1),
        "in_strength": flow.sum(axis=0),
        "out_strength": flow.sum(axis=1),
        "pagerank": pagerank(flow),
        "clustering": clustering(tied),
    })


def network_measures(flow: Matrix, world: World) -> dict[str, float]:
    """Density, reciprocity, transitivity and modularity of the clusters of a weighted directed network."""
    there, tied = flow > 0, (flow + flow.T) > 0
    n = len(flow)
    triples = float((tied.sum(axis=0) * (tied.sum(axis=0) - 1)).sum())
    closed = float(np.trace(np.linalg.matrix_power(tied.astype(float), 3)))
    return {
        "visits": float(flow.sum()),
        "density": float(there.sum()) / (n * (n - 1)),
        "reciprocity": float((there & there.T).sum()) / max(1.0, float(there.sum())),
        "transitivity": closed / triples if triples else 0.0,
        "modularity_of_clusters": modularity(flow, _groups(world)),
    }


def pagerank(flow: Matrix) -> Matrix:
    """PageRank by power iteration; a province that visits nobody passes its rank on evenly. Shape (n,)."""
    n, out = len(flow), flow.sum(axis=1, keepdims=True)
    steps = np.divide(flow, out, out=np.full_like(flow, 1.0 / n), where=out > 0)
    rank = np.full(n, 1.0 / n)
    for _ in range(ROUNDS):
        rank = DAMPING * rank @ steps + (1.0 - DAMPING) / n
    return rank


def clustering(tied: NDArray[np.bool_]) -> Matrix:
    """Local clustering coefficient of an undirected network, 0 where a province has fewer than two neighbours."""
    ties = tied.astype(float)
    pairs = ties.sum(axis=0) * (ties.sum(axis=0) - 1.0)
    closed = np.diag(ties @ ties @ ties)
    return np.asarray(np.divide(closed, pairs, out=np.zeros(len(ties)), where=pairs > 0))


def modularity(flow: Matrix, groups: NDArray[np.int64]) -> float:
    """Directed weighted modularity of a partition: how much more flow stays inside groups than strengths explain."""
    whole = float(flow.sum())
    if whole == 0.0:
        return 0.0
    expected = np.outer(flow.sum(axis=1), flow.sum(axis=0)) / whole
    same = groups[:, None] == groups[None, :]
    return float((flow - expected)[same].sum()) / whole


def _groups(world: World) -> NDArray[np.int64]:
    """Cluster of each province by number; each in no cluster is a group of its own."""
    codes = [str(code) or f"alone {place}" for place, code in enumerate(world.cluster)]
    return np.unique(codes, return_inverse=True)[1]


def write_graphml(flow: Matrix, world: World, file: Path) -> None:
    """Write the network as GraphML: a node a province, an edge from origin to host with its visits as ``weight``."""
    root = ElementTree.Element("graphml", xmlns=GRAPHML)
    for name, kind in {**NODE_KEYS, "weight": "double"}.items():
        whose = "edge" if name == "weight" else "node"
        ElementTree.SubElement(root, "key", {"id": name, "for": whose, "attr.name": name, "attr.type": kind})
    graph = ElementTree.SubElement(root, "graph", {"id": "visits", "edgedefault": "directed"})
    for place, name in enumerate(world.names):
        node = ElementTree.SubElement(graph, "node", {"id": name})
        facts = (name, world.cluster[place], world.latitude[place], world.longitude[place], world.gdp[place])
        for key, fact in zip(NODE_KEYS, facts, strict=True):
            ElementTree.SubElement(node, "data", {"key": key}).text = str(fact)
    for i, j in np.argwhere(flow > 0):
        edge = ElementTree.SubElement(graph, "edge", {"source": world.names[i], "target": world.names[j]})
        ElementTree.SubElement(edge, "data", {"key": "weight"}).text = repr(float(flow[i, j]))
    ElementTree.indent(root)
    ElementTree.ElementTree(root).write(file, encoding="utf-8", xml_declaration=True)


def events(visits: pd.DataFrame) -> pd.DataFrame:
    """The visit log of one history as relational events in order: time in days from the first Monday, sender, receiver.

    Two stops of one tour on one day, or two tours, share a time; their order is that of the log.
    """
    days = (visits["date"] - START).dt.days
    table = pd.DataFrame({"time": days, "sender": visits["origin"], "receiver": visits["host"]})
    return table.sort_values("time", kind="stable", ignore_index=True)
