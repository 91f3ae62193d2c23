"""One service for all tests that hurt its processes: each leaves it as it found it."""

import shutil
from collections.abc import Iterator

import pytest

from config.local.places import Places
from config.local.services import started
from tests.faults.bench import Bench
from tests.services import folder_for_services


@pytest.fixture(scope="session")
def running() -> Iterator[Bench]:
    """The service, with what it needs; what it writes survives the crash of its database."""
    places = Places(folder_for_services().resolve())
    try:
        with (
            started(places, durable=True, environ={}) as services,
            Bench(places, services) as bench,
        ):
            yield bench
    finally:
        shutil.rmtree(places.root, ignore_errors=True)


@pytest.fixture
def bench(running: Bench) -> Iterator[Bench]:
    """The service, well again after the test."""
    yield running
    running.mend()
