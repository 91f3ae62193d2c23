"""How often something may happen, counted in PostgreSQL: one atomic statement, however many ask.

A count runs from the first time on; when it ends, the next one begins. The database's clock
counts, and every process sees the same. The table is unlogged: after a crash the counts are gone.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from hashlib import blake2b
from uuid import UUID

from django.conf import settings
from django.db import connection

_LONGEST_KEY = 64  # bytes that blake2b takes

# In the order of the keys, so that two who count the same things cannot wait in a ring.
_COUNT = """
    INSERT INTO diary_tally AS held (key, times, ends_at)
    SELECT key, 1, statement_timestamp() + per
    FROM unnest(%s::uuid[], %s::interval[]) AS asked (key, per) ORDER BY key
    ON CONFLICT (key) DO UPDATE SET
        times = CASE WHEN held.ends_at <= statement_timestamp() THEN 1 ELSE held.times + 1 END,
        ends_at = CASE WHEN held.ends_at <= statement_timestamp()
                       THEN excluded.ends_at ELSE held.ends_at END
    RETURNING key, times, extract(epoch FROM ends_at - statement_timestamp())::float
"""
_TAKE_BACK = "UPDATE diary_tally SET times = times - 1 WHERE key = ANY(%s) AND times > 0"
# Skipping what is being counted: a clean-up never waits, and nobody waits for it in a ring.
_FORGET = """
    DELETE FROM diary_tally WHERE key IN (
        SELECT key FROM diary_tally WHERE ends_at < statement_timestamp() - interval '1 hour'
        LIMIT 10000 FOR UPDATE SKIP LOCKED
    )
"""


@dataclass(frozen=True, slots=True)
class Rate:
    """At most so many times in so long."""

    times: int
    per: timedelta


class TooManyRequests(Exception):
    """A limit is reached; `retry_after` is in whole seconds, at least 1."""

    def __init__(self, retry_after: int) -> None:
        self.retry_after = retry_after
        super().__init__(retry_after)


def check(asked: Mapping[str, Rate]) -> None:
    """Count one time for each name; raise TooManyRequests where its rate is exceeded.

    A name says what and whose, such as `export:<id of the patient>`; only its digest is kept. Call
    it outside a transaction, which would hold up everybody else who counts under this name.
    """
    rates = {_key(name): rate for name, rate in asked.items()}
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [list(rates), [rate.per for rate in rates.values()]])
        counted = cursor.fetchall()
    waits = [left for key, times, left in counted if times > rates[key].times]
    if waits:
        raise TooManyRequests(max(1, math.ceil(max(waits))))


def take_back(*names: str) -> None:
    """Uncount one time of each name: what was counted beforehand did not happen after all."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_BACK, [sorted(_key(name) for name in names)])


def forget_ended() -> int:
    """Delete counts of which nobody has made a new one for an hour; answer how many."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET)
        deleted: int = cursor.rowcount
    return deleted


def _key(name: str) -> UUID:
    # Keyed, so that the table tells nobody whose address or session was counted.
    secret = settings.SECRET_KEY.encode()[:_LONGEST_KEY]
    digest = blake2b(name.encode(errors="surrogatepass"), digest_size=16, key=secret)
    return UUID(bytes=digest.digest())
