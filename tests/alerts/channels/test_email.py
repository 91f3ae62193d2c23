"""Mail against a real SMTP server, and what each of its answers means."""

import smtplib
import ssl
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.mail.backends import dummy
from pytest_django import Settings

from alerts.channels import email
from alerts.channels.outcome import NotAccepted
from tests.sinks.smtp import SmtpSink

ID = "<alert-1.2@diary.example>"


@pytest.fixture(autouse=True)
def _smtp(settings: Settings, mail_server: SmtpSink) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", mail_server.port
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_TIMEOUT = 5
    settings.DEFAULT_FROM_EMAIL = "Diary <diary@diary.example>"


def send(to: str = "p@example.org", body: str = "Open the app now.") -> str:
    return email.send(to=to, subject="Important message", body=body, message_id=ID)


def refused(**changes: str) -> NotAccepted:
    with pytest.raises(NotAccepted) as refusal:
        send(**changes)
    return refusal.value


def test_one_plain_mail_with_exactly_these_headers(mail_server: SmtpSink) -> None:
    assert send(body="Open the app now.\nÉ 请\n") == ID
    (mail,) = mail_server.mails
    assert mail.recipients == ("p@example.org",)
    assert mail.sender == "diary@diary.example"
    assert mail.body.rstrip("\n") == "Open the app now.\nÉ 请"
    headers = dict(mail.message.items())
    assert headers.pop("Date")
    assert headers.pop("Content-Transfer-Encoding") in {"7bit", "8bit"}
    assert headers == {
        "Content-Type": 'text/plain; charset="utf-8"',
        "MIME-Version": "1.0",
        "Subject": "Important message",
        "From": "Diary <diary@diary.example>",
        "To": "p@example.org",
        "Message-ID": ID,
        "Auto-Submitted": "auto-generated",
    }


@pytest.mark.parametrize(
    ("to", "reaches"),
    [
        ("first.last+tag@sub.example.org", "first.last+tag@sub.example.org"),
        ("o'hara_{x}@example.org", "o'hara_{x}@example.org"),
        ("p@bücher.example", "p@xn--bcher-kva.example"),
        ("p@localhost", "p@localhost"),
    ],
)
def test_an_ordinary_address_is_reached(mail_server: SmtpSink, to: str, reaches: str) -> None:
    send(to)
    assert mail_server.mails[0].recipients == (reaches,)


@pytest.mark.parametrize(
    "to",
    [
        "",
        "p",
        "@example.org",
        "p@",
        "a@b.example, x@y.example",
        "a@b.example;x@y.example",
        "a@b.example x@y.example",
        "Name <a@b.example>",
        "<a@b.example>",
        "group:a@b.example,x@y.example;",
        '"a,b"@c.example',
        "a@b.example\nBcc: x@y.example",
        "a@b.example\r\nBcc: x@y.example",
        "a\r@b.example",
        "a@b.example\x0b",
        "a@b.example\x00",
        "a\u2028@b.example",
        "a@b.example\u2028",
        "a@b.example\u0085",
        "a@b\uff0cx.example",
        "a@b.example\uff0cx\uff20y.example",
        "a@b@c.example",
        "a..b@c.example",
        ".a@c.example",
        "é@c.example",
        "a@[127.0.0.1]",
        "a(comment)@c.example",
        "a@c..example",
        "a@-c.example",
        pytest.param("a" * 250 + "@c.example", id="too-long"),
        pytest.param("a@" + "b" * 1_000_000, id="a-megabyte"),
    ],
)
def test_what_cannot_be_one_recipient_is_sent_to_nobody(mail_server: SmtpSink, to: str) -> None:
    refusal = refused(to=to)
    assert (refusal.because, refusal.permanent) == ("address_invalid", True)
    assert not refusal.far_end_down
    assert mail_server.mails == []


@pytest.mark.parametrize("message_id", ["", "1", "<a b@c>", "<a@c>\r\nBcc: x@y.example", "<a@c> "])
def test_a_message_id_of_another_shape_is_a_mistake_of_ours(message_id: str) -> None:
    with pytest.raises(ValueError, match="message_id"):
        email.send(to="p@example.org", subject="s", body="b", message_id=message_id)


