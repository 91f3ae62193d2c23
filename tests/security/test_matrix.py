"""Every route x every method x everybody who may ask: each cell has a declared answer.

The routes come from the URL resolver, the answers from `answers`. What is refused changes no table
but the counts of the limits, and what is another's looks like what never was.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse

from tests.counts import forget_counts
from tests.phones import Answer
from tests.security.answers import EVERYBODY
from tests.security.bodies import BODIES
from tests.security.cast import ACTORS, MARK, METRICS_TOKEN, Story, Visitor, told, undone
from tests.security.declared import declared
from tests.security.routes import METHODS, address, has_id, routes, thing

DECLARED = declared()
ENTITLED = {"A", "A without consent", "physician of A", "superuser"}
# These answer 401 and log out all the same, as the library has it.
LOGS_OUT = ("_allauth/app/v1/auth/session", "DELETE")
# Counts of the limits, and the log of accesses: that a page was asked for may be kept.
COUNTS = {"diary_tally", "cache", "django_session", "diary_accessrecord"}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


@pytest.fixture
def story(db: None, settings: Any, caplog: pytest.LogCaptureFixture) -> Story:
    """The story; of the lines about each request none is kept."""
    settings.METRICS_TOKEN = METRICS_TOKEN
    caplog.set_level("CRITICAL")
    return told()


def test_every_cell_is_declared_and_no_other() -> None:
    cells = {(route, method, who) for route in routes() for method in METHODS for who in EVERYBODY}
    assert sorted(cells - DECLARED.keys()) == []
    assert sorted(DECLARED.keys() - cells) == []
    assert {who for who, _ in ACTORS.values()} == set(EVERYBODY)
    assert len(routes()) * len(METHODS) * len(ACTORS) >= 3000


def actors_of(who: str) -> dict[str, Callable[[Story], Visitor]]:
    """The actors of a class by name: all of one class are answered alike."""
    return {name: make for name, (found, make) in ACTORS.items() if found == who}


@pytest.mark.parametrize("who", EVERYBODY)
def test_everybody_gets_what_is_declared(story: Story, who: str) -> None:
    for actor, make in actors_of(who).items():
        with undone():
            visitor = make(story)
            before = digests()
            wrong = [cell for route in routes() for cell in _wrong(visitor, story, route, who)]
            assert wrong == [], actor
            assert _changed(before, digests()) == set(), actor


def _wrong(visitor: Visitor, story: Story, route: str, who: str) -> Iterator[str]:
    """The cells of a route that are answered in another way than declared, or tell of A."""
    forget_counts()
    for method in METHODS:
        expected = DECLARED.get((route, method, who), "undeclared")
        answer = _ask(visitor, story, method, route, expected)
        found, is_told = _read(answer)
        if lacking := _lacking(answer, route):
            yield f"{method} {route} for {who} lacks {lacking}"
        if found != str(expected):
            yield f"{method} {route} for {who}: {found}, declared {expected}"
        if is_told and who not in ENTITLED:
            yield f"{method} {route} for {who} tells of A"


def _ask(visitor: Visitor, story: Story, method: str, route: str, expected: int | str) -> Answer:
    """The answer; what a refusal did is not taken back, so that it would be seen."""
    is_refused = expected == "login" or (isinstance(expected, int) and expected >= 400)
    where, body = address(route, story.ids), BODIES.get((method, route))
    if is_refused and (route, method) != LOGS_OUT:
        return visitor.send(method, where, body)
    with undone():
        answer = visitor.send(method, where, body)
        answer.getvalue()  # one that is streamed reads the tables as it goes
        return answer


def _read(answer: Answer) -> tuple[str, bool]:
    """How it was answered, and whether anything of A is in it."""
    is_told = MARK.encode() in answer.getvalue()
    if answer.status_code != 302:
        return str(answer.status_code), is_told
    return "login" if answer["Location"].startswith("/admin/login/") else "moved", is_told


def _lacking(answer: Answer, route: str) -> list[str]:
    """The headers that every answer has, where this one has another or none."""
    lacking = [name for name, value in HEADERS.items() if answer.get(name) != value]
    policy = answer.get("Content-Security-Policy", "")
    if "frame-ancestors 'none'" not in policy and "default-src 'none'" not in policy:
        lacking.append("Content-Security-Policy")
    kept = "no-cache" if route == "api/v1/rules/" and answer.status_code == 200 else "no-store"
    if kept not in answer.get("Cache-Control", ""):
        lacking.append("Cache-Control")
    return [*lacking, *(["no Server"] if "Server" in answer else [])]


def digests() -> dict[str, str]:
    """A digest of every table."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        names = [name for (name,) in cursor.fetchall()]
        each = " UNION ALL ".join(
            f"SELECT '{name}', md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), ''))"
            f' FROM "{name}" t'
            for name in names
        )
        cursor.execute(each)
        return dict(cursor.fetchall())


def _changed(before: dict[str, str], after: dict[str, str]) -> set[str]:
    return {name for name in before if before[name] != after[name]} - COUNTS


# --- What is another's is like what never was ---------------------------------------------------


@pytest.mark.parametrize("who", ["B", "other physician", "staff"])
def test_what_is_anothers_looks_like_what_never_was(story: Story, who: str) -> None:
    for actor, make in actors_of(who).items():
        with undone():
            visitor = make(story)
            compared = [_check_alike(visitor, story, route, who) for route in routes()]
            assert sum(compared) > (10 if who == "B" else 100), actor


def _check_alike(visitor: Visitor, story: Story, route: str, who: str) -> int:
    """Compare the answers about A's with those about nobody's; answer how many there were."""
    forget_counts()
    asked = [
        method
        for method in METHODS
        if has_id(route) and DECLARED.get((route, method, who)) not in (200, 201, 405, "login")
    ]
    for method in asked:
        of_a, of_nobody = (_seen(visitor, method, route, ids) for ids in (story.ids, story.nobodys))
        assert of_a == of_nobody, (method, route)
    return len(asked)


def _seen(visitor: Visitor, method: str, route: str, ids: dict[str, Any]) -> Any:
    """Status, headers and body, without what names the id or the request."""
    with undone():
        answer: HttpResponse = visitor.send(
            method, address(route, ids), BODIES.get((method, route))
        )
    name = str(ids[thing(route)])
    headers = {**answer.headers, "X-Request-ID": "", "Expires": ""}
    if "Location" in headers:
        headers["Location"] = headers["Location"].replace(f"/{name}/", "/ID/")
    return answer.status_code, headers, answer.content
