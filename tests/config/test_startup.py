"""A deployment with an unsafe setting does not start, and does not print what the setting is."""

import os
import runpy
import subprocess
import sys
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from config import startup
from config.demands import addresses, messages, push, secrets, tasks
from config.local import CannotRun, refusal
from config.local.keys import secret_key, vapid_private_key
from config.local.places import PROJECT
from config.startup import check_settings

MARK = "q9zq9z"  # stands in every bad value that can hold it, and must never be shown
SAFE = {
    "DEBUG": "0",
    "SECRET_KEY": secret_key(),
    "ALLOWED_HOSTS": "diary.example.org",
    "DATABASE_URL": "postgres://app:Wq5tX7e2@db.example.org/diary?sslmode=verify-full",
    "REDIS_URL": "rediss://:Wq5tX7e2@redis.example.org:6379/0",
    "EMAIL_URL": "smtp+tls://user:Wq5tX7e2@mail.example.org:587",
    "DEFAULT_FROM_EMAIL": "Message service <no-reply@example.org>",
    "EMERGENCY_NUMBER": "112",
    "ON_CALL_EMAIL": "on-call@example.org",
    "ADMIN_URL": "https://diary.example.org/admin/",
    "WEBPUSH_VAPID_PRIVATE_KEY": vapid_private_key(),
    "WEBPUSH_CONTACT": "mailto:operator@example.org",
}
DATABASE = "postgres://app:%s@db.example.org/diary?sslmode=verify-full"
BAD = [
    ("no-key", "SECRET_KEY", ""),
    ("key-of-49-characters", "SECRET_KEY", (MARK * 9)[:49]),
    ("key-without-variety", "SECRET_KEY", MARK * 20),
    ("example-key", "SECRET_KEY", f"django-insecure-{MARK}" + secret_key()),
    ("any-host", "ALLOWED_HOSTS", f"{MARK}.example.org,*"),
    ("origin-in-clear", "CSRF_TRUSTED_ORIGINS", f"http://{MARK}.example.org"),
    ("database-no-address", "DATABASE_URL", f"postgres:// {MARK}"),
    ("database-unknown-scheme", "DATABASE_URL", f"{MARK}://host/name"),
    ("database-bad-port", "DATABASE_URL", f"postgres://u:{MARK}@host:port/x"),
    ("database-of-another-kind", "DATABASE_URL", f"mysql://u:{MARK}@host/x"),
    ("database-no-password", "DATABASE_URL", DATABASE.replace(":%s", "") + f"&application={MARK}"),
    ("database-default-password", "DATABASE_URL", DATABASE % "postgres" + f"&application={MARK}"),
    ("database-password-is-user", "DATABASE_URL", f"postgres://{MARK}:{MARK}@127.0.0.1/x"),
    ("database-without-tls", "DATABASE_URL", f"postgres://u:{MARK}@db.example.org/x"),
    ("database-tls-unchecked", "DATABASE_URL", f"postgres://u:{MARK}@db.example/x?sslmode=require"),
    ("database-pool", "DATABASE_URL", DATABASE % MARK + "&pool=true"),
    ("broker-no-address", "REDIS_URL", MARK),
    ("broker-bad-port", "REDIS_URL", f"redis://:{MARK}@host:port/0"),
    ("broker-without-password", "REDIS_URL", f"rediss://{MARK}.example.org/0"),
    ("broker-default-password", "REDIS_URL", f"rediss://{MARK}:redis@redis.example.org/0"),
    ("broker-without-tls", "REDIS_URL", f"redis://:{MARK}@redis.example.org/0"),
    ("broker-tls-unchecked", "REDIS_URL", f"rediss://:{MARK}@r.example.org/0?ssl_cert_reqs=none"),
    ("no-mail-server", "EMAIL_URL", ""),
    ("mail-unknown-scheme", "EMAIL_URL", f"{MARK}://mail.example.org"),
    ("mail-bad-port", "EMAIL_URL", f"smtp://u:{MARK}@mail.example.org:port"),
    ("mail-no-host", "EMAIL_URL", f"smtp:{MARK}"),
    ("mails-to-the-console", "EMAIL_URL", f"consolemail://{MARK}"),
    ("sender-nobody-knows", "DEFAULT_FROM_EMAIL", f"{MARK}@localhost"),
    ("sender-in-two-lines", "DEFAULT_FROM_EMAIL", f"{MARK}\n <a@example.org>"),
    ("no-emergency-number", "EMERGENCY_NUMBER", ""),
    ("emergency-number-in-words", "EMERGENCY_NUMBER", f"call {MARK}"),
    ("nobody-on-call", "ON_CALL_EMAIL", ""),
    ("on-call-at-home", "ON_CALL_EMAIL", f"{MARK}@localhost"),
    ("admin-in-clear", "ADMIN_URL", f"http://{MARK}.example.org/admin/"),
    ("account-file-that-is-not-there", "FCM_SERVICE_ACCOUNT_FILE", f"/{MARK}"),
    ("no-push-key", "WEBPUSH_VAPID_PRIVATE_KEY", ""),
    ("push-key-too-short", "WEBPUSH_VAPID_PRIVATE_KEY", MARK * 5),
    (
        "push-key-of-a-standard",
        "WEBPUSH_VAPID_PRIVATE_KEY",
        "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw",
    ),
    ("push-key-that-was-typed", "WEBPUSH_VAPID_PRIVATE_KEY", "AAAA" * 10 + "AAE"),
    ("push-contact-at-home", "WEBPUSH_CONTACT", f"mailto:{MARK}@localhost"),
    ("push-contact-in-clear", "WEBPUSH_CONTACT", f"http://{MARK}.example.org"),
    ("push-contact-malformed", "WEBPUSH_CONTACT", f"https://[{MARK}"),
    ("loopback", "WEBPUSH_ALLOW_LOOPBACK", "1"),
    ("metrics-token-of-31", "METRICS_TOKEN", (MARK * 6)[:31]),
    ("failpoint", "FAILPOINT", f"claimed:{MARK}"),
    ("proxies-in-words", "TRUSTED_PROXY_COUNT", MARK),
]


