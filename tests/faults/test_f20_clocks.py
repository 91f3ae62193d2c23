"""F20: the clock of an application host is a day wrong; what is owed is timed by PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db.models.functions import Now

from alerts import breaker, sweep
from alerts.models import Alert, AlertEvent, Delivery, FarEnd, Watch
from diary.locking import database_now
from diary.models import Entry, Patient
from tests.faults import stories
from tests.faults.figures import report
from tests.phones import Phone
from tests.sinks.smtp import SmtpSink

pytestmark = stories.FAULT
DAY, RIGHT = timedelta(days=1), timedelta(0)
Moments = dict[str, list[float]]


@contextmanager
def host_clock(wrong_by: timedelta) -> Iterator[None]:
    """A host whose clock is wrong; the database's is right."""
    with time_machine.travel(datetime.now(UTC) + wrong_by, tick=True):
        yield


def moments(patient: Patient, since: datetime) -> Moments:
    """Every time that was stored for a patient, in seconds since the story began."""
    found = {
        "entry": Entry.objects.filter(patient=patient).values_list("received_at", "changed_at"),
        "watch": Watch.objects.filter(patient=patient).values_list("due_at", "evaluated_at"),
        "alert": Alert.objects.filter(patient=patient)
        .order_by("rule")
        .values_list("opened_at", "told_at", "acknowledged_at"),
        "event": AlertEvent.objects.filter(patient=patient).order_by("at").values_list("at"),
        "delivery": Delivery.objects.filter(patient=patient)
        .order_by("-level")
        .values_list("created_at", "due_at", "ended_at"),
    }
    return {
        name: [(at - since).total_seconds() for row in rows for at in row if at]
        for name, rows in found.items()
    }


def story(mails: SmtpSink, *, web: timedelta, worker: timedelta) -> tuple[Moments, list[str]]:
    """A red flag and a hold, a mail server that is away and comes back, an acknowledgement."""
    patient, since = stories.new_patient(), database_now()
    stories.massaged(patient, ago=stories.YESTERDAY)
    with host_clock(web):
        said = stories.entry(pain=8, **stories.RED)
        answer = Phone.of(patient).put(f"entries/{said['id']}/", said)
        assert answer.status_code == 201, answer.content
    mails.refuse()
    with host_clock(worker):
        sweep.sweep()
        sweep.sweep()
    refused = moments(patient, since)
    mails.listen()
    FarEnd.objects.all().delete()
    breaker.release()
    Delivery.objects.filter(state="owed").update(due_at=Now(), nudged_at=None)
    with host_clock(worker):
        sweep.sweep()
    with host_clock(web):
        alert = Alert.objects.get(patient=patient, level=4)
        assert Phone.of(patient).post(f"alerts/{alert.pk}/acknowledge/").status_code == 200
    settled = moments(patient, since)
    states = Delivery.objects.filter(patient=patient).order_by("-level")
    return {
        **settled,
        **{f"{name}, mail refused": at for name, at in refused.items()},
    }, list(states.values_list("state", flat=True))


def difference(ours: Moments, theirs: Moments) -> float:
    """The largest difference between two tellings of one story; they tell the same."""
    assert {name: len(each) for name, each in ours.items()} == {
        name: len(each) for name, each in theirs.items()
    }
    pairs = [
        pair for name in ours for pair in zip(sorted(ours[name]), sorted(theirs[name]), strict=True)
    ]
    return max(abs(one - other) for one, other in pairs)


def test_f20_a_host_whose_clock_is_a_day_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    # The waits between tries differ by chance; here they should not.
    monkeypatch.setattr("random.uniform", lambda low, high: (low + high) / 2)
    cases = [(web, worker) for web in (DAY, -DAY) for worker in (DAY, -DAY)]
    with stories.mail_server() as mails, stories.doorbell(away=True):
        usual, states = story(mails, web=RIGHT, worker=RIGHT)
        assert "accepted" in states
        told = [story(mails, web=web, worker=worker) for web, worker in cases]
    worst = max(difference(each, usual) for each, _ in told)
    report("F20", f"{len(cases)} pairs of wrong hosts, 1 day", largest_shift=f"{worst:.2f} s")
    assert all(each == states for _, each in told)
    assert worst < 10
