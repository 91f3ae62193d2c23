"""A far end that is down: it is not asked again and again, and the others do not suffer."""

import threading
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.db.models import F
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext

from alerts import breaker, delivery, ends, senders, sweep
from alerts.breaker import OPENS_AFTER
from alerts.channels.outcome import NotAccepted
from alerts.models import (
    Delivery,
    DeliveryAttempt,
    DeliveryState,
    FarEnd,
    Incident,
    IncidentKind,
    PushDevice,
)
from diary.models import Patient
from tests.alerts import diaries
from tests.alerts.conftest import Bell
from tests.alerts.diaries import new_phone, owe_message
from tests.alerts.test_delivery import deliver, incidents
from tests.alerts.test_races import at_once
from tests.sinks.push import PushSink
from tests.sinks.smtp import SmtpSink

DOWN = NotAccepted("timed_out", permanent=False, far_end_down=True)
pytestmark = pytest.mark.django_db


class Providers:
    """Far ends by channel: each answers, is down, or hangs until it is let go."""

    def __init__(self) -> None:
        self.down: set[str] = set()
        self.tried: list[str] = []
        self.most_at_once = 0
        self.refusal = DOWN
        self._inside, self._lock = 0, threading.Lock()
        self.hang = 0.0

    def send(self, row: Delivery, *, level: int) -> str:
        with self._lock:
            self.tried.append(f"{row.channel} {level}")
        if row.channel not in self.down:
            return "id"
        with self._lock:
            self._inside += 1
            self.most_at_once = max(self.most_at_once, self._inside)
        threading.Event().wait(self.hang)
        with self._lock:
            self._inside -= 1
        raise self.refusal

    def far_end(self, row: Delivery) -> str:
        return f"{row.channel}.example.org"


@pytest.fixture
def providers(monkeypatch: pytest.MonkeyPatch) -> Providers:
    providers = Providers()
    monkeypatch.setattr(senders, "send", providers.send)
    monkeypatch.setattr(senders, "far_end", providers.far_end)
    return providers


def owe(count: int = 1, *, level: int = 4, **fields: Any) -> list[Delivery]:
    """Mails to so many patients."""
    return [owe_message(diaries.new_patient(), level=level, **fields) for _ in range(count)]


def deliver_all(rows: list[Delivery]) -> list[Delivery]:
    return [deliver(row) for row in rows]


def reopen() -> None:
    """As if the time during which nothing is tried had passed."""
    FarEnd.objects.update(open_until=Now() - timedelta(seconds=1))


def held() -> int:
    return breaker.held().count()


# --- How it opens -------------------------------------------------------------------------------


def test_a_few_failures_in_a_row_and_nothing_more_is_tried(providers: Providers) -> None:
    providers.down = {"email"}
    rows = deliver_all(owe(20))
    assert len(providers.tried) == OPENS_AFTER <= 5
    assert {row.waits_for for row in rows} == {"email.example.org"}
    far_end = FarEnd.objects.get()
    assert (far_end.failures, far_end.open_until is not None) == (OPENS_AFTER, True)
    assert DeliveryAttempt.objects.count() == OPENS_AFTER
    assert sorted(row.attempts for row in rows) == [0] * (20 - OPENS_AFTER) + [1] * OPENS_AFTER


def test_other_far_ends_are_not_touched(patient: Patient, providers: Providers) -> None:
    providers.down = {"email"}
    deliver_all(owe(5))
    push = owe_message(patient, channel="webpush")
    assert deliver(push).state == "accepted"


def test_an_answer_in_between_starts_the_count_anew(providers: Providers) -> None:
    for _ in range(3):
        providers.down = {"email"}
        deliver_all(owe(OPENS_AFTER - 1))
        providers.down = set()
        assert deliver(*owe()).state == "accepted"
    assert not FarEnd.objects.exists()


@pytest.mark.parametrize(
    ("refusal", "counts"),
    [
        pytest.param(DOWN, True, id="the-host"),
        pytest.param(NotAccepted("gone", permanent=True), False, id="this-endpoint"),
        pytest.param(NotAccepted("later", permanent=False), False, id="this-recipient"),
        pytest.param(KeyError("ours"), False, id="our-fault"),
    ],
)
def test_only_what_says_something_about_the_host_counts(
    providers: Providers, refusal: Any, *, counts: bool
) -> None:
    providers.down, providers.refusal = {"email"}, refusal
    deliver_all(owe(level=2))
    assert FarEnd.objects.exists() == counts


def test_our_own_fault_leaves_the_turn_to_somebody_else(providers: Providers) -> None:
    providers.down = {"email"}
    deliver_all(owe(OPENS_AFTER))
    reopen()
    providers.refusal = KeyError("ours")  # type: ignore[assignment]
    deliver(*owe())
    far_end = FarEnd.objects.get()
    assert (far_end.probe_until, far_end.failures) == (None, OPENS_AFTER)


