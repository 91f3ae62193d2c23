"""The same request many times at once, and two devices at once: one effect, nobody stuck."""

import random
from functools import partial
from typing import Any

import pytest

from alerts.models import AlertEvent
from diary.models import Entry, KeptAnswer, RejectedItem
from tests.diary.bodies import new_id
from tests.diary.syncing import App, delete, diary_of, post, put, statuses, synced
from tests.phones import Phone, at_once, enrolled

pytestmark = pytest.mark.django_db(transaction=True)
BLADDER = {"bladder": "new_or_worse"}


def eight(patient: Any) -> list[Phone]:
    return [Phone.of(patient) for _ in range(8)]


def test_one_request_posted_eight_times_at_once_has_one_effect() -> None:
    patient = enrolled()
    twice = new_id()
    items = [put(note=str(n)) for n in range(40)]
    items += [put(of="massage"), put(twice, note="a"), put(twice, note="b"), put(pain=11)]
    items += [put(red_flags=BLADDER), delete(new_id())]
    answers = at_once(*(partial(post, phone, *items) for phone in eight(patient)))
    assert [answer.status_code for answer in answers] == [200] * 8
    first = [["created"] * 42 + ["updated", "invalid", "created", "deleted"]]
    again = ["unchanged"] * 43 + ["invalid", "unchanged", "deleted"]
    said = [statuses(answer.json()) for answer in answers]
    assert sorted(said) == sorted(first + [again] * 7)
    assert all(answer.json()["guidance"]["level"] == 4 for answer in answers)
    assert sorted(len(a.json()["results"][-2]["alerts"]) for a in answers) == [0] * 7 + [1]
    assert Entry.objects.filter(patient=patient).count() == 42
    assert RejectedItem.objects.count() == 1
    assert AlertEvent.objects.filter(patient=patient, kind="opened").count() == 1
    app = App(Phone.of(patient))
    history = app.phone.get(f"entries/{twice}/history/").json()["results"]
    assert [version["version"] for version in history] == [2, 1]


def test_a_named_request_posted_eight_times_at_once_has_one_answer() -> None:
    patient = enrolled()
    items = [put(red_flags=BLADDER), put(pain=11), *(put() for _ in range(20))]
    answers = at_once(*(partial(post, phone, *items, key="k1") for phone in eight(patient)))
    assert {(answer.status_code, answer.content) for answer in answers} == {
        (200, answers[0].content)
    }
    assert statuses(answers[0].json())[:2] == ["created", "invalid"]
    assert sum("Idempotent-Replayed" in answer for answer in answers) == 7
    assert KeptAnswer.objects.count() == 1


def test_shuffled_batches_at_once_store_each_entry_once() -> None:
    for seed in range(3):
        patient, chance = enrolled(), random.Random(seed)
        items = [put(note=str(n)) for n in range(50)]
        posts = [
            partial(post, phone, *chance.sample(items, len(items))) for phone in eight(patient)
        ]
        answers = at_once(*posts)
        assert {answer.status_code for answer in answers} == {200}
        said = [status for answer in answers for status in statuses(answer.json())]
        assert sorted(said) == ["created"] * 50 + ["unchanged"] * 350
        notes = {item["id"]: item["data"]["note"] for item in items}
        assert diary_of(Phone.of(patient)) == notes


def test_two_devices_with_overlapping_batches_end_with_the_union() -> None:
    for seed in range(5):
        patient, chance = enrolled(), random.Random(seed)
        items = [put(of=chance.choice(["entry", "massage"])) for _ in range(30)]
        apps = [App(phone) for phone in eight(patient)[:2]]
        at_once(partial(apps[0].pull, *items[:20]), partial(apps[1].pull, *items[10:]))
        for app in apps:
            app.pull()
        there = diary_of(Phone.of(patient))
        assert there.keys() == {item["id"] for item in items}
        assert apps[0].diary == apps[1].diary == there


def test_single_writes_and_batches_of_one_patient_do_not_lock_each_other_out() -> None:
    patient = enrolled()
    ids = [new_id() for _ in range(6)]

    def batches(phone: Phone, seed: int) -> list[int]:
        chance = random.Random(seed)
        return [
            post(phone, *(put(i, note=f"{seed}") for i in chance.sample(ids, 6))).status_code
            for _ in range(8)
        ]

    def singles(phone: Phone, seed: int) -> list[int]:
        chance = random.Random(seed)
        body = put(note=f"single {seed}")["data"]
        return [phone.put(f"entries/{chance.choice(ids)}/", body).status_code for _ in range(8)]

    works = [partial(batches if n % 2 else singles, p, n) for n, p in enumerate(eight(patient))]
    codes = {code for answer in at_once(*works) for code in answer}
    assert codes <= {200, 201}
    assert synced(Phone.of(patient))["has_more"] is False
    assert diary_of(Phone.of(patient)).keys() == set(ids)
