"""F31: three builds that are broken on purpose; a death of F02 brings each of them to light."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

import pytest

from tests.faults.bench import Bench
from tests.faults.figures import report, seeded
from tests.faults.invariants import Findings, Wrong, violations
from tests.faults.oracle import EMERGENCY, red_flag
from tests.faults.outcome import HURTS, drain
from tests.faults.races import wait_until

pytestmark = HURTS
GIVEN = 12.0  # seconds to do what a sound build does in two


def broken_by_a_death(bench: Bench, step: str) -> dict[str, Wrong]:
    """One death of F02; which invariants are broken in the end."""
    phones = bench.phones()
    trap = bench.lay(step)
    phones.send(red_flag(seeded("F31"), next(bench.people()), *EMERGENCY))
    bench.await_victim(trap)
    bench.let_a_lease_pass()
    with suppress(AssertionError):
        drain(bench, phones.oracle, seconds=GIVEN)
    return violations(Findings(bench, phones.oracle))


@contextmanager
def built(bench: Bench, build: str, *broken: str) -> Iterator[None]:
    """Those programs of the build that differ, at work."""
    at_work = bench.failpoints / f"{build}.broken"
    with ExitStack() as programs:
        for program in broken:
            programs.enter_context(bench.wrapped(program, "-m", "tests.faults.broken", build))
            wait_until(at_work.exists, seconds=60)
            at_work.unlink()
        yield


@contextmanager
def without_the_key(bench: Bench) -> Iterator[None]:
    """One constraint less, until what it would have refused is gone."""
    bench.rows("ALTER TABLE diary_entry DROP CONSTRAINT one_entry_per_id")
    try:
        yield
    finally:
        bench.rows(_FORGET)
        bench.rows(
            "ALTER TABLE diary_entry ADD CONSTRAINT one_entry_per_id UNIQUE (patient_id, record_id)"
        )


_FORGET = """
    DELETE FROM diary_entry WHERE id IN (SELECT later.id FROM diary_entry later JOIN diary_entry one
        ON one.patient_id = later.patient_id AND one.record_id = later.record_id
        AND one.id < later.id)
"""


@pytest.mark.parametrize(
    ("build", "programs", "step", "breaks"),
    [
        pytest.param(
            *("accepted_first", ["worker", "dispatcher"], "recorded", "I6"),
            id="accepted-before-it-is-sent",
        ),
        pytest.param("no_sweeper", ["dispatcher"], "after_commit", "I5", id="nobody-sweeps"),
    ],
)
def test_a_broken_build_is_caught(
    bench: Bench, build: str, programs: list[str], step: str, breaks: str
) -> None:
    with built(bench, build, *programs):
        wrong = broken_by_a_death(bench, step)
    report("F31", build, caught_by=" ".join(wrong))
    assert breaks in wrong


def test_a_build_without_the_unique_key_is_caught(bench: Bench) -> None:
    with without_the_key(bench), built(bench, "no_unique_key", "web"):
        wrong = broken_by_a_death(bench, "before_answer")
    report("F31", "no_unique_key", caught_by=" ".join(wrong))
    assert "I3" in wrong
