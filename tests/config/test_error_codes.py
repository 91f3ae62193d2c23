"""Every code of an error stands in the document, and comes with a status that is declared."""

import ast
import fnmatch
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from rest_framework import exceptions

from config import problems
from config.error_codes import CODES, FIELD_CODES
from config.local.places import PROJECT
from diary import wire
from tests.config.document import Document

CODE = re.compile(r"[a-z]+(_[a-z0-9]+)*")
# Raised among ourselves; a view, or nobody, hears of them.
NOT_OF_THE_API = {"admin", "management", "migrations", "core", "local", "verification"}
# Of the senders' codes, an app hears of those with which a registration is refused.
OF_REGISTRATION = {"endpoint.py", "webpush_keys.py"}
# Names that `raise` statements mention and that are no codes.
NO_CODES = {"slow", "misconfigured", "event_missing", "device_missing"}


def sources() -> Iterator[Path]:
    """Every module from which an error can come to an app."""
    for room in ("config", "diary", "alerts"):
        for path in (PROJECT / room).rglob("*.py"):
            parts = set(path.relative_to(PROJECT).parts)
            is_sender = "channels" in parts and path.name not in OF_REGISTRATION
            if not parts & NOT_OF_THE_API and not is_sender:
                yield path


def texts(node: ast.expr) -> set[str]:
    """Every code that an expression can be."""
    match node:
        case ast.Constant(value=str() as text):
            return {text} if CODE.fullmatch(text) else set()
        case ast.JoinedStr(values=parts):
            shape = "".join(str(p.value) if isinstance(p, ast.Constant) else "*" for p in parts)
            return {shape} if re.fullmatch(r"[a-z_*]+", shape) else set()
        case ast.Tuple(elts=parts) | ast.BoolOp(values=parts):
            return set().union(*map(texts, parts))
        case ast.IfExp(body=body, orelse=orelse):
            return texts(body) | texts(orelse)
    return set()


def codes_in(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """What a module's source names as a code, and in which line."""
    for node in ast.walk(tree):
        found: set[str] = set()
        match node:
            case ast.keyword(arg="code", value=value):
                found = texts(value)
            case ast.Raise(exc=ast.Call() as call):
                found = set().union(*map(texts, call.args))
            case ast.Assign(targets=[target], value=value) if "code" in names(target):
                found = texts(value)
            case ast.Dict(keys=keys, values=values):
                named = zip(keys, values, strict=True)
                members = {k.value: v for k, v in named if isinstance(k, ast.Constant)}
                found = texts(members["code"]) if {"pointer", "code"} <= members.keys() else set()
        yield from ((text, node.lineno) for text in found)  # type: ignore[attr-defined]


def names(target: ast.expr) -> set[str]:
    """What an assignment sets: names and attributes, `default_code` as `code`."""
    found = {each.id for each in ast.walk(target) if isinstance(each, ast.Name)}
    found |= {each.attr for each in ast.walk(target) if isinstance(each, ast.Attribute)}
    return {name.removeprefix("default_") for name in found}


def test_every_code_in_the_source_stands_in_the_document() -> None:
    known = CODES.keys() | FIELD_CODES.keys() | NO_CODES
    unknown = [
        f"{path.relative_to(PROJECT)}:{line}: {code}"
        for path in sources()
        for code, line in codes_in(ast.parse(path.read_text(encoding="utf-8")))
        if not fnmatch.filter(known, code)
    ]
    assert unknown == []


def test_the_reading_of_the_source_finds_every_way_to_name_a_code() -> None:
    source = """
class A(APIException): default_code = "one"
raise Conflict("two", "Some words.")
raise refusal(f"/{field}", f"{field}_missing")
raise ValidationError("Some words.", code="three")
problem(400, code=getattr(error, "code", None) or "four")
self.message, self.code = "Some words.", "five"
Invalid([{"pointer": "/x", "code": "six", "detail": "Some words."}])
"""
    found = {code for code, _ in codes_in(ast.parse(source))}
    assert found == {"one", "two", "*_missing", "three", "four", "five", "six"}


def test_every_code_of_the_tables_that_answers_are_made_from_is_known() -> None:
    assert {code for _, code, _ in problems._ANSWERS.values()} <= CODES.keys()
    assert {*wire._CODES.values(), "invalid_type"} <= FIELD_CODES.keys()


def test_every_code_of_the_framework_is_known() -> None:
    def below(kind: type[exceptions.APIException]) -> Iterator[type[exceptions.APIException]]:
        for child in kind.__subclasses__():
            yield child
            yield from below(child)

    ours = [kind for kind in below(exceptions.APIException) if not kind.__module__.startswith("te")]
    assert ours
    for kind in ours:
        if kind.default_code not in {"error", "throttled"}:  # never raised bare
            assert kind.status_code in CODES[kind.default_code].statuses, kind


def test_the_document_lists_every_code_with_its_meaning(document: Document) -> None:
    listed = document.content["x-error-codes"]
    assert listed["codes"].keys() == CODES.keys()
    assert listed["field_codes"].keys() == FIELD_CODES.keys()
    for code, known in CODES.items():
        assert listed["codes"][code]["meaning"].endswith(".")
        assert (
            f"| `{code}` | {', '.join(map(str, known.statuses))} |"
            in (document.content["info"]["description"])
        )


# No operation of the document answers with these: no path, no method, no luck.
NOT_AT_OPERATIONS = {405, 500}


def test_every_status_of_a_code_is_an_answer_of_the_document(document: Document) -> None:
    declared = {
        int(status)
        for operation in document.operations().values()
        for status in operation["responses"]
        if status >= "400"
    }
    assert {status for known in CODES.values() for status in known.statuses} == (
        declared | NOT_AT_OPERATIONS
    )


@pytest.mark.parametrize("status", ["401", "403", "406", "426", "429", "503"])
def test_every_operation_declares_what_can_happen_anywhere(document: Document, status: str) -> None:
    for operation in document.operations().values():
        assert status in operation["responses"], operation["operationId"]
