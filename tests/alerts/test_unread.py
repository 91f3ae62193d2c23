"""What can be read of an item of a sync that cannot become a record: its red flags."""

from datetime import datetime
from typing import Any

import pytest

from alerts.models import Alert, AlertEvent, Delivery
from diary.models import Entry, Patient
from tests.alerts.conftest import Bell
from tests.alerts.diaries import BLADDER
from tests.diary.syncing import delete, put, statuses, synced
from tests.phones import Phone

pytestmark = pytest.mark.django_db


def unread(**data: Any) -> dict[str, Any]:
    """An item whose score is out of range."""
    return put(pain=11, **data)


def test_item_7_of_20_that_cannot_be_read_still_raises_its_alert(phone: Phone) -> None:
    items = [put() for _ in range(20)]
    items[6] = unread(red_flags=BLADDER)
    said = synced(phone, *items)
    assert statuses(said) == ["created"] * 6 + ["invalid"] + ["created"] * 13
    assert [len(result["alerts"]) for result in said["results"]] == [0] * 6 + [1] + [0] * 13
    (alert,) = said["results"][6]["alerts"]
    assert (alert["rule"], alert["level"]) == ("R01", 4)
    assert alert["parameters"] == {"flags": ["bladder"], "unparsed_red_flag": True}
    (evidence,) = alert["evidence"]
    assert (evidence["id"], evidence["value"]) == (items[6]["id"], "new_or_worse")
    assert said["guidance"]["level"] == 4
    assert {delivery.level for delivery in Delivery.objects.all()} == {4}
    assert Entry.objects.count() == 19


@pytest.mark.django_db(transaction=True)
def test_an_alert_of_what_cannot_be_read_is_delivered_at_once(patient: Patient, bell: Bell) -> None:
    synced(Phone.of(patient), unread(red_flags=BLADDER))
    assert bell.rung == [f"evaluate {patient.pk}"]


@pytest.mark.parametrize(
    ("item", "opened"),
    [
        pytest.param(unread(red_flags={"bowel": "new_or_worse"}), [("R01", 4)], id="cauda-equina"),
        pytest.param(unread(red_flags={"sexual_change": "new_or_worse"}), [("R01", 3)], id="mild"),
        pytest.param(unread(red_flags={"gait_unsteady": "new_or_worse"}), [("R02", 4)], id="cord"),
        pytest.param(
            unread(red_flags={"bladder": "new_or_worse", "gait_unsteady": "new_or_worse"}),
            [("R01", 4), ("R02", 4)],
            id="both",
        ),
        pytest.param(unread(numb_regions=["saddle", "left_knee"]), [("R01", 4)], id="a-region"),
        pytest.param(
            unread(numb_regions=["left_leg"], weak_regions=["right_leg", 3, None]),
            [("R01", 4)],
            id="both-legs",
        ),
        pytest.param(
            put(red_flags={"bladder": "new_or_worse", "bowel": 7}), [("R01", 4)], id="odd-answer"
        ),
        pytest.param(put(red_flags={"blader": "new_or_worse"}), [("R01", 4)], id="odd-flag"),
        pytest.param({**put(red_flags=BLADDER), "type": "Entry"}, [("R01", 4)], id="odd-type"),
        pytest.param({**put(red_flags=BLADDER), "id": 7}, [("R01", 4)], id="odd-id"),
        pytest.param(put(red_flags=BLADDER, symptom_at="today"), [("R01", 4)], id="odd-time"),
        pytest.param(put(red_flags=BLADDER, symptom_at=None), [("R01", 4)], id="no-time"),
        pytest.param({"type": "entry", "red_flags": BLADDER}, [("R01", 4)], id="no-data"),
        pytest.param(unread(red_flags={"bladder": "no"}), [], id="a-no"),
        pytest.param(unread(red_flags=["bladder"]), [], id="no-answers"),
        pytest.param(unread(red_flags={"bladder": {"new_or_worse": 1}}), [], id="an-object"),
        pytest.param(unread(numb_regions="saddle"), [], id="no-list"),
        pytest.param({**delete("x"), "data": {"red_flags": BLADDER}}, [], id="a-withdrawal"),
        pytest.param({"data": [BLADDER]}, [], id="a-list"),
        pytest.param(3, [], id="a-number"),
    ],
)
def test_what_can_be_read_of_an_item_is_judged(
    phone: Phone, item: Any, opened: list[tuple[str, int]]
) -> None:
    (result,) = synced(phone, item)["results"]
    assert result["status"] == "invalid"
    assert sorted((alert["rule"], alert["level"]) for alert in result["alerts"]) == opened
    assert all(alert["parameters"]["unparsed_red_flag"] for alert in result["alerts"])
    for alert in result["alerts"]:
        assert phone.get(f"alerts/{alert['id']}/").status_code == 200
        assert alert["title"]
        assert alert["advice"]


def test_the_time_of_an_item_is_read_if_it_can_be(phone: Phone) -> None:
    synced(phone, unread(red_flags=BLADDER))
    assert Alert.objects.get().onset_at == datetime.fromisoformat("2026-11-20T08:30:00+01:00")
    odd = put(red_flags={"gait_unsteady": "new_or_worse"}, symptom_at="yesterday")
    synced(phone, odd)
    cord = Alert.objects.get(rule="R02")
    assert cord.onset_at == cord.opened_at


def test_what_a_physician_knows_is_known_here_too(phone: Phone, patient: Patient) -> None:
    Patient.objects.update(longstanding_flags=["bladder"])
    said = synced(phone, unread(red_flags={"bladder": "unchanged_longstanding"}))
    assert said["results"][0]["alerts"] == []
    assert Alert.objects.count() == 0


def test_an_item_that_comes_again_is_not_judged_again(phone: Phone) -> None:
    item = unread(red_flags=BLADDER)
    synced(phone, item, item)
    again = synced(phone, item)
    assert (again["results"][0]["alerts"], again["guidance"]["level"]) == ([], 4)
    assert [event.kind for event in AlertEvent.objects.all()] == ["opened"]


def test_an_odd_flag_raises_what_stands_to_an_emergency_once(phone: Phone) -> None:
    synced(phone, put(red_flags={"sexual_change": "new_or_worse"}))
    odd = {"blader": "new_or_worse"}
    said = synced(phone, put(red_flags=odd), put(red_flags=odd), put(red_flags=BLADDER))
    assert [len(result["alerts"]) for result in said["results"]] == [1, 0, 0]
    events = AlertEvent.objects.order_by("at")
    assert [(e.kind, e.level) for e in events] == [("opened", 3), ("raised", 4), ("reminder", 4)]
    alert = Alert.objects.get()
    assert (alert.level, alert.flags["bladder"]) == (4, "new_or_worse")
    assert alert.flags["sexual_change"] == "new_or_worse", "what was known is not forgotten"
