"""The canary: a patient played by the service, who walks the whole way as a phone does.

It reports a warning sign, must be told what to do in the answer, must see its message delivered,
acknowledges it, and has the alert closed. Nobody is told of it; a step that fails is an incident.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import uuid4

import structlog
from django.db import Error

from alerts import acts, incidents
from alerts.heartbeats import CANARY, CANARY_FAILED, beat
from alerts.models import Alert, Incident, IncidentKind, Level
from config.canary_account import Account, physician
from config.canary_phone import NoAnswer, Phone
from diary.locking import database_now

ANSWERED_WITHIN = 2.0  # seconds from the post to the guidance
DELIVERED_WITHIN = 10.0  # seconds from the post to the message
_LOOKS_EVERY = 0.2
log = structlog.get_logger("config.canary")


class Stumbled(Exception):
    """The step that failed and a code of how; never what was in an answer."""


@dataclass
class Walk:
    """One walk through everything; `seconds` is what it took from the post to the delivery."""

    account: Account
    phone: Phone
    alert_id: str = ""
    seconds: float = 0.0
    began: float = field(default_factory=time.monotonic)

    def steps(self) -> dict[str, Callable[[], None]]:
        """What is done, in this order; the names are the causes of incidents."""
        return {
            "log in": self._log_in,
            "post": self._post,
            "deliver": self._await_delivery,
            "acknowledge": self._acknowledge,
            "close": self._close,
        }

    def _log_in(self) -> None:
        self.phone.log_in(self.account.email, self.account.password)

    def _post(self) -> None:
        said = {
            "symptom_at": database_now().isoformat(),
            "red_flags": {"bladder": "new_or_worse"},
        }
        self.began = time.monotonic()
        answer = self.phone.send("PUT", f"/api/v1/entries/{uuid4()}/", said, expected=201)
        took = time.monotonic() - self.began
        guidance, alerts = answer.get("guidance") or {}, answer.get("alerts") or []
        if guidance.get("level") != Level.EMERGENCY or not alerts:
            raise Stumbled("no guidance")
        if took > ANSWERED_WITHIN:
            raise Stumbled("slow")
        self.alert_id = alerts[0]["id"]

    def _await_delivery(self) -> None:
        while "delivered" not in self._events():
            if time.monotonic() - self.began > DELIVERED_WITHIN:
                raise Stumbled("nothing delivered")
            time.sleep(_LOOKS_EVERY)
        self.seconds = time.monotonic() - self.began

    def _events(self) -> set[str]:
        alert = self.phone.send("GET", f"/api/v1/alerts/{self.alert_id}/")
        return {event["event"] for event in alert["timeline"]}

    def _acknowledge(self) -> None:
        alert = self.phone.send("POST", f"/api/v1/alerts/{self.alert_id}/acknowledge/", {})
        if alert["status"] != "acknowledged":
            raise Stumbled("not acknowledged")

    def _close(self) -> None:
        close_open_alerts(self.account)
        alert = self.phone.send("GET", f"/api/v1/alerts/{self.alert_id}/")
        if alert["status"] != "cleared":
            raise Stumbled("not closed")


def close_open_alerts(account: Account) -> None:
    """End what is open, so that the next walk opens an alert of its own."""
    for alert in Alert.objects.filter(patient=account.patient, ended_at=None):
        patient_id = account.patient.pk
        try:
            acts.close(alert_id=alert.pk, patient_id=patient_id, by=physician(), reason="canary")
        except acts.AlreadyEnded:
            continue


def walk(account: Account, phone: Phone) -> str | None:
    """Walk once and keep the result; the step that failed comes back, None when all was well."""
    round_trip = Walk(account, phone)
    failed = _first_failure(round_trip)
    try:
        _keep(failed, seconds=round_trip.seconds, at=database_now())
        if failed:
            close_open_alerts(account)
    except Error as error:  # the readiness of the service says so, too
        log.warning("canary could not note its walk", exc_info=error)
    return failed


def _first_failure(round_trip: Walk) -> str | None:
    for name, step in round_trip.steps().items():
        try:
            step()
        except (Stumbled, NoAnswer) as error:
            return f"{name}: {error}"
        except Exception as error:  # an answer of another shape, a database that is away
            log.warning("canary stumbled", step=name, exc_info=error)
            return f"{name}: {type(error).__name__}"
    return None


def _keep(failed: str | None, *, seconds: float, at: datetime) -> None:
    kind = IncidentKind.CANARY_FAILED
    if failed:
        beat(CANARY_FAILED)
        incidents.report(patient=None, kind=kind, cause=failed, at=at)
        return
    beat(CANARY, seconds=seconds)
    Incident.objects.filter(kind=kind, resolved_at=None).update(resolved_at=at)
    log.info("canary is well", seconds=round(seconds, 2))
