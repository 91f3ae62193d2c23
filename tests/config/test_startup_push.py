"""A provider's account that is half given, open to others or no account is named at the start."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings

from config.demands import push
from tests.sinks.apns import ApnsSink
from tests.sinks.fcm import FcmSink

APPLE = "https://api.push.apple.com"


@contextmanager
def given(settings: dict[str, Any], **changes: Any) -> Iterator[None]:
    with override_settings(**{"RELAXED": False, **settings, **changes}):
        yield


@pytest.fixture
def of_apns(tmp_path: Path) -> dict[str, str]:
    return {**ApnsSink().settings(tmp_path), "APNS_BASE_URL": APPLE}


@pytest.fixture
def of_fcm(tmp_path: Path) -> dict[str, str]:
    said = FcmSink().settings(tmp_path)
    file = Path(said["FCM_SERVICE_ACCOUNT_FILE"])
    file.write_text(file.read_text().replace("http://127.0.0.1:0/", "https://oauth2.example.org/"))
    return {**said, "FCM_BASE_URL": "https://fcm.googleapis.com"}


def complaints() -> list[str]:
    return [*push.of_fcm(), *push.of_apns()]


def test_nothing_given_is_no_push_and_no_complaint() -> None:
    assert complaints() == []


def test_whole_accounts_are_no_complaint(of_apns: dict[str, str], of_fcm: dict[str, str]) -> None:
    with given({**of_apns, **of_fcm}):
        assert complaints() == []


@pytest.mark.parametrize("missing", ["APNS_KEY_FILE", "APNS_KEY_ID", "APNS_TEAM_ID", "APNS_TOPIC"])
def test_half_an_apns_names_the_other_half(of_apns: dict[str, str], missing: str) -> None:
    with given(of_apns, **{missing: ""}):
        assert complaints() == [f"{missing} is not set."]


@pytest.mark.parametrize("relaxed", [False, True])
@pytest.mark.parametrize(
    "url", ["http://api.push.apple.com", "api.push.apple.com", "https://a@b.example"]
)
def test_a_base_in_clear_is_refused(of_apns: dict[str, str], url: str, relaxed: bool) -> None:
    with given(of_apns, APNS_BASE_URL=url, RELAXED=relaxed):
        assert complaints() == ["APNS_BASE_URL is no https: address."]


def test_only_a_developers_machine_may_play_the_provider(of_fcm: dict[str, str]) -> None:
    with given(of_fcm, FCM_BASE_URL="http://127.0.0.1:9"):
        assert complaints() == ["FCM_BASE_URL is no https: address."]
    with given(of_fcm, FCM_BASE_URL="http://127.0.0.1:9", RELAXED=True):
        assert complaints() == []


@pytest.mark.parametrize("name", ["APNS_KEY_FILE", "FCM_SERVICE_ACCOUNT_FILE"])
def test_a_file_that_cannot_be_used_is_named_and_not_quoted(
    of_apns: dict[str, str], of_fcm: dict[str, str], name: str
) -> None:
    settings = {**of_apns, **of_fcm}
    file = Path(settings[name])
    with given(settings):
        file.chmod(0o644)
        assert complaints() == [f"{name} can be read by everybody on this machine."]
        file.chmod(0o600)
        file.write_text("a secret")
        (said,) = complaints()
        assert said.startswith(f"{name} is no ")
        assert "a secret" not in said
        file.unlink()
        assert complaints() == [f"{name} cannot be read."]


def test_an_account_whose_token_comes_in_clear_is_refused(of_fcm: dict[str, str]) -> None:
    file = Path(of_fcm["FCM_SERVICE_ACCOUNT_FILE"])
    file.write_text(file.read_text().replace("https://oauth2.example.org", "http://127.0.0.1:9"))
    with given(of_fcm):
        (said,) = complaints()
        assert said == "FCM_SERVICE_ACCOUNT_FILE names a token_uri that is not https."
    with given(of_fcm, RELAXED=True):
        assert complaints() == []
