"""The providers of pushes: whole accounts, in files that nobody else reads, reached by https."""

from collections.abc import Callable, Iterator

from django.conf import settings

from alerts.channels import apns
from alerts.channels.fcm_account import service_account
from alerts.channels.key_file import KeyRefused
from alerts.channels.line import base_of

_OF_APNS = ("APNS_KEY_FILE", "APNS_KEY_ID", "APNS_TEAM_ID", "APNS_TOPIC")


def of_fcm() -> Iterator[str]:
    """A service account, if there is to be FCM."""
    if settings.FCM_SERVICE_ACCOUNT_FILE:
        yield from _base("FCM_BASE_URL")
        yield from _file("FCM_SERVICE_ACCOUNT_FILE", _closed_account)


def of_apns() -> Iterator[str]:
    """All that Apple asks for, if there is to be APNs."""
    given = [name for name in _OF_APNS if getattr(settings, name)]
    if not given:
        return
    yield from (f"{name} is not set." for name in _OF_APNS if name not in given)
    yield from _base("APNS_BASE_URL")
    if settings.APNS_KEY_FILE:
        yield from _file("APNS_KEY_FILE", apns.private_key)


def _base(name: str) -> Iterator[str]:
    if not _is_https(getattr(settings, name)):
        yield f"{name} is no https: address."


def _file(name: str, read: Callable[[str], object]) -> Iterator[str]:
    try:
        read(getattr(settings, name))
    except KeyRefused as refusal:
        yield f"{name} {refusal}."


def _closed_account(path: str) -> None:
    if not _is_https(service_account(path).token_uri):
        raise KeyRefused("names a token_uri that is not https")


def _is_https(url: str) -> bool:
    try:
        # A developer's machine may play the provider itself.
        return base_of(url).scheme == "https" or settings.RELAXED
    except ValueError:
        return False
