"""What `make run` keeps, says and refuses."""

import base64
import os
import socket
import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from config.local import CannotRun
from config.local.alone import environ_beside_services
from config.local.announcement import mails
from config.local.commands import Door, door
from config.local.keys import kept_keys, keys, vapid_private_key
from config.local.places import Places
from config.local.processes import Program, start
from config.local.readiness import check_free, served_host
from config.local.supervisor import Stopped, Supervisor


def test_keys_are_made_once_and_only_their_owner_reads_them(tmp_path: Path) -> None:
    places = Places(tmp_path)
    assert kept_keys(places, {}) == {}
    made = keys(places, {})
    assert made == keys(places, {}) == kept_keys(places, {})
    assert {stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()} == {0o600}
    assert len(made["SECRET_KEY"]) >= 50


def test_keys_that_were_given_are_not_kept(tmp_path: Path) -> None:
    given = {"SECRET_KEY": "given", "WEBPUSH_VAPID_PRIVATE_KEY": "also"}
    assert keys(Places(tmp_path), given) == given
    assert list(tmp_path.iterdir()) == []


def test_a_key_that_others_can_read_is_refused_without_showing_it(tmp_path: Path) -> None:
    secret = keys(Places(tmp_path), {})["SECRET_KEY"]
    (tmp_path / "secret_key").chmod(0o644)
    with pytest.raises(CannotRun, match="chmod 600") as refusal:
        keys(Places(tmp_path), {})
    assert secret not in str(refusal.value)


def test_a_web_push_key_is_a_private_key_of_32_bytes() -> None:
    key = base64.urlsafe_b64decode(vapid_private_key() + "=")
    assert len(key) == 32
    assert ec.derive_private_key(int.from_bytes(key, "big"), ec.SECP256R1()).key_size == 256


def test_a_port_in_use_is_refused_with_another_to_try() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = Door("127.0.0.1", other.getsockname()[1])
        with pytest.raises(CannotRun, match=f"{taken.port} .*another program uses it"):
            check_free(taken)
    check_free(taken)


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1", "80.5"])
def test_a_port_that_is_none_is_refused(port: str) -> None:
    with pytest.raises(CannotRun, match="PORT is"):
        door({"PORT": port})


def test_the_web_process_listens_to_this_machine_unless_told_otherwise() -> None:
    assert door({}) == Door("127.0.0.1", 8000)
    everywhere = door({"HOST": "0.0.0.0", "PORT": "80"})
    assert (everywhere.bind, everywhere.url) == ("0.0.0.0:80", "http://127.0.0.1:80")
    assert door({"HOST": "::1"}).bind == "[::1]:8000"


@pytest.mark.parametrize(
    ("allowed", "expected"),
    [
        pytest.param("", "localhost", id="nothing-said"),
        pytest.param("*", "localhost", id="every-host"),
        pytest.param(" .example.org, b.example", "example.org", id="a-domain-with-its-subdomains"),
    ],
)
def test_readiness_is_asked_under_a_name_that_is_served(allowed: str, expected: str) -> None:
    assert served_host({"ALLOWED_HOSTS": allowed}) == expected


def test_where_mails_go_is_told_without_the_password(tmp_path: Path) -> None:
    url = "smtp+tls://user:hunter2@mail.example:587"
    assert mails(Places(tmp_path), {"EMAIL_URL": url}) == "sent through mail.example:587"
    assert str(tmp_path / "mail") in mails(Places(tmp_path), {})


def test_one_process_beside_nothing_is_refused_with_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(CannotRun, match=r"DATABASE_URL is not set.*make run"):
        environ_beside_services({"DATA_DIR": str(tmp_path)})


def test_one_process_beside_named_services_stays_strict(tmp_path: Path) -> None:
    named = {"DATABASE_URL": "postgres://a/b", "REDIS_URL": "redis://c/0"}
    found = environ_beside_services({**named, "DATA_DIR": str(tmp_path)})
    assert found == {**named, "DATA_DIR": str(tmp_path)}


def test_a_child_that_dies_ends_the_run_with_its_last_words(tmp_path: Path) -> None:
    program = Program("worker", ["/bin/sh", "-c", "echo the reason; exit 3"])
    child = start(program, log=tmp_path / "worker.log", folder=tmp_path, environ=os.environ)
    child.process.wait(10)
    supervisor = Supervisor(Places(tmp_path), {})
    supervisor.children.append(child)
    with pytest.raises(CannotRun, match=r"worker ended by itself with status 3(?s:.)*the reason"):
        supervisor.look()


def test_a_wish_to_stop_is_seen_at_the_next_look(tmp_path: Path) -> None:
    supervisor = Supervisor(Places(tmp_path), {})
    supervisor.ask_to_stop(2, None)
    with pytest.raises(Stopped):
        supervisor.look()
