"""Append-only history: every insert and update leaves an event, written by a database trigger."""

from collections.abc import Sequence
from typing import Any

import pghistory

# Who changed a row stands in the row itself; the library's own context would be one table more.
_NO_CONTEXT: Any = None


def with_history(*, but: Sequence[str] = ()) -> Any:
    """A class decorator: the model's rows leave their versions, `but` some columns, in `events`."""
    return pghistory.track(context_field=_NO_CONTEXT, exclude=list(but))
