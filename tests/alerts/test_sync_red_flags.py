"""Red flags in a sync: as in single writes, one after the other, and not lost to a failure."""

import random
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from alerts import intake, loading, recording
from alerts.core.rules.red_flags import CAUDA_EQUINA
from alerts.models import Alert, AlertEvent, Delivery, Incident, Watch
from diary.drafts import EntryDraft
from diary.models import Entry, Patient
from diary.services import sync
from diary.services.wishes import Wish
from tests.alerts import diaries
from tests.alerts.conftest import Bell
from tests.alerts.diaries import BLADDER, at
from tests.diary.syncing import delete, put, statuses, synced
from tests.phones import Phone

pytestmark = pytest.mark.django_db
_ANSWERS = ["no", "new_or_worse", "unchanged_longstanding", "unknown"]
_FLAGS = ["bladder", "sexual_change", "both_legs_pain", "gait_unsteady", "hands_clumsy"]
_REGIONS = ["saddle", "left_leg", "right_foot", "left_hand", "right_hand"]


# --- One by one and all at once -----------------------------------------------------------------


def random_wishes(chance: random.Random, number: int) -> list[Wish]:
    """Entries with red flags and without, some of them put again or withdrawn."""
    names = [str(uuid4()) for _ in range(number // 2)]
    wishes = []
    for _ in range(number):
        name = chance.choice(names)
        if chance.random() < 0.1:
            wishes.append(Wish.withdrawal(Entry, uuid4()))
            continue
        flags = {flag: chance.choice(_ANSWERS) for flag in chance.sample(_FLAGS, 2)}
        regions = chance.sample(_REGIONS, chance.randrange(3))
        moment = at(hours=-chance.randrange(100)).isoformat()
        body = {"id": name, "symptom_at": moment, "pain": chance.randrange(11)}
        said: dict[str, Any] = {"red_flags": flags, "numb_regions": regions}
        body |= said if chance.random() < 0.4 else {}
        wishes.append(Wish.of(EntryDraft.parse(body, uuids=True)))
    return wishes


def send(patient: Patient, wishes: list[Wish], moment: datetime) -> None:
    request = sync.Request(items=wishes)
    sync.exchange(patient_id=patient.pk, request=request, render=lambda _: b"", at=moment)


def alerts_of(patient: Patient) -> list[str]:
    names = ("rule", "level", "text_key", "evidence", "parameters", "missing", "flags", "status")
    moments = ("onset_at", "opened_at", "raised_at", "told_at", "based_on_late_entry")
    return sorted(map(str, Alert.objects.filter(patient=patient).values_list(*names, *moments)))


def events_of(patient: Patient) -> list[tuple[Any, ...]]:
    events = AlertEvent.objects.filter(patient=patient).order_by("at", "rule")
    return list(events.values_list("at", "kind", "rule", "level", "text_key"))


@pytest.mark.parametrize("seed", range(12))
def test_one_sync_says_what_single_writes_say(seed: int) -> None:
    chance = random.Random(seed)
    single, batched = (diaries.new_patient(longstanding_flags=["gait_unsteady"]) for _ in range(2))
    before, wishes = random_wishes(chance, 3), random_wishes(chance, 25)
    tick = timedelta(microseconds=1)
    for number, wish in enumerate(before):
        for patient in (single, batched):
            send(patient, [wish], at(hours=-1) + number * tick)
    for number, wish in enumerate(wishes):
        send(single, [wish], at() + number * tick)
    send(batched, wishes, at())
    assert events_of(batched) == events_of(single) != []
    assert alerts_of(batched) == alerts_of(single)
    told = [
        sorted(map(str, Delivery.objects.filter(patient=p).values_list("level", "event__kind")))
        for p in (single, batched)
    ]
    assert set(told[1]) == set(told[0]), "reminders of one request ring once"
    watches = [Watch.objects.get(patient=p) for p in (single, batched)]
    assert watches[0].arrived != []
    assert set(watches[0].arrived) == set(watches[1].arrived)
    assert set(watches[0].corrected) == set(watches[1].corrected)


def test_each_item_tells_of_its_own_alerts_as_they_are_at_the_end(phone: Phone) -> None:
    said = synced(
        phone,
        put(),
        put(red_flags={"sexual_change": "new_or_worse"}),
        put(red_flags={"gait_unsteady": "new_or_worse"}),
        put(red_flags=BLADDER),
        put(red_flags=BLADDER),
    )
    found = [[(a["rule"], a["level"]) for a in result["alerts"]] for result in said["results"]]
    assert found == [[], [("R01", 4)], [("R02", 4)], [("R01", 4)], []]
    assert said["guidance"]["level"] == 4
    told = {(change["data"]["rule"], change["data"]["level"]) for change in said["changes"]}
    assert told == {("R01", 4), ("R02", 4)}


def test_a_flag_that_is_taken_back_in_the_same_request_has_been_said(phone: Phone) -> None:
    entry = put(red_flags=BLADDER)
    synced(phone, entry, put(entry["id"]), delete(entry["id"]))
    assert [str(alert) for alert in Alert.objects.all()] == ["R01 level 4"]


@pytest.mark.django_db(transaction=True)
def test_a_sync_owes_one_evaluation_and_rings_once(patient: Patient, bell: Bell) -> None:
    phone = Phone.of(patient)
    entry, massage = put(), put(of="massage")
    synced(phone, entry, massage, put(entry["id"], pain=9))
    assert bell.rung == [f"evaluate {patient.pk}"]
    watch = Watch.objects.get()
    assert {str(name) for name in watch.arrived} == {entry["id"], massage["id"]}
    assert [str(name) for name in watch.corrected] == [entry["id"]]
    synced(phone, entry, put(entry["id"], pain=9))
    assert len(bell.rung) == 1, "what comes again owes nothing"


def test_nothing_has_arrived_after_the_moment_that_is_owed() -> None:
    patient = diaries.new_patient()
    send(patient, random_wishes(random.Random(3), 10), at())
    due_at = Watch.objects.get(patient=patient).due_at
    newest = Entry.objects.order_by("received_at").last()
    assert newest is not None
    assert due_at is not None
    assert at() < newest.received_at <= due_at


# --- What throws --------------------------------------------------------------------------------


def throws(*_: object, **__: object) -> Any:
    raise ZeroDivisionError


def test_a_rule_that_throws_now_and_then_silences_nothing(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    level = CAUDA_EQUINA.level

    def sometimes(found: Any, entry: Any) -> int:
        return throws() if entry.pain == 4 else level(found, entry)

    monkeypatch.setattr(
        type(CAUDA_EQUINA),
        "level_of",
        lambda rule, entry, known: (
            sometimes(rule.positives(entry, known), entry) if rule.id == "R01" else 0
        ),
    )
    items = [put(pain=pain, red_flags=BLADDER) for pain in (4, 4, 3, 4, 2)]
    said = synced(phone, *items)
    assert statuses(said) == ["created"] * 5
    assert [len(result["alerts"]) for result in said["results"]] == [1, 0, 0, 0, 0]
    assert Alert.objects.get().level == 4
    failed = Incident.objects.get(kind="rule_failed")
    assert failed.count == 1, "one request, one incident"


def test_an_engine_that_cannot_begin_leaves_entries_and_one_emergency(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "profile", throws)
    said = synced(phone, put(), put(red_flags=BLADDER), put(red_flags=BLADDER))
    assert [len(result["alerts"]) for result in said["results"]] == [0, 1, 0]
    assert Alert.objects.get().text_key == "emergency.red_flag"
    failed = Incident.objects.filter(kind="rule_failed")
    assert (Entry.objects.count(), failed.count()) == (3, 1)


def test_alerts_that_cannot_be_written_as_judged_become_one_emergency(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken, broken = recording._take, iter([True])

    def fails_once(*args: Any) -> None:
        throws() if next(broken, False) else taken(*args)

    monkeypatch.setattr(recording, "_take", fails_once)
    said = synced(phone, put(), put(red_flags=BLADDER), put(red_flags=BLADDER), put(pain=11))
    assert [len(result["alerts"]) for result in said["results"]] == [0, 1, 0, 0]
    assert Alert.objects.get().text_key == "emergency.red_flag"
    assert Entry.objects.count() == 3


def test_when_not_even_the_emergency_can_be_written_nothing_is(
    patient: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "owe_evaluation", throws)  # the last of the writes
    wishes = [w for w in random_wishes(random.Random(1), 5) if w.draft]
    with pytest.raises(ZeroDivisionError):
        send(patient, wishes, at())
    assert (Entry.objects.count(), Alert.objects.count()) == (0, 0)
