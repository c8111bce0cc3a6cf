"""The world of a run, kept in its folder, so that the record stands when the original changes."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from model.world import World, china
from model.world_folder import read_world
from model.world_format import TABLES

WORLD = "world"


def keep_world(design: Mapping[str, Any], folder: Path) -> None:
    """Copy the world that a design names, if any, into the folder of its run."""
    if kept := kept_world(design, folder):
        kept.mkdir(parents=True)
        for table in TABLES:
            if (file := Path(design["world_folder"]) / table.file).exists():
                shutil.copy(file, kept)


def kept_world(design: Mapping[str, Any], folder: Path) -> Path | None:
    """Where the world of a run is kept, under the name it had; None for that of China."""
    return folder / WORLD / Path(design["world_folder"]).resolve().name if "world_folder" in design else None


def recorded_world(design: Mapping[str, Any], folder: Path) -> World:
    """Where a study took place.

    Raises:
        InputError: if the world kept in its folder has a fault.
    """
    kept = kept_world(design, folder)
    return read_world(kept) if kept else china()
