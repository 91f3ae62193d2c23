"""A push service for developers, played by the web process of their own machine.

What the inbox page shows came over the wire, encrypted and signed as for any browser. A
subscriber's keys are made from its name and our secret, so nothing is kept but what came.
"""

import base64
import hmac
import json
import os
from collections.abc import Iterator, Mapping
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

import http_ece
import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings

from alerts.channels.webpush_keys import public_key, signing_key

PATH: Final = "/sandbox/push/"
MAX_BYTES: Final = 4_096
_PORT: Final = "8000"
_CURVE: Final = ec.SECP256R1()
_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


class NotAPush(Exception):
    """The request is none that a push service takes."""


class Push(NamedTuple):
    """One message as the browser would have got it."""

    at: datetime
    endpoint: str
    message: str  # the id under which it replaces another: the topic
    urgency: str
    said: dict[str, Any]


def subscription(name: str) -> dict[str, Any]:
    """What a browser's PushManager would give: endpoint and keys."""
    return {
        "endpoint": f"{_origin()}{PATH}{name}",
        "keys": {"p256dh": _encoded(_point(_private_key(name))), "auth": _encoded(_auth(name))},
    }


def take(name: str, headers: Mapping[str, str], sealed: bytes, *, at: datetime) -> None:
    """Keep one message as a browser would have got it; raise NotAPush."""
    try:
        _check_sender(headers["Authorization"])
        opened = http_ece.decrypt(
            sealed, private_key=_private_key(name), auth_secret=_auth(name), version="aes128gcm"
        )
        said = json.loads(opened)
        topic, urgency = headers["Topic"], headers["Urgency"]
    except (KeyError, ValueError, jwt.PyJWTError, http_ece.ECEException) as error:
        raise NotAPush from error
    kept = {"at": at.isoformat(), "name": name, "topic": topic, "urgency": urgency, "said": said}
    _keep(kept, at)


def pushes(newest: int) -> Iterator[Push]:
    """The messages that came, newest first."""
    for file in sorted(_folder().glob("*.json"), reverse=True)[:newest]:
        kept = json.loads(file.read_bytes())
        endpoint = f"{PATH}{kept['name']}"
        at = datetime.fromisoformat(kept["at"])
        yield Push(at, endpoint, kept["topic"], kept["urgency"], kept["said"])


def forget() -> None:
    """Delete every message that came."""
    for file in _folder().glob("*.json"):
        file.unlink(missing_ok=True)


def _keep(kept: dict[str, Any], at: datetime) -> None:
    folder = _folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"{at:%Y%m%d-%H%M%S-%f}-{os.urandom(4).hex()}"
    draft = folder / f"{name}.new"  # complete or absent: the page may look at any moment
    draft.write_text(json.dumps(kept))
    draft.rename(folder / f"{name}.json")


def _folder() -> Path:
    return Path(settings.DATA_DIR) / "push"


def _check_sender(authorization: str) -> None:
    """Whether this very service signed it, for us."""
    scheme, _, rest = authorization.partition(" ")
    parts = dict(part.strip().split("=", 1) for part in rest.split(","))
    own = settings.WEBPUSH_VAPID_PRIVATE_KEY
    if scheme != "vapid" or parts.get("k", "").rstrip("=") != public_key(own):
        raise NotAPush
    key: Any = signing_key(own).public_key()
    claims = jwt.decode(
        parts["t"], key, algorithms=["ES256"], options={"verify_aud": False, "require": ["exp"]}
    )
    if urlsplit(str(claims.get("aud"))).hostname != "127.0.0.1":
        raise NotAPush


def _private_key(name: str) -> ec.EllipticCurvePrivateKey:
    number = int.from_bytes(_secret("key", name) + _secret("more", name), "big")
    return ec.derive_private_key(1 + number % (_ORDER - 1), _CURVE)


def _auth(name: str) -> bytes:
    return _secret("auth", name)[:16]


def _secret(what: str, name: str) -> bytes:
    key = settings.SECRET_KEY.encode()
    return hmac.new(key, f"sandbox {what} {name}".encode(), sha256).digest()


def _point(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )


def remember_port() -> None:
    """Keep where the web process listens, for commands that are not told."""
    _port_file().write_text(os.environ.get("PORT") or _PORT)


def port() -> str:
    """Where the web process listens: as we are told, else as it was the last time."""
    kept = _port_file().read_text() if _port_file().exists() else _PORT
    return os.environ.get("PORT") or kept


def _origin() -> str:
    return f"http://127.0.0.1:{port()}"


def _port_file() -> Path:
    return Path(settings.DATA_DIR) / "sandbox_port"


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
