"""The file in which an operator gives this service a provider's key."""

import stat
from pathlib import Path


class KeyRefused(ValueError):
    """The file cannot be used; says why in words that quote nothing of it."""


def read_key(path: str) -> str:
    """The content of a key's file, which only this service may read; raise KeyRefused."""
    file = Path(path)
    try:
        if stat.S_IMODE(file.stat().st_mode) & (stat.S_IROTH | stat.S_IWOTH):
            raise KeyRefused("can be read by everybody on this machine")
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise KeyRefused("cannot be read") from None
