"""Who asks: a patient with a diary, and everybody else who tries every door of the service."""

import base64
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.cookies import SimpleCookie
from typing import Any, NamedTuple
from uuid import uuid4

import jwt
import pgtrigger
from allauth.headless.tokens.strategies.jwt import internal
from django.conf import settings
from django.contrib import admin
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Model
from django.test import Client
from django.utils import timezone

from alerts.models import AlertEvent, EventKind
from config.sessions import cookie_of
from diary.models import CareRelationship, Entry, Massage, Patient, RejectedItem, User
from diary.services import consent, erasure
from tests import everything
from tests.diary.admin import clinic
from tests.diary.admin.walk import missing_pk
from tests.phones import Answer, enrolled

MARK = "zqcanaryofa"
METRICS_TOKEN = "the-token-of-the-metrics"
Ids = dict[str, Any]


class Story(NamedTuple):
    """Patient A with one of everything, the physician of A, and what all of it is called."""

    patient: Patient
    physician: User
    ids: Ids
    nobodys: Ids


def told() -> Story:
    """The story, with a mark of A's own in every text."""
    physician = clinic.physician("Ada")
    patient = everything.lived(MARK, physician)
    event = AlertEvent.objects.filter(patient=patient, kind=EventKind.OPENED)[0]
    AlertEvent.objects.create(
        **{name: getattr(event, name) for name in ("patient", "alert", "rule", "level", "at")},
        kind=EventKind.ESCALATED,
        text_key=event.text_key,
        subject=event.subject,
    )
    _make_readable(patient)
    in_app = {
        "entries": Entry.objects.filter(patient=patient, deleted_at=None)[0].record_id,
        "massages": Massage.objects.filter(patient=patient, deleted_at=None)[0].record_id,
        "alerts": patient.alerts.filter(ended_at=None)[0].pk,
        "devices": patient.devices.all()[0].device_id,
    }
    on_pages = {_name(model): _row(model, patient) for model in admin.site._registry}
    nowhere = {name: missing_pk(model) for model in admin.site._registry for name in [_name(model)]}
    absent: Ids = {name: uuid4() for name in in_app}
    absent |= {"push": "somebody"}
    return Story(patient, physician, {**absent, **in_app, **on_pages}, {**absent, **nowhere})


def _make_readable(patient: Patient) -> None:
    """Give the item that could not be read the form that a sync keeps."""
    error = {"pointer": "/data/note", "code": "max_length", "detail": MARK}
    with pgtrigger.ignore():
        items = RejectedItem.objects.filter(patient=patient)
        items.update(item=json.dumps({"data": {"note": MARK}}), errors=[error])


def _name(model: type[Model]) -> str:
    return str(model._meta.model_name)


def _row(model: type[Model], patient: Patient) -> Any:
    if model is Patient:
        return patient.pk
    rows = model._default_manager.filter(patient=patient)
    if model is AlertEvent:
        rows = rows.filter(kind=EventKind.ESCALATED)
    return rows.order_by("pk")[0].pk


class Visitor:
    """Somebody with a bearer token, a browser, both or neither; each request stands alone."""

    def __init__(self, user: User | None = None, *, authorization: str = "") -> None:
        self.cookie, self.headers = "", {"X-Client": "test/1.0.0"}
        if user is not None:
            key, token = session_of(user)
            self.cookie, authorization = cookie_of(key), f"Bearer {token}"
        if authorization:
            self.headers["Authorization"] = authorization
        self._http = Client(raise_request_exception=False)

    def send(self, method: str, address: str, body: Any = None) -> Answer:
        """Send a form as a form, everything else as JSON."""
        named = {settings.SESSION_COOKIE_NAME: self.cookie} if self.cookie else {}
        self._http.cookies = SimpleCookie(named)
        if address.startswith("/admin/") and method == "POST":
            return self._http.post(address, body or {}, headers=self.headers)
        raw = b"" if body is None else json.dumps(body).encode()
        kind = "application/json"
        return self._http.generic(method, address, raw, content_type=kind, headers=self.headers)


