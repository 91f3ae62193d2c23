"""What a push to an app says: a neutral line, the alert's id and its level."""

import time
from dataclasses import dataclass
from typing import Any
from uuid import UUID

_URGENT = 3


@dataclass(frozen=True, kw_only=True)
class PushMessage:
    """One message; `id` is the same at every attempt, so that a second one replaces the first."""

    line: str
    alert: str | None
    level: int
    id: UUID
    ttl: int  # seconds that the provider may keep it for a phone that is off

    @property
    def is_urgent(self) -> bool:
        """Whether it must ring now."""
        return self.level >= _URGENT

    @property
    def tag(self) -> str:
        """The name under which phones and providers replace a message."""
        return self.id.hex

    @property
    def fields(self) -> dict[str, Any]:
        """The message as the app reads it."""
        return {"text": self.line, "alert": self.alert, "level": self.level}

    @property
    def as_strings(self) -> dict[str, str]:
        """The same where only strings can be sent."""
        return {name: "" if value is None else str(value) for name, value in self.fields.items()}

    @property
    def expires_at(self) -> int:
        """Until when the provider may keep it, in seconds since 1970."""
        # The machine's clock, not an argument: the provider compares it with its own.
        return int(time.time()) + self.ttl

    @property
    def apns_priority(self) -> str:
        """At once, or when it suits the phone's battery."""
        return "10" if self.is_urgent else "5"

    @property
    def aps(self) -> dict[str, Any]:
        """What an iPhone shows and how it rings."""
        if self.is_urgent:
            rings = {"sound": "default", "interruption-level": "time-sensitive"}
        else:
            rings = {"interruption-level": "active"}
        return {"alert": {"body": self.line}, **rings}
