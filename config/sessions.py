"""The cookie of the physicians' pages: the key of the session, signed.

Whoever reads the table of the sessions has keys, but no cookie.
"""

from django.conf import settings
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse

_SIGNER = Signer(salt="config.session_cookie")


def cookie_of(session_key: str) -> str:
    """The cookie that opens a session."""
    return _SIGNER.sign(session_key)


class SignedCookieSessions(SessionMiddleware):
    """Sessions whose cookie is believed only if it was signed here."""

    def process_request(self, request: HttpRequest) -> None:
        """Find the session of a signed cookie; any other gets an empty one."""
        try:
            key = _SIGNER.unsign(request.COOKIES.get(settings.SESSION_COOKIE_NAME, ""))
        except BadSignature:
            key = None
        request.session = self.SessionStore(key)

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Sign the cookie that is set, if one is."""
        response = super().process_response(request, response)
        cookie = response.cookies.get(settings.SESSION_COOKIE_NAME)
        if cookie and cookie.value:
            signed = cookie_of(cookie.value)
            cookie.set(cookie.key, signed, signed)
        return response
