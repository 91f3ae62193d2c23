"""Which providers this server has an account with; a channel without one is off."""

import functools
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings

from alerts.channels import apns
from alerts.channels.fcm_account import ServiceAccount, service_account
from alerts.channels.line import base_of
from alerts.channels.outcome import NotAccepted
from alerts.models import Channel

# The push service that the web process of a developer's machine plays for itself.
_SANDBOX = re.compile(r"http://127\.0\.0\.1:[0-9]{1,5}/sandbox/push/[A-Za-z0-9_-]{1,64}")


def is_configured(channel: Channel) -> bool:
    """Whether this server can send through a channel."""
    return _CONFIGURED[channel]()


def may_be_local(endpoint: str) -> bool:
    """Whether a push may be posted to this very machine, if the endpoint is there."""
    is_own = settings.RELAXED and _SANDBOX.fullmatch(endpoint)
    return bool(settings.WEBPUSH_ALLOW_LOOPBACK or is_own)


def fcm_account() -> ServiceAccount:
    """The account that sends for the Firebase project; raise NotAccepted."""
    with _repairable():
        base_of(settings.FCM_BASE_URL)
        return _account_in(settings.FCM_SERVICE_ACCOUNT_FILE)


def apns_key() -> apns.SigningKey:
    """The key that signs for Apple; raise NotAccepted."""
    with _repairable():
        base_of(settings.APNS_BASE_URL)
        return apns.SigningKey(
            key_id=settings.APNS_KEY_ID,
            team_id=settings.APNS_TEAM_ID,
            topic=settings.APNS_TOPIC,
            private_key=_key_in(settings.APNS_KEY_FILE),
        )


@contextmanager
def _repairable() -> Iterator[None]:
    """What is wrong with a setting is the operator's to repair, and the message is owed still."""
    try:
        yield
    except ValueError:
        raise NotAccepted("misconfigured", permanent=False, far_end_down=True) from None


# Read once for each process; whoever changes a key starts the processes anew.
_account_in = functools.cache(service_account)
_key_in = functools.cache(apns.private_key)

_CONFIGURED: dict[Channel, Callable[[], bool]] = {
    Channel.EMAIL: lambda: True,
    Channel.WEBPUSH: lambda: bool(settings.WEBPUSH_VAPID_PRIVATE_KEY),
    Channel.FCM: lambda: bool(settings.FCM_SERVICE_ACCOUNT_FILE),
    Channel.APNS: lambda: bool(settings.APNS_KEY_FILE),
    Channel.CANARY: lambda: True,
}
