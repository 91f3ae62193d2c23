"""The files of the admin and of the API's pages: collected once, and again when they change."""

import hashlib
from pathlib import Path

from config.local.places import PROJECT, Places


def collected(places: Places, *, debug: str) -> bool:
    """Whether what lies in the static folder is what this code would put there."""
    stamp = _stamp(places)
    return stamp.exists() and stamp.read_text() == fingerprint(PROJECT, debug=debug)


def remember_collected(places: Places, *, debug: str) -> None:
    """Note what was collected."""
    _stamp(places).write_text(fingerprint(PROJECT, debug=debug))


def fingerprint(project: Path, *, debug: str) -> str:
    """Changes with the dependencies, the project's static files, and how they are stored."""
    known = hashlib.sha256((project / "requirements.txt").read_bytes())
    known.update((project / "config/settings.py").read_bytes())
    known.update(debug.encode())
    for room in sorted(project.glob("*/static")):
        for file in sorted(path for path in room.rglob("*") if path.is_file()):
            known.update(f"{file.relative_to(project)}\0".encode())
            known.update(hashlib.sha256(file.read_bytes()).digest())
    return known.hexdigest()


def _stamp(places: Places) -> Path:
    return places.root / "static" / ".collected"
