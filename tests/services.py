"""A pytest plugin: a PostgreSQL and a Valkey of the session's own, there before the settings.

Loaded by `-p tests.services`. DATABASE_URL and REDIS_URL, when set, are used instead.
"""

import os
import shutil
import tempfile
from collections.abc import Generator, MutableMapping
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

from config.local import CannotRun
from config.local.accounts import closed_folder, service_account
from config.local.keys import secret_key, vapid_private_key
from config.local.services import running


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, object, object]:
    """Start the services: a wrapper comes before pytest-django, which loads the settings."""
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker:  # the controller's services are in the environment; the database is Django's care
        os.environ["REDIS_URL"] = redis_url_of_worker(os.environ["REDIS_URL"], worker)
    elif not {"--help", "--version"} & set(early_config.invocation_params.args):
        early_config.add_cleanup(_start().close)
    return (yield)


def redis_url_of_worker(url: str, worker: str) -> str:
    """The same server with a database of the worker's own: 1 for gw0, after the session's 0."""
    number = 1 + int(worker.removeprefix("gw"))
    parts = urlsplit(url)
    if parts.scheme == "unix":
        return f"{url.partition('?')[0]}?db={number}"  # urlunsplit would drop two slashes
    return urlunsplit(parts._replace(path=f"/{number}"))


def _start() -> ExitStack:
    with ExitStack() as stack:
        data_dir = folder_for_services()
        stack.callback(shutil.rmtree, data_dir, ignore_errors=True)
        try:
            addresses = stack.enter_context(running(data_dir, durable=False))
        except CannotRun as error:
            raise pytest.UsageError(str(error)) from error
        os.environ.update(
            {
                "DATABASE_URL": addresses.database_url,
                "REDIS_URL": addresses.redis_url,
                "DATA_DIR": str(data_dir),
            }
        )
        _set_defaults(os.environ)
        return stack.pop_all()


def folder_for_services() -> Path:
    """A temporary folder that the account of the services may enter."""
    folder = Path(tempfile.mkdtemp(prefix="diary-test-"))
    if closed_folder(folder.parent, service_account()) is not None:
        folder.rmdir()
        folder = Path(tempfile.mkdtemp(prefix="diary-test-", dir="/tmp"))
    folder.chmod(0o711 if os.geteuid() == 0 else 0o700)
    return folder


def _set_defaults(environ: MutableMapping[str, str]) -> None:
    """What the settings need and no test should have to say."""
    environ.setdefault("DEBUG", "1")
    environ.setdefault("SECRET_KEY", secret_key())
    environ.setdefault("WEBPUSH_VAPID_PRIVATE_KEY", vapid_private_key())
