"""Entries and massages over HTTP: create, correct, read, withdraw, restore, and the history."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from diary import records
from diary.drafts import EntryDraft, MassageDraft
from diary.models import Entry, Massage, Patient
from diary.services import records as services
from tests.diary.bodies import ENTRY, FULL_ENTRY, FULL_MASSAGE, KINDS, MASSAGE, new_id
from tests.phones import Answer, Phone, at_once, code_of, enrolled, errors_of

each_kind = pytest.mark.parametrize("kind", KINDS)
MOMENT = {"entries": "symptom_at", "massages": "started_at"}


def ids(answer: Answer) -> list[str]:
    assert answer.status_code == 200
    return [row["id"] for row in answer.json()["results"]]


@each_kind
def test_a_put_creates_then_leaves_alone_then_corrects(phone: Phone, kind: str) -> None:
    path = f"{kind}/{new_id()}/"
    created = phone.put(path, KINDS[kind])
    again = phone.put(path, KINDS[kind])
    corrected = phone.put(path, {**KINDS[kind], "note": "so"})

    assert [a.status_code for a in (created, again, corrected)] == [201, 200, 200]
    assert [a.json()["version"] for a in (created, again, corrected)] == [1, 1, 2]
    assert again.json()["received_at"] == created.json()["received_at"]
    assert phone.get(path).json().items() <= corrected.json().items()
    assert [v["version"] for v in phone.get(path + "history/").json()["results"]] == [2, 1]


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        pytest.param("entries", FULL_ENTRY, id="entry"),
        pytest.param("massages", FULL_MASSAGE, id="massage"),
    ],
)
def test_every_field_comes_back_as_it_was_sent(
    phone: Phone, kind: str, body: dict[str, Any]
) -> None:
    path = f"{kind}/{new_id()}/"
    written = phone.put(path, body)

    assert written.status_code == 201, written.content
    assert body.items() <= written.json().items()
    assert body.items() <= phone.get(path).json().items()
    draft = EntryDraft if kind == "entries" else MassageDraft
    assert body.keys() == draft.model_fields.keys() - {"id"}, "a field is not tried here"
    # What was read may be sent back: nothing of it is refused, and nothing changes.
    assert phone.put(path, written.json()).json()["version"] == 1


def test_a_put_is_the_whole_record(phone: Phone) -> None:
    path = f"entries/{new_id()}/"
    phone.put(path, FULL_ENTRY)
    assert phone.put(path, ENTRY).status_code == 200

    kept = {name for name, value in phone.get(path).json().items() if value is not None}
    assert kept == {"id", "received_at", "clock_suspect", "version", *ENTRY}


@each_kind
def test_a_post_makes_an_id_or_takes_that_of_the_app(phone: Phone, kind: str) -> None:
    made = phone.post(f"{kind}/", KINDS[kind])
    assert made.status_code == 201
    assert phone.get(f"{kind}/{UUID(made.json()['id'])}/").status_code == 200

    body = {**KINDS[kind], "id": new_id()}
    assert [phone.post(f"{kind}/", body).status_code for _ in range(2)] == [201, 200]
    other = phone.post(f"{kind}/", {**body, "note": "another body"})
    assert (other.status_code, code_of(other)) == (409, "id_taken")
    assert phone.get(f"{kind}/{body['id']}/").json()["note"] is None


def test_an_id_of_the_other_type_is_a_conflict(phone: Phone) -> None:
    taken = new_id()
    phone.put(f"entries/{taken}/", ENTRY)
    phone.delete(f"entries/{taken}/")  # also when it was withdrawn
    for answer in (
        phone.put(f"massages/{taken}/", MASSAGE),
        phone.post("massages/", {**MASSAGE, "id": taken}),
    ):
        assert (answer.status_code, code_of(answer)) == (409, "id_of_other_type")
    assert phone.get(f"massages/{taken}/").status_code == 404


@each_kind
def test_withdrawing_hides_a_record_and_putting_it_restores_it(phone: Phone, kind: str) -> None:
    path = f"{kind}/{new_id()}/"
    phone.put(path, KINDS[kind])
    assert [phone.delete(path).status_code for _ in range(2)] == [204, 204]

    gone = phone.get(path)
    assert (gone.status_code, code_of(gone)) == (404, "not_found")
    assert ids(phone.get(f"{kind}/")) == []
    posted = phone.post(f"{kind}/", {**KINDS[kind], "id": path.split("/")[1]})
    assert posted.status_code == 409, "a late repeat of the first post must not bring it back"

    restored = phone.put(path, KINDS[kind])
    assert (restored.status_code, restored.json()["version"]) == (200, 3)
    history = phone.get(path + "history/").json()["results"]
    assert [(v["version"], v["op"]) for v in history] == [(3, "put"), (2, "delete"), (1, "put")]


@each_kind
def test_an_unknown_record_is_a_404_for_every_method(phone: Phone, kind: str) -> None:
    for method, path in [("GET", ""), ("DELETE", ""), ("GET", "history/")]:
        answer = phone.send(method, f"{kind}/{new_id()}/{path}")
        assert (answer.status_code, code_of(answer)) == (404, "not_found")


def test_the_history_says_who_wrote_what_and_when(phone: Phone) -> None:
    path = f"entries/{new_id()}/"
    phone.put(path, ENTRY)
    phone.put(path, {**ENTRY, "pain": 9})
    newest, oldest = phone.get(path + "history/").json()["results"]

    assert (newest["by"], newest["op"], newest["data"]["pain"]) == ("patient", "put", 9)
    assert (oldest["by"], oldest["op"], oldest["data"]["pain"]) == ("patient", "put", 4)
    assert oldest["data"]["symptom_at"] == ENTRY["symptom_at"]
    assert datetime.fromisoformat(oldest["at"]) < datetime.fromisoformat(newest["at"])
    ascending = phone.get(path + "history/?order=asc").json()["results"]
    assert [v["version"] for v in ascending] == [1, 2]


@pytest.mark.parametrize("table", ["diary_entryevent", "diary_massageevent"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET note = 'forged'", "DELETE FROM {}"])
def test_the_database_refuses_to_change_the_history(
    phone: Phone, table: str, statement: str
) -> None:
    for kind, body in KINDS.items():
        phone.put(f"{kind}/{new_id()}/", body)
    with (
        pytest.raises(DatabaseError, match="pgtrigger"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table))


def test_a_path_may_spell_an_id_in_capitals(phone: Phone) -> None:
    spelt = new_id()
    assert phone.put(f"entries/{spelt.upper()}/", {**ENTRY, "id": spelt}).status_code == 201
    assert phone.put(f"entries/{spelt}/", {**ENTRY, "id": spelt.upper()}).status_code == 200
    assert phone.get(f"entries/{spelt.upper()}/").json()["id"] == spelt
    mismatch = phone.put(f"entries/{spelt}/", {**ENTRY, "id": new_id()})
    assert errors_of(mismatch) == {("/id", "id_mismatch")}


def test_two_patients_may_use_one_id(phone: Phone) -> None:
    other, shared = Phone.of(enrolled()), new_id()
    phone.put(f"entries/{shared}/", {**ENTRY, "note": "mine"})
    assert other.get(f"entries/{shared}/").status_code == 404
    assert other.put(f"massages/{shared}/", MASSAGE).status_code == 201
    assert other.delete(f"massages/{shared}/").status_code == 204
    assert phone.get(f"entries/{shared}/").json()["note"] == "mine"


@pytest.mark.parametrize(
    ("ahead", "suspect"),
    [
        pytest.param(timedelta(minutes=10), False, id="exactly-10-minutes-ahead-is-a-slow-network"),
        pytest.param(timedelta(minutes=10, seconds=1), True, id="one-second-more-is-a-wrong-clock"),
    ],
)
@each_kind
def test_a_clock_is_suspect_over_10_minutes_ahead(
    patient: Patient, kind: str, ahead: timedelta, suspect: bool
) -> None:
    end = datetime.fromisoformat(ENTRY["symptom_at"])
    begin = (end - timedelta(minutes=20)).isoformat()
    draft: EntryDraft | MassageDraft
    if kind == "entries":
        draft = EntryDraft.parse({**ENTRY, "id": new_id()})
    else:
        times = {"started_at": begin, "ended_at": end.isoformat()}
        draft = MassageDraft.parse({**MASSAGE, **times, "id": new_id()})
    written = services.put(patient_id=patient.pk, draft=draft, at=end - ahead)
    assert written.record.clock_suspect is suspect


def test_a_time_of_the_future_is_stored_and_marked(phone: Phone) -> None:
    answer = phone.put(f"entries/{new_id()}/", {**ENTRY, "symptom_at": "2999-01-01T00:00:00Z"})
    assert (answer.status_code, answer.json()["clock_suspect"]) == (201, True)


@pytest.mark.parametrize(
    ("change", "moves"),
    [
        pytest.param({"note": "more words"}, False, id="a-note-is-not"),
        pytest.param({"recorded_at": "2026-11-20T08:31:00Z"}, False, id="nor-the-phones-clock"),
        pytest.param({"pain": 5}, True, id="a-score-is"),
    ],
)
def test_what_the_rules_look_at_is_received_anew(
    patient: Patient, change: dict[str, Any], moves: bool
) -> None:
    body = {**ENTRY, "id": new_id()}
    first = datetime.fromisoformat("2026-11-20T09:00:00Z")
    later = first + timedelta(hours=1)
    services.put(patient_id=patient.pk, draft=EntryDraft.parse(body), at=first)
    draft = EntryDraft.parse({**body, **change})
    row = services.put(patient_id=patient.pk, draft=draft, at=later).record
    assert (row.version, row.changed_at) == (2, later)
    assert row.received_at == (later if moves else first)


def put_at(phone: Phone, kind: str, moment: str, record_id: str = "") -> str:
    record_id = record_id or new_id()
    times = {MOMENT[kind]: moment}
    if kind == "massages":
        times["ended_at"] = moment.replace(":00:00", ":30:00")
    answer = phone.put(f"{kind}/{record_id}/", {**KINDS[kind], **times})
    assert answer.status_code == 201
    return record_id


@each_kind
def test_a_list_is_newest_first_with_ties_by_id(phone: Phone, kind: str) -> None:
    old = put_at(phone, kind, "2026-11-01T00:00:00Z")
    tied = sorted(put_at(phone, kind, "2026-11-02T01:00:00+01:00") for _ in range(3))
    newest = put_at(phone, kind, "2026-11-03T00:00:00Z")

    assert ids(phone.get(f"{kind}/")) == [newest, *reversed(tied), old]
    assert ids(phone.get(f"{kind}/?order=asc")) == [old, *tied, newest]


@each_kind
def test_from_is_inclusive_and_to_is_exclusive(phone: Phone, kind: str) -> None:
    made = [put_at(phone, kind, f"2026-11-0{day}T12:00:00Z") for day in (1, 2, 3)]
    # In an address, + is a space unless it was escaped; both arrive.
    for start in ("2026-11-01T13:00:00+01:00", "2026-11-01T13:00:00%2B01:00"):
        answer = phone.get(f"{kind}/?from={start}&to=2026-11-03T12:00:00Z&order=asc")
        assert ids(answer) == made[:2]


@pytest.mark.parametrize("order", ["desc", "asc"])
def test_pages_neither_skip_nor_double_rows_of_one_moment(phone: Phone, order: str) -> None:
    made = {put_at(phone, "entries", "2026-11-01T00:00:00Z") for _ in range(7)}
    address = f"entries/?limit=2&order={order}"
    walked: list[str] = []
    pages: list[dict[str, Any]] = []
    while address:
        page = phone.get(address).json()
        pages.append(page)
        walked += [row["id"] for row in page["results"]]
        # Rows that come in front of the page, and one in a tie with it, disturb nothing.
        put_at(
            phone, "entries", "2026-11-02T00:00:00Z" if order == "desc" else "2026-10-01T00:00:00Z"
        )
        address = (page["next"] or "").partition("/api/v1/")[2]
    assert walked == sorted(made, reverse=order == "desc")
    back = phone.get(pages[-1]["previous"].partition("/api/v1/")[2]).json()
    assert back["results"] == pages[-2]["results"]


def test_more_rows_of_one_moment_than_any_offset_are_walked(phone: Phone, patient: Patient) -> None:
    moment = datetime.fromisoformat("2026-11-01T00:00:00Z")
    row = {"version": 1, "received_at": moment, "changed_at": moment, "changed_by": patient.user}
    Entry.objects.bulk_create(
        Entry(patient=patient, record_id=new_id(), symptom_at=moment, pain=1, **row)
        for _ in range(1101)
    )
    address, walked = "entries/?limit=500", []
    while address:
        page = phone.get(address).json()
        walked += [row["id"] for row in page["results"]]
        address = (page["next"] or "").partition("/api/v1/")[2]
    assert (len(walked), len(set(walked))) == (1101, 1101)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        pytest.param("limit=0", "invalid_limit", id="no-rows"),
        pytest.param("limit=501", "invalid_limit", id="over-500"),
        pytest.param("limit=1000000000", "invalid_limit", id="a-thousand-million"),
        pytest.param("limit=-1", "invalid_limit", id="negative"),
        pytest.param("limit=1e2", "invalid_limit", id="a-float"),
        pytest.param("limit=", "invalid_limit", id="empty-limit"),
        pytest.param("limit=%D9%A3", "invalid_limit", id="arabic-digit"),
        pytest.param("limit=%00", "invalid_limit", id="NUL-limit"),
        pytest.param("cursor=", "invalid_cursor", id="empty-cursor"),
        pytest.param("cursor=abc", "invalid_cursor", id="no-cursor"),
        pytest.param("cursor=cD1hYmM=", "invalid_cursor", id="unsigned-cursor"),
        pytest.param("cursor=%00%FF", "invalid_cursor", id="NUL-cursor"),
        pytest.param("order=up", "invalid_order", id="unknown-order"),
        pytest.param("order=", "invalid_order", id="empty-order"),
    ],
)
def test_a_list_refuses_what_it_cannot_read(phone: Phone, query: str, code: str) -> None:
    for path in ("entries/", "massages/", "alerts/", "devices/"):
        answer = phone.get(f"{path}?{query}")
        assert (answer.status_code, code_of(answer)) == (400, code)


@pytest.mark.parametrize("name", ["from", "to"])
@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("2026-11-20", "invalid_time", id="a-date"),
        pytest.param("", "invalid_time", id="nothing"),
        pytest.param("%00", "invalid_time", id="NUL"),
        pytest.param("2026-11-20T08:00:00", "time_without_offset", id="no-offset"),
        pytest.param("2026-02-30T08:00:00Z", "time_out_of_range", id="february-30"),
    ],
)
@each_kind
def test_a_list_refuses_an_unreadable_time(
    phone: Phone, kind: str, name: str, text: str, code: str
) -> None:
    assert errors_of(phone.get(f"{kind}/?{name}={text}")) == {(f"?{name}", code)}


def test_a_cursor_of_another_list_is_refused(phone: Phone) -> None:
    for hour in ("08", "09"):
        put_at(phone, "entries", f"2026-11-01T{hour}:00:00Z")
    cursor = phone.get("entries/?limit=1").json()["next"].partition("cursor=")[2]
    answer = phone.get(f"massages/?cursor={cursor}")
    assert (answer.status_code, code_of(answer)) == (400, "invalid_cursor")


@pytest.mark.django_db(transaction=True)
@each_kind
def test_one_body_put_eight_times_at_once_is_one_record(kind: str) -> None:
    patient, record_id = enrolled(), new_id()
    phones = [Phone.of(patient) for _ in range(8)]
    path = f"{kind}/{record_id}/"
    answers = at_once(*((lambda p=phone: p.put(path, KINDS[kind])) for phone in phones))

    assert sorted(a.status_code for a in answers) == [200] * 7 + [201]
    (version,) = phones[0].get(path + "history/").json()["results"]
    assert (version["version"], len(ids(phones[0].get(f"{kind}/")))) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_an_id_claimed_for_both_types_at_once_is_one_record() -> None:
    patient, record_id = enrolled(), new_id()
    one, other = Phone.of(patient), Phone.of(patient)
    answers = at_once(
        lambda: one.put(f"entries/{record_id}/", ENTRY),
        lambda: other.put(f"massages/{record_id}/", MASSAGE),
    )
    assert sorted(a.status_code for a in answers) == [201, 409]


@pytest.mark.parametrize(
    ("model", "kind", "bodies"),
    [
        pytest.param(Entry, "entries", [ENTRY, FULL_ENTRY], id="entries"),
        pytest.param(Massage, "massages", [MASSAGE, FULL_MASSAGE], id="massages"),
    ],
)
def test_many_rows_are_read_as_one_is_without_what_rules_do_not_see(
    phone: Phone, model: type[Entry | Massage], kind: str, bodies: list[dict[str, Any]]
) -> None:
    for body in bodies:
        assert phone.put(f"{kind}/{new_id()}/", body).status_code == 201
    one_by_one = [(records.wire(row, model), row.received_at) for row in model.objects.all()]
    for data, _ in one_by_one:
        for name in records.UNSEEN_BY_RULES:
            data.pop(name, None)
    assert len(one_by_one) == 2
    assert list(records.seen_by_rules(model.objects.all(), model)) == one_by_one
