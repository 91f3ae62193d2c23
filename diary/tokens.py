"""Tokens of the app: whom an access token stands for, and refresh tokens that are spent once.

What the database holds opens nothing: the key of a session is worth something only signed, as a
session token or a cookie, and refresh tokens are stored by their ids.
"""

import time
from typing import Any, NamedTuple

from allauth.headless.tokens.strategies.jwt import internal
from allauth.headless.tokens.strategies.jwt.strategy import JWTTokenStrategy
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from diary.models import User
from diary.statements import Statement

# An answer that was lost on the way may be asked for again within this many seconds.
GRACE_SECONDS = 30
_SIGNER = Signer(salt="diary.session_token")
_CALLER = Statement(
    User,
    """
    SELECT {found}, session.session_data
    FROM diary_user AS found
    JOIN django_session AS session
      ON session.session_key = %s AND session.expire_date > statement_timestamp()
    WHERE found.id = %s AND found.is_active
    """,
)
_SPENT = "spent_refresh_tokens"  # id -> [when it was spent, id of its successor]


class Caller(NamedTuple):
    """Whom an access token stands for, and on which device."""

    user: User
    session_key: str


def caller(access_token: str) -> Caller | None:
    """Whom a token stands for while its session lives, asked in one query; None for a refusal.

    The same checks as the log-in library's own, which asks for the session and then for the user.
    """
    payload = internal.decode_token(access_token, "access")
    key = payload and internal.session_key_from_sid(payload["sid"])
    if not payload or not key:
        return None
    user: Any = _CALLER.first(key, payload["sub"])
    if user is None or not _is_logged_in(user, SessionStore().decode(user.session_data)):
        return None
    return Caller(user, key)


def _is_logged_in(user: User, session: dict[str, Any]) -> bool:
    """Whether the session is this user's, and their password is still the same."""
    return (
        session.get(SESSION_KEY) == str(user.pk)
        and session.get(BACKEND_SESSION_KEY) in settings.AUTHENTICATION_BACKENDS
        and constant_time_compare(session.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash())
    )


class LockedTokenStrategy(JWTTokenStrategy):
    """Rotates the refresh tokens of one device one at a time; a stolen one ends its session."""

    def get_session_token(self, request: HttpRequest) -> str | None:
        """The session token that came, or the one that the access token stands for."""
        token: str | None = request.headers.get("X-Session-Token")
        if token:
            return token
        key = super().get_session_token(request)
        return _SIGNER.sign(key) if key else None

    def create_session_token(self, request: HttpRequest) -> str:
        """The key of the session, signed."""
        return _SIGNER.sign(super().create_session_token(request))

    def lookup_session(self, session_token: str) -> SessionBase | None:
        """The session of a token, None when it is no longer there or was not signed here."""
        try:
            key = _SIGNER.unsign(session_token)
        except BadSignature:
            return None
        session: SessionBase | None = super().lookup_session(key)
        return session

    def refresh_token(self, refresh_token: str) -> tuple[str, str] | None:
        """Spend a refresh token: a new access and refresh token, or None for a refusal."""
        payload = internal.decode_token(refresh_token, "refresh")
        key = payload and internal.session_key_from_sid(payload["sid"])
        if not payload or not key:
            return None
        with transaction.atomic():
            # Two refreshes of one device may race: the second waits, and sees the token spent.
            list(Session.objects.select_for_update().filter(pk=key).values_list("pk"))
            session = internal.get_token_session(payload)
            user = session and internal.validate_token_user(payload, session)
            if not session or not user:
                return None
            spendable = _spendable(session, payload["jti"])
            if spendable is None:
                _end(session)
                return None
            successor = internal.create_refresh_token(user, session)
            _spend(session, presented=payload["jti"], spent=spendable, successor=successor)
            return internal.create_access_token(user, session, self.get_claims(user)), successor


def _spendable(session: SessionBase, token_id: str) -> str | None:
    """The live token this one stands for: itself, or the unused successor of a lost answer."""
    live = internal.get_refresh_token_state(session)
    if token_id in live:
        return token_id
    spent_at, successor = session.get(_SPENT, {}).get(token_id, (0, ""))
    in_time = time.time() - spent_at <= GRACE_SECONDS
    return successor if in_time and successor in live else None


def _spend(session: SessionBase, *, presented: str, spent: str, successor: str) -> None:
    """Replace the live token `spent` for the bearer of `presented`, which may be the same."""
    live = internal.get_refresh_token_state(session)
    now = time.time()
    recent: dict[str, Any] = {
        token_id: entry
        for token_id, entry in session.get(_SPENT, {}).items()
        if now - entry[0] <= GRACE_SECONDS
    }
    payload = internal.decode_token(successor, "refresh")
    next_id = payload and payload["jti"]
    live.pop(spent, None)
    if presented != spent:  # nobody used `spent`: whoever waits for it may have the next instead
        for entry in recent.values():
            entry[1] = next_id if entry[1] == spent else entry[1]
    recent[spent] = [now, next_id]
    session[_SPENT] = recent
    session.save()


def _end(session: SessionBase) -> None:
    """End one device's session: its access tokens die with it."""
    UserSession.objects.filter(session_key=session.session_key).delete()
    session.delete()
