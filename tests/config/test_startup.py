"""A deployment with an unsafe setting does not start, and does not print what the setting is."""

import os
import subprocess
import sys
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from config.local.places import PROJECT
from config.startup import check_settings

SAFE: dict[str, Any] = {
    "RELAXED": False,
    "SECRET_KEY_GIVEN": True,
    "SECRET_KEY": "k" * 50,
    "ALLOWED_HOSTS": ["diary.example.org"],
    "EMERGENCY_NUMBER": "112",
    "WEBPUSH_VAPID_PRIVATE_KEY": "v" * 43,
    "WEBPUSH_ALLOW_LOOPBACK": False,
    "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
}


@pytest.mark.parametrize(
    ("name", "setting", "value"),
    [
        pytest.param("SECRET_KEY", "SECRET_KEY_GIVEN", False, id="made-up-key"),
        pytest.param("SECRET_KEY", "SECRET_KEY", "q9" * 24 + "q", id="key-of-49-characters"),
        pytest.param("SECRET_KEY", "SECRET_KEY", "django-insecure" + "q9" * 40, id="example-key"),
        pytest.param("ALLOWED_HOSTS", "ALLOWED_HOSTS", ["secret.example.org", "*"], id="any-host"),
        pytest.param("EMERGENCY_NUMBER", "EMERGENCY_NUMBER", "", id="no-emergency-number"),
        pytest.param("WEBPUSH_VAPID_PRIVATE_KEY", "WEBPUSH_VAPID_PRIVATE_KEY", "", id="no-push"),
        pytest.param("WEBPUSH_ALLOW_LOOPBACK", "WEBPUSH_ALLOW_LOOPBACK", True, id="loopback"),
        pytest.param(
            "EMAIL_URL",
            "EMAIL_BACKEND",
            "django.core.mail.backends.filebased.EmailBackend",
            id="mails-into-files",
        ),
    ],
)
def test_an_unsafe_setting_is_named_and_never_quoted(name: str, setting: str, value: Any) -> None:
    with (
        override_settings(**{**SAFE, setting: value}),
        pytest.raises(ImproperlyConfigured, match=name) as refusal,
    ):
        check_settings()
    said = str(refusal.value)
    assert said.startswith("Refusing to start: ")
    assert said.count(".") == 1, "only the one that is wrong"
    assert not any(text in said for text in ("q9q9", "example.org", "vvv", "kkk", "backends"))


def test_every_unsafe_setting_is_named_at_once() -> None:
    wrong = {"SECRET_KEY": "short", "ALLOWED_HOSTS": ["*"], "EMERGENCY_NUMBER": ""}
    with override_settings(**{**SAFE, **wrong}), pytest.raises(ImproperlyConfigured) as refusal:
        check_settings()
    assert all(name in str(refusal.value) for name in wrong)
    assert "short," not in str(refusal.value)


def test_safe_settings_start_and_a_developers_machine_may_be_relaxed() -> None:
    with override_settings(**SAFE):
        check_settings()
    with override_settings(**{**SAFE, "SECRET_KEY": "", "RELAXED": True}):
        check_settings()


@pytest.mark.slow
@pytest.mark.parametrize(
    "program",
    [
        pytest.param(["celery", "-A", "config", "worker"], id="the-worker"),
        pytest.param(["config.startup"], id="what-make-run-asks-first"),
    ],
)
def test_a_program_ends_before_it_connects_to_anything(program: list[str]) -> None:
    unsafe = {
        "DEBUG": "0",
        "SECRET_KEY": "q9q9",
        "ALLOWED_HOSTS": "*",
        "DATABASE_URL": "postgres://u:x@127.0.0.1:1/x",
        "REDIS_URL": "redis://127.0.0.1:1/0",
    }
    ended = subprocess.run(
        [sys.executable, "-m", *program],
        env={**os.environ, **unsafe},
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=30,  # a worker that went on would never end
        check=False,
    )
    assert ended.returncode == 1
    assert ended.stderr.startswith("Refusing to start: SECRET_KEY is shorter")
    assert "ALLOWED_HOSTS" in ended.stderr
    assert "q9q9" not in ended.stderr
    assert ended.stdout == ""
