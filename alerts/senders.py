"""What one delivery says, and through which channel it goes."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings

from alerts import mails, providers
from alerts.channels import apns, email, fcm, webpush
from alerts.channels.outcome import NotAccepted
from alerts.channels.push_message import PushMessage
from alerts.channels.webpush_keys import Vapid
from alerts.core import texts
from alerts.models import AlertEvent, Channel, Delivery, DeviceKind, EventKind, PushDevice

# The push service may keep a message this long for a phone that is off, in seconds.
_TTL = 24 * 3600
_FCM_TARGETS = {
    DeviceKind.FCM: fcm.REGISTRATION_TOKEN,
    DeviceKind.FCM_FID: fcm.INSTALLATION_ID,
}
_SMTP = "smtp"  # of the mail backends the ones that go to a host


def send(delivery: Delivery, *, level: int) -> str:
    """Hand a message to its provider and return its id there; raise NotAccepted.

    `level` is that of the whole message, of which the delivery is the leading part.
    """
    return _SENDERS[Channel(delivery.channel)].send(delivery, level)


def far_end(delivery: Delivery) -> str:
    """The host that a delivery goes to, with its port where that is unusual; "" for none."""
    return _SENDERS[Channel(delivery.channel)].far_end(delivery)


def _by_email(delivery: Delivery, level: int) -> str:
    mail = mails.mail_for(delivery, level=level)
    return email.send(
        to=mail.to,
        subject=mail.subject,
        body=mail.body,
        message_id=f"<{_message_of(delivery)}@{_mail_domain()}>",
    )


def _by_webpush(delivery: Delivery, level: int) -> str:
    device, message = _device_of(delivery), _push_of(delivery, level)
    return webpush.send(
        endpoint=device.endpoint,
        p256dh=device.p256dh,
        auth=device.auth,
        payload=webpush.payload_of(message.line, message.alert, message.level),
        topic=message.tag,  # the same at every attempt: a second one replaces the first
        urgency="high" if message.is_urgent else "normal",
        ttl=message.ttl,
        vapid=Vapid(settings.WEBPUSH_VAPID_PRIVATE_KEY, settings.WEBPUSH_CONTACT),
        allowed_hosts=settings.WEBPUSH_ALLOWED_HOSTS,
        allow_loopback=providers.may_be_local(device.endpoint),
    )


def _by_fcm(delivery: Delivery, level: int) -> str:
    device = _device_of(delivery)
    return fcm.send(
        _push_of(delivery, level),
        kind=_FCM_TARGETS[DeviceKind(device.kind)],
        address=device.endpoint,
        account=providers.fcm_account(),
        base_url=settings.FCM_BASE_URL,
    )


def _by_apns(delivery: Delivery, level: int) -> str:
    return apns.send(
        _push_of(delivery, level),
        token=_device_of(delivery).endpoint,
        key=providers.apns_key(),
        base_url=settings.APNS_BASE_URL,
    )


def _nowhere(delivery: Delivery, level: int) -> str:
    """The service's own patient has a phone that takes everything and does not exist."""
    return "canary"


def _push_of(delivery: Delivery, level: int) -> PushMessage:
    event, patient = delivery.event, delivery.patient
    if event is None or patient is None:  # of an incident, which goes by mail alone
        raise NotAccepted("event_missing", permanent=True)
    return PushMessage(
        line=_line_of(event, level, patient.locale),
        alert=str(event.alert_id) if event.alert_id else None,
        level=level,
        id=_message_of(delivery),
        ttl=_TTL,
    )


def _line_of(event: AlertEvent, level: int, locale: str) -> str:
    """Neutral, whatever the event: it stands on a locked screen."""
    if event.kind == EventKind.NOTICE:
        return texts.text(event.text_key, locale).title
    return texts.push_line(level, locale)


def _message_of(delivery: Delivery) -> UUID:
    return delivery.message or delivery.pk


def _device_of(delivery: Delivery) -> PushDevice:
    if delivery.device is None:
        raise NotAccepted("device_missing", permanent=True)
    return delivery.device


def _mail_domain() -> str:
    contact = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip("> ")
    return contact or urlsplit(settings.WEBPUSH_CONTACT).hostname or "localhost"


def _push_service(delivery: Delivery) -> str:
    return urlsplit(delivery.device.endpoint).netloc if delivery.device else ""


def _mail_server(_: Delivery) -> str:
    is_far = _SMTP in settings.EMAIL_BACKEND
    return f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}" if is_far else ""


@dataclass(frozen=True)
class _Sender:
    send: Callable[[Delivery, int], str]
    far_end: Callable[[Delivery], str]


_SENDERS: dict[Channel, _Sender] = {
    Channel.EMAIL: _Sender(_by_email, _mail_server),
    Channel.WEBPUSH: _Sender(_by_webpush, _push_service),
    Channel.FCM: _Sender(_by_fcm, lambda _: urlsplit(settings.FCM_BASE_URL).netloc),
    Channel.APNS: _Sender(_by_apns, lambda _: urlsplit(settings.APNS_BASE_URL).netloc),
    Channel.CANARY: _Sender(_nowhere, lambda _: ""),
}
