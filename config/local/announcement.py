"""What `make run` tells the person in front of it."""

import sys
from collections.abc import Mapping
from urllib.parse import urlsplit

from config.local.commands import Door
from config.local.places import Places


def say(text: str) -> None:
    """Write a line at once, also into a pipe."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def starting(places: Places, environ: Mapping[str, str]) -> str:
    """Which services are ours to start."""
    ours = {"PostgreSQL": "DATABASE_URL", "Valkey": "REDIS_URL"}
    names = [name for name, setting in ours.items() if not environ.get(setting)]
    if not names:
        return "Using the services that DATABASE_URL and REDIS_URL name."
    return f"Starting {' and '.join(names)} in {places.root} ..."


def stopping() -> None:
    """Say that the end takes a moment."""
    say("\nStopping the web process, the dispatcher, the worker, then the services ...")


def welcome(door: Door, places: Places, environ: Mapping[str, str], seconds: float) -> str:
    """Where everything is, once it is there."""
    return f"""
Ready after {seconds:.1f} s.

  API       {door.url}/api/v1/
  API docs  {door.url}/api/docs/
  admin     {door.url}/admin/
  mails     {mails(places, environ)}{_inbox(door, environ)}
  logs      {places.logs}

Ctrl-C stops everything. The diary stays in {places.root}."""


def _inbox(door: Door, environ: Mapping[str, str]) -> str:
    """Where a developer sees mails and pushes; a deployment has no such page."""
    return f"\n  inbox     {door.url}/sandbox/inbox/" if environ.get("DEBUG") == "1" else ""


def mails(places: Places, environ: Mapping[str, str]) -> str:
    """Where mails go; never the password that EMAIL_URL may hold."""
    url = environ.get("EMAIL_URL")
    if not url:
        return f"{places.mail} (one file for each)"
    server = urlsplit(url)
    return f"sent through {server.hostname or server.scheme}:{server.port or 'its usual port'}"
