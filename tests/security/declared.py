"""The table of answers, read: every cell of the matrix."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tests.security.answers import (
    ACCOUNT,
    API,
    AS_NAMED,
    EVERYBODY,
    HISTORY,
    NO_HISTORY,
    NOBODY,
    NOT_OFFERED,
    OF_PATIENTS,
    OF_THE_SERVICE,
    OPEN,
    OTHER_PAGES,
    PAGES,
    PATIENTS,
    SERVICE_PAGES,
    STAFF,
    WITHOUT_HISTORY,
)
from tests.security.routes import METHODS

Answer = int | str
Cells = dict[tuple[str, str, str], Answer]  # route, method, class of the actor


class Line(NamedTuple):
    """One line of a table."""

    route: str
    methods: list[str]
    answers: list[Answer]


def _lines(table: str, before: str) -> Iterator[Line]:
    for text in table.strip("\n").splitlines():
        words = text.split()
        route = "" if text.startswith(" ") else words.pop(0)
        methods = [word for word in words if word in METHODS]
        answers = [int(w) if w.isdigit() else w for w in words[len(methods) :]]
        yield Line(before + route, methods, answers)


def declared() -> Cells:
    """Every cell of the matrix."""
    cells: Cells = {}
    for part in (_api, _account, _pages, _open):
        cells.update(part())
    return cells


def _api() -> Cells:
    lines = list(_lines(API, "api/v1/"))
    lenient = {line.route for line in lines if int(line.answers[1]) < 300}
    cells: Cells = {}
    for line in lines:
        cells.update(_row(line.route, METHODS, NOBODY, [401] * 2))
        cells.update(_row(line.route, METHODS, STAFF, [403] * 4))
    for route in {line.route for line in lines}:
        unnamed = [405, 405 if route in lenient else 403, 405]
        cells.update(_row(route, METHODS, PATIENTS, unnamed))
    for line in lines:
        cells.update(_row(line.route, _with_head(line.methods), PATIENTS, line.answers))
    return cells


def _account() -> Cells:
    cells: Cells = {}
    before = "_allauth/app/v1/"
    for path in NOT_OFFERED:
        cells.update(_row(before + path, METHODS, EVERYBODY, [404] * 9))
    lines = list(_lines(ACCOUNT, before))
    for line in lines:
        cells.update(_row(line.route, METHODS, EVERYBODY, [405] * 9))
    for route, methods, (nobody, owner, others) in lines:
        answers = [nobody] * 2 + [owner] * 2 + [others] * 5
        cells.update(_row(route, methods, EVERYBODY, answers))
    return cells


def _pages() -> Cells:
    groups = (
        (OF_PATIENTS, PAGES + HISTORY),
        (WITHOUT_HISTORY, PAGES + NO_HISTORY),
        (OF_THE_SERVICE, SERVICE_PAGES),
        (("",), OTHER_PAGES),
    )
    cells: Cells = {}
    for names, table in groups:
        for name in names:
            for line in _lines(table.replace("\n\n", "\n").replace("{}", name), "admin/"):
                strangers: list[Answer] = ["login"] * 5
                answers = strangers + line.answers
                methods = _with_head(line.methods)
                others = [method for method in METHODS if method not in ("GET", "HEAD", "POST")]
                cells.update(_row(line.route, others, EVERYBODY, [405] * 9))
                cells.update(_row(line.route, methods, EVERYBODY, answers))
    return cells


def _open() -> Cells:
    cells: Cells = {}
    lines = [*_lines(OPEN, ""), *_lines(AS_NAMED, "")]
    for line in lines:
        cells.update(_row(line.route, METHODS, EVERYBODY, [405] * 9))
    with_head = {line.route for line in _lines(OPEN, "")}
    for route, methods, (nobody, metrics, patients, staff) in lines:
        answers = [nobody, metrics, *[patients] * 3, *[staff] * 4]
        named = _with_head(methods) if route in with_head else methods
        cells.update(_row(route, named, EVERYBODY, answers))
    return cells


def _with_head(methods: list[str]) -> list[str]:
    return [*methods, "HEAD"] if "GET" in methods else methods


def _row(
    route: str, methods: Sequence[str], who: Sequence[str], answers: Sequence[Answer]
) -> Cells:
    named = zip(who, answers, strict=True)
    return {(route, method, actor): answer for actor, answer in named for method in methods}
