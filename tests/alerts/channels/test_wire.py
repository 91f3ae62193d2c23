"""TLS under the endpoint's name over a connection to a checked address."""

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from alerts.channels.address import SocketAddress
from alerts.channels.endpoint import Endpoint
from alerts.channels.wire import Answer, Deadline, post, tls_context

HOST = "fcm.googleapis.com"
LETTER = b"HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 201 Created\r\nLocation: /m/1\r\n\r\n"


class TlsServer:
    """Takes connections with a certificate for HOST and notes the name that was asked for."""

    def __init__(self, folder: Path) -> None:
        self.names: list[str] = []
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
        self._context.sni_callback = lambda _s, name, _c: self.names.append(name)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)

    def _serve(self) -> None:
        while True:
            try:
                plain, _ = self._listener.accept()
            except OSError:
                return
            with plain:
                self._talk(plain)

    def _talk(self, plain: socket.socket) -> None:
        try:
            with self._context.wrap_socket(plain, server_side=True) as secured:
                secured.recv(65_536)
                secured.sendall(LETTER)
        except OSError:
            return


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (tmp_path / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (tmp_path / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return tmp_path


@pytest.fixture
def server(certificate: Path) -> Iterator[TlsServer]:
    server = TlsServer(certificate)
    yield server
    server.close()
    tls_context.cache_clear()


def trust(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(folder / "cert.pem"))
    tls_context.cache_clear()


def post_to(server: TlsServer, host: str) -> Answer:
    return post_to_port(server.port, host, seconds=5)


def post_to_port(port: int, host: str, *, seconds: float) -> Answer:
    return post(
        Endpoint("https", host, 443, "/x"),
        [SocketAddress(socket.AF_INET, ("127.0.0.1", port))],
        headers={},
        body=b"x",
        deadline=Deadline(seconds),
    )


def test_the_endpoints_name_is_asked_for_and_early_hints_are_passed_over(
    server: TlsServer, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trust(monkeypatch, certificate)
    answer = post_to(server, HOST)
    assert (answer.status, answer.headers["location"]) == (201, "/m/1")
    assert server.names == [HOST]


def test_a_certificate_for_another_name_ends_it(
    server: TlsServer, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trust(monkeypatch, certificate)
    with pytest.raises(ssl.SSLCertVerificationError):
        post_to(server, "web.push.apple.com")


def test_a_certificate_of_an_unknown_authority_ends_it(server: TlsServer) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        post_to(server, HOST)


def test_a_handshake_that_drips_ends_at_the_deadline() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        ended = threading.Event()

        def drip() -> None:
            plain, _ = listener.accept()
            with plain:
                plain.sendall(b"\x16\x03\x03\x3f\xff")  # a record of 16 KB is announced
                with contextlib.suppress(OSError):
                    while not ended.wait(0.02):
                        plain.sendall(b"\x00")

        server = threading.Thread(target=drip, daemon=True)
        server.start()
        started = time.monotonic()
        with pytest.raises(TimeoutError):
            post_to_port(listener.getsockname()[1], HOST, seconds=0.4)
        assert time.monotonic() - started < 0.8
        ended.set()
        server.join(5)


def test_a_deadline_that_has_passed_is_a_timeout() -> None:
    with pytest.raises(TimeoutError):
        Deadline(0).left()
    assert Deadline(60).left(at_most=3) == 3
