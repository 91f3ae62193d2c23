"""Enrolment on the command line: an address that reaches nobody makes no account."""

import pytest
from django.core.management import CommandError, call_command

from diary.models import User

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("command", ["enrol_patient", "enrol_physician"])
@pytest.mark.parametrize("email", ["", "anna", "anna@", "anna@clinic", "a b@clinic.example"])
def test_an_address_that_is_none_is_refused_with_its_name(command: str, email: str) -> None:
    with pytest.raises(CommandError, match=f"'{email}' is no email address"):
        call_command(command, email=email, name="Anna")
    assert not User.objects.exists()


@pytest.mark.parametrize("command", ["enrol_patient", "enrol_physician"])
def test_an_address_is_enrolled_once_in_whatever_letters(command: str) -> None:
    call_command(command, email="anna@clinic.example", name="Anna")
    with pytest.raises(CommandError, match="has an account already"):
        call_command(command, email="Anna@Clinic.example", name="Anna")
    assert User.objects.count() == 1
