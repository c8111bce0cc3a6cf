"""Opening the folder of a run."""

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from model.declaration import InputError
from scenarios.study.record import MANIFEST


@dataclass(frozen=True)
class Study:
    """A finished run, read from its folder as data frames.

    Attributes:
        folder: where it lies.
        manifest: how it came about.
    """

    folder: Path
    manifest: dict[str, Any]

    @property
    def kind(self) -> str:
        """``run`` or ``compare``."""
        return str(self.manifest["kind"])

    @property
    def design(self) -> dict[str, Any]:
        """What was run, as recorded."""
        return dict(self.manifest["design"])

    @cached_property
    def differences(self) -> pd.DataFrame:
        """Paired differences from the baseline, one row a basis, scenario and outcome."""
        return self.table("differences.csv")

    @cached_property
    def outcomes(self) -> pd.DataFrame:
        """Every outcome of every history."""
        return self.table("outcomes.parquet")

    @cached_property
    def visits(self) -> pd.DataFrame:
        """The visit logs, one row a stop."""
        return self.table("visits.parquet")

    @cached_property
    def capability(self) -> pd.DataFrame:
        """Capability by province and domain at start and end."""
        return self.table("capability.parquet")

    def table(self, name: str) -> pd.DataFrame:
        """One of the tables the manifest lists.

        Raises:
            InputError: if the run holds no such table.
        """
        if name not in self.manifest["tables"]:
            raise InputError(f"{self.folder} holds no {name}; it holds {', '.join(self.manifest['tables'])}.")
        path = self.folder / name
        return pd.read_csv(path) if path.suffix == ".csv" else pd.read_parquet(path)


def open_study(path: str | Path) -> Study:
    """Open the folder of a run.

    Raises:
        InputError: if the folder holds no manifest of a finished run.
    """
    folder = Path(path)
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{folder} is no run: it holds no readable {MANIFEST}; give the folder of a run.") from error
    if "tables" not in manifest:
        raise InputError(f"{folder} holds no finished run; give a folder that `run` or `compare` wrote.")
    return Study(folder, manifest)
