"""Access and refresh tokens of the app; a refresh token is spent once, under its session's lock."""

import time
from typing import Any

from allauth.headless.tokens.strategies.jwt import internal
from allauth.headless.tokens.strategies.jwt.strategy import JWTTokenStrategy
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.db import transaction

# An answer that was lost on the way may be asked for again within this many seconds.
GRACE_SECONDS = 30
_SPENT = "spent_refresh_tokens"  # id -> [when it was spent, id of its successor]


class LockedTokenStrategy(JWTTokenStrategy):
    """Rotates the refresh tokens of one device one at a time; a stolen one ends its session."""

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
