"""Sweeps: the right histories, written whole or not at all, and never lost."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.dataset
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.posterior import shipped_draws
from model import agents
from model.declaration import InputError, StudyError
from model.measures import OUTCOMES, measure_one
from model.parameters import DECLARATIONS
from results import open_study
from scenarios import find_scenario, sweep
from scenarios.study import points, shards
from scenarios.study.effects import effects
from scenarios.study.lock import locked
from scenarios.study.points import check_points, draw_points, read_points
from scenarios.study.preflight import check_room, preflight
from scenarios.study.sweep import Sweep
from scenarios.study.sweeping import SweepFolder, begin, carry_out_sweep

STRONGER = "stronger_central_coordination"
TWO = {"learning": (0.01, 0.1), "cluster": (0.0, 3.0)}


def small(**changes):
    settings = {"replicates": 3, "weeks": 6, **changes}
    names = settings.pop("scenarios", ("baseline",))
    return Sweep.of(names, settings.pop("points", draw_points(TWO, 8)), **settings)


def bytes_of(folder):
    return {file.name: file.read_bytes() for file in sorted((folder / "shards").glob("*"))}


@pytest.fixture
def tiny_shards(monkeypatch):
    """Shards of one point each, so that a small sweep has many."""
    monkeypatch.setattr("scenarios.study.sweep.LEAST_IN_SHARD", 1)
    monkeypatch.setattr("scenarios.study.sweep.MOST_IN_SHARD", 1)


# Points


def test_a_grid_holds_every_combination_of_levels():
    table = draw_points({"learning": [0.01, 0.02], "coordination": [0.0, 0.5, 1.0]}, 99)
    assert len(table) == 6
    assert len(table.drop_duplicates()) == 6


def test_a_grid_over_ranges_has_the_number_of_points_asked_for_as_nearly_as_it_can():
    assert len(draw_points(TWO, 100, "grid")) == 100
    assert draw_points(TWO, 100, "grid")["cluster"].nunique() == 10


@pytest.mark.parametrize("design", ["sobol", "latin-hypercube"])
def test_a_sample_fills_every_range_evenly(design):
    table = draw_points(TWO, 128, design)
    for name, (low, high) in TWO.items():
        places = np.sort((table[name] - low) / (high - low))
        assert np.abs(places - (np.arange(128) + 0.5) / 128).max() < 1.5 / 128


def test_the_same_seed_gives_the_same_points_and_another_seed_others():
    assert draw_points(TWO, 16, seed=1).equals(draw_points(TWO, 16, seed=1))
    assert not draw_points(TWO, 16, seed=1).equals(draw_points(TWO, 16, seed=2))


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_a_table_of_ones_own_is_taken_as_it_is(tmp_path, suffix):
    mine = pd.DataFrame({"learning": [0.02, 0.07], "barrier": [0.1, 0.9]})
    file = tmp_path / f"mine.{suffix}"
    mine.to_csv(file, index=False) if suffix == "csv" else mine.to_parquet(file)
    pd.testing.assert_frame_equal(read_points(file), mine)


WRONG_POINTS = {
    "nothing": (lambda: draw_points({}, 8), "Nothing is varied"),
    "unknown": (lambda: draw_points({"lerning": (0, 1)}, 8), "did you mean 'learning'"),
    "backwards": (lambda: draw_points({"learning": (0.5, 0.1)}, 8), "LOW first"),
    "out of bounds": (lambda: draw_points({"learning": (0.0, 2.0)}, 8), "from 0 to 1"),
    "not a number": (lambda: draw_points({"learning": (0.0, float("nan"))}, 8), "out of range"),
    "no levels": (lambda: draw_points({"learning": []}, 8), "no values"),
    "levels in a sample": (lambda: draw_points({"learning": [0.1]}, 8, "sobol"), "only a grid"),
    "no points": (lambda: draw_points(TWO, 0), "at least 1"),
    "unknown design": (lambda: draw_points(TWO, 8, "random"), "choose from grid"),
    "no rows": (lambda: check_points(pd.DataFrame({"learning": []})), "holds no points"),
    "a column twice": (lambda: check_points(pd.DataFrame([[0.1, 0.2]], columns=["learning"] * 2)), "two columns"),
    "three ends": (lambda: draw_points({"learning": (0.0, 0.1, 0.2)}, 8), "range, as a tuple"),
    "a list of scenarios": (lambda: small(scenarios=(["baseline"],)), "not as a list"),
    "half a replicate": (lambda: small(replicates=2.5), "whole numbers"),
    "negative seed": (lambda: small(seed=-1), "out of range"),
    "missing table": (lambda: read_points(Path("nowhere.csv")), "Cannot read nowhere.csv"),
    "wrong value in a table": (lambda: check_points(pd.DataFrame({"learning": [0.1, 7.0]})), "Point 2"),
    "word in a table": (lambda: check_points(pd.DataFrame({"learning": [0.1, "much"]})), "Point 2"),
    "table and ranges": (lambda: points.given_points(Path("mine.csv"), TWO, 8), "stands for itself"),
    "varied and held": (lambda: small(fixed={"learning": 0.1}), "varied and held"),
    "changed by the scenario": (
        lambda: small(scenarios=(STRONGER,), points=draw_points({"coordination": (0, 1)}, 4)), "itself changes"),
    "unknown scenario": (lambda: small(scenarios=("basline",)), "did you mean 'baseline'"),
    "scenario twice": (lambda: small(scenarios=("baseline", "baseline")), "once"),
    "too many draws": (lambda: small(draws=100_000), "ask for fewer"),
    "no weeks": (lambda: small(weeks=0), "at least 1"),
}


@pytest.mark.parametrize(("wrong", "part"), WRONG_POINTS.values(), ids=WRONG_POINTS.keys())
def test_wrong_points_are_refused_with_the_remedy(wrong, part):
    with pytest.raises(InputError, match=part):
        wrong()


# Histories


@given(st.integers(1, 7), st.integers(1, 5), st.one_of(st.none(), st.integers(1, 4)), st.integers(1, 2))
def test_the_histories_of_a_sweep_are_every_point_scenario_draw_and_replicate_once(count, replicates, draws, scenarios):
    names = ("baseline", STRONGER)[:scenarios]
    planned = small(points=draw_points(TWO, count), replicates=replicates, draws=draws, scenarios=names)
    keys = planned.keys(range(planned.histories))
    assert len(keys) == count * scenarios * replicates * (draws or 1)
    assert not keys.duplicated(["point", "scenario", "replicate"]).any()
    assert keys["draw"].nunique() == (draws or replicates)
    assert [number for shard in planned.shards for number in shard] == list(range(planned.histories))


def test_a_history_of_a_sweep_has_its_draw_its_point_and_its_scenario_and_nothing_else():
    planned = small(scenarios=("baseline", STRONGER), fixed={"barrier": 0.5})
    for number in (0, 4, planned.histories - 1):
        key, run = planned.keys(range(number, number + 1)).iloc[0], planned.run(number)
        draw = shipped_draws().iloc[key["draw"]]
        drawn = {name: float(value) for name, value in draw.items() if name in DECLARATIONS}
        changes = find_scenario(key["scenario"]).changes
        expected = {**drawn, "barrier": 0.5, **{name: key[name] for name in TWO}, **changes}
        values = run.parameters.values()
        assert {name: values[name] for name in expected} == expected
        assert run.replicate == key["replicate"]


def test_every_number_of_a_sweep_is_the_history_that_the_agents_tell(tmp_path):
    planned = small(scenarios=("baseline", STRONGER))
    outcomes = carry_out_sweep(planned, tmp_path).outcomes()
    for number in (0, 5, planned.histories - 1):
        alone = measure_one(agents.simulate(planned.run(number)))
        assert outcomes.loc[number, list(OUTCOMES)].to_dict() == pytest.approx(alone, rel=0, nan_ok=True)


def test_a_scenario_that_begins_later_equals_the_baseline_until_then(monkeypatch):
    later = find_scenario(STRONGER)
    monkeypatch.setattr(type(later), "week", property(lambda self: 4 if self.changes else 0))
    planned = small(scenarios=("baseline", STRONGER))
    run = planned.run(planned.at_point)
    assert planned.keys(range(planned.at_point, planned.at_point + 1))["scenario"].item() == STRONGER
    assert run.parameters == planned.run(0).parameters
    assert run.later == {4: run.parameters.having(**later.changes)}


def test_points_and_scenarios_share_draws_and_luck():
    planned = small(scenarios=("baseline", STRONGER))
    keys = planned.keys(range(planned.histories))
    assert len(keys[["replicate", "draw"]].drop_duplicates()) == planned.at_point


def test_a_change_that_changes_nothing_is_none(monkeypatch):
    """The agents compare parameters, and draw up no new plan where they are the same."""
    later = find_scenario(STRONGER)
    monkeypatch.setattr(type(later), "week", property(lambda self: 4 if self.changes else 0))
    planned = Sweep.of((STRONGER,), pd.DataFrame({"learning": [0.02]}), replicates=1, weeks=8)
    same = type(later)("Same?", "Same.", "nobody", {"barrier": planned.run(0).parameters.barrier})
    object.__setattr__(planned, "found", [same])
    assert (planned.batch(range(1)).timetable == 0).all()


# Folders


def test_the_outcomes_are_plain_parquet_with_keys_and_varied_values(tmp_path):
    study = sweep(vary=TWO, points=4, replicates=2, weeks=4, out=tmp_path)
    plain = pyarrow.dataset.dataset(tmp_path / "shards").to_table().to_pandas()
    assert list(plain) == ["point", "scenario", "draw", "replicate", *TWO, *OUTCOMES]
    pd.testing.assert_frame_equal(plain, study.outcomes())
    pd.testing.assert_frame_equal(open_study(tmp_path).outcomes(), plain)


def test_a_sweep_stopped_half_way_is_finished_by_the_same_call_byte_for_byte(tmp_path, tiny_shards, monkeypatch):
    planned = small()
    whole, halted = tmp_path / "whole", tmp_path / "halted"
    carry_out_sweep(planned, whole, workers=2)
    write = shards.write_shard

    def stop_at_4(sweep_, number, folder):
        if number == 4:
            raise KeyboardInterrupt
        return write(sweep_, number, folder)

    monkeypatch.setattr("scenarios.study.workers.write_shard", stop_at_4)
    with pytest.raises(KeyboardInterrupt):
        carry_out_sweep(planned, halted, workers=1)
    states = SweepFolder(halted).status()["state"].tolist()
    assert states == ["done"] * 4 + ["missing"] * 4
    assert len(open_study(halted).outcomes()) == 12
    monkeypatch.undo()
    monkeypatch.setattr("scenarios.study.sweep.LEAST_IN_SHARD", 1)
    monkeypatch.setattr("scenarios.study.sweep.MOST_IN_SHARD", 1)
    carry_out_sweep(planned, halted, workers=2)
    assert bytes_of(halted) == bytes_of(whole)
    assert SweepFolder(halted).manifest["status"] == "complete"


def test_a_finished_sweep_is_not_simulated_again(tmp_path, monkeypatch):
    planned = small()
    carry_out_sweep(planned, tmp_path)
    monkeypatch.setattr("scenarios.study.workers.write_shard", None)
    assert len(carry_out_sweep(planned, tmp_path).outcomes()) == planned.histories


def test_failed_points_are_told_and_the_rest_is_kept_until_they_are_retried(tmp_path, tiny_shards, monkeypatch):
    planned = small()
    carry_out_sweep(planned, tmp_path / "whole")
    simulate = shards.simulate_piece

    def fails_at_the_third_point(sweep_, numbers):
        if 7 in numbers:
            raise ZeroDivisionError("no gap to divide by")
        return simulate(sweep_, numbers)

    monkeypatch.setattr(shards, "simulate_piece", fails_at_the_third_point)
    study = carry_out_sweep(planned, tmp_path / "failed")
    failures = study.failures()
    assert failures[["point", "number"]].to_numpy().tolist() == [[2, 7]]
    assert "ZeroDivisionError: no gap to divide by" in failures["traceback"].item()
    assert len(study.outcomes()) == planned.histories - 1
    assert study.status()["state"].value_counts().to_dict() == {"done": 7, "failed": 1}
    monkeypatch.setattr(shards, "simulate_piece", simulate)
    carry_out_sweep(planned, tmp_path / "failed")
    assert len(study.failures()) == 1
    carry_out_sweep(planned, tmp_path / "failed", retry_failed=True)
    assert bytes_of(tmp_path / "failed") == bytes_of(tmp_path / "whole")
    assert study.failures().empty


def test_a_full_disk_ends_in_a_sentence_and_a_folder_that_can_be_resumed(tmp_path, tiny_shards, monkeypatch):
    planned = small()
    written = []

    def full_after_three(table, path):
        if len(written) >= 3:
            raise OSError(28, "No space left on device")
        written.append(path)
        return write(table, path)

    write = shards._write
    monkeypatch.setattr(shards, "_write", full_after_three)
    with pytest.raises(StudyError, match=r"No space left on device.*same command"):
        carry_out_sweep(planned, tmp_path, workers=1)
    assert len(bytes_of(tmp_path)) == 3
    monkeypatch.setattr(shards, "_write", write)
    assert len(carry_out_sweep(planned, tmp_path).outcomes()) == planned.histories


def test_a_shard_that_cannot_be_written_leaves_no_part_of_it(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(StudyError):
        carry_out_sweep(small(), tmp_path, workers=1)
    assert bytes_of(tmp_path) == {}


def test_two_processes_cannot_write_to_one_folder(tmp_path):
    planned = small()
    carry_out_sweep(planned, tmp_path)
    with locked(tmp_path), pytest.raises(InputError, match="Another process is writing"):
        carry_out_sweep(planned, tmp_path)


OTHER = {
    "seed": ({"seed": 2}, "its seed is 1, not 2"),
    "points": ({"points": draw_points(TWO, 8, seed=2)}, "its varied"),
    "order of what is varied": ({"points": draw_points(TWO, 8)[["cluster", "learning"]]}, "with other points"),
    "weeks": ({"weeks": 7}, "its weeks is 6, not 7"),
}


@pytest.mark.parametrize(("changed", "part"), OTHER.values(), ids=OTHER.keys())
def test_the_folder_of_another_sweep_is_refused_and_left_as_it_was(tmp_path, changed, part):
    carry_out_sweep(small(), tmp_path)
    before = bytes_of(tmp_path)
    with pytest.raises(InputError, match=part):
        carry_out_sweep(small(**changed), tmp_path)
    assert bytes_of(tmp_path) == before


def test_a_sweep_begun_with_other_data_is_refused(tmp_path, monkeypatch):
    carry_out_sweep(small(), tmp_path)
    monkeypatch.setattr("scenarios.study.record.data_hashes", lambda: {"model/data/provinces.csv": "another"})
    with pytest.raises(InputError, match="other data"):
        carry_out_sweep(small(), tmp_path)


def test_a_folder_that_was_hardly_begun_is_begun_again(tmp_path):
    folder = begin(small(), tmp_path / "sweep")
    (folder / "manifest.json").unlink()
    assert carry_out_sweep(small(), folder).manifest["status"] == "complete"


def test_shards_without_a_record_are_not_trusted(tmp_path):
    folder = carry_out_sweep(small(), tmp_path / "sweep").folder
    (folder / "manifest.json").unlink()
    (folder / "status.csv").unlink()
    with pytest.raises(InputError, match="holds files that are no sweep"):
        carry_out_sweep(small(), folder)


def test_a_shard_that_cannot_be_read_is_made_anew(tmp_path, tiny_shards):
    planned = small()
    carry_out_sweep(planned, tmp_path)
    before = bytes_of(tmp_path)
    damaged = tmp_path / "shards" / "000003.parquet"
    damaged.write_bytes(damaged.read_bytes()[:100])
    with pytest.raises(InputError, match="cannot be read"):
        SweepFolder(tmp_path).outcomes()
    carry_out_sweep(planned, tmp_path)
    assert bytes_of(tmp_path) == before


def test_a_shard_of_which_only_the_failures_were_written_is_missing(tmp_path, tiny_shards):
    planned = small()
    carry_out_sweep(planned, tmp_path)
    (tmp_path / "shards" / "000003.parquet").rename(tmp_path / "failures" / "000003.parquet")
    assert SweepFolder(tmp_path).status()["state"].tolist()[3] == "missing"


def test_a_first_shard_in_which_everything_failed_leaves_the_others_readable(tmp_path, tiny_shards, monkeypatch):
    simulate = shards.simulate_piece

    def fails_at_the_first_point(sweep_, numbers):
        if 0 in numbers or 1 in numbers or 2 in numbers:
            raise ZeroDivisionError
        return simulate(sweep_, numbers)

    monkeypatch.setattr(shards, "simulate_piece", fails_at_the_first_point)
    study = carry_out_sweep(small(), tmp_path)
    assert len(study.outcomes()) == 21
    assert list(study.outcomes()["scenario"].unique()) == ["baseline"]
    assert study.manifest["status"] == "1 shards failed in part"


def test_a_sweep_begun_with_other_code_is_refused(tmp_path, monkeypatch):
    carry_out_sweep(small(), tmp_path)
    monkeypatch.setattr("scenarios.study.record.source_hash", lambda: "another")
    with pytest.raises(InputError, match="other code"):
        carry_out_sweep(small(), tmp_path)


def test_a_folder_with_files_of_ones_own_is_refused_and_left_as_it_was(tmp_path):
    (tmp_path / "thesis.txt").write_text("all my work")
    with pytest.raises(InputError, match="holds files that are no sweep"):
        carry_out_sweep(small(), tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["thesis.txt"]


def test_the_manifest_says_how_the_sweep_came_about(tmp_path):
    manifest = carry_out_sweep(small(), tmp_path).manifest
    assert manifest["kind"] == "sweep"
    assert manifest["status"] == "complete"
    assert manifest["design"]["histories"] == 24
    assert set(manifest["outcomes"]) == set(OUTCOMES)
    assert {"commit", "dirty", "source", "inputs", "versions", "python", "machine"} <= set(manifest)
    assert "model/data/provinces.csv" in manifest["inputs"]


def test_the_same_sweep_finds_its_own_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    first, again = carry_out_sweep(small()), carry_out_sweep(small())
    other = carry_out_sweep(small(seed=2))
    assert first.folder == again.folder != other.folder


# Before and after


def test_preflight_knows_how_many_histories_and_simulates_few_of_them():
    planned = small(points=draw_points(TWO, 4096), replicates=100)
    expected = preflight(planned, 2)
    assert "409,600 histories" in str(expected)
    assert expected.seconds > 0
    assert expected.megabytes > 0


def test_a_sweep_too_large_for_the_disk_is_refused(tmp_path):
    with pytest.raises(InputError, match="make room"):
        check_room(small(replicates=10**12), [0], tmp_path)


def test_effects_name_the_parameter_that_an_outcome_follows(tmp_path):
    study = sweep(vary={"learning": (0.01, 0.1), "proximity": (0.0, 2.0)}, points=32, replicates=4, out=tmp_path)
    table = effects(study.outcomes(), ["learning", "proximity"]).set_index("outcome")
    assert table.loc["learnt_per_visit", "learning"] > 0.9
    assert table.loc["median_km", "proximity"] < -0.9
    assert table.loc["visits", "luck"] == pytest.approx(1.0)


def test_the_share_of_luck_is_what_is_left_within_points_and_unknown_from_one_replicate():
    made = pd.DataFrame({"scenario": "baseline", "point": [0, 0, 1, 1], "learning": [0.1, 0.1, 0.2, 0.2]})
    made = made.assign(**dict.fromkeys(OUTCOMES, 0.0)).assign(visits=[0.0, 2.0, 4.0, 6.0])
    assert effects(made, ["learning"]).set_index("outcome").loc["visits", "luck"] == pytest.approx(2.0 / (2.0 + 4.0))
    assert effects(made[::2], ["learning"])["luck"].isna().all()


# Killed


def command(folder):
    return [
        sys.executable, "-c", "from results.command_line import main; main()", "sweep", "--vary", "learning=0.01:0.1",
        "--points", "512", "--replicates", "40", "--out", str(folder),
    ]  # fmt: skip


@pytest.mark.slow
def test_a_sweep_killed_at_ten_random_moments_ends_as_if_it_had_not_been(tmp_path):
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    subprocess.run(command(whole), check=True, capture_output=True)
    moments, finished = random.Random(1), []
    while len(finished) < 10:
        process = subprocess.Popen(command(killed), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while process.poll() is None and len(list((killed / "shards").glob("0*"))) <= (finished or [0])[-1]:
            time.sleep(0.01)
        time.sleep(moments.uniform(0.0, 0.4))
        assert process.poll() is None, "finished before it could be killed; give it more to do"
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        finished.append(len(list((killed / "shards").glob("0*"))))
    assert finished[0] > 0
    subprocess.run(command(killed), check=True, capture_output=True)
    assert bytes_of(killed) == bytes_of(whole)
    assert json.loads((killed / "manifest.json").read_text())["status"] == "complete"
    assert SweepFolder(killed).outcomes().equals(SweepFolder(whole).outcomes())
