"""F13, F17, F18: several workers or dispatchers at once, or none."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from uuid import UUID

from django.db.models import F

from alerts import sweep, tasks
from alerts.models import AlertEvent, Delivery, DeliveryAttempt, Watch
from diary.drafts import EntryDraft
from diary.locking import database_now
from diary.services import records
from tests.alerts.conftest import Bell
from tests.alerts.diaries import owe_message
from tests.faults import stories
from tests.faults.figures import report, seeded, size
from tests.faults.races import at_once, meanwhile, wait_until
from tests.sinks.smtp import SmtpSink

pytestmark = stories.FAULT
ROWS, THREADS = 100, 8


def test_f13_workers_race_for_the_same_deliveries() -> None:
    rng, count = seeded("F13"), size(ci=800, full=10_000)
    with stories.mail_server() as mails, stories.doorbell():
        owed = [owe_message(stories.new_patient()).pk for _ in range(ROWS)]
        nudges = [rng.choice(owed) for _ in range(count - ROWS)] + owed
        shares = [stories.shuffled(rng, nudges)[n::THREADS] for n in range(THREADS)]

        def work(share: list[object]) -> None:
            for key in share:
                tasks.deliver(delivery_id=str(key))

        at_once([partial(work, share) for share in shares])
    sent = Counter(mail.message["Message-ID"] for mail in mails.mails)
    duplicates = sum(sent.values()) - len(sent)
    attempts = DeliveryAttempt.objects.count()
    report(
        "F13",
        f"{count} nudges of {ROWS} rows from {THREADS} threads",
        sends=sum(sent.values()),
        duplicates=duplicates,
        attempts=attempts,
    )
    assert (len(sent), duplicates, attempts) == (ROWS, 0, ROWS)
    assert set(Delivery.objects.values_list("state", "attempts")) == {("accepted", 1)}


def story_of_the_time(patients: int) -> None:
    """Diaries with a red flag that nobody has read for 20 minutes, and a hold to be found."""
    for _ in range(patients):
        patient = stories.new_patient()
        ago = timedelta(minutes=20)
        draft = EntryDraft.parse(stories.entry(ago=ago, **stories.RED), uuids=True)
        records.put(patient_id=patient.pk, draft=draft, at=database_now() - ago)
        stories.massaged(patient, ago=stories.YESTERDAY)
        stories.write(patient, stories.entry(pain=8))


def all_is_done() -> bool:
    """Whether nothing is due any more."""
    now = database_now()
    return not (
        Watch.objects.filter(due_at__lte=now).exists()
        or Delivery.objects.filter(state="owed", due_at__lte=now).exists()
    )


def doubled(mails: SmtpSink) -> int:
    sent = Counter(mail.message["Message-ID"] for mail in mails.mails)
    return sum(sent.values()) - len(sent)


def test_f17_three_dispatchers_at_once() -> None:
    patients = size(ci=15, full=300)
    with stories.mail_server() as mails, stories.doorbell(away=True):
        story_of_the_time(patients)
        with meanwhile(sweep.sweep), meanwhile(sweep.sweep), meanwhile(sweep.sweep):
            took = wait_until(all_is_done, seconds=size(ci=60, full=600))
    said = Counter(AlertEvent.objects.values_list("patient_id", "rule", "kind", "at"))
    twice = sum(said.values()) - len(said)
    report(
        "F17",
        f"3 dispatchers at once, {patients} patients",
        events=sum(said.values()),
        doubled_events=twice,
        doubled_mails=doubled(mails),
        seconds=took,
    )
    counted = Counter(AlertEvent.objects.values_list("rule", "kind"))
    opened = {("R01", "opened"): patients, ("R08", "opened"): patients}
    # After 5 and after 15 minutes.
    assert counted >= Counter({**opened, ("R22", "reminder"): 2 * patients})
    assert (twice, doubled(mails)) == (0, 0)
    assert set(Delivery.objects.values_list("state", flat=True)) == {"accepted"}


def dispatch_and_work(bell: Bell) -> None:
    """A sweep, and beside it whatever the workers heard of before."""
    work: list[Callable[[], object]] = [sweep.sweep, *stories.nudged(bell)]
    at_once(work)


def test_f18_no_dispatcher_for_a_while() -> None:
    """Nudges go on; what nobody was nudged for is done soon after a dispatcher is back."""
    rng, rounds, red = seeded("F18"), size(ci=3, full=10), size(ci=10, full=20)
    waits = []
    with stories.mail_server() as mails, stories.doorbell() as bell:
        for _ in range(rounds):
            patients = [stories.new_patient() for _ in range(red)]
            answers = [stories.write(each, stories.entry(**stories.RED)) for each in patients]
            assert all(answer.answers["alerts"][0]["level"] == 4 for answer in answers)
            lost = set(rng.sample([each.pk for each in patients], red // 2))
            bell.rung = [each for each in bell.rung if UUID(each.split()[1]) not in lost]
            while bell.rung:
                at_once(stories.nudged(bell), threads=2)
            delivered = Delivery.objects.filter(
                patient__in=patients, recipient=F("patient__user"), state="accepted"
            )
            assert delivered.count() == red - len(lost)
            with meanwhile(partial(dispatch_and_work, bell), pause=0.5):
                waits.append(wait_until(all_is_done, seconds=30))
            assert delivered.count() == red
    slowest = max(waits)
    report(
        "F18",
        f"{rounds} absences x {red} red flags, half of the nudges lost",
        leftovers_done_after=f"{slowest:.2f} s",
        doubled_mails=doubled(mails),
    )
    assert slowest <= 5
    assert doubled(mails) == 0