@pytest.mark.parametrize(
    ("answer", "because", "permanent"),
    [
        ("550 5.1.1 no such user p@example.org", "recipient_refused_550", True),
        ("553 5.1.3 syntax", "recipient_refused_553", True),
        ("451 4.7.1 greylisted, try later", "recipient_refused_451", False),
        ("452 4.2.2 full", "recipient_refused_452", False),
        ("552 5.2.2 full", "recipient_refused_552", False),
        ("421 4.3.2 shutting down", "recipient_refused_421", False),
    ],
)
def test_the_code_decides_what_a_refused_recipient_means(
    mail_server: SmtpSink, answer: str, because: str, permanent: bool
) -> None:
    mail_server.rcpt_answer = answer
    refusal = refused()
    assert (refusal.because, refusal.permanent) == (because, permanent)
    assert refusal.far_end_down == ("421" in because), "the next recipient may fare better"
    assert not refusal.endpoint_gone
    assert "example.org" not in repr(vars(refusal))


@pytest.mark.parametrize(
    ("answer", "because", "permanent"),
    [
        ("554 5.7.1 looks like spam", "content_refused_554", True),
        ("451 4.3.0 try later", "content_refused_451", False),
    ],
)
def test_the_code_decides_what_a_refused_content_means(
    mail_server: SmtpSink, answer: str, because: str, permanent: bool
) -> None:
    mail_server.data_answer = answer
    refusal = refused()
    assert (refusal.because, refusal.permanent) == (because, permanent)
    assert refusal.far_end_down == ("421" in because), "the next recipient may fare better"


def test_a_hang_up_after_the_mail_was_given_is_tried_again_under_the_same_id(
    mail_server: SmtpSink,
) -> None:
    mail_server.drop_after_data = True
    refusal = refused()
    assert (refusal.because, refusal.permanent) == ("disconnected", False)
    assert refusal.far_end_down
    mail_server.drop_after_data = False
    send()
    assert [mail.message["Message-ID"] for mail in mail_server.mails] == [ID, ID]


def test_a_closed_port_is_tried_again(mail_server: SmtpSink) -> None:
    mail_server.refuse()
    refusal = refused()
    assert (refusal.because, refusal.permanent) == ("unreachable", False)
    assert refusal.far_end_down
    mail_server.listen()
    send()


def test_a_silent_server_is_not_waited_for(mail_server: SmtpSink, settings: Settings) -> None:
    mail_server.hang = True
    settings.EMAIL_TIMEOUT = 0.3
    started = time.monotonic()
    refusal = refused()
    assert time.monotonic() - started < 2
    assert (refusal.because, refusal.permanent) == ("disconnected", False)
    assert refusal.far_end_down


def test_without_a_configured_timeout_there_still_is_one(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.EMAIL_TIMEOUT = None
    given: list[float] = []

    def connect(_self: smtplib.SMTP, _host: str, _port: int, **options: Any) -> None:
        given.append(options["timeout"])
        raise ConnectionRefusedError

    monkeypatch.setattr(smtplib.SMTP, "__init__", connect)
    refused()
    assert given == [10]


@pytest.mark.parametrize(
    ("error", "because"),
    [
        (smtplib.SMTPSenderRefused(550, b"no", "d@d.example"), "sender_refused"),
        (smtplib.SMTPAuthenticationError(535, b"no"), "login_refused"),
        (smtplib.SMTPHeloError(501, b"no"), "server_refused"),
        (smtplib.SMTPConnectError(554, b"no"), "server_refused"),
        (smtplib.SMTPNotSupportedError("STARTTLS"), "server_refused"),
        (ssl.SSLCertVerificationError("name"), "tls_failed"),
        (ConnectionResetError(), "unreachable"),
        (RuntimeError("an error of another backend"), "backend_RuntimeError"),
    ],
)
def test_what_the_operator_must_repair_does_not_end_the_mail(
    monkeypatch: pytest.MonkeyPatch, error: Exception, because: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(smtplib.SMTP, "sendmail", fail)
    refusal = refused()
    assert (refusal.because, refusal.permanent) == (because, False)
    assert refusal.far_end_down


def test_the_file_backend_keeps_the_mail(settings: Settings, tmp_path: Path) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    send()
    (file,) = tmp_path.iterdir()
    assert f"Message-ID: {ID}" in file.read_text()


def test_a_backend_that_sends_nothing_has_not_accepted(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    monkeypatch.setattr(dummy.EmailBackend, "send_messages", lambda *_: 0)
    refusal = refused()
    assert (refusal.because, refusal.permanent) == ("not_handed_over", False)
    assert refusal.far_end_down
