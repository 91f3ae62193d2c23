"""The change feed: whoever writes a row that phones are told of, it takes the next place.

The place comes from a sequence, by trigger, so that no writer can forget it. All that concerns a
patient is written under that patient's lock, so of two commits the later has the later places: a
phone that has read up to a place has missed nothing before it.
"""

from typing import Any

import pgtrigger
from django.db import models

SEQUENCE = "diary_feed_position"


def place_in_feed() -> "models.BigIntegerField[int, int]":
    """The column of the place; the trigger of `in_feed` fills it."""
    return models.BigIntegerField(default=0, editable=False)


def place_index(name: str) -> models.Index:
    """What a page of one patient's feed is read from."""
    return models.Index(fields=["patient", "position"], name=name)


def in_feed() -> Any:
    """A class decorator: every insert and update of a row moves it to the end of the feed."""
    return pgtrigger.register(
        pgtrigger.Trigger(
            name="take_place_in_feed",
            when=pgtrigger.Before,
            operation=pgtrigger.Insert | pgtrigger.Update,
            func=f"NEW.position = nextval('{SEQUENCE}'); RETURN NEW;",
        )
    )
