"""Limits that an honest phone never meets, and what everybody else is told."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test import RequestFactory, override_settings

from config.limits import A_DEVICE, A_PLACE, AN_ACCOUNT, network_of
from config.management.commands.dispatch import Command as Dispatcher
from diary import limits
from diary.limits import Rate, TooManyRequests
from diary.models import Entry, Patient
from tests.counts import age_counts, forget_counts
from tests.diary.bodies import ENTRY, MASSAGE, new_id
from tests.phones import Answer, Phone, at_once, code_of, enrolled

RED_FLAG = {**ENTRY, "red_flags": {"bladder": "new_or_worse"}}
SADDLE = {**ENTRY, "numb_regions": ["saddle"]}
A_MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _no_counts_of_other_tests(db: None) -> None:
    forget_counts()


def asked(times: int) -> None:
    """Let every count stand where so many more requests have been made."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE diary_tally SET times = times + %s", [times])


def refused(answer: Answer) -> bool:
    """Whether it is a 429, which must then say for how long."""
    if answer.status_code != 429:
        return False
    assert code_of(answer) == "too_many_requests"
    assert 1 <= int(answer["Retry-After"]) <= 60
    return True


def put(phone: Phone, body: Any) -> Answer:
    return phone.put(f"entries/{new_id()}/", body)


def change(**data: Any) -> dict[str, Any]:
    return {"op": "put", "type": "entry", "id": new_id(), "data": data}


def sync(phone: Phone, *changes: dict[str, Any]) -> Answer:
    return phone.post("sync/", {"since": None, "changes": list(changes)})


def test_the_promised_requests_of_a_minute_and_no_flood(phone: Phone) -> None:
    assert A_DEVICE.times >= 120
    assert phone.get("me/").status_code == 200
    asked(A_DEVICE.times - 2)
    assert phone.get("me/").status_code == 200
    assert refused(phone.get("me/"))
    assert refused(put(phone, ENTRY))
    age_counts(A_MINUTE)
    assert put(phone, ENTRY).status_code == 201


def test_one_device_of_an_account_does_not_use_up_the_other(patient: Patient) -> None:
    busy, other = Phone.of(patient), Phone.of(patient)
    busy.get("me/")
    asked(A_DEVICE.times - 2)
    assert busy.get("me/").status_code == 200
    assert refused(busy.get("me/"))
    assert other.get("me/").status_code == 200
    asked(AN_ACCOUNT.times - A_DEVICE.times - 3)
    assert Phone.of(patient).get("me/").status_code == 200
    assert refused(Phone.of(patient).get("me/")), "all devices of an account together"
    assert Phone.of(enrolled()).get("me/").status_code == 200


def test_20_syncs_a_minute_and_other_requests_besides(phone: Phone) -> None:
    assert [sync(phone).status_code for _ in range(25)] == [200] * 25
    assert refused(sync(phone))
    assert phone.get("me/").status_code == 200


@pytest.mark.parametrize(
    ("body", "is_stored"),
    [
        pytest.param(RED_FLAG, True, id="a-new-red-flag"),
        pytest.param(SADDLE, True, id="numb-where-one-sits"),
        pytest.param({**RED_FLAG, "red_flags": {"bladder": "none"}}, False, id="the-answer-none"),
        pytest.param(ENTRY, False, id="an-entry-without"),
        pytest.param({**ENTRY, "note": '"red_flags": "new_or_worse"'}, False, id="only-in-words"),
        pytest.param(b'{"red_flags": {"bladder": "new_or_worse"', False, id="no-json"),
    ],
)
def test_a_positive_red_flag_is_never_refused_for_rate_alone(
    phone: Phone, body: Any, is_stored: bool
) -> None:
    phone.get("me/")
    asked(10_000)
    answer = put(phone, body)
    assert refused(answer) is not is_stored
    assert Entry.objects.exists() is is_stored
    if is_stored:
        assert answer.status_code == 201
        assert phone.post("entries/", body).status_code == 201


