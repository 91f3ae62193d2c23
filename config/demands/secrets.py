"""Keys, tokens, and who may come in."""

from collections.abc import Iterator

from django.conf import settings

from alerts.channels.webpush_keys import signing_key

# RFC 8291 prints these two; whoever can read has them.
_PUBLISHED = (
    "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw",
    "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94",
)
_FEWEST_BYTES = 8  # different ones in 32 or more; fewer were typed, not drawn


def of_sessions() -> Iterator[str]:
    """The key that signs, and the names under which we answer."""
    key, hosts = settings.SECRET_KEY, settings.ALLOWED_HOSTS
    origins = settings.CSRF_TRUSTED_ORIGINS
    demands = [
        (settings.SECRET_KEY_GIVEN, "SECRET_KEY is not set."),
        (len(key) >= 50, "SECRET_KEY is shorter than 50 characters."),
        (len(set(key)) >= _FEWEST_BYTES, "SECRET_KEY hardly varies."),
        ("django-insecure" not in key, "SECRET_KEY is an example."),
        (not settings.DEBUG, "DEBUG shows patients' words on error pages."),
        ("*" not in hosts and hosts, "ALLOWED_HOSTS allows every host, or none."),
        (
            all(origin.startswith("https://") for origin in origins),
            "CSRF_TRUSTED_ORIGINS has an origin without https.",
        ),
    ]
    return (complaint for met, complaint in demands if not met)


def of_operation() -> Iterator[str]:
    """What is for operators, and what is for tests alone."""
    if settings.METRICS_TOKEN and len(settings.METRICS_TOKEN) < 32:
        yield "METRICS_TOKEN is shorter than 32 characters."
    if settings.FAILPOINT:
        yield "FAILPOINT is for tests only."
    if settings.WEBPUSH_ALLOW_LOOPBACK:
        yield "WEBPUSH_ALLOW_LOOPBACK is for tests only."


def of_web_push() -> Iterator[str]:
    """The key under which push services know us."""
    if not settings.WEBPUSH_VAPID_PRIVATE_KEY:
        yield "WEBPUSH_VAPID_PRIVATE_KEY is not set."
        return
    try:
        number = _number(settings.WEBPUSH_VAPID_PRIVATE_KEY)
    except ValueError:
        yield "WEBPUSH_VAPID_PRIVATE_KEY is no P-256 private key of 32 bytes in base64url."
        return
    if number in map(_number, _PUBLISHED) or len(set(number.to_bytes(32, "big"))) < _FEWEST_BYTES:
        yield "WEBPUSH_VAPID_PRIVATE_KEY is an example."


def _number(key: str) -> int:
    return signing_key(key).private_numbers().private_value
