"""The services of one instance: found, started, kept apart, found again after a crash."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import dj_database_url
import psycopg
import pytest
import redis

from config.local import CannotRun
from config.local.accounts import make_private, service_account
from config.local.places import PROJECT, Addresses, Places, addresses
from config.local.postgres import await_postgres, clear_leftovers, start_postgres
from config.local.processes import stop
from config.local.services import running, sole_use
from tests.services import folder_for_services

NewFolder = Callable[[], Path]
NOBODY_NAMED_OTHERS: dict[str, str] = {}

STARTS_SERVICES_AND_WAITS = """
import sys, time
from pathlib import Path
from config.local.services import running
with running(Path(sys.argv[1]), durable=True, environ={}):
    print("up", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def new_folder() -> Iterator[NewFolder]:
    made: list[Path] = []

    def make() -> Path:
        made.append(folder_for_services())
        return made[-1]

    yield make
    for folder in made:
        shutil.rmtree(folder, ignore_errors=True)


def database(addresses: Addresses) -> "psycopg.Connection[tuple[object, ...]]":
    parsed = dj_database_url.parse(addresses.database_url)
    return psycopg.connect(
        host=parsed["HOST"], user=parsed["USER"], dbname=parsed["NAME"], autocommit=True
    )


def processes_of(folder: Path) -> list[str]:
    listing = subprocess.run(
        ["ps", "-eo", "args="], capture_output=True, text=True, check=True
    ).stdout
    return [line for line in listing.splitlines() if str(folder) in line]


@pytest.mark.slow
def test_two_instances_run_side_by_side_and_know_nothing_of_each_other(
    new_folder: NewFolder,
) -> None:
    one, other = new_folder(), new_folder()
    with (
        running(one, durable=False, environ=NOBODY_NAMED_OTHERS) as first,
        running(other, durable=False, environ=NOBODY_NAMED_OTHERS) as second,
        database(first) as first_database,
        database(second) as second_database,
        redis.from_url(first.redis_url) as first_queue,
        redis.from_url(second.redis_url) as second_queue,
    ):
        first_database.execute("CREATE TABLE only_here ()")
        first_queue.set("only", "here")
        found = second_database.execute("SELECT to_regclass('only_here')").fetchone()
        assert found == (None,)
        assert second_queue.get("only") is None
        assert first_queue.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
    assert processes_of(one) == processes_of(other) == []


@pytest.mark.slow
def test_what_was_written_is_there_after_the_parent_was_killed(new_folder: NewFolder) -> None:
    folder = new_folder()
    argv = [sys.executable, "-c", STARTS_SERVICES_AND_WAITS, str(folder)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, cwd=PROJECT) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"up\n"
        with database(addresses(folder)) as connection:
            connection.execute("CREATE TABLE written ()")
        parent.kill()
    with (
        running(folder, durable=True, environ=NOBODY_NAMED_OTHERS) as again,
        database(again) as connection,
    ):
        assert connection.execute("SELECT to_regclass('written')").fetchone() == ("written",)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's end")
def test_services_do_not_outlive_a_killed_parent(new_folder: NewFolder) -> None:
    folder = new_folder()
    argv = [sys.executable, "-c", STARTS_SERVICES_AND_WAITS, str(folder)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, cwd=PROJECT) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"up\n"
        parent.kill()
    deadline = time.monotonic() + 20
    while processes_of(folder) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert processes_of(folder) == []


@pytest.mark.slow
def test_a_server_left_alive_is_stopped_and_a_strangers_process_id_is_forgotten(
    new_folder: NewFolder,
) -> None:
    places = Places(new_folder())
    places.logs.mkdir()
    make_private(places.sockets, service_account())
    left = start_postgres(places, account=service_account(), origin=None, durable=False)
    await_postgres(left, places)

    clear_leftovers(places)
    assert left.process.wait(10) == 0

    recorded = places.postgres / "postmaster.pid"
    recorded.write_text(f"{os.getpid()}\n")  # ours: alive, and no PostgreSQL
    clear_leftovers(places)
    assert not recorded.exists()


@pytest.mark.slow
def test_a_killed_server_starts_again(new_folder: NewFolder) -> None:
    places = Places(new_folder())
    places.logs.mkdir()
    make_private(places.sockets, service_account())
    for _ in range(2):
        child = start_postgres(places, account=service_account(), origin=None, durable=False)
        await_postgres(child, places)
        os.kill(child.process.pid, signal.SIGKILL)
        child.process.wait(10)
        stop(child)  # of a dead one: nothing happens
    assert (places.postgres / "postmaster.pid").exists()


def test_a_second_run_in_the_same_folder_is_refused(new_folder: NewFolder) -> None:
    places = Places(new_folder())
    with (
        sole_use(places),
        pytest.raises(CannotRun, match=rf"process {os.getpid()}.*DATA_DIR"),
        sole_use(places),
    ):
        pass


def test_data_of_another_version_is_an_error_that_names_it(new_folder: NewFolder) -> None:
    places = Places(new_folder())
    places.postgres.mkdir()
    (places.postgres / "PG_VERSION").write_text("99\n")
    with pytest.raises(CannotRun, match="PostgreSQL 99, which wrote the data here"):
        start_postgres(places, account=service_account(), origin=None, durable=False)


def test_services_that_were_named_are_used_and_none_is_started(new_folder: NewFolder) -> None:
    named = {"DATABASE_URL": "postgres://db.example/diary", "REDIS_URL": "redis://q.example/0"}
    folder = new_folder()
    with running(folder, durable=True, environ=named) as found:
        assert found == Addresses(named["DATABASE_URL"], named["REDIS_URL"])
    assert not (folder / "postgres").exists()
