"""The folder of a run: tidy tables, and a manifest that says how they came about."""

import dataclasses
import json
import platform
import subprocess
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from importlib import metadata
from pathlib import Path
from typing import Any

import pandas as pd

from calibration.posterior import data_hashes, shipped_hash
from model.declaration import InputError
from model.measures import OUTCOMES
from model.source import source_hash
from scenarios.study.compare import Comparison

# Elsewhere a folder called results would hide the package of that name from a Python started there.
RUNS = Path("results") / "runs" if (Path("results") / "__init__.py").exists() else Path("runs")
PACKAGES = ("policy-learning", "mesa", "numba", "numpy", "pandas", "scipy", "pyarrow")
MANIFEST = "manifest.json"


def new_folder(name: str, out: Path | None) -> Path:
    """A fresh folder for a run: ``out`` if given, else one named by time under ``results/runs``.

    Raises:
        InputError: if ``out`` is a file or not empty, so that nothing is lost.
    """
    folder = out or RUNS / f"{datetime.now():%Y%m%d-%H%M%S}-{name}"
    if folder.is_file():
        raise InputError(f"{folder} is a file; choose another --out, a folder.")
    if folder.exists() and any(folder.iterdir()):
        raise InputError(f"{folder} holds files already; choose another --out or empty it.")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def write_comparison(comparison: Comparison, folder: Path) -> None:
    """Write the tables of a comparison and their manifest."""
    tables = {
        "differences.csv": comparison.differences,
        "outcomes.parquet": comparison.outcomes,
        "visits.parquet": comparison.visits,
        "capability.parquet": comparison.capability,
        "parameters.parquet": comparison.parameters,
    }
    write_tables(tables, folder, "compare", dataclasses.asdict(comparison.design))


def write_tables(tables: Mapping[str, pd.DataFrame], folder: Path, kind: str, design: Mapping[str, Any]) -> None:
    """Write tables as CSV or Parquet by their names, then the manifest with their hashes."""
    for name, table in tables.items():
        if name.endswith(".csv"):
            table.to_csv(folder / name, index=False)
        else:
            table.to_parquet(folder / name, index=False)
    hashes = {name: sha256((folder / name).read_bytes()).hexdigest() for name in tables}
    write_manifest(folder, {**new_manifest(kind, design, "complete"), "tables": hashes})


def new_manifest(kind: str, design: Mapping[str, Any], status: str) -> dict[str, Any]:
    """How a study comes about: its design, inputs by hash, code, environment, outcomes, and how far it is."""
    return {
        "kind": kind,
        "status": status,
        "design": design,
        "inputs": {**data_hashes(), "calibration/posterior/draws.parquet": shipped_hash()},
        "source": source_hash(),
        "begun": f"{datetime.now():%Y-%m-%d %H:%M:%S}",
        "commit": _git("rev-parse", "HEAD"),
        "dirty": None if (changes := _git("status", "--porcelain")) is None else bool(changes),
        "python": platform.python_version(),
        "machine": platform.machine(),
        "versions": {name: metadata.version(name) for name in PACKAGES},
        "outcomes": {name: {"unit": item.unit, "rests_on": item.rests_on} for name, item in OUTCOMES.items()},
    }


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a study.

    Raises:
        InputError: if the folder holds none that can be read.
    """
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{folder} is no run: it holds no readable {MANIFEST}; give the folder of a run.") from error
    if not isinstance(manifest, dict):
        raise InputError(f"{folder} is no run: its {MANIFEST} is no record; give the folder of a run.")
    return manifest


def write_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Write the manifest of a study, whole or not at all."""
    temporary = folder / f".{MANIFEST}"
    temporary.write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    temporary.replace(folder / MANIFEST)


def _git(*words: str) -> str | None:
    """What git says of the code that ran; None where it is not a checkout."""
    here = Path(__file__).parent
    try:
        answer = subprocess.run(["git", *words], cwd=here, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return answer.stdout.strip()
