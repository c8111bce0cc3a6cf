"""The folder of a run: tidy tables, and a manifest that says how they came about."""

import dataclasses
import hashlib
import json
import platform
import subprocess
from collections.abc import Mapping
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import Any

import pandas as pd

from calibration.posterior import code_hash, shipped_hash
from model.declaration import InputError
from scenarios.study.compare import Comparison

RUNS = Path("results") / "runs"
PACKAGES = ("policy-learning", "mesa", "numpy", "pandas", "scipy", "pyarrow")
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
    }
    write_tables(tables, folder, "compare", dataclasses.asdict(comparison.design))


def write_tables(tables: Mapping[str, pd.DataFrame], folder: Path, kind: str, design: Mapping[str, Any]) -> None:
    """Write tables as CSV or Parquet by their names, then the manifest with their hashes."""
    for name, table in tables.items():
        if name.endswith(".csv"):
            table.to_csv(folder / name, index=False)
        else:
            table.to_parquet(folder / name, index=False)
    manifest = {
        "kind": kind,
        "design": design,
        "written": f"{datetime.now():%Y-%m-%d %H:%M:%S}",
        "fit_code": code_hash(),
        "posterior": shipped_hash(),
        "commit": _git("rev-parse", "HEAD"),
        "dirty": None if (changes := _git("status", "--porcelain")) is None else bool(changes),
        "python": platform.python_version(),
        "versions": {name: metadata.version(name) for name in PACKAGES},
        "tables": {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in tables},
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")


def _git(*words: str) -> str | None:
    """What git says of the code that ran; None where it is not a checkout."""
    here = Path(__file__).parent
    try:
        answer = subprocess.run(["git", *words], cwd=here, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return answer.stdout.strip()
