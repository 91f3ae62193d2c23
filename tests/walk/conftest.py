"""The whole service in processes of its own: web, worker, dispatcher and a private broker."""

import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, Self
from urllib.error import HTTPError
from urllib.parse import urlsplit, urlunsplit
from urllib.request import Request, urlopen
from uuid import uuid4

import pytest
from django.db import connection

from config.local.places import Places
from config.local.processes import Child
from config.local.services import started
from tests.phones import access_token, enrolled
from tests.services import folder_for_services
from tests.sinks.push import PushSink
from tests.sinks.smtp import SmtpSink
from tests.stack import Stack


class Walk(Stack):
    """The service, with the far ends of the wire in this process."""

    def __init__(self, places: Places, broker: Child, environ: dict[str, str]) -> None:
        super().__init__(places, environ)
        self.mail = SmtpSink()
        self.push = PushSink()
        self.broker = broker

    def __enter__(self) -> Self:
        with ExitStack() as sinks:
            sinks.enter_context(self.mail)
            sinks.enter_context(self.push)
            self.environ["EMAIL_URL"] = self.mail.url
            super().__enter__()
            self._sinks = sinks.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        with self._sinks:
            super().__exit__()


@pytest.fixture
def stack(transactional_db: None) -> Iterator[Walk]:
    """The service, on the database of this test."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    name = connection.settings_dict["NAME"]
    environ = {
        **os.environ,
        "DATABASE_URL": urlunsplit(parts._replace(path=f"/{name}")),
        "WEBPUSH_ALLOW_LOOPBACK": "1",
        "WEB_CONCURRENCY": "1",
    }
    del environ["REDIS_URL"]
    places = Places(folder_for_services().resolve())
    try:
        with started(places, durable=False, environ=environ) as services:
            environ["REDIS_URL"] = services.addresses.redis_url
            with Walk(places, services.children[0], environ) as running:
                yield running
    finally:
        shutil.rmtree(places.root, ignore_errors=True)


@dataclass(frozen=True)
class Answer:
    status: int
    body: Any
    seconds: float


class Phone:
    """The app of one patient, over HTTP."""

    def __init__(self, stack: Walk) -> None:
        self._url = stack.door.url
        self.patient = enrolled(
            quiet_hours="00:00-00:00",  # none
            phase="chronic",
            doctor_approval={"status": "physician_confirmed"},
        )
        self._token = access_token(self.patient.user)
        device = {"kind": "webpush", "subscription": stack.push.subscribe()}
        assert self.send("PUT", f"/api/v1/devices/{uuid4()}/", device).status == 201

    def send(self, method: str, path: str, body: object = None) -> Answer:
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self._token}"}
        raw = None if body is None else json.dumps(body).encode()
        request = Request(self._url + path, raw, headers, method=method)
        began = time.monotonic()
        try:
            response = urlopen(request, timeout=30)
        except HTTPError as error:
            response = error
        with response:
            said = json.loads(response.read() or b"null")
            return Answer(response.status, said, time.monotonic() - began)

    def put(self, kind: str, **fields: Any) -> Answer:
        return self.send("PUT", f"/api/v1/{kind}/{uuid4()}/", fields)


@pytest.fixture
def phone(stack: Walk) -> Phone:
    return Phone(stack)
