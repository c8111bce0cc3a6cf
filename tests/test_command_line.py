"""What the user types does what it says, and wrong input is told in one sentence."""

import hashlib
import json
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from calibration.targets import observed_table
from model.measures import OUTCOMES
from model.parameters import DECLARATIONS
from results.command_line import main
from results.store import open_study
from scenarios import find_scenario, known_scenarios
from scenarios.study import compare, script

STRONGER = "stronger_central_coordination"
TINY = ("--draws", "2", "--replicates", "2", "--weeks", "4", "--workers", "1")
TABLES = ("differences.csv", "outcomes.parquet", "visits.parquet", "capability.parquet", "parameters.parquet")


def typed(*words):
    return CliRunner().invoke(main, list(map(str, words)))


def check_told_in_one_sentence(answer, part=""):
    assert isinstance(answer.exception, SystemExit), repr(answer.exception)
    assert answer.exit_code == 2
    assert answer.output.startswith("Error: ")
    assert answer.output.count("\n") == 1
    assert part in answer.output


def hashes(folder, names):
    return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names}


@pytest.fixture(scope="module")
def one_run(tmp_path_factory):
    """A folder of one history of twelve weeks, and what the command printed."""
    folder = tmp_path_factory.mktemp("runs") / "one"
    answer = typed("run", "baseline", "--weeks", 12, "--out", folder)
    assert answer.exit_code == 0, answer.output
    return folder, answer.output


@pytest.fixture(scope="module")
def tiny_comparison(tmp_path_factory):
    """A folder of a comparison of two draws, two replicates and four weeks, and what the command printed."""
    folder = tmp_path_factory.mktemp("runs") / "tiny"
    answer = typed("compare", STRONGER, *TINY, "--out", folder)
    assert answer.exit_code == 0, answer.output
    return folder, answer.output


# Wrong input


WRONG = {
    "scenario": (("run", "basline"), "did you mean 'baseline'?"),
    "scenario to compare": (("compare", "stronger_coordination"), f"did you mean '{STRONGER}'?"),
    "scenario to compare with": (("compare", STRONGER, "--against", "basline"), "did you mean 'baseline'?"),
    "comparison with itself": (("compare", "baseline"), "compared with itself"),
    "same scenario twice": (("compare", STRONGER, STRONGER), "named twice"),
    "one draw": (("compare", STRONGER, "--draws", "1"), "at least 2 draws"),
    "one replicate": (("compare", STRONGER, "--replicates", "1"), "2 replicates"),
    "more draws than shipped": (("compare", STRONGER, "--draws", "100000"), "ask for fewer"),
    "draw": (("run", "baseline", "--draw", "100000"), "ask for fewer"),
    "name": (("run", "baseline", "--set", "lerning=0.1"), "did you mean 'learning'?"),
    "value out of range": (("run", "baseline", "--set", "learning=1.5"), "from 0 to 1"),
    "value that is no number": (("run", "baseline", "--set", "learning=much"), "NAME=NUMBER"),
    "value left out": (("run", "baseline", "--set", "learning"), "NAME=NUMBER"),
    "value the scenario changes": (("run", STRONGER, "--set", "coordination=0.1"), "itself changes coordination"),
    "not a number": (("compare", STRONGER, "--set", "learning=nan"), "out of range"),
    "missing table of visits": (("score", "no_such_file.csv"), "no_such_file.csv"),
    "missing run": (("figures", "no_such_folder"), "no_such_folder is no run"),
}


@pytest.mark.parametrize(("words", "part"), WRONG.values(), ids=WRONG.keys())
def test_wrong_input_is_told_in_one_sentence_with_its_remedy(tmp_path, monkeypatch, words, part):
    monkeypatch.chdir(tmp_path)
    check_told_in_one_sentence(typed(*words), part)


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"", b"tour,stop\n1,1\n", b"tour,stop,origin,host\n"])
def test_a_file_that_is_no_table_of_visits_is_told_in_one_sentence(tmp_path, content):
    file = tmp_path / "visits.csv"
    file.write_bytes(content)
    check_told_in_one_sentence(typed("score", file), str(file))