def refusal_of(environ: dict[str, str], **changes: Any) -> str:
    """What the settings made from an environment are refused with; empty when they are safe."""
    with patch.dict(os.environ, {**environ, "PATH": os.environ["PATH"]}, clear=True):
        try:
            made = runpy.run_path(str(PROJECT / "config" / "settings.py"))
        except ImproperlyConfigured as error:
            return str(error)
    settings = SimpleNamespace(**{**made, **changes})
    with patch.multiple(startup, settings=settings):
        for module in (addresses, messages, push, secrets, tasks):
            patch.object(module, "settings", settings).start()
        try:
            check_settings()
        except ImproperlyConfigured as error:
            return str(error)
        finally:
            patch.stopall()
    return ""


def test_safe_settings_start() -> None:
    assert refusal_of(SAFE) == ""


@pytest.mark.parametrize(
    "environ",
    [
        pytest.param({"DATABASE_URL": "", "REDIS_URL": ""}, id="services-of-our-own"),
        pytest.param({"DATABASE_URL": "postgres://u:Wq5tX7e2@localhost/x"}, id="database-here"),
        pytest.param(
            {"DATABASE_URL": "postgres://u@db.example.org/x?sslmode=verify-full&sslcert=/c"},
            id="a-certificate-for-a-password",
        ),
        pytest.param({"REDIS_URL": "redis://127.0.0.1:6379/0"}, id="broker-here"),
        pytest.param({"REDIS_URL": "redis://:Wq5tX7e2@valkey:6379/0"}, id="broker-beside-us"),
        pytest.param({"METRICS_TOKEN": "t" * 32}, id="metrics-token-of-32"),
        pytest.param({"WEBPUSH_CONTACT": "https://example.org/contact"}, id="contact-by-web"),
        pytest.param({"EMAIL_URL": "smtp://mail.example.org"}, id="mail-server-without-port"),
    ],
)
def test_what_is_safe_in_another_way_starts(environ: dict[str, str]) -> None:
    assert refusal_of({**SAFE, **environ}) == ""


