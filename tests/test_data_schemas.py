"""Every table keeps to its described schema, and a broken copy of it is refused."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import frictionless
import pytest

ROOT = Path(__file__).parents[1]
FOLDERS = (ROOT / "model" / "data", ROOT / "calibration" / "data")
PACKAGES = pytest.mark.parametrize("folder", FOLDERS, ids=["model", "calibration"])


def faults_in(folder: Path) -> set[str]:
    """Return the kinds of fault the data package in `folder` shows; none if it is sound."""
    return {kind for (kind,) in frictionless.validate(str(folder / "datapackage.json")).flatten(["type"])}


@PACKAGES
def test_every_table_keeps_to_its_schema(folder):
    assert faults_in(folder) == set()


@PACKAGES
def test_every_table_of_the_folder_is_described(folder):
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    assert {entry["path"] for entry in package["resources"]} == {path.name for path in folder.glob("*.csv")}


# What is broken: table, sound text, text put in its place (None drops the row), kind of fault to be reported.
BROKEN = {
    "a border with a province that does not exist": (
        "adjacency.csv",
        ",Tianjin,land",
        ",Tientsin,land",
        "foreign-key",
    ),
    "a border under another province's code": (
        "adjacency.csv",
        "110000,120000",
        "110000,130000",
        "foreign-key",
    ),
    "a partner that does not exist": ("official_pairs.csv", "Tianjin,Gansu", "Tianjin,Kansu", "foreign-key"),
    "a donor that does not exist": ("counterpart_aid.csv", "Xinjiang,Henan", "Xinjiang,Honan", "foreign-key"),
    "an indicator without an entry": ("domains.csv", "hdi_2022", "hdi_2021", "foreign-key"),
    "an indicator in two domains": ("domains.csv", "hdi_2022", "dedi_2022", "unique-error"),
    "a ninth domain": ("domains.csv", ",trade,", ",finance,", "constraint-error"),
    "a province left out": ("provinces.csv", "540000,CN-XZ,Tibet", None, "foreign-key"),
    "a province twice": ("provinces.csv", "CN-XZ,Tibet", "CN-XJ,Xinjiang", "primary-key"),
    "a negative GDP": ("provinces.csv", "41610.9", "-41610.9", "constraint-error"),
    "an unknown GDP": ("provinces.csv", "41610.9", "", "constraint-error"),
    "a GDP in words": ("provinces.csv", "41610.9", "large", "type-error"),
    "a month that does not exist": ("provinces.csv", "2022-04-22", "2022-14-22", "constraint-error"),
    "a holiday that does not exist": ("calendar.csv", "2023-01-21", "2023-02-30", "type-error"),
    "a column under another name": ("provinces.csv", "gdp_2022", "gdp_2023", "incorrect-label"),
    "a visit to a province that does not exist": (
        "visits.csv",
        "Zhejiang,Qinghai",
        "Zhejiang,Tsinghai",
        "constraint-error",
    ),
    "a visit on no date": ("visits.csv", ",2016-07-06,", ",6 July,", "type-error"),
    "a visit neither in the article nor not": (
        "visits.csv",
        ",0,number one",
        ",2,number one",
        "constraint-error",
    ),
    "a stop counted twice": (
        "visits.csv",
        "ZJ2012-09,2,Zhejiang,Guizhou",
        "ZJ2012-09,2,Zhejiang,Qinghai",
        "primary-key",
    ),
    "a fact without a source": (
        "published_facts.csv",
        ",http://zgkjsz.com/page/2019/1104/11100355.shtml",
        ",",
        "constraint-error",
    ),
}


@pytest.mark.parametrize(("table", "sound", "broken", "fault"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_copy_is_refused(tmp_path, table, sound, broken, fault):
    source = next(folder for folder in FOLDERS if (folder / table).exists())
    copy = Path(shutil.copytree(source, tmp_path / "data")) / table
    lines = copy.read_text(encoding="utf-8").splitlines()
    row = next(number for number, line in enumerate(lines) if sound in line)
    lines[row : row + 1] = [] if broken is None else [lines[row].replace(sound, broken, 1)]
    copy.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert fault in faults_in(copy.parent)
