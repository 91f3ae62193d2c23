"""The keys of Web Push: the browser's (RFC 8291) and this service's own (VAPID, RFC 8292)."""

import base64
import re
from dataclasses import dataclass, field

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from alerts.channels.endpoint import EndpointRefused

_POINT_BYTES = 65  # 0x04, x, y
_AUTH_BYTES = 16
_PRIVATE_KEY_BYTES = 32
_BASE64URL = re.compile(r"[A-Za-z0-9_-]{1,128}={0,2}")


@dataclass(frozen=True)
class Vapid:
    """Who sends: 32 bytes of P-256 private key in base64url, and a mailto: for the provider."""

    private_key: str = field(repr=False)
    subject: str


def check_keys(p256dh: str, auth: str) -> None:
    """Raise EndpointRefused unless both are what a browser makes."""
    try:
        _point(_decoded(p256dh, _POINT_BYTES))
    except ValueError:
        raise EndpointRefused("p256dh_invalid") from None
    try:
        _decoded(auth, _AUTH_BYTES)
    except ValueError:
        raise EndpointRefused("auth_invalid") from None


def generate_private_key() -> str:
    """A new private key, as the setting wants it."""
    number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    return _encoded(number.to_bytes(_PRIVATE_KEY_BYTES, "big"))


def public_key(private_key: str) -> str:
    """The uncompressed public point in base64url: what a browser subscribes with."""
    point = signing_key(private_key).public_key()
    return _encoded(
        point.public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
    )


def signing_key(private_key: str) -> ec.EllipticCurvePrivateKey:
    """The key that the setting spells; raise ValueError, which never quotes it."""
    try:
        number = int.from_bytes(_decoded(private_key, _PRIVATE_KEY_BYTES), "big")
        return ec.derive_private_key(number, ec.SECP256R1())
    except ValueError:
        raise ValueError("not a P-256 private key of 32 bytes in base64url") from None


def _point(raw: bytes) -> ec.EllipticCurvePublicKey:
    """The point on the curve; raise ValueError for anything that is not one."""
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw)


def _decoded(text: str, length: int) -> bytes:
    # Checked first: the library's decoder silently drops characters it does not know.
    if not _BASE64URL.fullmatch(text):
        raise ValueError("not base64url")
    bare = text.rstrip("=")
    raw = base64.urlsafe_b64decode(bare + "=" * (-len(bare) % 4))
    if len(raw) != length:
        raise ValueError("wrong length")
    return raw


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")
