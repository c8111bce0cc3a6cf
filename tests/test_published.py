"""The published study: text, tables and manifest agree, and nothing in the text is typed by hand."""

import json
import re
from hashlib import sha256
from pathlib import Path

import pytest

from results.findings import findings
from results.published_study import FINDINGS, TABLES, publish, read_tables, study
from scenarios import known_scenarios
from scenarios.study.variants import Sample

PUBLISHED = Path(__file__).parent.parent / "results" / "published"


@pytest.fixture(scope="module")
def text():
    return (PUBLISHED / FINDINGS).read_text(encoding="utf-8")


def sentences(text):
    return [line for line in text.splitlines() if line.startswith("- ")]


def test_the_text_is_what_the_tables_make_of_it(text):
    assert findings(read_tables(PUBLISHED)) == text


def test_the_manifest_holds_the_hashes_of_the_tables():
    recorded = json.loads((PUBLISHED / "manifest.json").read_text(encoding="utf-8"))["tables"]
    assert recorded == {f"{name}.csv": sha256((PUBLISHED / f"{name}.csv").read_bytes()).hexdigest() for name in TABLES}


def test_every_scenario_has_one_sentence(text):
    for name in known_scenarios():
        if name != "baseline":
            assert sum(line.startswith(f"- {name}: ") for line in sentences(text)) == 1


def test_every_sentence_has_a_number_and_says_whether_it_is_calibrated_or_assumed(text):
    for line in sentences(text):
        assert re.search(r"[-+]?\d", line)
        assert ("calibrated" in line) != ("assumed" in line)


def test_every_difference_has_its_interval_and_its_histories(text):
    told = text[: text.index("## Is the mechanism needed?")]
    for line in sentences(told):
        assert re.search(r"[-+][\d.e-]+ to [-+][\d.e-]+", line)
        assert re.search(r"\d+ x \d+", line)


def test_a_table_that_is_changed_changes_the_text(text):
    tables = read_tables(PUBLISHED)
    tables["pairs"].loc[0, "difference"] += 1.0
    assert findings(tables) != text


@pytest.mark.slow
def test_a_study_is_published_whole(tmp_path):
    sample = Sample(draws=2, replicates=2, weeks=26)
    publish(*study(sample, precision=100.0, years=10), sample, tmp_path)
    assert findings(read_tables(tmp_path)) == (tmp_path / FINDINGS).read_text(encoding="utf-8")
    assert {file.stem for file in tmp_path.glob("*.png")} == {"overview", "dose", "trade-offs", "parts", "pairs"}
