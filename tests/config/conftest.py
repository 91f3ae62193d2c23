"""The API document, read once."""

import pytest

from tests.config.document import Document, made


@pytest.fixture(scope="session")
def document() -> Document:
    """The document as it is made; a test compares it with the served one."""
    return Document(made())
