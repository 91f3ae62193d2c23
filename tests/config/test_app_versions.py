"""What an app is told about versions: of itself, and of operations on their way out."""

from collections.abc import Iterator
from datetime import UTC, datetime
from unittest.mock import patch

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client, override_settings

from config import app_versions
from config.app_versions import Deprecation
from config.environment import Environment
from diary.api import examples
from tests.config.document import Document, made
from tests.phones import Phone, code_of

OLDEST = {"ios": "1.2.0", "android": "1.10"}


@pytest.fixture(autouse=True)
def _wanted() -> Iterator[None]:
    with override_settings(MINIMUM_CLIENT=OLDEST):
        yield


@pytest.mark.parametrize(
    ("client", "is_refused"),
    [
        pytest.param("ios/1.1.9", True, id="older"),
        pytest.param("ios/1.2.0", False, id="the-oldest-that-is-wanted"),
        pytest.param("ios/1.2", False, id="the-same-written-shorter"),
        pytest.param("android/1.9.3", True, id="nine-is-less-than-ten"),
        pytest.param("android/2", False, id="newer"),
        pytest.param("web/0.1", False, id="nobody-said-how-old"),
        pytest.param("Mozilla/5.0 (X11)", False, id="no-name-of-an-app"),
        pytest.param("ios/9999999", False, id="no-version"),
        pytest.param("", False, id="no-header"),
    ],
)
def test_only_an_app_that_is_known_to_be_too_old_is_refused(
    phone: Phone, client: str, is_refused: bool
) -> None:
    answer = phone.send("GET", "clearance/", headers={"X-Client": client})
    assert answer.status_code == (426 if is_refused else 200)
    assert ("X-Minimum-Client" in answer) is is_refused


def test_the_refusal_names_the_oldest_version(phone: Phone, document: Document) -> None:
    answer = phone.send("GET", "clearance/", headers={"X-Client": "ios/1.0.0"})
    assert (answer.status_code, code_of(answer)) == (426, "client_too_old")
    assert answer["X-Minimum-Client"] == "ios/1.2.0"
    document.check(answer, "GET", "/api/v1/clearance/")


ENTRY, MASSAGE = examples.ENTRY, examples.MASSAGE


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        pytest.param("POST", "entries/", ENTRY, id="entry"),
        pytest.param("PUT", f"entries/{ENTRY['id']}/", ENTRY, id="entry-by-id"),
        pytest.param("DELETE", f"entries/{ENTRY['id']}/", None, id="withdrawal"),
        pytest.param("PUT", f"massages/{MASSAGE['id']}/", MASSAGE, id="massage"),
        pytest.param("POST", "sync/", {"since": None, "changes": []}, id="sync"),
        pytest.param("GET", "alerts/", None, id="alerts"),
        pytest.param("GET", "devices/", None, id="devices"),
        pytest.param("GET", "me/consents/", None, id="consent"),
        pytest.param("GET", "rules/", None, id="rules"),
        pytest.param("DELETE", "me/", None, id="erasure"),
    ],
)
def test_nothing_that_a_warning_hangs_on_is_refused_for_an_old_version(
    phone: Phone, method: str, path: str, body: object
) -> None:
    answer = phone.send(method, path, body, headers={"X-Client": "ios/0.1"})
    assert answer.status_code not in (405, 426)
    assert answer["X-Minimum-Client"] == "ios/1.2.0"


@pytest.mark.usefixtures("db")
def test_an_old_app_can_still_log_in() -> None:
    answer = Client().get("/_allauth/app/v1/config", headers={"X-Client": "ios/0.1"})
    assert answer.status_code == 200


def test_the_setting_is_read_or_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OLDEST", "ios=1.2.0, android=1.10")
    assert Environment().clients("OLDEST") == OLDEST
    for wrong in ("ios", "ios=", "ios=1.x", "iOS=1.2", "ios=1.2;android=1"):
        monkeypatch.setenv("OLDEST", wrong)
        with pytest.raises(ImproperlyConfigured, match=r"OLDEST cannot be read\.$"):
            Environment().clients("OLDEST")
    monkeypatch.delenv("OLDEST")
    assert Environment().clients("OLDEST") == {}


# --- Operations on their way out ----------------------------------------------------------------

GOING = Deprecation(
    since=datetime(2026, 11, 1, tzinfo=UTC),
    sunset=datetime(2027, 11, 1, tzinfo=UTC),
    read="https://diary.example.org/changes",
)


@pytest.fixture
def _going() -> Iterator[None]:
    place = ("GET", "/api/v1/entries/{record_id}/")
    with patch.dict(app_versions.DEPRECATED, {place: GOING}):
        yield


@pytest.mark.usefixtures("_going")
def test_an_operation_on_its_way_out_says_so_in_every_answer(phone: Phone) -> None:
    path = f"entries/{ENTRY['id']}/"
    for answer in (phone.get(path), Phone().get(path)):
        assert answer["Deprecation"] == "@1793491200"
        assert answer["Sunset"] == "Mon, 01 Nov 2027 00:00:00 GMT"
        assert answer["Link"].startswith('<https://diary.example.org/changes>; rel="deprecation"')
    others = (phone.put(path, ENTRY), phone.get("entries/"))
    assert not any("Deprecation" in answer for answer in others)


@pytest.mark.usefixtures("_going")
def test_the_document_marks_an_operation_on_its_way_out() -> None:
    operations = made()["paths"]["/api/v1/entries/{record_id}/"]
    assert operations["get"]["deprecated"] is True
    assert operations["get"]["responses"]["200"]["headers"].keys() == {
        "Deprecation",
        "Sunset",
        "Link",
    }
    assert "deprecated" not in operations["put"]


def test_nothing_in_the_table_is_unknown_to_the_document(document: Document) -> None:
    assert app_versions.DEPRECATED.keys() <= document.operations().keys()
