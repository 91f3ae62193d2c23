"""What one delivery says, and through which channel it goes."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings

from alerts.channels import email, webpush
from alerts.channels.outcome import NotAccepted
from alerts.channels.webpush_keys import Vapid
from alerts.core import texts
from alerts.models import Alert, Channel, Delivery, EventKind
from diary.queries import has_standing_consent

_URGENT = 3
_CHASE = "chase.patient"
# The push service may keep a message this long for a phone that is off, in seconds.
_TTL = 24 * 3600


def no_longer_wanted(delivery: Delivery) -> str | None:
    """Why a message must not go out after all, as a code; None when it must."""
    if not delivery.recipient.is_active:
        return "account_inactive"
    if delivery.device and delivery.device.retired_at:
        return "device_retired"
    if delivery.event.text_key == _CHASE:
        return _answered(delivery.event.alert)
    if delivery.event.kind == EventKind.NOTICE or delivery.level >= _URGENT:
        return None
    if not has_standing_consent(delivery.patient):
        return "consent_withdrawn"
    alert = delivery.event.alert
    return "alert_ended" if alert and alert.ended_at else None


def _answered(alert: Alert | None) -> str | None:
    """Why nobody needs to be told once more of an alert."""
    if alert is None:
        return None
    if alert.ended_at:
        return "alert_ended"
    return "alert_read" if alert.acknowledged_at else None


def send(delivery: Delivery) -> str:
    """Hand a message to its provider and return its id there; raise NotAccepted."""
    return _SENDERS[Channel(delivery.channel)](delivery)


def _by_email(delivery: Delivery) -> str:
    locale = delivery.patient.locale
    if delivery.event.kind == EventKind.NOTICE:
        said = texts.text(delivery.event.text_key, locale)
        subject, body = said.title, said.advice
    else:
        number = settings.EMERGENCY_NUMBER
        mail = texts.mail(delivery.level, locale, emergency_number=number)
        subject, body = mail.subject, mail.body
    return email.send(
        to=delivery.recipient.email,
        subject=subject,
        body=body,
        message_id=f"<{delivery.pk}@{_mail_domain()}>",
    )


def _by_webpush(delivery: Delivery) -> str:
    device = delivery.device
    if device is None:
        raise NotAccepted("device_missing", permanent=True)
    event = delivery.event
    line = texts.push_line(delivery.level, delivery.patient.locale)
    return webpush.send(
        endpoint=device.endpoint,
        p256dh=device.p256dh,
        auth=device.auth,
        payload=webpush.payload_of(
            line, str(event.alert_id) if event.alert_id else None, delivery.level
        ),
        topic=delivery.pk.hex,  # the same at every attempt: a second one replaces the first
        urgency="high" if delivery.level >= _URGENT else "normal",
        ttl=_TTL,
        vapid=Vapid(settings.WEBPUSH_VAPID_PRIVATE_KEY, settings.WEBPUSH_CONTACT),
        allowed_hosts=settings.WEBPUSH_ALLOWED_HOSTS,
        allow_loopback=settings.WEBPUSH_ALLOW_LOOPBACK,
    )


def _mail_domain() -> str:
    contact = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip("> ")
    return contact or urlsplit(settings.WEBPUSH_CONTACT).hostname or "localhost"


_SENDERS: dict[Channel, Callable[[Delivery], str]] = {
    Channel.EMAIL: _by_email,
    Channel.WEBPUSH: _by_webpush,
}