def test_a_batch_with_a_red_flag_anywhere_is_stored_however_many_came(phone: Phone) -> None:
    sync(phone)
    asked(10_000)
    plain, flagged = change(**ENTRY), change(**RED_FLAG)
    assert refused(sync(phone, plain))
    answer = sync(phone, plain, flagged)
    assert answer.status_code == 200
    assert [result["status"] for result in answer.json()["results"]] == ["created", "created"]
    broken = change(red_flags={"bladder": "new_or_worse"}, symptom_at="no time")
    assert sync(phone, broken).status_code == 200, "also one that cannot be read"


def test_the_reading_of_a_red_flag_does_not_open_other_doors(phone: Phone) -> None:
    phone.get("me/")
    asked(10_000)
    assert refused(phone.delete(f"entries/{new_id()}/"))
    assert refused(phone.post("massages/", MASSAGE))


def test_the_pages_of_a_stranger_are_limited_by_place(client: Any) -> None:
    assert client.get("/api/schema/").status_code == 200
    asked(A_PLACE.times)
    for spoofed in ("10.0.0.1", "10.0.0.2, 10.0.0.3"):
        assert refused(client.get("/api/schema/", headers={"X-Forwarded-For": spoofed}))


@pytest.mark.parametrize(
    ("proxies", "forwarded", "peer", "network"),
    [
        pytest.param(0, "9.9.9.9", "192.0.2.1", "192.0.2.1", id="nobody-is-believed"),
        pytest.param(1, "9.9.9.9, 198.51.100.7", "192.0.2.1", "198.51.100.7", id="our-own-proxy"),
        pytest.param(0, "", "2001:db8:1:2:3::4", "2001:db8:1:2::", id="a-home-has-a-64"),
    ],
)
def test_a_place_is_what_our_own_proxies_say(
    proxies: int, forwarded: str, peer: str, network: str
) -> None:
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    request = RequestFactory(headers=headers).get("/", REMOTE_ADDR=peer)
    with override_settings(ALLAUTH_TRUSTED_PROXY_COUNT=proxies):
        assert network_of(request) == network


def check(name: str, rate: Rate) -> int:
    """0 where it may happen, else the seconds to wait."""
    try:
        limits.check({name: rate})
    except TooManyRequests as error:
        return error.retry_after
    return 0


def test_a_count_runs_from_the_first_time_to_its_end() -> None:
    rate = Rate(2, timedelta(minutes=15))
    assert [check("a", rate) for _ in range(3)] == [0, 0, 900]
    assert check("b", rate) == 0
    age_counts(timedelta(minutes=14))
    assert 1 <= check("a", rate) <= 60
    age_counts(A_MINUTE)
    assert [check("a", rate) for _ in range(3)] == [0, 0, 900]


def test_what_is_taken_back_was_not_counted() -> None:
    rate = Rate(1, A_MINUTE)
    assert check("a", rate) == 0
    limits.take_back("a")
    assert [check("a", rate) for _ in range(2)] == [0, 60]


def test_a_name_leaves_only_a_digest_and_takes_any_text() -> None:
    for name in ("a@example.org", "\x00", "\ud800", "x" * 100_000):
        assert [check(name, Rate(1, A_MINUTE)) for _ in range(2)] == [0, 60]
    with connection.cursor() as cursor:
        cursor.execute("SELECT key::text FROM diary_tally")
        assert "a@example.org" not in str(cursor.fetchall())


@pytest.mark.django_db(transaction=True)
def test_the_dispatcher_forgets_counts_that_ended_long_ago() -> None:
    check("old", Rate(1, A_MINUTE))
    age_counts(timedelta(minutes=62))
    check("young", Rate(1, A_MINUTE))
    Dispatcher()._sweep_once()
    assert limits.forget_ended() == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM diary_tally")
        assert cursor.fetchone() == (1,)
    assert check("young", Rate(1, A_MINUTE)) == 60


@pytest.mark.django_db(transaction=True)
def test_of_60_at_once_exactly_10_may() -> None:
    both = {"a": Rate(10, A_MINUTE), "b": Rate(1_000, A_MINUTE)}
    turned = dict(reversed(both.items()))  # in another order: nobody waits in a ring

    def one(asked: dict[str, Rate]) -> bool:
        try:
            limits.check(asked)
        except TooManyRequests:
            return False
        return True

    assert sum(at_once(*[partial(one, both), partial(one, turned)] * 30)) == 10
