"""Input that is meant to harm, at every address that reads any."""

import importlib
import pkgutil
import re
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.db import connection
from rest_framework.serializers import ModelSerializer

from diary.models import Patient
from tests.counts import forget_counts
from tests.diary.admin import clinic, walk
from tests.phones import Phone, code_of, enrolled
from tests.security.bodies import BODIES
from tests.security.cast import Story, Visitor, told, undone
from tests.security.declared import declared
from tests.security.routes import address, routes
from tests.security.test_matrix import digests

PARAMETERS = ("from", "to", "limit", "cursor", "order", "status", "days", "format", "nothing")
READ = [r for r in routes() if declared().get((r, "GET", "A")) == 200 and r.startswith("api/v1/")]
WRITES = [(method, route) for method, route in BODIES if route.startswith("api/v1/")]
INJECTIONS = [
    *("'", '"', "\\", "';--", "' OR '1'='1", "1' AND 1=CAST((SELECT version()) AS int)--"),
    *("1;SELECT pg_sleep(5)--", "'||pg_sleep(5)||'", "1) OR pg_sleep(5) IS NULL--"),
    *("$$;DROP TABLE x;$$", "' UNION SELECT NULL,NULL--", "%27%20OR%201=1", "{{7*7}}", "${7*7}"),
    *("-pk", "patient__user__password", "user__password__startswith=a", "__class__", "?"),
    *("-1", "0", "1e99", "1000000000", "9" * 30, "\u0663", "NaN", "null", "[]", "{}"),
    *("\x00", "\ud800", "\u202e", "a" * 20_000, "0" * 20_000, "2026-11-20T08:30:00"),
    *("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-02-30T00:00:00Z"),
    *("eyJhIjoxfQ:1vLx2a:AAAA", "W251bGwsW11d:1vLx2a:8pNq0rJt3mYf5kS1uWcZ7bXe9oHgQdLiTnRvKjAyE4M"),
]


def encoded(text: str) -> str:
    return quote(text.encode(errors="surrogatepass"), safe="")


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("CRITICAL")


@pytest.fixture
def story(db: None) -> Story:
    return told()


def test_no_query_breaks_a_read_or_takes_long_or_finds_more(story: Story) -> None:
    visitor = Visitor(enrolled().user)  # with nothing of their own: whatever is found is too much
    before = digests()
    lists = [route for route in READ if "<" not in route and route != "api/v1/export/"]
    for step, route in enumerate(lists):
        for name in PARAMETERS:
            forget_counts()
            for text in INJECTIONS[(step + len(name)) % 3 :: 3]:
                _check_harmless(visitor, f"/{route}?{name}={encoded(text)}")
    assert digests()["diary_entry"] == before["diary_entry"]


def _check_harmless(visitor: Visitor, where: str) -> None:
    with undone():
        began = time.perf_counter()
        answer = visitor.send("GET", where)
        took = time.perf_counter() - began
    assert answer.status_code in (200, 400), where
    assert took < 4, where  # none of the payloads that sleep has slept
    if answer.status_code == 200 and "results" in answer.json():
        assert len(answer.json()["results"]) <= 1, where  # a consent, at most


def test_no_query_breaks_a_page(story: Story) -> None:
    visitor = Visitor(story.physician)
    lists = [where for where in walk.list_addresses([]) if "?" not in where]
    for where in lists[:9]:
        for name in ("q", "patient", "o", "p", "e", "level", "state", "patient__user__password"):
            text = INJECTIONS[(len(name) * 7 + len(where)) % len(INJECTIONS)]
            for each in (text, "\x00", "\ud800", "';SELECT pg_sleep(5)--"):
                with undone():
                    answer = visitor.send("GET", f"{where}?{name}={encoded(each)}")
                assert answer.status_code in (200, 302, 400, 403), (where, name, each)


@pytest.mark.parametrize("route", [r for r in routes() if "<" in r and r.startswith("api/")])
def test_an_id_is_an_id_of_its_type_or_nothing(story: Story, route: str) -> None:
    visitor = Visitor(story.patient.user)
    own = route.removeprefix("api/v1/").partition("/")[0]
    names = {"entries", "massages", "alerts", "devices", "patient", "delivery"} - {own}
    foreign = {name: story.ids[name] for name in names}
    odd = ["%00", "%ff", "..%2f..", "1", "%F0%9F%98%80", "x" * 5000, str(uuid4()).replace("-", "")]
    head, _, tail = route.partition("<")
    for method in ("GET", "POST", "DELETE"):
        if declared()[route, method, "B"] == 404:
            for each in [*foreign.values(), *odd]:
                with undone():
                    where = f"/{head}{each}{tail.partition('>')[2]}"
                    answer = visitor.send(method, where, BODIES.get((method, route)))
                assert (answer.status_code, code_of(answer)) == (404, "not_found"), each


# --- What is not asked for ----------------------------------------------------------------------

FORGED = "zqforged"
FIELDS = (
    *("patient", "patient_id", "user", "user_id", "changed_by", "by", "is_staff", "is_superuser"),
    *("is_active", "groups", "password", "email", "rev", "version", "severity", "level", "state"),
    *("received_at", "changed_at", "created_at", "deleted_at", "ended_at_", "position", "digest"),
    *("clock_suspect", "opened_at", "acknowledged_at", "seen_by_clinic_at", "retired_at"),
    *("is_canary", "__proto__", "constructor", "physicians", "phase", "plan_override"),
)  # fmt: skip


