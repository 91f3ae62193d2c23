"""Plain-text mail to exactly one recipient, over the mail backend that Django is set up with."""

import re
import smtplib
import ssl
from collections.abc import Callable

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from alerts.channels.outcome import NotAccepted

_DEFAULT_TIMEOUT_SECONDS = 10
# Django's backend waits that long at each step; a slow server would outlast the lease.
_WITH_A_DEADLINE = {
    "django.core.mail.backends.smtp.EmailBackend": "alerts.channels.smtp.EmailBackend"
}
_MAX_ADDRESS = 254  # RFC 5321, 4.5.3.1.3, without the angle brackets

# Unquoted local parts and ASCII domains only: what else mail allows (comments, quoted strings,
# routes, groups) is where one address turns into two.
_LOCAL_PART = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_DOMAIN = r"[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*"
_ADDRESS = re.compile(f"{_LOCAL_PART}@{_DOMAIN}")
_MESSAGE_ID = re.compile(r"<[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+>")

# RFC 5321, 4.5.3.1.10: full for now, although its first digit says for ever.
_FULL_MAILBOX = 552
_CLOSING = 421


def send(*, to: str, subject: str, body: str, message_id: str) -> str:
    """Hand one mail over and return its Message-ID; raise NotAccepted.

    `subject` and `body` are ours, never a person's. The same `message_id` at every attempt lets
    a mail program show a duplicate once.
    """
    if not _MESSAGE_ID.fullmatch(message_id):
        raise ValueError("message_id must look like <name@host>")
    message = EmailMessage(
        subject=subject,
        body=body,
        to=[_one_recipient(to)],
        headers={"Message-ID": message_id, "Auto-Submitted": "auto-generated"},
    )
    _hand_over(message)
    return message_id


def _one_recipient(to: str) -> str:
    """The address in ASCII; refused when it could be read as anything but one recipient."""
    local, _, domain = to[: _MAX_ADDRESS + 1].rpartition("@")
    try:
        # Before the check: international names map look-alikes of "," and "@" to the real ones.
        address = f"{local}@{domain.encode('idna').decode('ascii')}"
    except UnicodeError:
        address = ""
    if len(address) > _MAX_ADDRESS or not _ADDRESS.fullmatch(address):
        raise NotAccepted("address_invalid", permanent=True)
    return address


def _hand_over(message: EmailMessage) -> None:
    # Without a timeout of its own smtplib would wait for ever.
    timeout = settings.EMAIL_TIMEOUT or _DEFAULT_TIMEOUT_SECONDS
    backend = _WITH_A_DEADLINE.get(settings.EMAIL_BACKEND, settings.EMAIL_BACKEND)
    message.connection = get_connection(backend, timeout=timeout)
    try:
        handed_over = message.send()
    except Exception as error:
        # The far end's words stay out of the log and the database: they quote the address.
        raise _meaning(error) from None
    if not handed_over:
        raise NotAccepted("not_handed_over", permanent=False, far_end_down=True)


def _meaning(error: Exception) -> NotAccepted:
    """What an error of a mail backend means for this mail; the first row that fits decides."""
    for kind, translate in _MEANINGS:
        if isinstance(error, kind):
            return translate(error)
    # Other backends have errors of their own: what we cannot read, we try again.
    because = f"backend_{type(error).__name__}"
    return NotAccepted(because, permanent=False, far_end_down=True)


def _recipient_refused(error: smtplib.SMTPRecipientsRefused) -> NotAccepted:
    # smtplib raises the same error for "no such user" (550) and "try again later" (451).
    code = next((answer[0] for answer in error.recipients.values()), 0)
    return _by_code("recipient_refused", code)


def _content_refused(error: smtplib.SMTPDataError) -> NotAccepted:
    return _by_code("content_refused", error.smtp_code)


def _by_code(what: str, code: int) -> NotAccepted:
    # 421: the service is closing down, whatever it was asked.
    return NotAccepted(
        f"{what}_{code}",
        permanent=500 <= code < 600 and code != _FULL_MAILBOX,
        far_end_down=code == _CLOSING,
    )


def _try_again(because: str) -> Callable[[Exception], NotAccepted]:
    return lambda _: NotAccepted(because, permanent=False, far_end_down=True)


# A refusal of the recipient or of the content is judged by its code. A refusal of this service
# (log-in, sender, greeting, TLS) is the operator's to repair, and the mail is owed meanwhile.
_MEANINGS: tuple[tuple[type[Exception], Callable[..., NotAccepted]], ...] = (
    (smtplib.SMTPRecipientsRefused, _recipient_refused),
    (smtplib.SMTPDataError, _content_refused),
    (smtplib.SMTPSenderRefused, _try_again("sender_refused")),
    (smtplib.SMTPAuthenticationError, _try_again("login_refused")),
    (smtplib.SMTPServerDisconnected, _try_again("disconnected")),
    (smtplib.SMTPException, _try_again("server_refused")),
    (TimeoutError, _try_again("timed_out")),
    (ssl.SSLError, _try_again("tls_failed")),
    (OSError, _try_again("unreachable")),
)
