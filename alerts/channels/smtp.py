"""SMTP with one end to the waiting: smtplib starts its clock anew at every step."""

import io
import smtplib
import socket
from typing import Any

from django.core.mail.backends import smtp

from alerts.channels.wire import CONNECT_SECONDS, Deadline

TOTAL_SECONDS = 15.0  # well below the lease of a delivery


class EmailBackend(smtp.EmailBackend):
    """Django's backend; its timeout is that of one step, the whole has a deadline."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _SecuredDialogue if self.use_ssl else _Dialogue


class _Dialogue(smtplib.SMTP):
    _deadline: Deadline

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        self._deadline = Deadline(TOTAL_SECONDS)
        wait = self._deadline.left(at_most=min(timeout, CONNECT_SECONDS))
        connection = socket.create_connection((host, port), wait)
        connection.settimeout(self._deadline.left(at_most=timeout))
        return connection

    def send(self, s: Any) -> None:
        self._set_clock()
        super().send(s)

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None and self.sock:
            self.file = io.BufferedReader(_Replies(self.sock, self._deadline, self.timeout))
        return super().getreply()

    def docmd(self, cmd: str, args: str = "") -> tuple[int, bytes]:
        reply = super().docmd(cmd, args)
        self._set_clock()  # the handshake of TLS may follow
        return reply

    def _set_clock(self) -> None:
        if not self.sock:
            return
        try:
            self.sock.settimeout(self._deadline.left(at_most=self.timeout))
        except TimeoutError:
            self.close()
            # What smtplib itself says of a step that took too long.
            raise smtplib.SMTPServerDisconnected("out of time") from None


class _SecuredDialogue(smtplib.SMTP_SSL, _Dialogue):
    """TLS from the first byte, over the socket that the dialogue has made."""


class _Replies(io.RawIOBase):
    """What the server says; a byte now and then does not start the clock anew."""

    def __init__(self, connection: socket.socket, deadline: Deadline, step: float) -> None:
        self._connection, self._deadline, self._step = connection, deadline, step

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._connection.settimeout(self._deadline.left(at_most=self._step))
        return self._connection.recv_into(buffer)
