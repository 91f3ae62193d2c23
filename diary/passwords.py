"""Passwords on the command line: read from standard input, or made up."""

import secrets
import sys

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser


def add_password_argument(parser: CommandParser) -> None:
    """Offer --password-stdin; a password as an argument would stand in the process list."""
    parser.add_argument(
        "--password-stdin", action="store_true", help="read the password from standard input"
    )


def chosen_password(command: BaseCommand, *, from_stdin: bool) -> str:
    """The password of a new account; one that was made up is printed, once."""
    if not from_stdin:
        password = secrets.token_urlsafe(16)
        command.stdout.write(f"Password: {password}")
        return password
    password = sys.stdin.readline().rstrip("\r\n")
    if not password:
        raise CommandError("No password came on standard input.")
    try:
        validate_password(password)
    except ValidationError as error:
        command.stderr.write("Warning: " + " ".join(error.messages))
    return password