def test_a_folder_given_for_a_table_of_visits_is_told_in_one_sentence(tmp_path):
    check_told_in_one_sentence(typed("score", tmp_path), str(tmp_path))


@pytest.mark.parametrize("manifest", [None, b"{", b"{}", b"[]", b'"\xff"', b'{"seed": 1}'])
def test_a_folder_whose_manifest_is_not_that_of_a_run_is_told_in_one_sentence(tmp_path, manifest):
    if manifest is not None:
        (tmp_path / "manifest.json").write_bytes(manifest)
    check_told_in_one_sentence(typed("figures", tmp_path), str(tmp_path))


def test_a_seed_too_large_for_the_generator_is_refused_in_words(tmp_path):
    answer = typed("run", "baseline", "--weeks", 1, "--seed", 2**64, "--out", tmp_path / "new")
    assert answer.exit_code == 2, repr(answer.exception)
    assert isinstance(answer.exception, SystemExit)


def test_the_largest_seed_is_as_good_as_any(tmp_path):
    answer = typed("run", "baseline", "--weeks", 1, "--seed", 2**64 - 1, "--out", tmp_path / "new")
    assert answer.exit_code == 0, repr(answer.exception)


@pytest.mark.parametrize("words", [("run", "baseline", "--weeks", 1), ("compare", STRONGER)], ids=["run", "compare"])
def test_a_folder_that_holds_files_is_refused_and_left_as_it_was(tmp_path, words):
    (tmp_path / "thesis.txt").write_text("all my work")
    check_told_in_one_sentence(typed(*words, "--out", tmp_path), "holds files already")
    assert [file.name for file in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_comparison_is_refused_its_folder_before_hours_are_spent_on_it(tmp_path, monkeypatch):
    def never(*_):
        raise AssertionError("simulated")

    monkeypatch.setattr("scenarios.study.compare.simulate_all", never)
    (tmp_path / "thesis.txt").write_text("all my work")
    check_told_in_one_sentence(typed("compare", STRONGER, "--out", tmp_path), "holds files already")


def test_a_file_given_for_a_folder_to_write_is_told_in_one_sentence(tmp_path):
    file = tmp_path / "notes.txt"
    file.write_text("mine")
    check_told_in_one_sentence(typed("run", "baseline", "--weeks", 1, "--out", file), str(file))
    assert file.read_text() == "mine"


def test_wrong_input_leaves_no_folder_behind(tmp_path):
    typed("run", "basline", "--out", tmp_path / "new")
    typed("compare", "basline", "--out", tmp_path / "new")
    typed("run", "baseline", "--draw", 100_000, "--out", tmp_path / "new")
    assert not (tmp_path / "new").exists()


# One run


def test_a_run_writes_its_visits_its_manifest_and_a_map(one_run):
    folder, _ = one_run
    assert {"visits.csv", "manifest.json", "map.png"} <= {file.name for file in folder.iterdir()}
    assert (folder / "map.png").read_bytes().startswith(b"\x89PNG")
    assert pd.read_csv(folder / "visits.csv")["week"].max() < 12


def test_a_run_prints_the_question_and_every_outcome(one_run):
    _, printed = one_run
    assert printed.startswith(find_scenario("baseline").question)
    assert all(name in printed for name in OUTCOMES)


def test_a_run_records_what_was_asked_for(tmp_path):
    answer = typed("run", STRONGER, "--weeks", 2, "--seed", 5, "--draw", 3, "--set", "learning=0.04", "--out", tmp_path)
    assert answer.exit_code == 0, answer.output
    expected = {"scenario": STRONGER, "draw": 3, "seed": 5, "weeks": 2, "fixed": {"learning": 0.04}}
    assert open_study(tmp_path).design == expected


def test_the_manifest_of_a_run_holds_the_hashes_of_its_tables(one_run):
    folder, _ = one_run
    recorded = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["tables"]
    assert recorded == hashes(folder, recorded)


def test_the_same_run_again_writes_the_same_bytes_and_another_seed_others(one_run, tmp_path):
    folder, _ = one_run
    for seed in ("1", "2"):
        typed("run", "baseline", "--weeks", 12, "--seed", seed, "--out", tmp_path / seed)
    tables = open_study(folder).manifest["tables"]
    assert hashes(tmp_path / "1", tables) == tables
    assert hashes(tmp_path / "2", tables)["visits.csv"] != tables["visits.csv"]


def test_a_parameter_held_by_hand_changes_the_run(one_run, tmp_path):
    folder, _ = one_run
    answer = typed("run", "baseline", "--weeks", 12, "--set", "tours_per_year=0", "--out", tmp_path)
    assert answer.exit_code == 0, repr(answer.exception)
    assert len(open_study(folder).visits()) > 0
    assert len(open_study(tmp_path).visits()) == 0


# A comparison


def test_a_comparison_writes_its_tables_its_manifest_and_figures(tiny_comparison):
    folder, _ = tiny_comparison
    assert {*TABLES, "manifest.json", "figures"} == {file.name for file in folder.iterdir()}
    figures = {file.name for file in (folder / "figures").iterdir()}
    assert {"baseline-map.png", f"{STRONGER}-map.png", f"{STRONGER}-differences.png"} <= figures


def test_the_manifest_of_a_comparison_holds_the_hashes_of_its_tables(tiny_comparison):
    folder, _ = tiny_comparison
    assert open_study(folder).manifest["tables"] == hashes(folder, TABLES)


def test_the_manifest_of_a_comparison_says_what_was_compared(tiny_comparison):
    folder, _ = tiny_comparison
    study = open_study(folder)
    assert study.kind == "compare"
    assert study.design == {
        "scenarios": ["baseline", STRONGER], "draws": 2, "replicates": 2, "seed": 1, "weeks": 4, "fixed": {},
    }


def test_a_comparison_prints_the_question_and_a_line_for_every_outcome(tiny_comparison):
    _, printed = tiny_comparison
    assert find_scenario(STRONGER).question in printed
    first_words = [line.split()[0] for line in printed.splitlines() if line.split()]
    assert [name for name in OUTCOMES if name not in first_words] == []


def test_the_same_comparison_again_writes_the_same_bytes(tiny_comparison, tmp_path, monkeypatch):
    folder, printed = tiny_comparison
    monkeypatch.setattr("results.plates.save_figures", lambda study: [])
    again = typed("compare", STRONGER, *TINY, "--out", tmp_path)
    assert again.exit_code == 0, again.output
    assert hashes(tmp_path, TABLES) == hashes(folder, TABLES)
    assert again.output.split("Tables in")[0] == printed.split("Tables in")[0]


def test_a_comparison_with_another_seed_writes_other_bytes(tiny_comparison, tmp_path, monkeypatch):
    folder, _ = tiny_comparison
    monkeypatch.setattr("results.plates.save_figures", lambda study: [])
    typed("compare", STRONGER, *TINY, "--seed", 2, "--out", tmp_path)
    assert hashes(tmp_path, TABLES)["outcomes.parquet"] != hashes(folder, TABLES)["outcomes.parquet"]


def test_a_comparison_is_read_back_as_it_was_computed(tiny_comparison):
    folder, _ = tiny_comparison
    study = open_study(folder)
    computed = compare.compare(STRONGER, draws=2, replicates=2, weeks=4, workers=1)
    pd.testing.assert_frame_equal(study.outcomes(), computed.outcomes)
    pd.testing.assert_frame_equal(study.differences(), computed.differences, check_dtype=False)
    assert study.visits().to_csv() == computed.visits.to_csv()
    assert study.capability().to_csv() == computed.capability.to_csv()


def test_figures_can_be_drawn_again_from_the_tables_alone(one_run):
    folder, _ = one_run
    answer = typed("figures", folder)
    assert answer.exit_code == 0, repr(answer.exception)
    files = answer.output.split()
    assert str(folder / "figures" / "baseline-map.png") in files
    assert all(Path(file).read_bytes().startswith(b"\x89PNG") for file in files)


# Scores and lists


@pytest.fixture(scope="module")
def visits_of_2023(tmp_path_factory):
    file = tmp_path_factory.mktemp("visits") / "visits.csv"
    observed_table().query("sample == '2023'").to_csv(file, index=False)
    return file


def test_a_score_as_json_has_exactly_these_numbers(visits_of_2023):
    scores = json.loads(typed("score", visits_of_2023, "--json").output)
    assert set(scores) == {"visits", "tours", "model", "uniform", "gravity", "clusters"}
    assert (scores["visits"], scores["tours"]) == (80, 59)


def test_a_score_as_text_says_the_same_numbers(visits_of_2023):
    scores = json.loads(typed("score", visits_of_2023, "--json").output)
    text = typed("score", visits_of_2023).output
    assert all(f"{scores[key]:.3f}" in text for key in ("model", "uniform", "gravity", "clusters"))


def test_every_parameter_is_listed_with_its_default():
    page = typed("parameters").output
    assert [name for name, item in DECLARATIONS.items() if f"| `{name}` | {item.default:g} |" not in page] == []


def test_every_scenario_is_listed_with_its_question():
    lines = typed("scenarios").output.splitlines()
    assert [line.split(maxsplit=1) for line in lines] == [
        [name, find_scenario(name).question] for name in known_scenarios()
    ]


@pytest.mark.parametrize("command", [(), *((name,) for name in main.commands)], ids=lambda words: "".join(words))
def test_every_command_explains_itself(command):
    answer = typed(*command, "--help")
    assert answer.exit_code == 0
    assert "Usage:" in answer.output


# A scenario run as a script


def test_a_scenario_run_as_a_script_prints_its_comparison_and_writes_it(tmp_path, monkeypatch, capsys):
    tiny = compare.compare(STRONGER, draws=2, replicates=2, weeks=2, workers=1)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(script, "compare", lambda name: {STRONGER: tiny}[name])
    script.run_as_script(f"scenarios/{STRONGER}.py")
    printed = capsys.readouterr().out
    assert find_scenario(STRONGER).question in printed
    (folder,) = (tmp_path / "results" / "runs").iterdir()
    assert str(folder.relative_to(tmp_path)) in printed
    assert open_study(folder).design["scenarios"] == ["baseline", STRONGER]


def test_a_script_of_no_known_scenario_ends_with_one_sentence(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as ended:
        script.run_as_script("scenarios/stronger_coordination.py")
    assert ended.value.code == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_an_unexpected_error_is_one_sentence_unless_its_place_is_asked_for(monkeypatch):
    def broken(*_):
        raise ZeroDivisionError("no gap\nto divide by")

    monkeypatch.setattr("scenarios.known_scenarios", broken)
    answer = typed("scenarios")
    assert answer.exit_code == 1
    assert answer.output.startswith("Error: no gap to divide by (unexpected")
    assert answer.output.count("\n") == 1
    assert isinstance(typed("--debug", "scenarios").exception, ZeroDivisionError)


def test_a_command_that_is_stopped_by_hand_says_so(monkeypatch):
    def stopped(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("scenarios.known_scenarios", stopped)
    answer = typed("scenarios")
    assert answer.exit_code == 130
    assert answer.output.startswith("Stopped.")


def test_a_sweep_in_which_everything_failed_says_so_and_keeps_its_folder(tmp_path, monkeypatch):
    def broken(*_):
        raise ZeroDivisionError("no gap to divide by")

    monkeypatch.setattr("scenarios.study.shards.simulate_piece", broken)
    words = ("sweep", "--vary", "learning=0.01:0.1", "--points", 2, "--replicates", 2)
    answer = typed(*words, "--out", tmp_path / "sweep")
    assert answer.exit_code == 1
    assert "Error: 4 histories failed, the first with 'ZeroDivisionError: no gap to divide by'" in answer.output
    assert "--retry-failed" in answer.output
    assert (tmp_path / "sweep" / "manifest.json").exists()


def test_a_dry_run_says_what_a_sweep_would_cost_and_writes_nothing(tmp_path):
    words = ("sweep", "--vary", "learning=0.01:0.1", "--points", 8, "--replicates", 2, "--weeks", 4)
    told = json.loads(typed(*words, "--dry-run", "--json", "--out", tmp_path / "sweep").output)
    assert told["histories"] == 16
    assert not (tmp_path / "sweep").exists()