@pytest.mark.parametrize(
    ("name", "value"), [pytest.param(name, value, id=case) for case, name, value in BAD]
)
def test_an_unsafe_setting_is_named_alone_and_never_quoted(name: str, value: str) -> None:
    said = refusal_of({**SAFE, name: value})
    assert said.startswith(f"Refusing to start: {name} ")
    assert "\n" not in said
    assert {word for word in said.replace(".", "").split() if word in SAFE} <= {name}
    for shown in (MARK, "Wq5tX7e2", value):
        assert not shown or shown == "1" or shown not in said


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CELERY_TASK_SERIALIZER", "pickle"),
        ("CELERY_RESULT_SERIALIZER", "yaml"),
        ("CELERY_EVENT_SERIALIZER", "pickle"),
        ("CELERY_ACCEPT_CONTENT", ["json", "pickle"]),
        ("CELERY_TASK_ACKS_LATE", False),
        ("CELERY_TASK_REJECT_ON_WORKER_LOST", False),
        ("CELERY_TASK_IGNORE_RESULT", False),
        ("CELERY_WORKER_PREFETCH_MULTIPLIER", 4),
        ("CELERY_TASK_TIME_LIMIT", 30),
        ("CELERY_TASK_SOFT_TIME_LIMIT", 15),
        ("EMAIL_TIMEOUT", None),
        ("DEBUG", True),
    ],
)
def test_a_setting_of_ours_that_was_changed_is_named(name: str, value: Any) -> None:
    said = refusal_of(SAFE, **{name: value})
    assert said.startswith(f"Refusing to start: {name} ")
    assert said.count(". ") == 0


def test_a_switched_off_synchronous_commit_is_named() -> None:
    database = {"HOST": "", "USER": "u", "PASSWORD": "", "OPTIONS": {"options": "-c x=y"}}
    said = refusal_of(SAFE, DATABASES={"default": database})
    assert said == "Refusing to start: DATABASE_URL switches synchronous_commit off."
    asked = SAFE["DATABASE_URL"] + "&options=-c%20synchronous_commit%3Doff"
    assert refusal_of({**SAFE, "DATABASE_URL": asked}) == "", "ours comes last, and the last wins"


def test_every_unsafe_setting_is_named_at_once() -> None:
    wrong = {"SECRET_KEY": MARK, "ALLOWED_HOSTS": "*", "EMERGENCY_NUMBER": "", "FAILPOINT": "x"}
    said = refusal_of({**SAFE, **wrong})
    assert all(f"{name} " in said for name in wrong)
    assert MARK not in said


def test_a_developers_machine_may_be_relaxed() -> None:
    with override_settings(RELAXED=True, SECRET_KEY="", ALLOWED_HOSTS=["*"]):
        check_settings()


BOTH = {"SECRET_KEY": MARK, "ALLOWED_HOSTS": "*", "DATABASE_URL": "postgres://u:x@127.0.0.1:1/x"}
UNREADABLE = {"DATABASE_URL": f"postgres://u:{MARK}@host:port/x", "DEBUG": "1"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("program", "environ"),
    [
        pytest.param(["-m", "celery", "-A", "config", "worker"], BOTH, id="worker"),
        pytest.param(["-m", "config.startup"], BOTH, id="what-make-run-asks-first"),
        pytest.param(["manage.py", "dispatch"], BOTH, id="dispatcher"),
        pytest.param(["-m", "config.startup"], UNREADABLE, id="an-address-nobody-can-read"),
        pytest.param(["manage.py", "migrate"], UNREADABLE, id="a-command-with-such-an-address"),
    ],
)
def test_a_program_ends_in_one_line_before_it_connects_to_anything(
    program: list[str], environ: dict[str, str]
) -> None:
    ended = subprocess.run(
        [sys.executable, *program],
        env={"PATH": os.environ["PATH"], **SAFE, **environ},
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=30,  # a worker that went on would never end
        check=False,
    )
    assert ended.returncode == 1
    first = next(iter(environ))
    assert ended.stderr.startswith(f"Refusing to start: {first} ")
    assert ended.stderr.count("\n") == 1
    assert MARK not in ended.stderr
    assert ended.stdout == ""


@pytest.mark.slow
def test_make_run_refuses_before_anything_is_started() -> None:
    with pytest.raises(CannotRun, match=r"^Refusing to start: ALLOWED_HOSTS ") as refused:
        refusal.check_settings({**SAFE, "ALLOWED_HOSTS": f"{MARK},*", "SECRET_KEY": ""})
    assert MARK not in str(refused.value)
    assert "SECRET_KEY" not in str(refused.value), "make run makes one"
