"""F02: a process dies at each step of the walk of an entry."""

from collections.abc import Sequence
from contextlib import nullcontext

import pytest

from tests.faults.bench import Bench, some
from tests.faults.figures import FULL, report, seeded, size
from tests.faults.oracle import EMERGENCY, red_flag
from tests.faults.outcome import HURTS, check, settle
from tests.faults.phones import Phones

pytestmark = HURTS
OF_WEB = ("before_store", "before_commit", "after_commit", "before_answer")
OF_WORKERS = (
    *("evaluation_loaded", "evaluation_before_commit", "evaluation_committed"),
    *("claimed", "recorded", "swept"),
)


def die(bench: Bench, phones: Phones, steps: Sequence[str], *, times: int) -> None:
    """Write one red flag after the other; somebody dies over each, at the step."""
    rng = seeded(f"F02 {steps}")
    for step in steps:
        for person in some(bench.people(), times):
            # While workers listen, a sweep finds next to nothing.
            with bench.paused("worker") if step == "swept" else nullcontext():
                trap = bench.lay(step)
                phones.send(red_flag(rng, person, *EMERGENCY))
                bench.await_victim(trap)


# In CI all steps share one wait for what the dead held.
@pytest.mark.parametrize(
    "steps", [(each,) for each in OF_WEB + OF_WORKERS] if FULL else [OF_WEB + OF_WORKERS]
)
def test_death_at_a_step_loses_and_doubles_nothing(bench: Bench, steps: Sequence[str]) -> None:
    phones, times = bench.phones(), size(ci=2, full=50)
    die(bench, phones, steps, times=times)
    settle(bench, phones.oracle)
    _, figures = check(bench, phones.oracle, duplicates=0)
    where = steps[0] if FULL else f"{len(steps)} steps"
    report("F02", f"{times} deaths at each of {where}", **figures)


def test_death_between_the_send_and_its_record_sends_once_more_under_the_same_id(
    bench: Bench,
) -> None:
    phones, times = bench.phones(), size(ci=2, full=50)
    die(bench, phones, ["sent"], times=times)
    settle(bench, phones.oracle)
    found, figures = check(bench, phones.oracle, duplicates=times)
    report("F02", f"{times} deaths at sent", **figures)
    twice = {message for message, count in found.arrived.items() if count == 2}
    marked = {tuple(row[:3]) for row in found.deliveries if row[5]}
    assert (len(twice), max(found.arrived.values())) == (times, 2)
    assert twice == marked
