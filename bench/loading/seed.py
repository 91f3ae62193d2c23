"""Many patients with a diary each, made in PostgreSQL itself; tokens made in this process.

Diaries are calm, so that what rings is what the measurement sends. Rows lie in the order of time,
as in life: those of one patient are spread over the whole table.
"""

import sys
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from time import monotonic

from allauth.headless.tokens.strategies.jwt import internal
from allauth.usersessions.models import UserSession
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models.functions import Now
from django.utils import timezone

from alerts.channels.webpush_keys import generate_private_key, public_key
from alerts.models import DeviceKind, PushDevice, Watch
from diary.consent import required_version
from diary.models import (
    CareRelationship,
    CareRole,
    Consent,
    Patient,
    ProfileChange,
    User,
)

PER_PHYSICIAN = 50  # patients
TOKEN_SECONDS = 24 * 3600
CHUNK_DAYS = 10
PROFILE = {
    "phase": "healing",  # in which a massage every fifth day is not too many
    "severity": "mild",
    "quiet_hours": "00:00-00:00",  # none
    "doctor_approval": {"status": "physician_confirmed"},
}
AUTH = "A" * 22  # of a browser's subscription: 16 bytes


@dataclass(frozen=True)
class Size:
    patients: int
    days: int


def seed(size: Size, *, push_port: int) -> list[str]:
    """Fill the empty tables; an access token of each patient comes back, by number."""
    began = monotonic()
    users = _users("p", size.patients)
    _patients(users, since=timezone.now() - timedelta(days=size.days + 7), push_port=push_port)
    with connection.cursor() as cursor:
        _diaries(cursor, size, began)
        cursor.execute("VACUUM ANALYZE")
    tokens = _tokens(users)
    _progress(f"{size.patients:,} patients x {size.days} days, and their log-ins", began, last=True)
    return tokens


def _users(letter: str, number: int, **more: object) -> list[User]:
    """Their addresses say to the sinks who they are: p7, d2."""
    return User.objects.bulk_create(
        User(email=f"{letter}{each}@load.example", name=f"{letter} {each}", password="!", **more)
        for each in range(number)
    )


def _patients(users: Sequence[User], *, since: datetime, push_port: int) -> None:
    """Patients with a profile, a consent, a phone and two physicians, and nothing due."""
    patients = Patient.objects.bulk_create(Patient(user=user, **PROFILE) for user in users)
    ProfileChange.objects.bulk_create(
        ProfileChange(patient=each, at=since, reason="enrolment", fields=PROFILE)
        for each in patients
    )
    Consent.objects.bulk_create(
        Consent(patient=each, version=required_version(), given_at=since) for each in patients
    )
    Watch.objects.bulk_create(Watch(patient=each, evaluated_at=Now()) for each in patients)
    key = public_key(generate_private_key())  # of a browser; the sink opens nothing
    PushDevice.objects.bulk_create(
        PushDevice(
            patient=each,
            device_id=uuid.uuid4(),
            kind=DeviceKind.WEBPUSH,
            endpoint=(url := f"http://127.0.0.1:{push_port}/push/p{number}"),
            endpoint_digest=sha256(f"webpush:{url}".encode()).digest(),
            p256dh=key,
            auth=AUTH,
            registered_at=since,
        )
        for number, each in enumerate(patients)
    )
    _care(patients, since=since)


