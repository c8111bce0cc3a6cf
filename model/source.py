"""The source of the model as one number, for records of what ran and for keeping what was compiled from it."""

import hashlib
from pathlib import Path

FOLDER = Path(__file__).parent


def source_hash() -> str:
    """Hash of every Python file of the model, its data left out."""
    digest = hashlib.sha256()
    for file in sorted(FOLDER.rglob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()
