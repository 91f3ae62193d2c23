"""F09: the mail server is away for an hour; the schedule is kept, only time passes quickly."""

from collections import Counter
from datetime import timedelta

from django.db.models import F, Max

from alerts.models import Channel, Delivery, DeliveryState, Incident
from diary.models import Patient
from tests.alerts.diaries import new_phone, owe_message
from tests.faults import stories
from tests.faults.figures import FULL, report, size
from tests.faults.hours import WORKERS, Shift, shift
from tests.sinks.push import PushSink
from tests.sinks.smtp import SmtpSink

pytestmark = stories.FAULT
HOUR, RECOVERED_WITHIN = timedelta(hours=1), timedelta(minutes=5)
OUTAGE = HOUR if FULL else timedelta(minutes=6)
# With a single message waiting, nothing else finds out that the server is back.
LONGEST_PAUSE = timedelta(seconds=340)
BATCH = 20
MOST_TRIES = 14  # of one message in an hour


def write_red_flags(count: int, service: PushSink) -> list[Patient]:
    """Red flags of so many patients with a phone, one after the other."""
    patients = [stories.new_patient() for _ in range(count)]
    for each in patients:
        new_phone(each, service, each.pk.hex)
        stories.write(each, stories.entry(**stories.RED))
    return patients


def p99_of_pushes(patients: list[Patient]) -> float:
    """Seconds from the write until the push service has it, of all but one in a hundred."""
    pushes = Delivery.objects.filter(channel=Channel.WEBPUSH, patient__in=patients)
    took = pushes.annotate(took=F("ended_at") - F("created_at")).values_list("took", flat=True)
    return sorted(float(each.total_seconds()) for each in took)[int(len(took) * 0.99) - 1]


def owed_mails() -> int:
    owed = Delivery.objects.filter(channel=Channel.EMAIL, state=DeliveryState.OWED)
    return owed.count()


def disorder(mails: SmtpSink, patients: list[Patient]) -> int:
    """How far the mail most out of turn came from its place: the oldest red flag is the first.

    The very first mail is the one with which the mail server was tried.
    """
    rows = Delivery.objects.filter(patient__in=patients, channel=Channel.EMAIL)
    placed = rows.order_by("-level", "created_at").values_list("message", flat=True)
    place = {str(message): number for number, message in enumerate(placed)}
    names = [str(mail.message["Message-ID"]).strip("<>").partition("@")[0] for mail in mails.mails]
    came = [place[name] for name in names if name in place]
    rest = came[1:]
    return max(abs(number - sorted(rest).index(there)) for number, there in enumerate(rest))


def a_time_without_mail(on_duty: Shift, count: int, service: PushSink) -> list[Patient]:
    """Red flags come all the time, and one message that is not urgent is older than they."""
    calm = stories.new_patient()
    owe_message(calm, level=2)
    patients = [calm]
    for _ in range(count // BATCH):
        patients += write_red_flags(BATCH, service)
        on_duty.go_on(OUTAGE / (count // BATCH))
    return patients


def test_f09_red_flags_while_there_is_no_mail() -> None:
    count = size(ci=60, full=500)
    with stories.mail_server() as mails, stories.push_service() as service, shift() as on_duty:
        before = write_red_flags(BATCH // 2, service)
        on_duty.go_on(timedelta(seconds=1))
        mails.refuse()
        patients = a_time_without_mail(on_duty, count, service)
        waiting = owed_mails()
        tries = Delivery.objects.aggregate(most=Max("attempts"))["most"]
        mails.listen()
        recovered = on_duty.go_on(2 * RECOVERED_WITHIN, until=lambda: not owed_mails())
    usual, meanwhile = p99_of_pushes(before), p99_of_pushes(patients)
    sent = Counter(mail.message["Message-ID"] for mail in mails.mails)
    out_of_turn = disorder(mails, patients)
    report(
        "F09",
        f"{count} red flags, mail down {OUTAGE.seconds // 60} min in quick time",
        waiting=waiting,
        lost=owed_mails(),
        recovered_after=f"{recovered.total_seconds():.0f} s",
        most_tries=tries,
        out_of_turn=out_of_turn,
        push_p99=f"{meanwhile:.2f} s, before {usual:.2f} s",
        duplicates=sum(sent.values()) - len(sent),
    )
    assert waiting >= 2 * count, "of the patient and of the physician"
    assert set(Delivery.objects.values_list("state", flat=True)) == {"accepted"}
    assert recovered <= RECOVERED_WITHIN
    assert tries <= MOST_TRIES
    assert out_of_turn <= 2 * WORKERS
    assert meanwhile <= 3 * usual + 1
    assert max(sent.values()) == 1
    assert Incident.objects.get(kind="channel_down").resolved_at


def test_f09_one_message_in_an_hour_without_mail() -> None:
    with stories.mail_server() as mails, shift() as on_duty:
        mails.refuse()
        owed = owe_message(stories.new_patient())
        on_duty.go_on(HOUR)
        owed.refresh_from_db()
        mails.listen()
        recovered = on_duty.go_on(2 * RECOVERED_WITHIN, until=lambda: not owed_mails())
    report(
        "F09",
        "1 message, mail down 60 min in quick time",
        tries=owed.attempts,
        recovered_after=f"{recovered.total_seconds():.0f} s",
    )
    assert 5 < owed.attempts <= MOST_TRIES
    assert recovered <= LONGEST_PAUSE