def test_the_provider_says_how_long_it_stays_open(providers: Providers) -> None:
    providers.down = {"email"}
    asked = timedelta(seconds=100)
    providers.refusal = NotAccepted(
        "busy_429", permanent=False, far_end_down=True, retry_after=asked
    )
    deliver_all(owe(OPENS_AFTER))
    left = FarEnd.objects.annotate(left=F("open_until") - Now()).get().left
    assert timedelta(seconds=95) < left <= asked


# --- While it is open ---------------------------------------------------------------------------


def test_what_waits_is_left_alone_until_it_may_be_tried(providers: Providers, bell: Bell) -> None:
    providers.down = {"email"}
    deliver_all(owe(10))
    before = list(Delivery.objects.order_by("pk").values())
    assert (sweep.sweep(), bell.rung) == (0, [])
    rows = list(Delivery.objects.filter(attempts=0))
    deliver_all(rows)
    assert list(Delivery.objects.order_by("pk").values()) == before
    with CaptureQueriesContext(connection) as queries:
        delivery.deliver(rows[0].pk)
    assert not [query for query in queries if query["sql"].startswith('UPDATE "alerts_delivery')]


def test_one_probe_is_let_through_the_most_urgent(providers: Providers, bell: Bell) -> None:
    providers.down = {"email"}
    deliver_all([*owe(4, level=2), *owe(2, level=3)])
    urgent = owe(level=4)[0]
    deliver(urgent)
    assert urgent.waits_for
    reopen()
    assert sweep.sweep() == 1
    assert bell.rung == [f"deliver {urgent.pk}"]


def test_a_probe_that_fails_leaves_it_open_and_the_next_one_is_another(
    providers: Providers, bell: Bell
) -> None:
    providers.down = {"email"}
    deliver_all(owe(OPENS_AFTER + 2))
    probed = []
    for _ in range(2):
        reopen()
        sweep.sweep()
        key = UUID(bell.rung.pop().split()[1])
        delivery.deliver(key)
        probed.append(key)
        assert FarEnd.objects.get().open_until is not None
        assert sweep.sweep() == 0
    assert len(set(probed)) == 2, "each has a pause of its own"


def test_a_new_message_may_be_the_probe_and_goes_through(providers: Providers) -> None:
    providers.down = {"email"}
    deliver_all(owe(5))
    providers.down = set()
    reopen()
    assert deliver(*owe()).state == "accepted"
    assert (FarEnd.objects.count(), held()) == (0, 0)


def test_who_does_not_listen_for_20_seconds_is_done_without(
    providers: Providers, bell: Bell
) -> None:
    providers.down = {"email"}
    deliver_all(owe(4))
    Delivery.objects.update(due_at=Now() - timedelta(minutes=5))
    reopen()
    sweep.sweep()
    assert len(providers.tried) == OPENS_AFTER, "rung for, a moment after it may be tried"
    FarEnd.objects.update(open_until=Now() - timedelta(seconds=21))
    Delivery.objects.update(nudged_at=None)
    sweep.sweep()
    assert len(providers.tried) == OPENS_AFTER + 1


# --- When it works again ------------------------------------------------------------------------


def test_recovery_lets_everything_go_by_level_and_then_by_age(
    providers: Providers, bell: Bell
) -> None:
    providers.down = {"email"}
    rows = [*owe(3, level=2), *owe(3, level=4), *owe(2, level=3)]
    deliver_all(rows)
    providers.down = set()
    reopen()
    sweep.sweep()
    delivery.deliver(UUID(bell.rung.pop().split()[1]))
    assert (held(), FarEnd.objects.count()) == (0, 0)
    sweep.sweep()
    left = Delivery.objects.filter(state="owed").order_by("-level", "created_at")
    assert bell.rung == [f"deliver {row.pk}" for row in left]
    deliver_all(rows)
    assert {row.state for row in rows} == {"accepted"}


def test_what_asked_for_time_is_given_it_although_the_far_end_works(providers: Providers) -> None:
    providers.down = {"email"}
    providers.refusal = NotAccepted(
        "busy_429", permanent=False, far_end_down=True, retry_after=timedelta(seconds=200)
    )
    busy = deliver(*owe())
    providers.down = set()
    deliver(*owe())
    busy.refresh_from_db()
    assert (busy.waits_for, busy.due_at > busy.created_at + timedelta(seconds=190)) == ("", True)


def test_what_was_forgotten_in_a_crash_is_let_go_by_the_sweep(bell: Bell) -> None:
    """Nothing waits for a far end of which nothing bad is known."""
    (row,) = owe(waits_for="email.example.org")
    assert sweep.sweep() == 1
    assert bell.rung == [f"deliver {row.pk}"]


