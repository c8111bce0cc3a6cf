"""Claims about the documents: they name what the code has, all of it and nothing else."""

import ast
import csv
import inspect
import re
from functools import cache
from pathlib import Path

import pytest

from model import rules
from model.parameters import DECLARATIONS

ROOT = Path(__file__).parent.parent
PACKAGES = ("model", "calibration", "scenarios", "results")
ODD = ROOT / "model" / "ODD.md"
DOCUMENTS = ("README.md", "model/ODD.md", "calibration/METHOD.md")
NO_EQUATION = {"total"}
BLOCK = re.compile(r"(?m)^```[^`]*^```|(?:^(?: {4,}|\t).*\n)+")
SPAN = re.compile(r"`([^`\n]+)`")
NAME = re.compile(r"[A-Za-z_]\w*")
NAME_IN_BLOCK = re.compile(r"\b[a-z]{2,}(?:_[a-z]+)+\b|(?m:^[a-z_]+(?= +=))")
COMMANDS = {"make"}
KINDS = r"\.(?:py|md|csv|json|geojson|parquet|toml|cff)"
FILE = re.compile(rf"(?:[\w.-]+/)*[\w-]+{KINDS}")
SCRIPT = re.compile(rf"(?<![\w./])(?:\w+/)+\w+{KINDS}")


def text(document: str | Path) -> str:
    return (ROOT / document).read_text(encoding="utf-8")


def spans(document: str) -> set[str]:
    """What stands between backticks in running text."""
    return set(SPAN.findall(BLOCK.sub("", text(document))))


def named_in_code_type(document: str | Path) -> set[str]:
    """Every identifier in code type, in running text or in a block."""
    whole = text(document)
    code = BLOCK.findall(whole) + SPAN.findall(BLOCK.sub("", whole))
    return {name for piece in code for name in re.findall(r"[A-Za-z_]\w*", piece)}


def names_in(tree: ast.AST) -> set[str]:
    """Names defined or used in a syntax tree, and string constants such as names of columns."""
    found: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.arg(arg=name):
                found.add(name)
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.Constant(value=str(name)):
                found.add(name)
    return found


@cache
def known_names() -> frozenset[str]:
    """Parameters, rules, outcomes, columns, attributes, stems of files and published figures."""
    files = [path for package in PACKAGES for path in (ROOT / package).rglob("*") if path.is_file()]
    names = {path.stem for path in files}
    for path in files:
        if path.suffix == ".py":
            names |= names_in(ast.parse(text(path)))
        elif path.suffix == ".csv" and "runs" not in path.parts:
            rows = list(csv.reader(text(path).splitlines()))
            names |= {*rows[0], *(row[0] for row in rows if row)}
    return frozenset(names)


def public_rules() -> set[str]:
    functions = inspect.getmembers(rules, inspect.isfunction)
    return {name for name, rule in functions if rule.__module__ == rules.__name__ and not name.startswith("_")}


def files_named_in(document: str) -> set[str]:
    blocks = BLOCK.findall(text(document))
    return {span for span in spans(document) if FILE.fullmatch(span)} | {
        path for block in blocks for path in SCRIPT.findall(block)
    }


def is_there(name: str) -> bool:
    """Whether a path exists, or for a bare name, a file of that name."""
    if "/" in name or (ROOT / name).exists():
        return (ROOT / name).exists()
    found = (path for package in PACKAGES for path in (ROOT / package).rglob(name))
    return any("runs" not in path.parts for path in found)


def test_every_parameter_is_in_the_odd():
    assert set(DECLARATIONS) - named_in_code_type(ODD) == set()


def test_every_rule_has_its_place_in_the_odd():
    assert public_rules() - NO_EQUATION - named_in_code_type(ODD) == set()


@pytest.mark.parametrize("document", DOCUMENTS)
def test_no_document_names_what_the_code_has_not(document):
    named = {span for span in spans(document) if NAME.fullmatch(span)}
    assert named - known_names() - COMMANDS == set()


def test_no_equation_names_what_the_code_has_not():
    in_blocks = NAME_IN_BLOCK.findall("\n".join(BLOCK.findall(text(ODD))))
    assert len(in_blocks) > len(public_rules())
    assert set(in_blocks) - known_names() == set()


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_file_that_a_document_names_exists(document):
    named = files_named_in(document)
    assert named, "no file was found in the text, so nothing was checked"
    assert {name for name in named if not is_there(name)} == set()
