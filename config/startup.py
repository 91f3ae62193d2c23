"""What a deployment must have set before it may serve anybody.

`python -m config.startup` asks before anything is started or changed.
"""

import os
import sys

import django
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from config.demands import addresses, messages, push, secrets, tasks

_ALWAYS = (push.of_fcm, push.of_apns)
_DEMANDS = (
    *_ALWAYS,
    secrets.of_sessions,
    addresses.of_the_database,
    addresses.of_the_broker,
    messages.of_mails,
    messages.of_the_clinic,
    secrets.of_web_push,
    messages.of_the_contact,
    secrets.of_operation,
    tasks.of_the_queue,
    tasks.of_the_time_limits,
)


def check_settings() -> None:
    """Raise ImproperlyConfigured naming every setting that is missing or unsafe, never a value."""
    if not apps.ready and not settings.RELAXED:
        django.setup()
    demands = _ALWAYS if settings.RELAXED else _DEMANDS
    wrong = [complaint for demand in demands for complaint in demand()]
    if wrong:
        raise ImproperlyConfigured("Refusing to start: " + " ".join(wrong))


def exit_unless_safe() -> None:
    """Like `check_settings`, where an exception would only be logged: nothing goes on after it."""
    try:
        check_settings()
    except ImproperlyConfigured as error:
        sys.exit(str(error))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    exit_unless_safe()
