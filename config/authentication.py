"""Who calls the API: the bearer of an access token of allauth's headless log-in."""

from allauth.headless.contrib.rest_framework.authentication import JWTTokenAuthentication
from rest_framework.request import Request


class BearerAuthentication(JWTTokenAuthentication):
    """A valid access token of a session that has not been ended; everything else is a 401."""

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"
