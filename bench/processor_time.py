"""Processor time of one write of an entry and of one evaluation, each in this one process.

    python bench/processor_time.py [--rounds 200]
    python bench/processor_time.py --profile 40   the 40 functions in which the time goes

A write goes through the whole WSGI application, with the nudge of the worker; gunicorn and
PostgreSQL are not counted. An evaluation is that of a diary of 365 days with 73 massages after one
more entry. It is processor time, so that neighbours on the machine matter little.
"""

import argparse
import cProfile
import io
import logging
import os
import pstats
import statistics
import sys
import uuid
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from itertools import cycle
from pathlib import Path
from time import process_time
from typing import Any, cast

import django

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.loading.generator import Planned, request
from bench.loading.stack import Stack, services

PATIENTS, DAYS = 40, 365  # so many that none meets a limit
WARM_UP = 20
BUDGETS = {"write": 3.7, "evaluation": 12.0}  # ms

Call = Callable[[], object]


def answered(application: Callable[..., Any], raw: bytes) -> None:
    """Let a WSGI application answer a request, as gunicorn would hand it over."""
    head, _, body = raw.decode().partition("\r\n\r\n")
    first, *lines = head.split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines)
    environ = {
        "REQUEST_METHOD": first.split(" ")[0],
        "PATH_INFO": first.split(" ")[1],
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_TYPE": headers.pop("Content-Type"),
        "CONTENT_LENGTH": headers.pop("Content-Length"),
        "wsgi.input": io.BytesIO(body.encode()),
        "wsgi.url_scheme": "http",
        **{f"HTTP_{name.upper()}": value for name, value in headers.items()},
    }
    statuses: list[str] = []
    answer = application(environ, lambda status, _: statuses.append(status))
    b"".join(answer)
    answer.close()
    if statuses != ["201 Created"]:
        raise SystemExit(f"A write was answered with {statuses}.")


def writes(application: Callable[..., Any], tokens: Sequence[str]) -> Iterator[Call]:
    """New entries of one patient after the other."""
    for token in cycle(tokens):
        raw = request(Planned(0, 0, "-", str(uuid.uuid4())), token, 80)
        yield partial(answered, application, raw)


def evaluations() -> Iterator[Call]:
    """Of one patient after the other, each of whom has just written an entry."""
    from alerts import evaluation
    from diary.drafts import EntryDraft
    from diary.models import Patient
    from diary.services import records

    for patient in cycle(list(Patient.objects.all())):
        now = datetime.now(UTC).isoformat()
        draft = EntryDraft.parse({"id": str(uuid.uuid4()), "symptom_at": now, "pain": 3})
        records.put(patient_id=patient.pk, draft=draft)
        yield partial(evaluation.evaluate, patient_id=patient.pk)


def measure(title: str, calls: Iterator[Call], options: argparse.Namespace) -> None:
    """A line of figures, and the profile where it is asked for."""
    for _ in range(WARM_UP):
        next(calls)()
    taken = []
    profile = cProfile.Profile(process_time)
    for call in (next(calls) for _ in range(options.rounds)):
        before = process_time()
        profile.runcall(call) if options.profile else call()
        taken.append((process_time() - before) * 1000)
    fast, middle, _ = statistics.quantiles(taken, n=4)
    budget = f"budget {BUDGETS[title]} ms" if title in BUDGETS else ""
    figures = f"mean {statistics.mean(taken):6.2f} ms   median {middle:6.2f}   quarter {fast:6.2f}"
    print(f"{title:12} {figures}   {budget}")
    for order in ("tottime", "cumtime") if options.profile else ():
        pstats.Stats(profile).sort_stats(order).print_stats(options.profile)


def measured(options: argparse.Namespace, made: Stack) -> None:
    os.environ.update(made.environ, DJANGO_SETTINGS_MODULE="config.settings")
    django.setup()
    from bench.loading import seed
    from config.wsgi import application

    tokens = seed.seed(seed.Size(PATIENTS, DAYS), push_port=made.push_port)
    with Path(os.devnull).open("w") as nowhere:  # the lines of the log are made all the same
        for handler in logging.getLogger().handlers:
            cast("logging.StreamHandler[Any]", handler).setStream(nowhere)
        measure("write", writes(application, tokens), options)
        measure("evaluation", evaluations(), options)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--profile", type=int, default=0, metavar="LINES")
    options = parser.parse_args()
    with services() as made:
        measured(options, made)


if __name__ == "__main__":
    main()
