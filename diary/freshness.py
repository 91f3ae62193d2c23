"""When the bearer of an access token last proved who they are."""

from datetime import UTC, datetime

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore


def proved_at(session_key: str) -> datetime | None:
    """The last log-in, or password or code sent again, in a session; None when nobody knows."""
    records = SessionStore(session_key).get(AUTHENTICATION_METHODS_SESSION_KEY)
    return datetime.fromtimestamp(max(each["at"] for each in records), UTC) if records else None