def session_of(user: User) -> tuple[str, str]:
    """The key of a new session, and an access token of it."""
    browser = Client()
    browser.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    token: str = internal.create_access_token(user, browser.session, {})
    return str(browser.session.session_key), token


@contextmanager
def undone() -> Iterator[None]:
    """Take back what happens within, so that the next request finds everything as it was."""
    begun = transaction.savepoint()
    yield
    transaction.savepoint_rollback(begun)


# --- The actors ---------------------------------------------------------------------------------


def _revoked(story: Story) -> Visitor:
    visitor = Visitor(story.patient.user)
    Session.objects.all().delete()
    return visitor


def _deactivated(story: Story) -> Visitor:
    visitor = Visitor(story.patient.user)
    User.objects.filter(pk=story.patient.user_id).update(is_active=False)
    return visitor


def _erased(story: Story) -> Visitor:
    visitor = Visitor(story.patient.user)
    erasure.erase(patient_id=story.patient.pk)
    return visitor


def _forged(how: str) -> Callable[[Story], Visitor]:
    def visitor(story: Story) -> Visitor:
        token = session_of(story.patient.user)[1]
        return Visitor(authorization=forgeries(token)[how])

    return visitor


def forgeries(token: str) -> dict[str, str]:
    """Values of the Authorization header that open nothing, made of a token that does."""
    head, body, signature = token.split(".")
    claims = jwt.decode(token, options={"verify_signature": False})
    other = "A" if signature[5] != "A" else "B"
    none = base64.urlsafe_b64encode(json.dumps({"alg": "none", "typ": "JWT"}).encode()).decode()

    def signed(changed: dict[str, Any], key: str = settings.SECRET_KEY) -> str:
        return "Bearer " + jwt.encode({**claims, **changed}, key, "HS256")

    return {
        "expired": signed({"exp": 1}),
        "of another use": signed({"token_use": "refresh"}),
        "of another server": signed({}, "k" * 64),
        "tampered": f"Bearer {head}.{body}.{signature[:5]}{other}{signature[6:]}",
        "alg none": f"Bearer {none.rstrip('=')}.{body}.",
        "two headers": f"Bearer {token},Bearer {token}",
        "10 kB": "Bearer " + "a" * 10_240,
        "empty": "Bearer ",
    }


def _metrics(_story: Story) -> Visitor:
    return Visitor(authorization=f"Bearer {METRICS_TOKEN}")


def _unconsented(story: Story) -> Visitor:
    consent.withdraw(patient_id=story.patient.pk)
    return Visitor(story.patient.user)


def _former(story: Story) -> Visitor:
    visitor = Visitor(story.physician)
    CareRelationship.objects.update(ended_at=timezone.now())
    return visitor


def _staff(**fields: Any) -> Callable[[Story], Visitor]:
    return lambda _story: Visitor(
        User.objects.create(email="staff@clinic.example", password="!", is_staff=True, **fields)
    )


FORGERIES = (
    *("expired", "of another use", "of another server", "tampered", "alg none"),
    *("two headers", "10 kB", "empty"),
)
# The class that the declared answers speak of, and how its visitor comes about.
ACTORS: dict[str, tuple[str, Callable[[Story], Visitor]]] = {
    "nobody": ("nobody", lambda _: Visitor()),
    "A, logged out on this device": ("nobody", _revoked),
    "A, deactivated": ("nobody", _deactivated),
    "A, erased": ("nobody", _erased),
    **{f"A, with a token {how}": ("nobody", _forged(how)) for how in FORGERIES},
    "the service that reads metrics": ("metrics", _metrics),
    "A": ("A", lambda story: Visitor(story.patient.user)),
    "A, consent withdrawn": ("A without consent", _unconsented),
    "B": ("B", lambda _: Visitor(enrolled().user)),
    "the physician of A": ("physician of A", lambda story: Visitor(story.physician)),
    "a physician of others": ("other physician", lambda _: Visitor(clinic.physician("Ben"))),
    "the physician of A until now": ("other physician", _former),
    "staff without a role": ("staff", _staff()),
    "superuser": ("superuser", _staff(is_superuser=True)),
}
