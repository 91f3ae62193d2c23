"""Queries are constant: every read and every write of the API asks as often for much as for little.

The operations are those that the table of answers lets a patient do, so none can be forgotten.
"""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from alerts.models import AlertEvent, EventKind, PushDevice
from diary import accesses
from diary.models import Entry, Massage, Patient
from tests.accounts import log_in
from tests.alerts.diaries import new_alert
from tests.counts import forget_counts
from tests.diary.admin import clinic
from tests.phones import enrolled
from tests.security.bodies import BODIES
from tests.security.cast import Visitor, undone
from tests.security.declared import declared
from tests.security.routes import address, routes

FEW, MANY = 5, 60
FRAMES = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")
Operation = tuple[str, str]  # route and method
# The erasure, which is let in here: it comes right after a log-in.
ERASURE: Operation = ("api/v1/me/", "DELETE")
OPERATIONS = [
    (route, method)
    for (route, method, who), answer in sorted(declared().items(), key=lambda each: each[0])
    if who == "A" and method != "HEAD" and route.startswith("api/v1/")
    if (isinstance(answer, int) and answer < 300) or (route, method) == ERASURE
]


def test_every_route_of_the_api_is_counted() -> None:
    counted = {route for route, _ in OPERATIONS}
    assert counted == {route for route in routes() if route.startswith("api/v1/")}


@pytest.mark.django_db
def test_every_operation_asks_as_often_for_much_as_for_little(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("CRITICAL")
    few, many = _counts(FEW), _counts(MANY)
    assert few.keys() == many.keys() == set(OPERATIONS)
    assert {each: (few[each], many[each]) for each in few if few[each] != many[each]} == {}
    assert min(few.values()) >= 2  # who asks, and how often


def _counts(number: int) -> dict[Operation, int]:
    """How often each operation asks for a patient with so many of everything."""
    patient = enrolled(quiet_hours="00:00-00:00")
    ids = _lived(patient, number)
    token = log_in(patient.user.email)["access_token"]
    visitor, found = Visitor(authorization=f"Bearer {token}"), {}
    for route, method in OPERATIONS:
        forget_counts()
        ContentType.objects.clear_cache()  # as in a process that has just started
        where, body = address(route, ids), BODIES.get((method, route))
        with undone(), CaptureQueriesContext(connection) as captured:
            answer = visitor.send(method, where, body)
            content = answer.getvalue()
        assert answer.status_code < 300, (method, route, content)
        asked = [query["sql"] for query in captured.captured_queries]
        found[route, method] = len([sql for sql in asked if not sql.startswith(FRAMES)])
    return found


def _lived(patient: Patient, number: int) -> dict[str, Any]:
    """So many of everything, and the ids of one of each, which has many versions and events."""
    now, doctor = timezone.now(), clinic.physician(f"Doctor{number}")
    fixed: dict[str, Any] = {"patient": patient, "changed_by": patient.user}
    fixed |= {"received_at": now, "changed_at": now}
    for step in range(number):
        at = now - timedelta(hours=step + 2)
        over = at + timedelta(minutes=20)
        entry = Entry.objects.create(record_id=uuid4(), symptom_at=at, pain=3, **fixed)
        massage = Massage.objects.create(
            record_id=uuid4(), started_at=at, ended_at=over, setting="self", **fixed
        )
        alert = new_alert(patient, subject=uuid4())
        patient.consents.create(version="0", given_at=at, withdrawn_at=over)
        accesses.record([patient.pk], by=doctor, what="entry")
        device = _device(patient, is_retired=step < number - 3)
    for record in (entry, massage):
        for _ in range(number):
            type(record).objects.filter(pk=record.pk).update(version=F("version") + 1)
    for kind in (EventKind.OPENED, *[EventKind.DISPLAYED] * number):
        AlertEvent.objects.create(patient=patient, alert=alert, kind=kind, at=now, level=2)
    ids = {"entries": entry.record_id, "massages": massage.record_id, "alerts": alert.pk}
    return {**ids, "devices": device}


def _device(patient: Patient, *, is_retired: bool) -> Any:
    token, now = uuid4().hex * 2, timezone.now()
    made = PushDevice.objects.create(
        patient=patient,
        device_id=uuid4(),
        kind="canary",
        endpoint=token,
        endpoint_digest=token.encode()[:32],
        registered_at=now,
        retired_at=now if is_retired else None,
        retired_because="NotRegistered" if is_retired else "",
    )
    return made.device_id
