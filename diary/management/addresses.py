"""The addresses of new accounts on the command line."""

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.core.validators import validate_email

from diary.models import User


def check_new(email: str) -> None:
    """Raise CommandError when nobody could be reached there, or when it has an account."""
    try:
        validate_email(email)
    except ValidationError as error:
        raise CommandError(f"{email!r} is no email address.") from error
    if User.objects.filter(email__iexact=email).exists():
        raise CommandError(f"{email} has an account already.")
