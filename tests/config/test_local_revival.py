"""What `make run` does when one of its parts dies."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from config.local import CannotRun
from config.local.places import Places
from config.local.processes import Child, Program, start, stop
from config.local.revival import LONGEST, SETTLED, Revival
from config.local.supervisor import Supervisor


def child_of(folder: Path, name: str, script: str) -> Child:
    program = Program(name, ["/bin/sh", "-c", script])
    return start(program, log=folder / f"{name}.log", folder=folder, environ=os.environ)


def supervisor_of(folder: Path, *children: Child) -> Supervisor:
    """One that was ready already."""
    supervisor = Supervisor(Places(folder), {})
    supervisor.children = list(children)
    supervisor.revivals = [Revival(children[0], at=time.monotonic())]
    return supervisor


def look_until(supervisor: Supervisor, met: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not met():
        assert time.monotonic() < deadline
        supervisor.look()


def test_a_killed_part_starts_again_with_all_it_forked_and_its_log_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dispatcher = child_of(tmp_path, "dispatcher", "sleep 60 & echo began $!; wait")
    supervisor = supervisor_of(tmp_path, dispatcher)
    log = tmp_path / "dispatcher.log"
    try:
        look_until(supervisor, lambda: log.read_text().count("began") == 1)
        first, forked = dispatcher.process.pid, int(log.read_text().split()[1])
        os.kill(first, signal.SIGKILL)
        look_until(supervisor, lambda: log.read_text().count("began") == 2)
        assert dispatcher.process.pid != first
        assert not dispatcher.ended
        assert not is_running(forked)
    finally:
        stop(dispatcher)
    said = f"dispatcher process ended by itself with status -9; it starts again in 1 s. {log}"
    assert said.replace(f" {log}", f" Its log: {log}") in capsys.readouterr().out


def is_running(pid: int) -> bool:
    """Whether it is there and no zombie that nobody has buried yet."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_without_postgresql_the_run_ends_with_its_last_words(tmp_path: Path) -> None:
    worker, postgres = child_of(tmp_path, "worker", ""), child_of(tmp_path, "postgres", "echo why")
    for child in (worker, postgres):
        child.process.wait(10)
    with pytest.raises(CannotRun, match=r"postgres ended by itself with status 0(?s:.)*why"):
        supervisor_of(tmp_path, worker, postgres).look()


def test_the_pause_grows_with_each_soon_death_and_is_short_again_after_a_long_life(
    tmp_path: Path,
) -> None:
    child = child_of(tmp_path, "web", "exit 3")
    revival = Revival(child, at=0.0)
    now, pauses = 0.0, []
    for life in [0.0] * 7 + [SETTLED - 1, SETTLED]:
        child.process.wait(10)
        now += life
        revival.look(at=now)
        pauses.append(revival.pause)
        revival.look(at=now + revival.pause - 0.1)
        assert revival.due_at is not None, "not before its time"
        now += revival.pause
        revival.look(at=now)
        assert revival.due_at is None
    child.process.wait(10)
    assert pauses == [1, 2, 4, 8, 16, LONGEST, LONGEST, LONGEST, 1]


def test_a_start_that_fails_is_tried_again_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    child = child_of(tmp_path, "web", "exit 3")
    child.process.wait(10)
    revival = Revival(child, at=0.0)
    with monkeypatch.context() as patch:
        patch.setattr(child, "begin", no_memory)
        revival.look(at=0.0)
        revival.look(at=1.0)
    assert (revival.pause, revival.due_at) == (2.0, 3.0)
    revival.look(at=3.0)
    assert revival.due_at is None
    child.process.wait(10)


def no_memory() -> None:
    raise OSError
