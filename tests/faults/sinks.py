"""The far ends of the wire in a process of their own, with a log that outlives everybody.

`python -m tests.faults.sinks FOLDER`: what was accepted goes to `accepted.ndjson`, what the far
ends shall do stands in `orders.json`, where they listen in `ports.json`, and the keys of the one
browser that all patients share in `keys.json`.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

from tests.sinks.push import Answer, Push, PushSink
from tests.sinks.smtp import Mail, SmtpSink

LOOK = 0.05  # seconds between two looks at the orders


class Journal(list[Any]):
    """Takes each message down before its sender hears of it."""

    def __init__(self, log: Path) -> None:
        super().__init__()
        self._log = log.open("a", buffering=1)  # a line at a time, each in one write

    def append(self, message: Mail | Push) -> None:
        of = _of_mail(message) if isinstance(message, Mail) else _of_push(message)
        for line in of:
            self._log.write(json.dumps({"at": time.time(), **line}) + "\n")


def _of_mail(mail: Mail) -> list[dict[str, Any]]:
    identity = str(mail.message["Message-ID"]).strip("<> ").partition("@")[0]
    return [{"channel": "email", "id": identity, "to": to} for to in mail.recipients]


def _of_push(push: Push) -> list[dict[str, Any]]:
    level = push.message["level"]  # it was decrypted with the browser's key
    identity = push.headers["topic"]
    return [{"channel": "webpush", "id": identity, "to": push.subscriber, "level": level}]


class Everybody(dict[str, Any]):
    """One browser under every name."""

    def __missing__(self, _name: str) -> Any:
        return self["browser"]


def obey(orders: dict[str, Any], mail: SmtpSink, push: PushSink) -> None:
    """Be what the orders say; what they leave out is as at the beginning."""
    of_mail, of_push = orders.get("mail", {}), orders.get("push", {})
    mail.rcpt_answer = of_mail.get("rcpt_answer", "250 OK")
    mail.data_answer = of_mail.get("data_answer", "250 OK")
    mail.hang = of_mail.get("hang", False)
    mail.drop_after_data = of_mail.get("drop", False)
    push.answer = Answer(**{k: v for k, v in of_push.items() if k != "refuse"})
    for sink, wanted in ((mail, of_mail), (push, of_push)):
        refuses, was = wanted.get("refuse", False), getattr(sink, "refuses", False)
        if refuses != was:
            sink.refuse() if refuses else sink.listen()
            vars(sink)["refuses"] = refuses


def main(folder: Path) -> None:
    """Serve until the process is ended."""
    log, orders = folder / "accepted.ndjson", folder / "orders.json"
    mail, push = SmtpSink(), PushSink()
    mail.mails = push.pushes = Journal(log)
    push._subscribers = Everybody()
    with mail, push:
        keys = push.subscribe("browser")["keys"]
        (folder / "keys.json").write_text(json.dumps(keys))
        _put(folder / "ports.json", {"mail": mail.port, "push": push.port})
        heard = 0.0
        while True:
            written = orders.stat().st_mtime_ns if orders.exists() else 0
            if written != heard:
                heard = written
                obey(json.loads(orders.read_text()), mail, push)
                _put(folder / "obeyed.json", written)
            if push.refusals:
                sys.exit(f"no proper push: {push.refusals[0]}")
            time.sleep(LOOK)


def _put(file: Path, content: object) -> None:
    """Complete or absent."""
    draft = file.with_suffix(".new")
    draft.write_text(json.dumps(content))
    draft.replace(file)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
