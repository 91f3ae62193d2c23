"""The far ends of the bench do what they are told, and remember what they took."""

import http.client
import json
import os
import smtplib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.faults.far_ends import FarEnds

pytestmark = [pytest.mark.fault, pytest.mark.slow]
MAIL = "Message-ID: <0123@localhost>\r\nTo: one@example.org\r\n\r\nHello\r\n"
BUSY = {"status": 429, "headers": {"Retry-After": "7"}}


@pytest.fixture
def far(tmp_path: Path) -> Iterator[FarEnds]:
    with FarEnds(tmp_path / "far", environ=dict(os.environ)) as running:
        yield running


def mail(far: FarEnds) -> None:
    address = urlsplit(far.mail_url)
    with smtplib.SMTP(str(address.hostname), address.port or 0, timeout=10) as server:
        server.sendmail("us@localhost", ["one@example.org"], MAIL)


def push(far: FarEnds) -> tuple[int, str | None]:
    port = json.loads((far.folder / "ports.json").read_text())["push"]
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        line.request("POST", "/push/somebody", b"sealed")
        answer = line.getresponse()
        return answer.status, answer.headers["Retry-After"]
    finally:
        line.close()


def test_mails_are_kept_or_refused_as_ordered(far: FarEnds) -> None:
    mail(far)
    far.order(mail={"rcpt_answer": "451 4.7.1 later"})
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        mail(far)
    far.order(mail={"drop": True})
    with pytest.raises(smtplib.SMTPServerDisconnected):
        mail(far)
    far.order(mail={"refuse": True})
    with pytest.raises(ConnectionRefusedError):
        mail(far)
    far.order()
    mail(far)
    kept = [(line["channel"], line["id"], line["to"]) for line in far.accepted()]
    assert kept == [("email", "0123", "one@example.org")] * 3  # the dropped one was taken too


def test_pushes_are_answered_as_ordered(far: FarEnds) -> None:
    far.order(push=BUSY)
    assert push(far) == (429, "7")
    far.order(push={"drop": True, "status": 500})
    with pytest.raises(http.client.RemoteDisconnected):
        push(far)
    far.order(push={"refuse": True})
    with pytest.raises(ConnectionRefusedError):
        push(far)
    assert far.accepted() == []