def _care(patients: Sequence[Patient], *, since: datetime) -> None:
    physicians = _users("d", max(2, len(patients) // PER_PHYSICIAN), is_staff=True)
    CareRelationship.objects.bulk_create(
        CareRelationship(
            patient=each,
            physician=physicians[(number + further) % len(physicians)],
            role=role,
            began_at=since,
        )
        for number, each in enumerate(patients)
        for further, role in enumerate((CareRole.PRIMARY, CareRole.BACKUP))
    )


def bare_tables(tokens: Sequence[str]) -> None:
    """The tables of the yardstick (`bare.py`), with the same tokens."""
    with connection.cursor() as cursor:
        cursor.execute(_BARE)
        cursor.executemany("INSERT INTO bare_baretoken VALUES (%s, %s)", _numbered(tokens))


def _numbered(tokens: Sequence[str]) -> list[tuple[str, int]]:
    return [(token, number) for number, token in enumerate(tokens)]


def _diaries(cursor, size: Size, began: float) -> None:
    for newest in range(size.days, 0, -CHUNK_DAYS):
        days = {"from": max(1, newest - CHUNK_DAYS + 1), "to": newest}
        cursor.execute(_ENTRIES, days)
        cursor.execute(_MASSAGES, days)
        _progress(f"diaries: {size.days - days['from'] + 1} of {size.days} days", began)


def _progress(what: str, began: float, *, last: bool = False) -> None:
    if sys.stderr.isatty() or last:
        print(f"\r{what}, {monotonic() - began:.0f} s", end="\n" if last else "", file=sys.stderr)


def _tokens(users: Sequence[User]) -> list[str]:
    """A session for each, as a log-in makes it, and an access token of that session."""
    until = timezone.now() + timedelta(seconds=TOKEN_SECONDS)
    sessions, devices, tokens = [], [], []
    for user in users:
        key = uuid.uuid4().hex
        content = {
            SESSION_KEY: str(user.pk),
            BACKEND_SESSION_KEY: "allauth.account.auth_backends.AuthenticationBackend",
            HASH_SESSION_KEY: user.get_session_auth_hash(),
        }
        encoded = SessionStore().encode(content)
        sessions.append(Session(session_key=key, session_data=encoded, expire_date=until))
        devices.append(UserSession(user=user, session_key=key, ip="127.0.0.1", user_agent="load"))
        tokens.append(_token(user, key))
    Session.objects.bulk_create(sessions, batch_size=1000)
    UserSession.objects.bulk_create(devices, batch_size=1000)
    return tokens


def _token(user: User, session_key: str) -> str:
    """Like a log-in's, but good for longer than any measurement: nothing is refreshed here."""
    sid = internal.session_key_to_sid(session_key)
    token, _ = internal.create_token(
        "access", sub=internal.user_id_to_str(user), sid=sid, expires_in=TOKEN_SECONDS
    )
    return token


_ENTRIES = """
    INSERT INTO diary_entry (patient_id, record_id, version, received_at, changed_at, changed_by_id,
        utc_offsets, symptom_at, recorded_at, pain, numbness, weakness, limb_pain,
        red_flags_bladder, red_flags_bowel, red_flags_saddle_numbness, note)
    SELECT id, gen_random_uuid(), 1, at, at, user_id, '{}', at, at, 3 + (random() < 0.5)::int, 1, 0,
        3, 'no', 'no', 'no', 'Slept well, some stiffness in the morning.'
    FROM diary_patient, generate_series(%(from)s, %(to)s) day, LATERAL
        (SELECT now() - make_interval(days => day - 1, hours => 3)) AS moment (at)
    ORDER BY at
"""
_MASSAGES = """
    INSERT INTO diary_massage (patient_id, record_id, version, received_at, changed_at,
        changed_by_id, utc_offsets, started_at, ended_at, setting, provider, techniques, pressure,
        sites, pain_before, pain_during_max)
    SELECT id, gen_random_uuid(), 1, ended_at, ended_at, user_id, '{}',
        ended_at - interval '20 min', ended_at, 'professional', 'physiotherapist',
        '{effleurage}', 'light', '{shoulders}', 3, 3
    FROM diary_patient, generate_series(%(from)s, %(to)s) day, LATERAL
        (SELECT now() - make_interval(days => day - 1, hours => 9)) AS moment (ended_at)
    WHERE day %% 5 = 0
    ORDER BY ended_at
"""
_BARE = """
    CREATE TABLE bare_baretoken (key text PRIMARY KEY, owner integer NOT NULL);
    CREATE TABLE bare_bareentry (id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
        record uuid NOT NULL UNIQUE, owner integer NOT NULL, at timestamptz NOT NULL,
        body jsonb NOT NULL);
    CREATE TABLE bare_barewatch (owner integer PRIMARY KEY, due_at timestamptz NOT NULL);
"""
