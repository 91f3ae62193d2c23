"""What holds for every address: problem documents, methods, headers, and what a failure says."""

import json

import pytest
from django.db import OperationalError
from django.test import Client

from diary.models import Patient
from diary.services import records
from tests.diary.bodies import ENTRY, new_id
from tests.phones import Phone, code_of

PATHS = ["entries", "entries/5f0c2f4e-6c1d-4b57-9a57-0f6c2f3c9d10", "massages", "me", "me/consents"]
PATHS += ["alerts", "clearance", "devices", "push-key"]


@pytest.mark.parametrize("path", PATHS)
def test_a_path_without_its_slash_is_a_404_and_no_redirect(phone: Phone, path: str) -> None:
    for method in ("GET", "POST", "PUT", "DELETE"):
        answer = phone.send(method, path, ENTRY)
        assert (answer.status_code, code_of(answer)) == (404, "not_found")


@pytest.mark.parametrize(
    "path",
    ["nothing/", "entries/7/", "entries/%00/", "entries/%ff%fe/", "entries/../../etc/passwd/"],
)
def test_what_is_not_there_is_the_same_404(phone: Phone, path: str) -> None:
    missing = phone.get(f"entries/{new_id()}/")
    answer = phone.get(path)
    assert (answer.status_code, answer.json()) == (404, missing.json())


def test_a_method_that_is_not_meant_is_a_405_without_effect(phone: Phone) -> None:
    path = f"entries/{new_id()}/"
    phone.put(path, ENTRY)
    for method in ("PATCH", "POST", "TRACE", "OPTIONS", "PROPFIND"):
        answer = phone.send(method, path, {"pain": 9})
        assert (answer.status_code, code_of(answer)) == (405, "method_not_allowed")
        assert "PUT" in answer["Allow"]
    overridden = phone.send("POST", path, headers={"X-HTTP-Method-Override": "DELETE"})
    assert overridden.status_code == 405
    assert phone.get(path).json()["pain"] == 4


def test_a_head_has_the_status_of_a_get_and_no_body(phone: Phone) -> None:
    answer = phone.send("HEAD", "entries/")
    assert (answer.status_code, answer.content) == (200, b"")
    assert phone.send("HEAD", f"entries/{new_id()}/").status_code == 404


def test_no_answer_is_kept_by_a_cache(phone: Phone) -> None:
    path = f"entries/{new_id()}/"
    for answer in (
        phone.put(path, ENTRY),
        phone.get(path),
        phone.get("entries/"),
        phone.get("me/"),
        phone.get("nothing/"),
        phone.put(path, {}),
        Phone().get("entries/"),
    ):
        assert answer["Cache-Control"] == "no-store"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert len(answer["X-Request-ID"]) == 36
        assert "Server" not in answer


def test_a_host_that_is_not_ours_is_a_400() -> None:
    answer = Client(raise_request_exception=False).get("/api/v1/me/", headers={"Host": "evil.test"})
    assert (answer.status_code, code_of(answer)) == (400, "bad_request")


def test_a_language_of_the_client_changes_no_code(phone: Phone) -> None:
    answer = phone.send("PUT", "entries/7/", headers={"Accept-Language": "de", "Accept": "*/*;q=x"})
    assert answer.json()["title"] == "Not Found"


def fail_with(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fail(**_: object) -> None:
        raise error

    monkeypatch.setattr(records, "put", fail)


def test_whatever_goes_wrong_the_answer_is_constant(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    bodies = set()
    for error in (ValueError("secret"), KeyError("secret"), RecursionError(), MemoryError()):
        fail_with(monkeypatch, error)
        answer = phone.post("entries/", {**ENTRY, "note": "secret"})
        assert (answer.status_code, code_of(answer)) == (500, "server_error")
        assert "X-Request-ID" in answer
        bodies.add(answer.content)
    (body,) = bodies
    assert json.loads(body)["detail"] == "Something went wrong here. Send it again."


def test_a_database_that_is_away_is_a_503_that_asks_for_the_entry_again(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_with(monkeypatch, OperationalError("connection to server at secret failed"))
    answer = phone.post("entries/", ENTRY)
    assert (answer.status_code, code_of(answer), answer["Retry-After"]) == (503, "unavailable", "5")
    assert b"secret" not in answer.content


def test_a_patient_who_is_erased_during_a_request_is_a_401(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_with(monkeypatch, Patient.DoesNotExist("secret"))
    answer = phone.post("entries/", ENTRY)
    assert (answer.status_code, code_of(answer)) == (401, "authentication_failed")
