"""The two engines are one model: equal visits, one by one, and equal capabilities, bit for bit."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model import agents, compiled, ensemble
from model.batch import Batch
from model.calendar import Calendar
from model.chance import Luck, Purpose
from model.history import VISIT, History
from model.measures import measure_all, measure_one
from model.parameters import DECLARATIONS, Parameters
from model.run import Run
from model.world import CLUSTERS, DOMAINS, World, china

ROOT = Path(__file__).parent.parent
BUSY = Parameters(tours_per_year=20.0)
PLANNED = BUSY.having(coordination=0.5)


def random_world(provinces: int, seed: int) -> World:
    """Regions scattered at random, some in clusters, some tied, some equal in every respect."""
    rng = np.random.default_rng(seed)

    def ties(share):
        flags = np.triu(rng.random((provinces, provinces)) < share, 1)
        return flags | flags.T

    return World(
        names=tuple(f"region {number}" for number in range(provinces)),
        latitude=rng.uniform(20, 50, provinces),
        longitude=rng.uniform(80, 130, provinces),
        cluster=rng.choice([*CLUSTERS, ""], provinces).astype(object),
        core=rng.random(provinces) < 0.5,
        gdp=rng.lognormal(9, 1, provinces),
        income=rng.choice([5e4, 7e4, 9e4], provinces),
        human_capital=rng.random(provinces),
        capability=rng.choice([0.0, 0.25, 0.5, 1.0], (provinces, len(DOMAINS))) * rng.random((provinces, 1)).round(),
        leader_since=rng.integers(-200, 60, provinces).astype(float),
        borders=ties(0.2),
        paired=ties(0.1),
        aided=ties(0.1),
        calendar=Calendar(*(rng.random((5, 52)) < 0.2)),
    )


@st.composite
def parameters(draw):
    """Any parameters within their bounds, at a rate that fills the test but does not flood it."""
    chosen = draw(st.sets(st.sampled_from(sorted(DECLARATIONS)), max_size=12))
    values = {
        name: draw(st.floats(DECLARATIONS[name].low, DECLARATIONS[name].high)) for name in sorted(chosen)
    }
    return Parameters().having(**{**values, "tours_per_year": draw(st.floats(0.0, 60.0))})


def same(one: History, other: History) -> bool:
    """Equal visits in every column, and equal paths of capability and integration in every bit."""
    return (
        all(np.array_equal(one.log[name], other.log[name]) for name in VISIT.names)
        and one.capability.tobytes() == other.capability.tobytes()
        and one.integration.tobytes() == other.integration.tobytes()
    )


def both(run: Run, world: World | None = None) -> tuple[History, History]:
    """The history of a run by the agents, and by the compiled engine."""
    histories = ensemble.simulate(world or china(), Batch.of([run]), every_week=True)
    return agents.simulate(run, world), histories.one(0)


# One model


@given(
    st.integers(3, 40), st.integers(0, 2**32), parameters(), parameters(), st.integers(1, 30), st.integers(0, 40),
    st.integers(0, 2**64 - 1), st.integers(0, 2**64 - 1),
)  # fmt: skip
@settings(max_examples=60)
@pytest.mark.filterwarnings("ignore:Mean of empty slice", "ignore:invalid value encountered in scalar divide")
def test_both_engines_tell_the_same_history(provinces, world_seed, first, then, weeks, since, seed, replicate):
    """In any world, at any parameters, with a change on the way or none."""
    run = Run(first, seed, replicate, weeks, {since: then})
    by_agents, by_ensemble = both(run, random_world(provinces, world_seed))
    assert same(by_agents, by_ensemble)


@pytest.mark.parametrize("values", [BUSY, PLANNED, PLANNED.having(coordination=1.0)], ids=["choice", "half", "plan"])
def test_both_engines_tell_the_same_year_of_the_31_provinces(values):
    by_agents, by_ensemble = both(Run(values, seed=7, replicate=3))
    assert len(by_agents.host) > 500
    assert same(by_agents, by_ensemble)


def test_both_engines_pass_the_end_of_a_year():
    assert same(*both(Run(Parameters(), seed=1, replicate=0, weeks=70)))


@pytest.mark.filterwarnings("ignore:Mean of empty slice", "ignore:invalid value encountered in scalar divide")
def test_a_world_of_one_makes_tours_to_nowhere():
    by_agents, by_ensemble = both(Run(BUSY, 1, 0, 12), random_world(1, 0))
    assert len(by_ensemble.host) == 0
    assert same(by_agents, by_ensemble)


MUTANTS = {
    "a tie that loosens twice": ("kernel/landing.py", "p.loosening", "2.0 * p.loosening"),
    "protocol from the poorest": ("kernel/choosing.py", "] < income[", "] > income["),
    "firms that learn a little less": ("kernel/landing.py", "learnt_by_firms(lead,", "learnt_by_firms(0.999 * lead,"),
    "the luck of another stop": ("kernel/choosing.py", "AGREEMENT, drawn_as", "AGREEMENT, 0"),
}
COMPARED = """
from tests.test_engines import PLANNED, Run, both, same
print(same(*both(Run(PLANNED, seed=7, replicate=3, weeks=12))))
"""


@pytest.mark.slow
@pytest.mark.parametrize("mutant", [None, *MUTANTS])
def test_a_mutant_of_the_kernel_is_found_out(mutant, tmp_path):
    for package in ("model", "tests"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    if mutant:
        file, before, after = MUTANTS[mutant]
        source = (tmp_path / "model" / file).read_text()
        assert before in source
        (tmp_path / "model" / file).write_text(source.replace(before, after))
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    command = [sys.executable, "-c", COMPARED]
    told = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert told.stdout.strip() == str(mutant is None), told.stderr


# Many at once


def test_a_history_does_not_depend_on_the_batch_it_is_in():
    runs = [Run(values, 1, replicate, 20) for replicate in range(3) for values in (BUSY, PLANNED)]
    together = ensemble.simulate(china(), Batch.of(runs))
    for number, run in enumerate(runs):
        assert same(together.one(number), ensemble.simulate(china(), Batch.of([run])).one(0))


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_the_number_of_threads_changes_nothing(threads, monkeypatch):
    monkeypatch.setattr(ensemble, "HISTORIES_AT_ONCE", 3)
    batch = Batch.of([Run(BUSY, 1, replicate, 8) for replicate in range(10)])
    alone, shared = ensemble.simulate(china(), batch), ensemble.simulate_all(batch, "histories", threads)
    assert all(same(alone.one(number), shared.one(number)) for number in range(10))


def test_outcomes_of_a_history_are_the_same_alone_and_among_many():
    runs = [Run(values, 1, replicate, 20) for replicate in range(3) for values in (BUSY, PLANNED, Parameters())]
    together = measure_all(ensemble.simulate(china(), Batch.of(runs)))
    for number, run in enumerate(runs):
        alone = measure_one(agents.simulate(run))
        assert {name: values[number] for name, values in together.items()} == pytest.approx(alone, rel=0, nan_ok=True)


# What is compiled


def test_no_layout_of_arrays_makes_the_kernel_compile_a_second_time():
    batch = Batch.of([Run(BUSY, 1, replicate, 4) for replicate in range(4)])
    for world in (china(), random_world(5, 1)):
        ensemble.simulate(world, batch)
        ensemble.simulate(world, batch.part(0, 1))
    assert len(ensemble._simulate.signatures) == 1


@given(st.integers(0, 2**64 - 1), st.integers(0, 2**64 - 1), st.integers(0, 5000), st.integers(0, 3000),
       st.sampled_from(Purpose), st.integers(0, 7), st.integers(1, 33))  # fmt: skip
def test_compiled_luck_is_the_luck_of_the_agents(seed, replicate, week, province, purpose, stop, options):
    luck = np.empty(options)
    keys = (np.uint64(seed), np.uint64(replicate), week, province, int(purpose), stop)
    compiled.draw_options(*keys, luck)
    assert luck.tolist() == Luck(seed, replicate).draws(week, province, purpose, stop, options).tolist()
    assert compiled.draw(*keys) == luck[0]


def test_what_is_compiled_is_kept_under_the_hash_of_all_source_of_the_model(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    before = compiled.cache_folder()
    source = tmp_path / "model"
    (source / "kernel").mkdir(parents=True)
    for file in ("rules.py", "kernel/landing.py"):
        (source / file).write_bytes((ROOT / "model" / file).read_bytes())
    monkeypatch.setattr("model.source.FOLDER", source)
    folders = {before, compiled.cache_folder()}
    for file in ("rules.py", "kernel/landing.py"):
        (source / file).write_text((source / file).read_text() + "\n")
        folders.add(compiled.cache_folder())
    assert len(folders) == 4


def test_only_the_latest_compilations_are_kept(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    for number in range(20):
        (tmp_path / "policy-learning" / str(number)).mkdir(parents=True)
    kept = compiled.cache_folder()
    assert kept.exists()
    assert len(list(kept.parent.iterdir())) == compiled.FOLDERS_KEPT


def test_where_nothing_can_be_kept_the_engine_still_compiles(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert compiled.cache_folder() is None
    assert compiled.kernel(lambda number: number + 1)(1) == 2