def test_what_waited_for_a_day_is_dead_with_an_incident(providers: Providers, bell: Bell) -> None:
    providers.down = {"email"}
    deliver_all(owe(OPENS_AFTER))
    never, tried, fresh = owe(3, level=2)
    deliver_all([never, tried, fresh])
    day = timedelta(hours=24, seconds=1)
    for row in (never, tried):
        ago = {"created_at": F("created_at") - day, "due_at": F("due_at") - day}
        Delivery.objects.filter(pk=row.pk).update(**ago)
    DeliveryAttempt.objects.create(pk=tried.pk, delivery=tried, began_at=Now(), outcome="retry")
    assert ends.end_held() == 1
    states = Delivery.objects.in_bulk([never.pk, tried.pk, fresh.pk])
    assert [states[row.pk].state for row in (never, tried, fresh)] == ["dead", "owed", "owed"]
    assert states[never.pk].because == "far_end_down"
    assert incidents() == ["delivery_dead: email far_end_down"]


# --- Who is told --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("level", "waited", "told"),
    [
        pytest.param(4, 119, False, id="for-less-than-two-minutes"),
        pytest.param(4, 121, True, id="for-more"),
        pytest.param(2, 121, False, id="nothing-urgent"),
    ],
)
def test_a_channel_that_is_down_is_reported_once_and_anew_after_it_has_worked(
    providers: Providers, bell: Bell, level: int, waited: int, *, told: bool
) -> None:
    down = Incident.objects.filter(kind=IncidentKind.CHANNEL_DOWN)
    for time in (1, 2):
        providers.down = {"email"}
        rows = deliver_all(owe(OPENS_AFTER + 1, level=level))
        Delivery.objects.filter(state="owed").update(created_at=Now() - timedelta(seconds=waited))
        sweep.sweep()
        sweep.sweep()
        assert down.count() == (time if told else 0)
        assert {str(each) for each in down.all()} <= {"channel_down: email email.example.org"}
        assert {each.count for each in down.all()} <= {1}
        providers.down = set()
        reopen()
        deliver(rows[0])
        deliver_all(list(Delivery.objects.filter(state="owed")))
        sweep.sweep()
        assert not down.filter(resolved_at=None).exists()


# --- Several at once ----------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_far_end_that_hangs_keeps_one_worker_once_it_has_failed_once(
    providers: Providers,
) -> None:
    providers.down, providers.hang = {"email"}, 0.3
    deliver_all(owe())
    rows = owe(30)
    pushes = owe(30, channel="webpush")
    providers.most_at_once = 0
    in_turn = [row.pk for pair in zip(rows, pushes, strict=True) for row in pair]
    at_once([partial(delivery.deliver, key) for key in in_turn])
    assert providers.most_at_once == 1
    assert Delivery.objects.filter(channel="webpush", state="accepted").count() == 30
    tried = [each for each in providers.tried if each.startswith("email")]
    assert len(tried) <= OPENS_AFTER


@pytest.mark.django_db(transaction=True)
def test_many_who_see_it_fail_and_recover_at_once_lose_nothing(providers: Providers) -> None:
    """Failures, probes, releases and sweeps in every order: no deadlock, each message once."""
    rows = owe(40)
    providers.down = {"email"}

    def work() -> None:
        for row in rows:
            delivery.deliver(row.pk)
            breaker.release()

    at_once([work] * 8)
    providers.down = set()
    FarEnd.objects.update(open_until=None, probe_until=None)
    for _ in range(3):
        Delivery.objects.filter(state=DeliveryState.OWED).update(due_at=Now())
        at_once([work] * 8)
        breaker.release()
    assert set(Delivery.objects.values_list("state", flat=True)) == {"accepted"}
    accepted = DeliveryAttempt.objects.filter(outcome="accepted")
    assert accepted.count() == accepted.values("delivery").distinct().count() == 40


# --- The real channels --------------------------------------------------------------------------


def test_mail_and_push_that_refuse_open_their_own_breakers(
    patient: Patient, push_service: PushSink, mail_server: SmtpSink
) -> None:
    phone = new_phone(patient, push_service)
    mail_server.refuse()
    push_service.stop()
    try:
        for row in [*owe(4), *[owe_message(patient, channel="webpush", device=phone)] * 2]:
            deliver(row)
    finally:
        push_service.start()
    hosts = dict(FarEnd.objects.values_list("host", "failures"))
    assert sorted(hosts.values()) == [1, OPENS_AFTER]
    assert all(host.startswith("127.0.0.1") for host in hosts)
    assert PushDevice.objects.get().retired_at is None
