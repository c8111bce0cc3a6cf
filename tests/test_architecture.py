"""Claims about the shape of the project, whatever the model computes."""

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from importlinter.cli import lint_imports

from calibration import blocks, completion, likelihood

ROOT = Path(__file__).parent.parent
PACKAGES = ("model", "calibration", "scenarios", "results")
LONGEST_FILE = 300
ARITHMETIC = {"math", "collections.abc"}
TEXT = {".py", ".toml", ".txt", ".in", ".md", ".cff", ".json", ".csv", ".geojson", ".ipynb", ".yml", ""}

# The brackets keep this file from finding itself.
MACHINE_BOUND = {
    "host": r"[p]ypi\.org|[p]ythonhosted\.org|[r]egistry\.npmjs|[c]onda\.anaconda\.org|[d]eb\.debian",
    "index": r"(?m)^\s*--?(index-url|extra-index-url|find-links|trusted-host)\b",
    "path": r"(?<![\w./~-])(/([h]ome|[U]sers|[r]oot|[t]mp|[w]ork|[m]nt)/|[A-Z]:\\\\?[U]sers)",
}


KEPT_IN = ("model/compiled.py", "calibration/blocks.py", "calibration/likelihood.py", "calibration/completion.py")
KEPT_RULES = (blocks.newness, blocks.departure_rate, blocks.departure_probability, blocks.theme_probability)


def plain_of(compiled):
    """The rule that numba was given."""
    return compiled._dispatcher.py_func


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def sources() -> Iterator[Path]:
    """Every text file of the project that someone wrote, without the studies a user has run."""
    folders = (*PACKAGES, "tests", "requirements", ".ci", "benchmarks")
    files = [*ROOT.iterdir(), *(path for folder in folders for path in (ROOT / folder).rglob("*"))]
    written = (path for path in files if path.is_file() and path.suffix in TEXT and path.name != ".git")
    return (path for path in written if ROOT / "results" / "runs" not in path.parents)


def imported_modules(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(text(path))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add("." * node.level + (node.module or ""))
    return found


def test_imports_run_one_way(monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    assert lint_imports(no_cache=True, no_logo=True) == 0, capsys.readouterr().out


def test_the_rules_import_nothing_but_arithmetic():
    assert imported_modules(ROOT / "model" / "rules.py") <= ARITHMETIC


def test_no_file_is_longer_than_a_few_screens():
    files = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    lines = {path.relative_to(ROOT): text(path).count("\n") for path in files}
    assert {path: count for path, count in lines.items() if count > LONGEST_FILE} == {}


@pytest.mark.parametrize("kind", MACHINE_BOUND)
def test_no_source_names_a_registry_or_a_place_on_one_machine(kind):
    named = [path.relative_to(ROOT) for path in sources() if re.search(MACHINE_BOUND[kind], text(path))]
    assert named == []


def test_every_locked_requirement_carries_a_hash():
    for lock in (ROOT / "requirements").glob("*.txt"):
        entries = re.split(r"\n(?=\S)", text(lock))
        pinned = [entry for entry in entries if not entry.startswith("#")]
        assert pinned
        assert [entry for entry in pinned if "==" not in entry or "--hash=sha256:" not in entry] == []


def test_the_core_is_locked_at_the_versions_that_are_tested():
    core, everything = (
        set(re.findall(r"(?m)^\S+==.*", text(ROOT / "requirements" / name)))
        for name in ("core.txt", "all.txt")
    )
    assert core <= everything


def test_continuous_integration_runs_the_command_of_the_readme():
    commands = text(ROOT / ".ci" / "run").splitlines()
    readme = text(ROOT / "README.md")
    assert commands[-1] == "make test"
    assert re.search(r"(?m)^\W*make test\b", readme)


def test_what_numba_keeps_by_itself_calls_nothing_from_another_file():
    """Its cache notices a change in the file of a function, not in the files of what that function calls."""
    for kept in (likelihood._log_sums.py_func, completion._averaged.py_func, *map(plain_of, KEPT_RULES)):
        home = inspect.getmodule(kept)
        used = [getattr(home, name) for name in kept.__code__.co_names if hasattr(home, name)]
        called = [each for each in used if callable(each) and not isinstance(each, np.ufunc)]
        assert called == [], kept.__name__


def test_only_these_functions_are_kept_by_numba_itself():
    """Everything else that is compiled goes through ``model.compiled.kernel``, whose folder is named by the source."""
    files = (path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
    asked = {path.relative_to(ROOT).as_posix(): text(path).count("cache=True") for path in files}
    assert {file: times for file, times in asked.items() if times} == dict.fromkeys(KEPT_IN, 1)
