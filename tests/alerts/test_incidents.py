"""What fails is told to whoever is on call: once, and never in a ring."""

from typing import Any

import pytest

from alerts import incidents, mails
from alerts.models import Delivery, Incident, IncidentKind
from diary.locking import database_now
from diary.models import Patient
from tests.alerts import diaries
from tests.alerts.test_delivery import deliver
from tests.diary.admin import clinic
from tests.sinks.smtp import SmtpSink

pytestmark = pytest.mark.django_db
ON_CALL = "oncall@clinic.example"
LIST = "/admin/alerts/incident/"


@pytest.fixture(autouse=True)
def _on_call(settings: Any) -> None:
    settings.ON_CALL_EMAIL = ON_CALL


def report(patient: Patient | None = None, cause: str = "R08 KeyError") -> None:
    kind = IncidentKind.RULE_FAILED
    incidents.report(patient=patient, kind=kind, cause=cause, at=database_now())


def test_a_new_incident_is_told_and_a_repetition_is_counted() -> None:
    for _ in range(3):
        report()
    assert Incident.objects.get().count == 3
    owed = Delivery.objects.get()
    assert (owed.recipient, owed.patient, owed.channel, owed.level) == (None, None, "email", 3)
    report(diaries.new_patient())
    assert (Incident.objects.count(), Delivery.objects.count()) == (2, 2)


def test_one_that_was_resolved_is_told_again() -> None:
    report()
    incident = Incident.objects.get()
    assert incidents.resolve(incident.pk, at=database_now()) is True
    assert incidents.resolve(incident.pk, at=database_now()) is False
    report()
    assert (Incident.objects.count(), Delivery.objects.count()) == (2, 2)


def test_the_mail_says_what_happened_in_plain_words_and_no_code(mail_server: SmtpSink) -> None:
    report()
    owed = deliver(Delivery.objects.get())
    (mail,) = mail_server.mails
    assert (owed.state, mail.recipients) == ("accepted", (ON_CALL,))
    assert "a rule failed" in mail.body
    assert "R08" not in mail.body


def test_a_mail_about_an_incident_that_is_dead_makes_no_chain(mail_server: SmtpSink) -> None:
    mail_server.rcpt_answer = "550 5.1.1 no such user"
    report()
    for _ in range(5):
        for owed in Delivery.objects.filter(state="owed"):
            deliver(owed)
    kinds = Incident.objects.order_by("at").values_list("kind", "count")
    assert list(kinds) == [("rule_failed", 1), ("delivery_dead", 2)]
    assert set(Delivery.objects.values_list("state", flat=True)) == {"dead"}


def test_nothing_is_sent_about_the_services_own_patient() -> None:
    report(diaries.new_patient(is_canary=True))
    assert (Incident.objects.count(), Delivery.objects.count()) == (1, 0)


def test_the_mail_names_each_kind() -> None:
    for kind in IncidentKind:
        incidents.report(patient=None, kind=kind, cause="x", at=database_now())
    bodies = {mails.mail_for(owed, level=3).body for owed in Delivery.objects.all()}
    assert len(bodies) == len(IncidentKind)


def test_only_an_operator_resolves_an_incident_on_its_list() -> None:
    report()
    incident = Incident.objects.get()
    chosen = {"action": "resolve_selected", "_selected_action": [str(incident.pk)]}
    assert clinic.browser(clinic.physician("Anna")).post(LIST, chosen).status_code == 403
    answer = clinic.browser(clinic.superuser()).post(LIST, chosen)
    incident.refresh_from_db()
    assert (answer.status_code, incident.resolved_at is not None) == (302, True)
