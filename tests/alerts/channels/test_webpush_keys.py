"""The keys a browser sends, and the one this service signs with."""

import base64

import pytest

from alerts.channels import webpush
from tests.alerts.channels.test_webpush import KEY


def base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


POINT = webpush.public_key(KEY)
AUTH = base64url(b"0123456789abcdef")
OFF_CURVE = base64url(b"\x04" + b"\x01" * 64)


@pytest.mark.parametrize(
    ("p256dh", "auth"),
    [
        pytest.param(POINT, AUTH, id="bare"),
        pytest.param(POINT + "=", AUTH + "==", id="padded"),
    ],
)
def test_the_keys_that_a_browser_makes_are_taken(p256dh: str, auth: str) -> None:
    webpush.check_keys(p256dh, auth)


@pytest.mark.parametrize(
    ("p256dh", "auth", "code"),
    [
        pytest.param(OFF_CURVE, AUTH, "p256dh_invalid", id="off-the-curve"),
        pytest.param(base64url(b"\x00" * 65), AUTH, "p256dh_invalid", id="zeros"),
        pytest.param(base64url(b"\x02" + b"\x01" * 32), AUTH, "p256dh_invalid", id="compressed"),
        pytest.param(POINT[:-2], AUTH, "p256dh_invalid", id="too-short"),
        pytest.param(POINT[:-1] + "+", AUTH, "p256dh_invalid", id="plain-base64"),
        pytest.param(POINT + "\n", AUTH, "p256dh_invalid", id="line-end"),
        pytest.param("é" * 87, AUTH, "p256dh_invalid", id="not-ascii"),
        pytest.param("A" * 1_000_000, AUTH, "p256dh_invalid", id="a-megabyte"),
        pytest.param("", AUTH, "p256dh_invalid", id="empty"),
        pytest.param(POINT, base64url(b"x" * 15), "auth_invalid", id="15-bytes"),
        pytest.param(POINT, base64url(b"x" * 17), "auth_invalid", id="17-bytes"),
        pytest.param(POINT, "A" * 21, "auth_invalid", id="cut"),
        pytest.param(POINT, "A" * 1_000_000, "auth_invalid", id="a-megabyte-of-auth"),
        pytest.param(POINT, "", "auth_invalid", id="no-auth"),
    ],
)
def test_other_keys_are_refused(p256dh: str, auth: str, code: str) -> None:
    with pytest.raises(webpush.EndpointRefused) as refusal:
        webpush.check_keys(p256dh, auth)
    assert refusal.value.code == code


def test_a_new_private_key_has_32_bytes_and_its_point_65() -> None:
    assert len(base64.urlsafe_b64decode(webpush.generate_private_key() + "=")) == 32
    assert len(base64.urlsafe_b64decode(POINT + "=")) == 65
