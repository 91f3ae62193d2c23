"""The key file of a service account: what is refused before anything is sent with it."""

import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from alerts.channels import fcm_account
from alerts.channels.key_file import KeyRefused
from tests.sinks.fcm import FcmSink


@pytest.fixture
def account(tmp_path: Path) -> Path:
    return Path(FcmSink().settings(tmp_path)["FCM_SERVICE_ACCOUNT_FILE"])


def changed(file: Path, **changes: Any) -> str:
    file.write_text(json.dumps(json.loads(file.read_text()) | changes))
    return str(file)


def pem_of_a_curve() -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        pytest.param({"private_key": "x"}, "is no key file", id="no-key"),
        pytest.param({"private_key": None}, "is no key file", id="null"),
        pytest.param({"private_key": pem_of_a_curve()}, "is no key file", id="not-rsa"),
        pytest.param({"project_id": "a/../b"}, "is no key file", id="a-path"),
        pytest.param({"token_uri": "http://example.org/"}, "not https", id="in-clear"),
        pytest.param({"token_uri": "file:///etc/passwd"}, "not https", id="a-file"),
    ],
)
def test_a_file_that_is_no_account_is_refused_and_not_quoted(
    account: Path, changes: dict[str, Any], why: str
) -> None:
    with pytest.raises(KeyRefused, match=why) as refused:
        fcm_account.service_account(changed(account, **changes))
    assert not any(str(value) in str(refused.value) for value in changes.values() if value != "x")


def test_a_file_that_others_can_read_is_refused(account: Path) -> None:
    account.chmod(0o604)
    with pytest.raises(KeyRefused, match="everybody"):
        fcm_account.service_account(str(account))
    with pytest.raises(KeyRefused, match="cannot be read"):
        fcm_account.service_account(str(account.with_name("another")))
