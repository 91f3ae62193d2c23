"""The guide for app developers as a shell session: its requests are made, its answers compared.

What is understood: assignments of `$(date ...)`, of a new id and of text, `curl`, `sleep`, and
`# keep NAME = .path.into[0].the_answer` or `# keep CODE = the code in the mail`.
"""

import json
import re
import shlex
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import uuid4

_BLOCK = re.compile(r"^```(sh|json)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_NAME = re.compile(r"\$([A-Z][A-Z0-9_]*)")
_KEEP = re.compile(r"# keep ([A-Z0-9_]+) = (.+)")
_STATUS = re.compile(r"# (\d{3})\b")
_ASSIGN = re.compile(r"([A-Z][A-Z0-9_]*)=(.*)")
_AGO = re.compile(r"\$\(date -u(?: -d '(-?)(\d+) (hour|minute)s?')? \+%Y-%m-%dT%H:%M:%SZ\)")
# What is different each time, whatever it says.
_OPAQUE = re.compile(r"[0-9a-f-]{36}|\d{4}-\d\d-\d\d(T.*)?")
_WITH_VALUE = {"-X", "-H", "-d", "-o", "-w"}


class Asked(NamedTuple):
    """One request of the guide."""

    method: str
    url: str
    headers: dict[str, str]
    body: str | None


class Said(NamedTuple):
    """What it was answered with."""

    status: int
    headers: dict[str, str]
    body: Any


class Step(NamedTuple):
    """One command, what is said of its answer, and the answer that the guide shows."""

    line: str
    status: int
    keeps: list[tuple[str, str]]
    shows: Any


def steps(text: str) -> Iterator[Step]:
    """The commands of a guide in order; an answer belongs to the last command before it."""
    blocks = [(found[1], found[2]) for found in _BLOCK.finditer(text)]
    for (kind, inside), (next_kind, following) in zip(blocks, [*blocks[1:], ("", "")], strict=True):
        if kind == "sh":
            found = list(_commands(inside))
            shown = json.loads(following) if next_kind == "json" else None
            yield from found[:-1]
            yield found[-1]._replace(shows=shown)


def _commands(block: str) -> Iterator[Step]:
    """Each command of a block, with the remarks that follow it."""
    command, remarks = "", []
    for line in filter(None, map(str.strip, block.replace("\\\n", " ").splitlines())):
        if _is_open(command):
            command += f"\n{line}"
        elif line.startswith("#"):
            remarks.append(line)
        else:
            yield from _step(command, remarks)
            command, remarks = line, []
    yield from _step(command, remarks)


def _step(command: str, remarks: list[str]) -> Iterator[Step]:
    if command:
        statuses = [int(said[1]) for line in remarks if (said := _STATUS.match(line))]
        keeps = [(kept[1], kept[2]) for line in remarks if (kept := _KEEP.fullmatch(line))]
        yield Step(command, statuses[0] if statuses else 200, keeps, None)


def _is_open(command: str) -> bool:
    """Whether a quotation goes on in the next line."""
    return command.count("'") % 2 == 1


@dataclass
class Session:
    """A reader who types it all in."""

    ask: Callable[[Asked], Said]
    code: Callable[[], str]
    wait: Callable[[float], object]
    known: dict[str, str] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)

    def do(self, step: Step) -> Said | None:
        """Do one command; its answer, if it is a request."""
        if assigned := _ASSIGN.fullmatch(step.line):
            self.known.setdefault(assigned[1], self._value(assigned[2]))
            return None
        words = [self._filled(word) for word in shlex.split(step.line)]
        if words[0] == "sleep":
            self.wait(float(words[1]))
            return None
        assert words[0] == "curl", step.line
        said = self.ask(_request(words[1:]))
        self.done.append(step.line)
        for name, path in step.keeps:
            self.known[name] = self.code() if "mail" in path else str(taken(said, path))
        return said

    def _value(self, text: str) -> str:
        if ago := _AGO.fullmatch(text):
            unit = timedelta(**{f"{ago[3] or 'hour'}s": int(ago[2] or 0)})
            moment = datetime.now(UTC) - unit if ago[1] else datetime.now(UTC) + unit
            return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
        if text == "$(cat /proc/sys/kernel/random/uuid)":
            return str(uuid4())
        return self._filled(" ".join(shlex.split(text)))

    def _filled(self, word: str) -> str:
        return _NAME.sub(lambda found: self.known[found[1]], word)


def _request(words: list[str]) -> Asked:
    options: dict[str, list[str]] = {}
    url = ""
    given = iter(words)
    for word in given:
        if word in _WITH_VALUE:
            options.setdefault(word, []).append(next(given))
        elif not word.startswith("-"):
            url = word
    headers = dict(header.split(": ", 1) for header in options.get("-H", []))
    body = options["-d"][0] if "-d" in options else None
    method = options.get("-X", ["POST" if body is not None else "GET"])[0]
    return Asked(method, url, headers, body)


def taken(said: Said, path: str) -> Any:
    """`.meta.token`, `.results[0].id`, or `header ETag`."""
    if path.startswith("header "):
        return said.headers[path.removeprefix("header ")]
    value = said.body
    for name, index in re.findall(r"\.([a-z_0-9]+)|\[(\d+)\]", path):
        value = value[name] if name else value[int(index)]
    return value


def differences(shown: Any, real: Any, where: str = "") -> Iterator[str]:
    """Where what the guide shows is not what was answered; it may leave out, never invent."""
    match shown, real:
        case dict(), dict():
            yield from (f"{where}.{name} is not there" for name in shown.keys() - real.keys())
            for name in shown.keys() & real.keys():
                yield from differences(shown[name], real[name], f"{where}.{name}")
        case list(), list() if len(shown) <= len(real):
            for index, value in enumerate(shown):
                yield from differences(value, real[index], f"{where}[{index}]")
        case _ if not _is_like(shown, real):
            yield f"{where} is {real!r}, not {shown!r}"


def _is_like(shown: Any, real: Any) -> bool:
    """Word for word; up to "..." where it is cut short; of ids and times the form alone."""
    if not isinstance(shown, str) or not isinstance(real, str):
        return type(shown) is type(real) and bool(shown == real)
    if _OPAQUE.fullmatch(shown):
        return bool(_OPAQUE.fullmatch(real))
    if shown.endswith("..."):
        return real.startswith(shown[:-3])
    return shown == real
