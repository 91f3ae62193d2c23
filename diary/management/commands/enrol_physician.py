"""Enrol a physician, who then works in the admin."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from diary import accounts
from diary.management.addresses import check_new
from diary.passwords import add_password_argument, chosen_password


class Command(BaseCommand):
    help = "Enrol a physician; the account may log in to the admin and sees its own patients."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email", required=True)
        parser.add_argument("--name", required=True)
        add_password_argument(parser)

    def handle(self, *_: Any, **options: Any) -> None:
        check_new(options["email"])
        password = chosen_password(self, from_stdin=options["password_stdin"])
        user = accounts.enrol_physician(
            email=options["email"], name=options["name"], password=password
        )
        self.stdout.write(f"Enrolled the physician {user.email}.")
