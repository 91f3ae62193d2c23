"""The whole service in processes of its own: web, worker, dispatcher and a private broker."""

import json
import os
import shutil
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit, urlunsplit
from urllib.request import Request, urlopen
from uuid import uuid4

import pytest
from django.db import connection

from config.local import commands
from config.local.commands import Door
from config.local.places import PROJECT, Places
from config.local.processes import Child, Program, start, stop
from config.local.services import started
from tests.phones import access_token, enrolled
from tests.services import folder_for_services
from tests.sinks.push import PushSink
from tests.sinks.smtp import SmtpSink

STARTING = 60  # seconds, on a busy machine


class Stack:
    """What runs, and where; every process is ended by its own id."""

    def __init__(self, places: Places, broker: Child, environ: dict[str, str]) -> None:
        self.mail = SmtpSink()
        self.push = PushSink()
        self.broker = broker
        self.door = Door("127.0.0.1", _free_port())
        self.worker: Child
        self._environ, self._places = environ, places
        self._stack = ExitStack()

    def __enter__(self) -> "Stack":
        with self._stack:
            self._stack.enter_context(self.mail)
            self._stack.enter_context(self.push)
            self._environ["EMAIL_URL"] = self.mail.url
            self._start(commands.web(self.door, self._environ))
            self.start_worker()
            self._start(commands.dispatcher())
            self._await_web()
            self._stack = self._stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def start_worker(self) -> None:
        self.worker = self._start(commands.worker(self._environ))

    def _start(self, program: Program) -> Child:
        log = self._places.logs / f"{program.name}-{uuid4().hex}.log"
        child = start(program, log=log, folder=PROJECT, environ=self._environ)
        self._stack.callback(stop, child)
        return child

    def _await_web(self) -> None:
        end = time.monotonic() + STARTING
        while time.monotonic() < end:
            try:
                urlopen(f"{self.door.url}/healthz", timeout=2).close()
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise AssertionError("web did not start")


def kill(child: Child) -> None:
    """SIGKILL for the process and everything it started."""
    os.killpg(child.process.pid, signal.SIGKILL)
    child.process.wait(10)


@pytest.fixture
def stack(transactional_db: None) -> Iterator[Stack]:
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
            with Stack(places, services.children[0], environ) as running:
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

    def __init__(self, stack: Stack) -> None:
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
def phone(stack: Stack) -> Phone:
    return Phone(stack)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port
