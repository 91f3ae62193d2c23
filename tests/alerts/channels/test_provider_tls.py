"""A kept connection with TLS: to whom it is made, and in which words."""

import datetime
import ipaddress
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from alerts.channels import line
from tests.alerts.channels.test_apns import Sender
from tests.alerts.channels.test_provider import refused_in_time
from tests.sinks.apns import ApnsSink


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate of 127.0.0.1 that it signs itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(address, critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file = tmp_path / "certificate.pem"
    file.write_bytes(pem + made.public_bytes(serialization.Encoding.PEM))
    return file


def served_with(certificate: Path, protocol: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.set_alpn_protocols([protocol])
    return context


@pytest.fixture
def trust(certificate: Path) -> Iterator[None]:
    line._tls_context.cache_clear()
    line._tls_context().load_verify_locations(certificate)
    yield
    line._tls_context.cache_clear()


@pytest.mark.usefixtures("trust")
def test_a_kept_connection_with_tls(certificate: Path, tmp_path: Path) -> None:
    with ApnsSink(tls=served_with(certificate, "h2")) as apple:
        sender = Sender(apple, tmp_path)
        for _ in range(3):
            sender.send()
        assert apple.connections == 1
        apple.refuse()
        apple.listen()
        sender.send()
        assert (apple.connections, len(apple.messages)) == (2, 4)


@pytest.mark.usefixtures("trust")
def test_a_far_end_that_speaks_no_http_2_is_not_spoken_to(
    certificate: Path, tmp_path: Path
) -> None:
    with ApnsSink(tls=served_with(certificate, "http/1.1")) as apple:
        assert refused_in_time(Sender(apple, tmp_path)).because == "tls_failed"
        assert apple.attempts == []


def test_a_far_end_whom_nobody_vouches_for_is_not_spoken_to(
    certificate: Path, tmp_path: Path
) -> None:
    with ApnsSink(tls=served_with(certificate, "h2")) as apple:
        assert refused_in_time(Sender(apple, tmp_path)).because == "tls_failed"
        assert apple.attempts == []
