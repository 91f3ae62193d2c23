"""What a channel answers when a message was not taken: try again or not, and why."""

from datetime import timedelta


class NotAccepted(Exception):
    """The far end did not take the message.

    `because` is a short code that may be stored and shown: it never holds an address, a token,
    a text of a person or the far end's own words. `endpoint_gone` means that this address will
    never take a message again, so that the device behind it may be retired. `far_end_down` means
    that the host is the trouble and not this message or its recipient: the next one would fare
    no better there.
    """

    def __init__(
        self,
        because: str,
        *,
        permanent: bool,
        endpoint_gone: bool = False,
        far_end_down: bool = False,
        retry_after: timedelta | None = None,
    ) -> None:
        super().__init__(because)
        self.because = because
        self.permanent = permanent
        self.endpoint_gone = endpoint_gone
        self.far_end_down = far_end_down
        self.retry_after = retry_after
