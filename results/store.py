"""Opening the folder of a run."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from model.declaration import InputError
from scenarios.study.record import read_manifest
from scenarios.study.sweeping import SweepFolder


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
        """``run``, ``compare`` or ``sweep``."""
        return str(self.manifest["kind"])

    @property
    def design(self) -> dict[str, Any]:
        """What was run, as recorded."""
        return dict(self.manifest["design"])

    def differences(self) -> pd.DataFrame:
        """Paired differences from the baseline, one row a basis, scenario and outcome."""
        return self.table("differences.csv")

    def outcomes(self) -> pd.DataFrame:
        """Every outcome of every history."""
        return self.table("outcomes.parquet")

    def visits(self) -> pd.DataFrame:
        """The visit logs, one row a stop."""
        return self.table("visits.parquet")

    def capability(self) -> pd.DataFrame:
        """Capability by province and domain at start and end."""
        return self.table("capability.parquet")

    def table(self, name: str) -> pd.DataFrame:
        """One of the tables the manifest lists.

        Raises:
            InputError: if the run holds no such table.
        """
        tables = self.manifest.get("tables", {})
        if name not in tables:
            raise InputError(f"{self.folder} holds no {name}; it holds {', '.join(tables) or 'the outcomes alone'}.")
        path = self.folder / name
        return pd.read_csv(path) if path.suffix == ".csv" else pd.read_parquet(path)


@dataclass(frozen=True)
class SweepStudy(Study):
    """A sweep, finished or under way, read from its folder as data frames."""

    def outcomes(self) -> pd.DataFrame:
        """Keys, varied values and outcomes of every history finished so far."""
        return SweepFolder(self.folder).outcomes()

    def points(self) -> pd.DataFrame:
        """Values of the varied parameters, one row a point."""
        return SweepFolder(self.folder).sweep().points

    def status(self) -> pd.DataFrame:
        """State of every shard."""
        return SweepFolder(self.folder).status()

    def failures(self) -> pd.DataFrame:
        """The histories that failed, with their tracebacks."""
        return SweepFolder(self.folder).failures()


def open_study(path: str | Path) -> Study:
    """Open the folder of a run, of a comparison, or of a sweep even while it is running.

    Raises:
        InputError: if the folder holds no manifest of a study.
    """
    folder = Path(path)
    manifest = read_manifest(folder)
    if manifest.get("kind") == "sweep":
        return SweepStudy(folder, manifest)
    if "tables" not in manifest:
        raise InputError(f"{folder} holds no finished run; give a folder that `run`, `compare` or `sweep` wrote.")
    return Study(folder, manifest)
