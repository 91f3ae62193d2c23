"""Log-in: how often it may fail, in the app and on the physicians' pages together."""

import secrets
import unicodedata
from datetime import timedelta
from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.headless.base.response import RateLimitResponse
from django.contrib.auth.hashers import make_password
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpRequest
from django.template.response import TemplateResponse
from unfold.forms import AuthenticationForm

from alerts import notices
from config.limits import network_of
from diary import limits
from diary.accounts import AccountAdapter
from diary.limits import Rate, TooManyRequests
from diary.models import User

AN_ACCOUNT = Rate(10, timedelta(minutes=15))
A_PLACE = Rate(30, timedelta(minutes=5))  # many accounts from one address, a password each
_TOO_MANY = "too_many_attempts"


class Attempt:
    """Counted before anybody looks at the password, so that attempts at once cannot pass by."""

    def __init__(self, request: HttpRequest, address: str) -> None:
        """Count it for the account, whether or not there is one; may raise TooManyRequests."""
        # As the database compares addresses: what only looks different is the same account.
        account = unicodedata.normalize("NFKC", address).strip().upper()
        place = network_of(request)
        self._counts = {f"log-in as:{account}": AN_ACCOUNT, f"log-in from:{place}": A_PLACE}
        limits.check(self._counts)

    def was_right(self) -> None:
        """Take it back: only what failed is counted."""
        limits.take_back(*self._counts)


class LogInAdapter(AccountAdapter):
    """The app's log-in, also by those who must show their password again."""

    _attempt: Attempt

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the attempt, and refuse it after too many that failed."""
        try:
            self._attempt = Attempt(request, credentials.get("email", ""))
        except TooManyRequests as error:
            response = RateLimitResponse(request)
            response["Retry-After"] = str(error.retry_after)
            raise ImmediateHttpResponse(response) from error

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """The account whose password this is."""
        user: User | None = super().authenticate(request, **credentials)
        if user is not None:
            self._attempt.was_right()
        return user

    def send_account_already_exists_mail(self, email: str) -> None:
        """Write to the owner instead of a sign-up, and take as long: a password is hashed too."""
        make_password(secrets.token_urlsafe())
        super().send_account_already_exists_mail(email)

    def login(self, request: HttpRequest, user: User) -> None:
        """Open a session, and tell a patient by mail, unless it is their first."""
        was_here_before = user.last_login is not None
        super().login(request, user)
        if was_here_before:
            notices.tell_log_in(user)


class LogIn(AuthenticationForm):
    """The log-in of the physicians' pages."""

    def clean(self) -> Any:
        """Refuse, whether or not there is such an account, after too many failures."""
        try:
            attempt = Attempt(self.request, self.data.get("username", ""))
        except TooManyRequests as error:
            self.retry_after = error.retry_after
            raise ValidationError("Too many attempts. Try again later.", code=_TOO_MANY) from error
        cleaned = super().clean()
        if self.get_user() is not None:
            attempt.was_right()
        return cleaned


def refused_for(page: TemplateResponse) -> int | None:
    """For how many seconds the log-in page refuses attempts; None when it does not."""
    form: LogIn = (page.context_data or {})["form"]
    return form.retry_after if form.has_error(NON_FIELD_ERRORS, _TOO_MANY) else None
