"""The change feed: an app that follows it has what the server has, whoever writes meanwhile."""

import random
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from alerts import acts
from alerts.models import Alert
from config.limits import HonestPhone
from diary.models import Patient
from diary.services import feed
from tests.diary.bodies import ENTRY, MASSAGE, new_id
from tests.diary.syncing import App, delete, diary_of, post, put, statuses, synced
from tests.phones import Phone, at_once, code_of, enrolled

BLADDER = {"bladder": "new_or_worse"}


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "PAGE", 3)


def told(said: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(change["type"], change["op"], change["id"]) for change in said["changes"]]


# --- What it tells ------------------------------------------------------------------------------


def test_a_new_device_is_told_everything_as_the_api_shows_it(phone: Phone) -> None:
    entry, massage, gone = new_id(), new_id(), new_id()
    phone.put(f"entries/{gone}/", ENTRY)
    phone.put(f"massages/{massage}/", MASSAGE)
    phone.put(f"entries/{entry}/", {**ENTRY, "red_flags": BLADDER})
    phone.delete(f"entries/{gone}/")
    said = synced(phone)
    alert = Alert.objects.get()
    assert told(said) == [
        ("massage", "put", massage),
        ("entry", "put", entry),
        ("alert", "put", str(alert.pk)),
        ("entry", "delete", gone),
    ]
    of_massage, of_entry, of_alert, of_gone = said["changes"]
    assert of_massage["data"] == phone.get(f"massages/{massage}/").json()
    assert of_entry["data"] == phone.get(f"entries/{entry}/").json()
    assert of_entry["changed_at"] == of_entry["data"]["received_at"]
    shown = phone.get(f"alerts/{alert.pk}/").json()
    assert of_alert["data"] == {name: shown[name] for name in shown if name != "timeline"}
    assert of_alert["changed_at"] == shown["opened_at"]
    assert "data" not in of_gone
    assert (said["has_more"], said["guidance"]["level"]) == (False, 4)


def test_a_cursor_gives_what_came_after_it_and_each_record_once(phone: Phone) -> None:
    one, two = new_id(), new_id()
    synced(phone, put(one), put(two, of="massage"))
    cursor = synced(phone)["cursor"]
    assert synced(phone, since=cursor)["changes"] == []
    phone.put(f"entries/{one}/", {**ENTRY, "pain": 5})
    phone.put(f"entries/{one}/", {**ENTRY, "pain": 6})
    phone.put(f"entries/{one}/", {**ENTRY, "pain": 6})
    phone.delete(f"massages/{two}/")
    said = synced(phone, since=cursor)
    assert told(said) == [("entry", "put", one), ("massage", "delete", two)]
    assert said["changes"][0]["data"]["pain"] == 6
    assert synced(phone, since=said["cursor"])["changes"] == []
    assert synced(phone, since=cursor)["changes"] == said["changes"], "a cursor is not used up"


def test_what_this_request_wrote_is_not_told_to_it_but_to_the_others(phone: Phone) -> None:
    mine, theirs = new_id(), new_id()
    begun = synced(phone)["cursor"]
    synced(phone, put(theirs), since=begun)
    said = synced(phone, put(mine), since=begun)
    assert told(said) == [("entry", "put", theirs)]
    assert synced(phone, since=said["cursor"])["changes"] == []
    assert told(synced(phone, since=begun)) == [("entry", "put", theirs), ("entry", "put", mine)]


def test_a_lost_answer_is_heard_the_next_time(phone: Phone) -> None:
    begun, mine = synced(phone)["cursor"], new_id()
    synced(phone, put(mine), since=begun)  # and nobody hears the answer
    again = synced(phone, put(mine), since=begun)
    assert statuses(again) == ["unchanged"]
    assert told(again) == [("entry", "put", mine)]


def test_after_a_conflict_the_record_of_the_server_is_told(phone: Phone) -> None:
    known, unreadable = new_id(), new_id()
    synced(phone, put(known), put(unreadable))
    cursor = synced(phone)["cursor"]
    items = [
        put(known, note="taken", if_version=1),
        put(known, note="refused", if_version=1),
        put(unreadable, note="taken"),
        put(unreadable, pain=11),
        put(note="only mine"),
    ]
    said = synced(phone, *items, since=cursor)
    assert statuses(said) == ["updated", "conflict", "updated", "invalid", "created"]
    assert told(said) == [("entry", "put", known), ("entry", "put", unreadable)]
    assert [change["data"]["note"] for change in said["changes"]] == ["taken", "taken"]


def test_an_alert_comes_again_with_all_that_is_done_about_it(
    phone: Phone, patient: Patient
) -> None:
    said = synced(phone, put(red_flags=BLADDER))
    (change,) = said["changes"]
    assert change["data"] == said["results"][0]["alerts"][0]
    alert = Alert.objects.get()
    phone.post(f"alerts/{alert.pk}/acknowledge/", {})
    (change,) = (said := synced(phone, since=said["cursor"]))["changes"]
    assert change["data"]["status"] == "acknowledged"
    assert change["changed_at"] == change["data"]["acknowledged_at"]
    act: dict[str, Any] = {"alert_id": alert.pk, "patient_id": patient.pk, "by": patient.user}
    acts.see(**act)
    (change,) = (said := synced(phone, since=said["cursor"]))["changes"]
    assert change["changed_at"] == change["data"]["seen_by_clinic_at"]
    acts.close(**act, reason="seen in the ward")
    (change,) = (said := synced(phone, since=said["cursor"]))["changes"]
    assert (change["data"]["status"], change["op"]) == ("cleared", "put")
    assert change["changed_at"] == change["data"]["cleared_at"]
    assert synced(phone, since=said["cursor"])["changes"] == []


