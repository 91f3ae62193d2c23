"""The API document, read once."""

import pytest
from django.test import Client

from tests.config.document import Document


@pytest.fixture(scope="session")
def document() -> Document:
    """The document as it is served."""
    answer = Client().get("/api/schema/", headers={"Accept": "application/vnd.oai.openapi+json"})
    return Document(answer.json())
