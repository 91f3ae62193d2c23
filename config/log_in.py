"""The log-in of the physicians' pages; its failures count together with those of the app."""

from typing import Any

from allauth.core.internal.ratelimit import consume
from django.contrib.sites.shortcuts import get_current_site
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.template.response import TemplateResponse
from unfold.forms import AuthenticationForm

_TOO_MANY = "too_many_attempts"
WAIT_SECONDS = 300  # the longest window of ACCOUNT_RATE_LIMITS["login_failed"]


class LogIn(AuthenticationForm):
    """Counts an attempt before it looks at the password, and takes back one that was right."""

    def clean(self) -> Any:
        """Refuse, whether or not there is such an account, after too many failures."""
        address = self.cleaned_data.get("username", "").lower()
        usage = consume(
            self.request,
            app="allauth.account",
            action="login_failed",
            key=f"{get_current_site(self.request).domain}:{address}",  # as the app's log-in has it
        )
        if usage is None:
            raise ValidationError("Too many attempts. Try again in 5 minutes.", code=_TOO_MANY)
        cleaned = super().clean()
        usage.rollback()
        return cleaned


def refused(page: TemplateResponse) -> bool:
    """Whether the log-in page came back because of too many attempts."""
    form: LogIn = (page.context_data or {})["form"]
    return bool(form.has_error(NON_FIELD_ERRORS, _TOO_MANY))
