"""What is chosen, refused and named before any service is started."""

import os
import shutil
from pathlib import Path
from urllib.parse import unquote

import dj_database_url
import pytest
import redis

from config.local import CannotRun
from config.local.accounts import Account, check_reachable, make_private, service_account
from config.local.engines import Engine, chosen, wanted_origin
from config.local.places import PROJECT, SOCKET_PATH_LIMIT, Places, addresses, data_dir
from config.local.processes import tail
from tests.services import folder_for_services, redis_url_of_worker


def engine(origin: str, version: int) -> Engine:
    return Engine(
        Path(f"/{origin}/{version}"), version, "system" if origin == "system" else "wheels"
    )


@pytest.mark.parametrize(
    ("engines", "origin", "exactly", "expected"),
    [
        pytest.param(
            ["system 15", "wheels 18"], None, None, "system 15", id="system-before-wheels"
        ),
        pytest.param(["system 15", "system 17"], None, None, "system 17", id="newest-first"),
        pytest.param(["system 14", "wheels 18"], None, None, "wheels 18", id="14-is-too-old"),
        pytest.param(
            ["system 15", "wheels 18"], "wheels", None, "wheels 18", id="asked-for-wheels"
        ),
        pytest.param(["wheels 18"], "system", None, None, id="asked-for-system-and-none-is-there"),
        pytest.param(
            ["system 15", "wheels 18"], None, 18, "wheels 18", id="the-version-of-the-data"
        ),
        pytest.param(["system 15", "wheels 18"], None, 17, None, id="no-engine-for-the-data"),
        pytest.param([], None, None, None, id="nothing-is-there"),
    ],
)
def test_the_engine_is_chosen_by_origin_version_and_data(
    engines: list[str], origin: str | None, exactly: int | None, expected: str | None
) -> None:
    there = [engine(name.split()[0], int(name.split()[1])) for name in engines]
    found = chosen(there, minimum=15, origin=origin, exactly=exactly)
    assert found == (engine(expected.split()[0], int(expected.split()[1])) if expected else None)


def test_an_unknown_origin_is_refused() -> None:
    with pytest.raises(CannotRun, match="may be 'system' or 'wheels'"):
        wanted_origin({"LOCAL_SERVICES": "docker"})


@pytest.mark.parametrize(
    ("mode", "account", "reachable"),
    [
        pytest.param(0o700, Account("stranger", 12345, 12345), False, id="stranger-and-private"),
        pytest.param(0o711, Account("stranger", 12345, 12345), True, id="stranger-may-pass"),
        pytest.param(0o744, Account("stranger", 12345, 12345), False, id="reading-is-not-passing"),
        pytest.param(0o700, Account("owner", os.geteuid(), os.getegid()), True, id="owner"),
    ],
)
def test_a_folder_out_of_reach_is_named_with_the_remedy(
    mode: int, account: Account, reachable: bool
) -> None:
    closed = folder_for_services()
    (closed / "data").mkdir(mode=0o755)
    closed.chmod(mode)
    try:
        if reachable:
            check_reachable(closed / "data", account, remedy="Move it.")
            return
        with pytest.raises(CannotRun, match=rf"'stranger'.* may not enter {closed},(?s:.)*Move it"):
            check_reachable(closed / "data", account, remedy="Move it.")
    finally:
        closed.chmod(0o700)
        shutil.rmtree(closed)


def test_a_folder_too_deep_for_a_socket_gets_a_short_one_and_always_the_same(
    tmp_path: Path,
) -> None:
    deep = tmp_path / ("deep" * 30)
    sockets = Places(deep).sockets
    assert len(os.fsencode(sockets / ".s.PGSQL.5432")) <= SOCKET_PATH_LIMIT
    assert sockets == Places(deep).sockets != Places(tmp_path / ("deep" * 31)).sockets
    assert str(sockets) in unquote(addresses(deep).database_url)
    assert Places(Path("/srv/diary")).sockets == Path("/srv/diary/sockets")


def test_a_socket_folder_that_is_somebody_elses_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "sockets").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(CannotRun, match="belongs to somebody else"):
        make_private(tmp_path / "sockets", service_account())


def test_addresses_survive_spaces_and_capitals() -> None:
    found = addresses(Path("/srv/My Diary"))
    parsed = dj_database_url.parse(found.database_url)
    assert (parsed["HOST"], parsed["NAME"]) == ("/srv/My Diary/sockets", "diary")
    queue = redis.from_url(found.redis_url).connection_pool.connection_kwargs
    assert (queue["path"], queue["db"]) == ("/srv/My Diary/sockets/valkey.sock", 0)


def test_the_folder_of_an_instance_is_seen_from_the_project() -> None:
    assert data_dir({}) == data_dir({"DATA_DIR": ""}) == PROJECT / "var"
    assert data_dir({"DATA_DIR": "/srv/diary"}) == Path("/srv/diary")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        pytest.param("unix:///a/b.sock?db=0", "unix:///a/b.sock?db=3", id="socket"),
        pytest.param("redis://:pw@host:6379/0", "redis://:pw@host:6379/3", id="network"),
    ],
)
def test_each_test_worker_has_a_redis_database_of_its_own(url: str, expected: str) -> None:
    assert redis_url_of_worker(url, "gw2") == expected


def test_the_end_of_a_log_is_shown_and_an_empty_one_is_called_empty(tmp_path: Path) -> None:
    log = tmp_path / "x.log"
    log.write_text("".join(f"line {number}\n" for number in range(100)))
    assert tail(log).splitlines()[0] == "    line 80"
    log.write_text("")
    assert tail(log) == "    (nothing was written)"