@pytest.mark.parametrize(("method", "route"), WRITES)
def test_a_field_that_is_not_the_patients_is_refused_or_left_alone(
    story: Story, method: str, route: str
) -> None:
    visitor = Visitor(story.patient.user)
    for name in FIELDS:
        forget_counts()
        for body in _forged(BODIES[method, route], name):
            with undone():
                answer = visitor.send(method, address(route, story.ids), body)
                assert answer.status_code in (200, 201, 400), (name, answer.content)
                assert _tables_with(FORGED) == [], name


def _forged(body: dict[str, Any], name: str) -> Iterator[dict[str, Any]]:
    """The body with the field at its top, and in each object and item within."""
    yield {**body, name: FORGED}
    for key, value in body.items():
        if isinstance(value, dict):
            yield {**body, key: {**value, name: FORGED}}
    if "changes" in body:
        data = BODIES["POST", "api/v1/entries/"]
        item = {"type": "entry", "op": "put", "id": str(uuid4()), "data": data}
        yield {**body, "changes": [{**item, name: 1}]}


def _tables_with(word: str) -> list[str]:
    """The tables of people and records in which the word stands; items kept as they came aside."""
    names = [name for name in digests() if name != "diary_rejecteditem"]
    each = " UNION ALL ".join(
        f"""SELECT '{name}' WHERE EXISTS (SELECT FROM "{name}" t WHERE t::text LIKE %s)"""
        for name in names
    )
    with connection.cursor() as cursor:
        cursor.execute(each, [f"%{word}%"] * len(names))
        return [name for (name,) in cursor.fetchall()]


def test_no_body_is_read_by_a_model() -> None:
    for _ in _modules():
        assert ModelSerializer.__subclasses__()[1:] == []  # the framework has one of its own


@pytest.mark.parametrize(("method", "route"), WRITES)
@pytest.mark.parametrize(
    "kind", ["application/xml", "multipart/form-data; boundary=x", "text/plain"]
)
def test_every_write_reads_json_alone(story: Story, method: str, route: str, kind: str) -> None:
    phone = Phone.of(story.patient)
    where = address(route, story.ids).removeprefix("/api/v1/")
    answer = phone.send(method, where, BODIES[method, route], content_type=kind)
    assert (answer.status_code, code_of(answer)) == (415, "unsupported_media_type")


# --- Texts --------------------------------------------------------------------------------------

TEXTS = [
    *("\u202egnp.exe", "a\u200bb\u200d\u2060", "e\u0301 and \u00e9", "\u2028\u2029\u0085"),
    "\U0001f469\u200d\U0001f469\u200d\U0001f467",
    *("x" + "\u0301" * 3_999, "\ufeff", "\ufffe\uffff", "\U000e0001\U000e0061"),
    "\r\n\t\v\f\x07\x1b[31m",
]


def test_any_text_is_kept_as_it_came_and_found_quickly(db: None) -> None:
    doctor = clinic.physician("Ada")
    patient = clinic.patient("Bo", doctor)
    phone, page = Phone.of(patient), Visitor(doctor)
    for text in TEXTS:
        where = f"entries/{uuid4()}/"
        assert (
            phone.put(where, {**BODIES["POST", "api/v1/entries/"], "note": text}).status_code == 201
        )
        assert phone.get(where).json()["note"] == text
        began = time.process_time()
        found = page.send("GET", f"/admin/diary/patient/?q={encoded(text[:1000])}")
        assert found.status_code == 200
        assert time.process_time() - began < 1


# --- Expressions and links ----------------------------------------------------------------------


def _modules() -> Iterator[Any]:
    for name in ("diary", "alerts", "config"):
        package = importlib.import_module(name)
        for found in pkgutil.walk_packages(package.__path__, f"{name}."):
            if not re.search(r"migrations|management|__main__|\.wsgi|settings|\.urls", found.name):
                yield importlib.import_module(found.name)


def expressions() -> dict[str, re.Pattern[str]]:
    """Every compiled expression of a module that reads text."""
    return {
        f"{module.__name__}.{name}": value
        for module in _modules()
        for name, value in vars(module).items()
        if isinstance(value, re.Pattern) and isinstance(value.pattern, str)
    }


NEAR_MISSES = [
    *(character * 1_000_000 + "!" for character in "a0.-/:@ %AZ_~"),
    *(pair * 500_000 + "!" for pair in ("a.", "a-", "0.", "a@", "/a", "a ", ": ", "1:")),
    "https://" + "a." * 500_000 + "!", "2026-11-20T08:30:00." + "0" * 1_000_000 + "!",
]  # fmt: skip


def test_no_expression_takes_long_over_a_near_miss() -> None:
    found = expressions()
    assert len(found) > 10
    for name, expression in found.items():
        for text in NEAR_MISSES:
            began = time.process_time()
            expression.fullmatch(text)
            expression.match(text)
            # Linear ones take a tenth of it; one that looks back takes minutes.
            assert time.process_time() - began < 1, (name, text[:30])


def test_links_name_the_own_address_whatever_a_header_says(phone: Phone, patient: Patient) -> None:
    for _ in range(2):
        phone.post("entries/", BODIES["POST", "api/v1/entries/"])
    evil = {
        "X-Forwarded-Host": "evil.test",
        "X-Forwarded-Proto": "gopher",
        "X-Forwarded-Port": "66",
        "X-Original-URL": "/admin/",
        "Forwarded": "host=evil.test;proto=https",
    }
    answer = phone.send("GET", "entries/?limit=1", headers=evil)
    assert answer.json()["next"].startswith("http://testserver/api/v1/entries/?")
