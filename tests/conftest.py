"""Worlds small enough to work out by hand."""

import numpy as np
import pytest
from hypothesis import settings

from model.world import DOMAINS, World, china

settings.register_profile("claims", derandomize=True, deadline=None, max_examples=60)
settings.load_profile("claims")

THREE = ("Beijing", "Tianjin", "Hebei")


def part_of_china(*names: str) -> World:
    """These provinces and nobody else, as they are in the world of 2023."""
    whole = china()
    chosen = np.array([whole.index(name) for name in names])
    pairs = np.ix_(chosen, chosen)
    return World(
        names=names,
        latitude=whole.latitude[chosen],
        longitude=whole.longitude[chosen],
        cluster=whole.cluster[chosen],
        core=whole.core[chosen],
        gdp=whole.gdp[chosen],
        income=whole.income[chosen],
        human_capital=whole.human_capital[chosen],
        capability=whole.capability[chosen].reshape(len(names), len(DOMAINS)),
        leader_since=whole.leader_since[chosen],
        borders=whole.borders[pairs],
        paired=whole.paired[pairs],
        aided=whole.aided[pairs],
        calendar=whole.calendar,
    )


@pytest.fixture(scope="session")
def world() -> World:
    """The 31 provinces."""
    return china()


@pytest.fixture(scope="session")
def three() -> World:
    """Beijing, Tianjin and Hebei and nobody else."""
    return part_of_china(*THREE)


@pytest.fixture(scope="session")
def four() -> World:
    """The same three and Shandong, a neighbour outside their cluster."""
    return part_of_china(*THREE, "Shandong")


@pytest.fixture(scope="session")
def two() -> World:
    """Two provinces that have only each other to visit."""
    return part_of_china("Guangdong", "Guizhou")
