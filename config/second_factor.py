"""The secrets of second factors, encrypted where they lie."""

import base64
from hashlib import blake2b

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings


class SecondFactors(DefaultMFAAdapter):
    """Keeps what codes are made from in a form that the database alone cannot read."""

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()


def _cipher() -> Fernet:
    digest = blake2b(settings.SECRET_KEY.encode(), digest_size=32, person=b"second factors")
    return Fernet(base64.urlsafe_b64encode(digest.digest()))