# --- Cursors and pages --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cursor",
    [
        pytest.param("", id="nothing"),
        pytest.param("0", id="a-number"),
        pytest.param("abc:def:ghi", id="made-up"),
        pytest.param("\U0001f9b4" * 5000, id="long-and-odd"),
    ],
)
def test_a_forged_cursor_is_a_400(phone: Phone, cursor: str) -> None:
    answer = post(phone, put(), since=cursor)
    assert (answer.status_code, code_of(answer)) == (400, "invalid_cursor")
    assert diary_of(phone) == {}


def test_a_cursor_works_for_its_patient_only_and_as_it_is(phone: Phone) -> None:
    cursor: str = synced(phone, put())["cursor"]
    changed = ("B" if cursor[0] == "A" else "A") + cursor[1:]
    stranger = Phone.of(enrolled())
    for answer in (post(stranger, since=cursor), post(phone, since=changed)):
        assert (answer.status_code, code_of(answer)) == (400, "invalid_cursor")
    assert synced(phone, since=cursor)["changes"] == []


def test_a_page_has_at_most_500_changes(phone: Phone) -> None:
    items = [put() for _ in range(501)]
    synced(phone, *items)
    app = App(phone)
    first = app.pull()
    assert (len(first["changes"]), first["has_more"], app.pages) == (500, True, 2)
    assert app.diary.keys() == {item["id"] for item in items}
    exact = App(Phone.of(enrolled()))
    synced(exact.phone, *items[:500])
    assert (len(exact.pull()["changes"]), exact.pages) == (500, 1)


@pytest.mark.usefixtures("small_pages")
def test_what_changes_between_two_pages_is_told_once_more(phone: Phone) -> None:
    ids = [new_id() for _ in range(6)]
    synced(phone, *map(put, ids))
    first = synced(phone)
    assert ([change["id"] for change in first["changes"]], first["has_more"]) == (ids[:3], True)
    phone.put(f"entries/{ids[0]}/", {**ENTRY, "note": "changed"})
    phone.delete(f"entries/{ids[4]}/")
    second = synced(phone, since=first["cursor"])
    third = synced(phone, since=second["cursor"])
    assert [i for *_, i in told(second) + told(third)] == [ids[3], ids[5], ids[0], ids[4]]
    assert not third["has_more"]


@pytest.mark.usefixtures("small_pages")
def test_what_an_app_sends_while_it_has_much_to_hear_is_not_lost(phone: Phone) -> None:
    synced(phone, *(put(note=str(n)) for n in range(8)))
    app, mine = App(phone), new_id()
    app.pull(put(mine, note="mine"))
    assert app.diary == diary_of(phone)
    assert mine in app.diary


# --- Several at once ----------------------------------------------------------------------------


@pytest.mark.usefixtures("small_pages")
@pytest.mark.parametrize("seed", range(6))
def test_two_devices_that_sync_in_any_order_end_the_same(phone: Phone, seed: int) -> None:
    chance = random.Random(seed)
    ids = [new_id() for _ in range(6)]
    apps = [App(phone), App(Phone.of(Patient.objects.get()))]
    for step in range(25):
        app = chance.choice(apps)
        app.pull(*(_random_item(chance, ids, step) for _ in range(chance.randrange(5))))
        if chance.random() < 0.2:
            phone.put(f"entries/{chance.choice(ids)}/", {**ENTRY, "note": f"single {step}"})
    for app in apps:
        app.pull()
    assert apps[0].diary == apps[1].diary == diary_of(phone)


def _random_item(chance: random.Random, ids: list[str], step: int) -> dict[str, Any]:
    known = chance.choice(ids)
    note, pain = f"{step} {chance.random()}", chance.choice([3, 3, 3, 11])
    version = chance.choice([None, None, None, 1])
    items: list[Callable[[], dict[str, Any]]] = [
        lambda: put(known, note=note, pain=pain, if_version=version),
        lambda: put(known, note=note),
        lambda: delete(known),
        lambda: put(known, note=note, of="massage"),
    ]
    return chance.choice(items)()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("small_pages")
def test_nothing_is_skipped_while_others_write(monkeypatch: pytest.MonkeyPatch) -> None:
    # It asks more often than a phone may.
    monkeypatch.setattr(HonestPhone, "allow_request", lambda *_: True)
    patient = enrolled()
    reader = App(Phone.of(patient))
    ids = [new_id() for _ in range(20)]

    def write(phone: Phone, seed: int) -> None:
        chance = random.Random(seed)
        for step in range(12):
            some = chance.sample(ids, 4)
            synced(phone, *(put(i, note=f"{seed} {step}") for i in some[:2]), delete(some[2]))
            phone.put(f"entries/{some[3]}/", {**ENTRY, "note": f"{seed} {step} alone"})
            phone.post("entries/", {**ENTRY, "pain": 9, "red_flags": BLADDER})

    def read() -> None:
        for _ in range(40):
            reader.pull()

    writers = [partial(write, Phone.of(patient), seed) for seed in range(4)]
    at_once(*writers, read)
    reader.pull()
    assert reader.diary == diary_of(reader.phone)
    everything = App(reader.phone)
    everything.pull()
    assert everything.kept == reader.kept
