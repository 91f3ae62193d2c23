"""The files of the admin and of the API's pages: collected once, and again when they change."""

import hashlib
from pathlib import Path

from config.local.places import PROJECT, Places


def collected(places: Places) -> bool:
    """Whether what lies in the static folder is what this code would put there."""
    stamp = _stamp(places)
    return stamp.exists() and stamp.read_text() == fingerprint(PROJECT)


def remember_collected(places: Places) -> None:
    """Note what was collected."""
    _stamp(places).write_text(fingerprint(PROJECT))


def fingerprint(project: Path) -> str:
    """Changes when a dependency or a static file of the project does."""
    known = hashlib.sha256((project / "requirements.txt").read_bytes())
    for room in sorted(project.glob("*/static")):
        for file in sorted(path for path in room.rglob("*") if path.is_file()):
            known.update(f"{file.relative_to(project)}\0".encode())
            known.update(hashlib.sha256(file.read_bytes()).digest())
    return known.hexdigest()


def _stamp(places: Places) -> Path:
    return places.root / "static" / ".collected"
