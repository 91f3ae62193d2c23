"""What of a patient lies where no foreign key leads: logs of staff, sessions, counters, mails."""

import json
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from diary.belongings import Table
from diary.models import User

_FILES = "django.core.mail.backends.filebased.EmailBackend"


def forget_staff_log(table: Table, rows: QuerySet[Any]) -> None:
    """Delete what the admin's log says of these rows: it names them."""
    keys = rows.annotate(as_text=Cast("pk", TextField())).values("as_text")
    kind = ContentType.objects.get_for_model(table, for_concrete_model=False)
    LogEntry.objects.filter(content_type=kind, object_id__in=keys).delete()


def end_sessions(user: User) -> None:
    """Delete every session of an account; its tokens die with them."""
    tracked = UserSession.objects.filter(user=user)
    Session.objects.filter(pk__in=tracked.values("session_key")).delete()
    names = {str(user.pk), user.email}
    # Sign-ups, log-ins and resets that were not finished are in no list of sessions.
    others = Session.objects.exclude(pk__in=UserSession.objects.values("session_key"))
    for session in others.iterator():
        if any(name in json.dumps(session.get_decoded(), default=str) for name in names):
            session.delete()


def forget_counters(ids: Iterable[UUID], *, address: str) -> None:
    """Delete the counters of attempts, and whatever else the shared cache keeps by these names."""
    names = [str(each) for each in ids]
    names += [address, *(sha256(key.encode()).hexdigest() for key in _counted(address))]
    with connection.cursor() as cursor:
        table = connection.ops.quote_name(str(settings.CACHES["default"]["LOCATION"]))
        patterns = [f"%{_literally(name)}%" for name in names]
        cursor.execute(f"DELETE FROM {table} WHERE cache_key LIKE ANY(%s)", [patterns])  # noqa: S608  the table is a setting's


def _counted(address: str) -> list[str]:
    """The names under which the log-in library counts attempts for an address."""
    return [address, *(f"{host}:{address}" for host in settings.ALLOWED_HOSTS)]


def _literally(name: str) -> str:
    return name.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def burn_mails(address: str) -> None:
    """Delete the mails to an address that were kept as files instead of being sent."""
    if settings.EMAIL_BACKEND != _FILES:
        return
    for file in Path(settings.EMAIL_FILE_PATH).glob("*.log"):
        if address.encode() in file.read_bytes():
            file.unlink(missing_ok=True)
