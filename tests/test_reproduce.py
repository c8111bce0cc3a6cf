"""A finished study can be run again from its record alone, and a record that does not hold is found out."""

import json

import pandas as pd
import pytest

from model.declaration import InputError
from model.measures import OUTCOMES
from scenarios import compare, sweep
from scenarios.study.record import write_comparison, write_tables
from scenarios.study.reproduce import record_of, reproduce
from scenarios.study.single import Single, tables_of

STRONGER = "stronger_central_coordination"


@pytest.fixture(scope="module")
def studies(tmp_path_factory):
    """One folder of each kind of study, and how many histories it holds."""
    folder = tmp_path_factory.mktemp("studies")
    for name in ("run", "compare"):
        (folder / name).mkdir()
    single = Single(STRONGER, draw=3, seed=5, weeks=12)
    write_tables(tables_of(single, single.carry_out()), folder / "run", "run", {"seed": 5, "weeks": 12})
    write_comparison(compare(STRONGER, draws=2, replicates=2, weeks=12), folder / "compare")
    sweep(STRONGER, "baseline", vary={"learning": (0.01, 0.1)}, points=4, replicates=3, weeks=12, out=folder / "sweep")
    return {"run": (folder / "run", 1), "compare": (folder / "compare", 16), "sweep": (folder / "sweep", 24)}


def change(folder, file, column, row):
    table = pd.read_parquet(folder / file)
    table.loc[row, column] = table.loc[row, column] + 1e-9
    table.to_parquet(folder / file, index=False)


@pytest.fixture
def copy_of(studies, tmp_path):
    def copied(kind):
        source, _ = studies[kind]
        for file in source.rglob("*"):
            if file.is_file():
                target = tmp_path / kind / file.relative_to(source)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(file.read_bytes())
        return tmp_path / kind

    return copied


@pytest.mark.parametrize("kind", ["run", "compare", "sweep"])
def test_a_study_run_again_is_the_same(studies, kind):
    folder, histories = studies[kind]
    again = reproduce(folder)
    assert (again.same, again.histories, again.engine) == (True, histories, "compiled")
    assert again.environment == []
    assert str(again).startswith("The same")


@pytest.mark.parametrize("kind", ["run", "compare", "sweep"])
def test_any_history_of_a_study_is_told_again_by_the_agents(studies, kind):
    folder, histories = studies[kind]
    for number in {0, histories // 3, histories - 1}:
        again = reproduce(folder, number)
        assert (again.same, again.histories, again.engine) == (True, 1, "Mesa")
        assert again.history.weeks == 12


@pytest.mark.parametrize("kind", ["run", "compare"])
def test_a_record_needs_neither_the_posterior_nor_the_scenario_as_they_are_now(studies, kind, monkeypatch):
    for name in ("posterior_draws", "prior_draws", "find_scenario"):
        monkeypatch.setattr(f"scenarios.study.compare.{name}", None)
    assert reproduce(studies[kind][0]).same


@pytest.mark.parametrize("number", [None, 5])
def test_an_outcome_that_was_changed_is_found_out(copy_of, number):
    folder = copy_of("compare")
    change(folder, "outcomes.parquet", "capability_gained", 5)
    again = reproduce(folder, number)
    assert not again.same
    assert again.differing[["number", "outcome"]].to_numpy().tolist() == [[5, "capability_gained"]]
    assert str(again).startswith("Not the same")


@pytest.mark.parametrize("number", [None, 0])
def test_a_visit_that_was_changed_is_found_out(copy_of, number):
    folder = copy_of("compare")
    change(folder, "visits.parquet", "projects", 0)
    again = reproduce(folder, number)
    assert again.differing.empty
    assert not again.same


def test_what_differs_in_the_environment_is_said(copy_of):
    folder = copy_of("run")
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["versions"]["numpy"], manifest["source"] = "1.0", "another"
    manifest["inputs"]["model/data/provinces.csv"] = "another"
    (folder / "manifest.json").write_text(json.dumps(manifest))
    told = reproduce(folder).environment
    assert any(line.startswith("Recorded with numpy 1.0") for line in told)
    assert "Since the record, the source of the model has changed." in told
    assert "Since the record, model/data/provinces.csv has changed." in told


def test_a_number_that_is_not_there_is_refused(studies):
    with pytest.raises(InputError, match="holds 0 to 15"):
        reproduce(studies["compare"][0], 16)


def test_a_sweep_under_way_is_refused(copy_of):
    folder = copy_of("sweep")
    next((folder / "shards").iterdir()).unlink()
    with pytest.raises(InputError, match=r"no finished shard|finish the sweep"):
        reproduce(folder)


def test_a_folder_that_holds_no_study_is_refused(tmp_path):
    with pytest.raises(InputError, match="no run"):
        record_of(tmp_path)


def test_the_record_holds_every_outcome(studies):
    assert set(OUTCOMES) <= set(record_of(studies["compare"][0]).outcomes.columns)
