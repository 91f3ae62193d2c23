"""Who calls the API: the bearer of an access token of allauth's headless log-in."""

from allauth.headless.contrib.rest_framework.authentication import JWTTokenAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from diary import tokens


class BearerAuthentication(JWTTokenAuthentication):
    """A valid access token of a session that has not been ended; everything else is a 401.

    `request.auth` is the key of the session, which is one device.
    """

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"

    def authenticate_credentials(self, key: str) -> tokens.Caller:
        """The caller of a token."""
        caller = tokens.caller(key)
        if caller is None:
            raise AuthenticationFailed("Invalid token.")
        return caller
