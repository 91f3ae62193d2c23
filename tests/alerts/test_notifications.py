"""By what the patient lets messages come; urgent ones come every way there is."""

from typing import Any

import pytest
from django.utils import timezone

from alerts import delivery, messages
from alerts.models import AlertEvent, Delivery, EventKind, Incident
from diary.models import Patient
from tests.alerts.core import story
from tests.alerts.diaries import new_phone, owe_message, told
from tests.phones import Phone
from tests.sinks.push import PushSink

WAYS = [
    ({"push": True, "email": True}, {"webpush", "email"}),
    ({"push": True, "email": False}, {"webpush"}),
    ({"push": False, "email": True}, {"email"}),
    ({"push": False, "email": False}, set()),
]


def event_of(patient: Patient, level: int, **changes: Any) -> AlertEvent:
    fields = {"kind": EventKind.OPENED, "rule": "R08", "text_key": "hold.pain_over_24h", **changes}
    return AlertEvent.objects.create(patient=patient, at=timezone.now(), level=level, **fields)


@pytest.mark.parametrize("choice", WAYS)
@pytest.mark.parametrize("level", range(5))
def test_up_to_level_2_messages_come_by_what_was_chosen(
    phone: Phone,
    patient: Patient,
    push_service: PushSink,
    level: int,
    choice: tuple[dict[str, bool], set[str]],
) -> None:
    chosen, ways = choice
    assert phone.patch("me/", {"notifications": chosen}).json()["notifications"] == chosen
    new_phone(patient, push_service)
    patient.refresh_from_db()
    messages.owe(patient, [event_of(patient, level)], at=timezone.now())
    expected = {"webpush", "email"} if level >= 3 else ways
    assert set(told(patient).values_list("channel", flat=True)) == expected
    unreachable = Incident.objects.filter(cause="patient unreachable")
    assert not unreachable.exists()  # who wants no messages can be reached


def test_a_notice_about_the_account_comes_by_mail_whatever_was_chosen(
    phone: Phone, patient: Patient
) -> None:
    phone.patch("me/", {"notifications": {"push": False, "email": False}})
    patient.refresh_from_db()
    notice = event_of(patient, 0, kind=EventKind.NOTICE, text_key="account.push_off", rule="")
    (owed,) = messages.owe(patient, [notice], at=timezone.now())
    delivery.deliver(owed)
    assert Delivery.objects.get(pk=owed).state == "accepted"


@pytest.mark.parametrize(("level", "state"), [(2, "cancelled"), (3, "accepted")])
def test_what_waits_is_asked_again_before_it_goes(
    phone: Phone, patient: Patient, level: int, state: str
) -> None:
    owed = owe_message(patient, level=level)
    phone.patch("me/", {"notifications": {"push": True, "email": False}})
    delivery.deliver(owed.pk)
    owed.refresh_from_db()
    assert owed.state == state
    assert owed.because == ("switched_off" if state == "cancelled" else "")


def test_to_the_rules_it_says_nothing() -> None:
    choice = {"notifications": {"push": False, "email": False}}
    rest = (
        story.entry("e", story.START, red_flags={"bladder": "new_or_worse"}),
        story.clock(story.at(days=9)),
    )
    heard = [
        story.told(story.profile(story.START, phase="chronic", **extra), *rest)
        for extra in ({}, choice)
    ]
    assert heard[0] == heard[1] != []
