"""A sweep on a Dask cluster: the same shards, the same bytes, and nothing lost with a worker."""

import os
import signal
import subprocess
import sys
import time

import pytest

from model.declaration import InputError
from scenarios.study import workers
from scenarios.study.points import draw_points
from scenarios.study.sweep import Sweep
from scenarios.study.sweeping import carry_out_sweep

PLANNED = {"replicates": 40, "weeks": 52}


def planned():
    return Sweep.of(("baseline",), draw_points({"learning": (0.01, 0.1)}, 128), **PLANNED)


def bytes_of(folder):
    return {file.name: file.read_bytes() for file in sorted((folder / "shards").glob("*"))}


def started(*words, until=None):
    """A process of Dask's command line; returns once it has said ``until``."""
    command = [sys.executable, "-m", "distributed.cli.dask_" + words[0], *words[1:]]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    said = []
    while until and not any(until in line for line in said):
        line = process.stdout.readline()
        assert line, "".join(said)
        said.append(line)
    return process, said


@pytest.fixture
def cluster(tmp_path):
    """Address of a scheduler on loopback, and its two workers."""
    scheduler, said = started(
        "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--no-show", until="Scheduler at:"
    )
    address = next(line for line in said if "Scheduler at:" in line).split()[-1]
    options = ("--nthreads", "1", "--no-dashboard", "--no-nanny", "--local-directory", str(tmp_path / "dask"))
    hands = [started("worker", address, *options, until="Registered to:")[0] for _ in range(2)]
    yield address, hands
    for process in (*hands, scheduler):
        process.kill()
        process.wait()
        process.stdout.close()


@pytest.mark.slow
def test_a_cluster_writes_the_bytes_of_one_machine_even_when_a_worker_is_killed(cluster, tmp_path):
    address, (victim, _) = cluster
    here, there = tmp_path / "here", tmp_path / "there"
    carry_out_sweep(planned(), here)
    finished = workers.on_cluster

    def kill_one_after_three(*arguments):
        for number, done in enumerate(finished(*arguments)):
            yield done
            if number == 2:
                os.kill(victim.pid, signal.SIGKILL)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("scenarios.study.sweeping.on_cluster", kill_one_after_three)
        study = carry_out_sweep(planned(), there, cluster=address)
    assert victim.wait(10) == -signal.SIGKILL
    assert study.manifest["status"] == "complete"
    assert bytes_of(there) == bytes_of(here)
    assert study.outcomes().equals(carry_out_sweep(planned(), here).outcomes())


@pytest.mark.slow
def test_workers_with_other_code_are_refused(cluster, tmp_path, monkeypatch):
    monkeypatch.setattr("model.source.FOLDER", tmp_path)
    with pytest.raises(InputError, match="another version"):
        carry_out_sweep(planned(), tmp_path / "study", cluster=cluster[0])


@pytest.mark.slow
def test_a_scheduler_without_workers_is_refused(cluster, tmp_path):
    address, hands = cluster
    for each in hands:
        each.kill()
        each.wait()
    time.sleep(1)
    with pytest.raises(InputError, match="has no workers"):
        carry_out_sweep(planned(), tmp_path / "study", cluster=address)


def test_an_address_that_nobody_answers_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(workers, "SECONDS_TO_ANSWER", 1)
    with pytest.raises(InputError, match="No scheduler answers"):
        carry_out_sweep(planned(), tmp_path / "study", cluster="tcp://127.0.0.1:9")


def test_without_dask_the_command_that_installs_it_is_told(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(InputError, match="pip install"):
        carry_out_sweep(planned(), tmp_path / "study", cluster="tcp://127.0.0.1:9")
