"""How fast a sync of 1,000 new entries is, beside a bare multi-row INSERT of the same rows.

    python bench/sync.py                   1,000 entries, 15 rounds, full durability
    python bench/sync.py --entries 20      as many as a phone sends after a day
    python bench/sync.py --profile         where the time of the service goes

Three ways of the same rows, in turn, each for a patient of its own and in one transaction:

    bare     psycopg: one INSERT ... VALUES of every column, by the same triggers and constraints
    service  diary.services.sync.exchange: lock, known records, versions, red flags, watch, feed
    http     the whole view through Django's test client: log-in, strict JSON, drafts, rendering

The rows of `bare` are ready-made. Goal: the service has at least half the rate of the bare INSERT.
It starts a PostgreSQL of its own.
"""

import argparse
import cProfile
import json
import os
import pstats
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any
from uuid import UUID, uuid4

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
Body = dict[str, Any]
GOAL = 0.5


@contextmanager
def service() -> Iterator[None]:
    """A migrated database on its own server, behind the settings."""
    from config.local.keys import secret_key, vapid_private_key
    from config.local.services import running

    with tempfile.TemporaryDirectory(prefix="bench-sync-") as folder:
        Path(folder).chmod(0o711)
        with running(Path(folder), durable=True) as addresses:
            os.environ |= {
                "DATABASE_URL": addresses.database_url,
                "REDIS_URL": addresses.redis_url,
                "DATA_DIR": folder,
                "ALLOWED_HOSTS": "testserver",
                "DEBUG": "1",
                "SECRET_KEY": secret_key(),
                "WEBPUSH_VAPID_PRIVATE_KEY": vapid_private_key(),
                "DJANGO_SETTINGS_MODULE": "config.settings",
            }
            import django
            from django.core.management import call_command
            from django.db import connection

            django.setup()
            call_command("migrate", verbosity=0)
            yield
            connection.close()


def bodies(number: int) -> list[Body]:
    """Entries as an app sends them: some scores, regions, red flags denied, checks, a note."""
    return [
        {
            "id": str(uuid4()),
            "symptom_at": f"2026-{1 + step % 9:02}-{1 + step % 28:02}T08:30:00+01:00",
            "pain": step % 11,
            "numbness": step % 7,
            "limb_pain": 5,
            "numb_regions": ["left_foot"],
            "red_flags": {"bladder": "no", "saddle_numbness": "no"},
            "function_checks": {"heel_walk_left": "can", "toe_walk_left": "can"},
            "flare_today": False,
            "note": "Worse after sitting at the desk.",
        }
        for step in range(number)
    ]


def bare(number: int) -> Callable[[], None]:
    """One INSERT of ready-made rows."""
    from django.db import connection, transaction
    from django.utils import timezone
    from psycopg.types.json import Jsonb

    from diary import records
    from diary.drafts import EntryDraft
    from diary.models import Entry
    from tests.phones import enrolled

    patient, now = enrolled(), timezone.now()
    fixed = {"patient_id": patient.pk, "version": 1, "received_at": now, "changed_at": now}
    fixed |= {"changed_by_id": patient.user_id, "deleted_at": None}
    names = [
        field.attname
        for field in Entry._meta.concrete_fields
        if field.attname not in ("id", "position")
    ]
    values: list[Any] = []
    for body in bodies(number):
        row = {**records.columns(EntryDraft.parse(body)), "record_id": UUID(body["id"]), **fixed}
        values += [Jsonb(row[name]) if name == "utc_offsets" else row[name] for name in names]
    places = "(" + ", ".join(["%s"] * len(names)) + ")"
    statement = f"INSERT INTO diary_entry ({', '.join(names)}) VALUES "
    statement += ", ".join([places] * number)

    def insert() -> None:
        with transaction.atomic(durable=True), connection.cursor() as cursor:
            cursor.execute(statement, values)

    return insert


def by_service(number: int) -> Callable[[], bytes]:
    """The service, given drafts."""
    from rest_framework.renderers import JSONRenderer

    from diary.drafts import EntryDraft
    from diary.services import sync
    from diary.services.wishes import Wish
    from tests.phones import enrolled

    patient = enrolled()
    items = [Wish.of(EntryDraft.parse(body, uuids=True)) for body in bodies(number)]
    request, render = sync.Request(items=items), JSONRenderer().render
    return lambda: sync.exchange(patient_id=patient.pk, request=request, render=render).body


def by_http(number: int) -> Callable[[], bytes]:
    """The whole request."""
    from tests.phones import Phone, enrolled

    phone = Phone.of(enrolled())
    changes = [{"type": "entry", "op": "put", "id": b["id"], "data": b} for b in bodies(number)]
    raw = json.dumps({"since": None, "changes": changes}).encode()
    return lambda: phone.post("sync/", raw).content


def check(answer: bytes, number: int) -> None:
    """Fail unless every entry was created."""
    statuses = [result["status"] for result in json.loads(answer)["results"]]
    assert statuses == ["created"] * number, answer[:500]


WAYS = {"bare": bare, "service": by_service, "http": by_http}


def timed(write: Callable[[], bytes | None], number: int) -> float:
    """How long one write takes; what it answers is looked at afterwards."""
    began = perf_counter()
    answer = write()
    seconds = perf_counter() - began
    if answer is not None:
        check(answer, number)
    return seconds


def measure(number: int, rounds: int) -> None:
    """All the ways in turn, so that what else the machine does falls on each of them."""
    took: dict[str, list[float]] = {name: [] for name in WAYS}
    for round_ in range(rounds + 1):
        for name, way in WAYS.items():
            seconds = timed(way(number), number)
            if round_:  # the first one warms up
                took[name].append(seconds)
    typical = {name: median(times) for name, times in took.items()}
    print(f"{number} entries, median of {rounds} rounds")
    for name, seconds in typical.items():
        rate, share = number / seconds, typical["bare"] / seconds
        spread = f"{min(took[name]) * 1000:.0f}-{max(took[name]) * 1000:.0f}"
        print(
            f"  {name:8} {seconds * 1000:7.1f} ms  {rate:8.0f}/s  {share:5.2f} of bare  ({spread})"
        )
    if number >= 1000:  # fewer do not outweigh the transaction around them
        reached = typical["bare"] / typical["service"] >= GOAL
        print(f"goal {GOAL} of the bare rate: {'reached' if reached else 'MISSED'}")


def profile(number: int) -> None:
    """Where the time of the service goes, in Python."""
    by_service(number)()
    write, profiler = by_service(number), cProfile.Profile()
    profiler.runcall(write)
    pstats.Stats(profiler).sort_stats("cumulative").print_stats(45)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--entries", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--profile", action="store_true")
    asked = parser.parse_args()
    with service():
        if asked.profile:
            profile(asked.entries)
        else:
            measure(asked.entries, asked.rounds)


if __name__ == "__main__":
    main()
