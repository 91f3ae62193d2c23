"""Enrol a patient, who then writes through the app."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from diary import accounts
from diary.drafts import Profile
from diary.locking import database_now
from diary.management.addresses import check_new
from diary.models import User
from diary.passwords import add_password_argument, chosen_password
from diary.wire import Invalid


class Command(BaseCommand):
    help = "Enrol a patient, with physicians, time zone, phase and approval."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email", required=True)
        parser.add_argument("--name", default="", help="as physicians should see it")
        parser.add_argument("--physician", help="email of the physician in charge")
        parser.add_argument("--backup", help="email of the physician who stands in")
        parser.add_argument("--timezone", help="IANA name, such as Europe/Berlin")
        parser.add_argument("--phase", help="acute, healing, chronic or unknown")
        parser.add_argument("--approved", action="store_true", help="a physician approves massage")
        parser.add_argument(
            "--consented", action="store_true", help="consent is given (tests, demonstrations)"
        )
        add_password_argument(parser)

    def handle(self, *_: Any, **options: Any) -> None:
        check_new(options["email"])
        profile = _profile(options)
        physician, backup = _physician(options["physician"]), _physician(options["backup"])
        password = chosen_password(self, from_stdin=options["password_stdin"])
        enrolment = accounts.Enrolment(
            email=options["email"],
            name=options["name"],
            password=password,
            physician=physician,
            backup=backup,
            profile=profile,
            consented=options["consented"],
        )
        patient = accounts.enrol_patient(enrolment, at=database_now())
        self.stdout.write(f"Enrolled the patient {patient.user.email}.")


def _profile(options: dict[str, Any]) -> dict[str, Any]:
    named = {name: options[name] for name in ("timezone", "phase") if options[name]}
    if options["approved"]:
        named["doctor_approval"] = {"status": "physician_confirmed"}
    try:
        return Profile.parse(named).wire()
    except Invalid as error:
        raise CommandError(str(error)) from error


def _physician(email: str | None) -> User | None:
    if email is None:
        return None
    physician = User.objects.filter(email__iexact=email, is_staff=True).first()
    if physician is None:
        raise CommandError(f"{email} is no physician here; run enrol_physician first.")
    return physician
