"""`python -m tests.faults.enrol COUNT FOLDER`: many patients at once, each with phone and mailbox.

Runs in the service's environment; the people stand in `people.ndjson` when it is done.
"""

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

import django

AT = datetime(2026, 1, 1, tzinfo=UTC)
LASTS = timedelta(days=1)  # a token; the full sizes take longer than the usual five minutes


def main(count: int, folder: Path) -> None:
    """Write the rows and the file."""
    django.setup()
    from django.db import transaction  # noqa: PLC0415 - settings load first
    from django.test import override_settings  # noqa: PLC0415

    ports = json.loads((folder / "ports.json").read_text())
    keys = json.loads((folder / "keys.json").read_text())
    rows = [_rows(number, f"http://127.0.0.1:{ports['push']}", keys) for number in range(count)]
    with transaction.atomic():
        _write(row["all"] for row in rows)
    expiry = int(LASTS.total_seconds())
    with (
        override_settings(HEADLESS_JWT_ACCESS_TOKEN_EXPIRES_IN=expiry),
        (folder / "people.ndjson").open("w") as people,
    ):
        tokens = _tokens([row["user"] for row in rows])
        for row, token in zip(rows, tokens, strict=True):
            people.write(json.dumps({**row["person"], "token": token}) + "\n")


def _rows(number: int, origin: str, keys: dict[str, str]) -> dict[str, Any]:
    """One patient; every third has a physician of their own."""
    from alerts.models import PushDevice  # noqa: PLC0415
    from diary.consent import required_version  # noqa: PLC0415
    from diary.models import CareRelationship, Consent, Patient, User  # noqa: PLC0415

    name = uuid4().hex
    user = User(email=f"p{name}@example.org")
    approval = {"status": "physician_confirmed"}
    patient = Patient(user=user, phase="chronic", doctor_approval=approval)
    endpoint = f"{origin}/push/{patient.pk}"
    rows: list[Any] = [
        user,
        patient,
        Consent(patient=patient, version=required_version(), given_at=AT),
        PushDevice(
            patient=patient,
            device_id=uuid4(),
            kind="webpush",
            endpoint=endpoint,
            endpoint_digest=sha256(f"webpush:{endpoint}".encode()).digest(),
            registered_at=AT,
            **keys,
        ),
    ]
    physician = User(email=f"d{name}@example.org", is_staff=True) if number % 3 == 0 else None
    if physician:
        care = CareRelationship(patient=patient, physician=physician, role="primary", began_at=AT)
        rows += [physician, care]
    person = {"patient": str(patient.pk), "mailbox": user.email}
    person["physician"] = physician.email if physician else ""
    return {"all": rows, "user": user, "person": person}


def _write(rows: Iterator[list[Any]]) -> None:
    """All rows, a table at a time, those that others refer to first."""
    tables: dict[type[Any], list[Any]] = {}
    for row in (row for person in rows for row in person):
        tables.setdefault(type(row), []).append(row)
    order = ["User", "Patient", "Consent", "PushDevice", "CareRelationship"]
    for kind in sorted(tables, key=lambda kind: order.index(kind.__name__)):
        kind.objects.bulk_create(tables[kind], batch_size=1000)


def _tokens(users: list[Any]) -> list[str]:
    """An access token of a session of its own for each, as a log-in gives it."""
    from allauth.headless.tokens.strategies.jwt import internal  # noqa: PLC0415
    from django.conf import settings  # noqa: PLC0415
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY  # noqa: PLC0415
    from django.contrib.auth import SESSION_KEY as USER  # noqa: PLC0415
    from django.contrib.sessions.backends.db import SessionStore  # noqa: PLC0415
    from django.contrib.sessions.models import Session  # noqa: PLC0415

    sessions: list[Any] = [SessionStore(uuid4().hex) for _ in users]
    for user, session in zip(users, sessions, strict=True):
        session._session_cache = {  # nothing is stored yet that could be loaded
            USER: str(user.pk),
            BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
            HASH_SESSION_KEY: user.get_session_auth_hash(),
        }
    Session.objects.bulk_create(
        session.create_model_instance(session._session_cache) for session in sessions
    )
    return [
        internal.create_access_token(user, session, {})
        for user, session in zip(users, sessions, strict=True)
    ]


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
