"""What a deployment must have set before it may serve anybody.

`python -m config.startup` asks before anything is started or changed.
"""

import sys

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


def check_settings() -> None:
    """Raise ImproperlyConfigured naming every setting that is missing or unsafe, never a value."""
    wrong = [] if settings.RELAXED else _unsafe()
    if wrong:
        raise ImproperlyConfigured("Refusing to start: " + " ".join(wrong))


def _unsafe() -> list[str]:
    demands = [
        (settings.SECRET_KEY_GIVEN, "SECRET_KEY is not set."),
        (len(settings.SECRET_KEY) >= 50, "SECRET_KEY is shorter than 50 characters."),
        ("django-insecure" not in settings.SECRET_KEY, "SECRET_KEY is an example."),
        ("*" not in settings.ALLOWED_HOSTS, "ALLOWED_HOSTS allows every host."),
        (bool(settings.EMERGENCY_NUMBER), "EMERGENCY_NUMBER is not set."),
        (bool(settings.WEBPUSH_VAPID_PRIVATE_KEY), "WEBPUSH_VAPID_PRIVATE_KEY is not set."),
        (not settings.WEBPUSH_ALLOW_LOOPBACK, "WEBPUSH_ALLOW_LOOPBACK is for tests only."),
        ("filebased" not in settings.EMAIL_BACKEND, "EMAIL_URL is not set."),
    ]
    return [complaint for met, complaint in demands if not met]


def exit_unless_safe() -> None:
    """Like `check_settings`, where an exception would only be logged: nothing goes on after it."""
    try:
        check_settings()
    except ImproperlyConfigured as error:
        sys.exit(str(error))


if __name__ == "__main__":
    exit_unless_safe()
