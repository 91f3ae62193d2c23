"""F11: every channel is down; those who run the service hear of it, and nothing is lost."""

from datetime import timedelta

from alerts.models import Delivery, DeliveryState, Incident, IncidentKind
from tests.alerts.diaries import new_phone
from tests.faults import stories
from tests.faults.figures import report, size
from tests.faults.hours import shift

pytestmark = stories.FAULT
OUTAGE, TOLD_WITHIN = timedelta(minutes=10), timedelta(minutes=5)


def is_known() -> bool:
    return Incident.objects.filter(kind=IncidentKind.CHANNEL_DOWN).exists()


def test_f11_every_channel_is_down() -> None:
    count = size(ci=20, full=100)
    with stories.mail_server() as mails, stories.push_service() as service, shift() as on_duty:
        for number in range(count):
            patient = stories.new_patient()
            new_phone(patient, service, f"phone{number}")
            stories.write(patient, stories.entry(**stories.RED))
        mails.refuse()
        service.refuse()
        known_after = on_duty.go_on(OUTAGE, until=is_known)
        on_duty.go_on(OUTAGE - known_after)
        owed = Delivery.objects.filter(state=DeliveryState.OWED)
        waiting = owed.count()
        mails.listen()
        service.listen()
        recovered = on_duty.go_on(OUTAGE, until=lambda: not owed.exists())
    report(
        "F11",
        f"{count} red flags, every channel down for 10 min",
        known_after=f"{known_after.total_seconds():.0f} s",
        waiting=waiting,
        lost=owed.count(),
        recovered_after=f"{recovered.total_seconds():.0f} s",
    )
    assert known_after <= TOLD_WITHIN
    assert waiting >= 3 * count
    assert set(Delivery.objects.values_list("state", flat=True)) == {"accepted"}
    told = Delivery.objects.filter(incident__kind=IncidentKind.CHANNEL_DOWN)
    assert told.exists(), "whoever is on call was told, once mail was back"
    assert not Incident.objects.filter(resolved_at=None).exists()
