"""The secrets of one instance: made once, kept for their owner only."""

import base64
import os
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec

from config.local import CannotRun
from config.local.places import Places


def secret_key() -> str:
    """A new SECRET_KEY of 512 bits."""
    return secrets.token_urlsafe(64)


def vapid_private_key() -> str:
    """A new Web Push key: the 32 bytes of a P-256 private key in base64url."""
    number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    return base64.urlsafe_b64encode(number.to_bytes(32, "big")).rstrip(b"=").decode()


KEPT: Mapping[str, tuple[str, Callable[[], str]]] = {
    "SECRET_KEY": ("secret_key", secret_key),
    "WEBPUSH_VAPID_PRIVATE_KEY": ("webpush_vapid_private_key", vapid_private_key),
}


def keys(places: Places, environ: Mapping[str, str]) -> dict[str, str]:
    """The keys of this instance: those given, else those kept in its folder, else new ones."""
    return {
        setting: environ.get(setting) or _kept(places.root / name, make)
        for setting, (name, make) in KEPT.items()
    }


def kept_keys(places: Places, environ: Mapping[str, str]) -> dict[str, str]:
    """The keys kept in its folder that were not given; a missing one stays missing.

    Two processes that each made a key would not understand each other's tokens.
    """
    files = {setting: places.root / name for setting, (name, _) in KEPT.items()}
    wanted = {setting: file for setting, file in files.items() if not environ.get(setting)}
    return {setting: _read(file) for setting, file in wanted.items() if file.exists()}


def _kept(file: Path, make: Callable[[], str]) -> str:
    if not file.exists():
        # Complete or absent: half a key after a crash would lock everybody out.
        draft = file.with_name(f"{file.name}.new")
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as new:
            new.write(make())
            new.flush()
            os.fsync(new.fileno())
        draft.replace(file)
    return _read(file)


def _read(file: Path) -> str:
    if file.stat().st_mode & 0o077:
        raise CannotRun(f"{file} can be read by others. Close it: chmod 600 '{file}'")
    return file.read_text().strip()
