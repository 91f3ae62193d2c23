"""An export as bytes, made while it is sent: what is in memory does not grow with the diary."""

import csv
import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from io import RawIOBase, StringIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from diary.export.cells import cell
from diary.export.section import Row, Section
from diary.models import Patient

FORMAT = 1  # of the document; a change that an app could stumble over makes it 2
_PIECE = 32 * 1024


def as_json(sections: Iterable[Section], patient: Patient, *, at: datetime) -> Iterator[bytes]:
    """One document with a list for each section."""
    return _in_pieces(_document(sections, patient, at))


def as_zip(sections: Iterable[Section], patient: Patient, *, at: datetime) -> Iterator[bytes]:
    """A zip with a CSV file (RFC 4180, UTF-8) for each section."""
    pipe = _Pipe()
    with ZipFile(pipe, "w") as archive:
        for section in sections:
            entry = ZipInfo(f"{section.name}.csv", date_time=at.timetuple()[:6])
            entry.compress_type = ZIP_DEFLATED
            with archive.open(entry, "w") as file:
                for piece in _in_pieces(_table(section, patient)):
                    file.write(piece)
                    yield pipe.taken()
    yield pipe.taken()


def flat(row: Row, columns: Iterable[str]) -> list[Any]:
    """The values of a row in the order of the columns; `a.b` is a member of an object."""
    values = []
    for column in columns:
        name, _, member = column.partition(".")
        value = row[name]
        values.append((value or {}).get(member) if member else value)
    return values


def _document(sections: Iterable[Section], patient: Patient, at: datetime) -> Iterator[str]:
    yield f'{{"format": {FORMAT}, "made_at": "{at.isoformat()}"'
    for section in sections:
        yield f', "{section.name}": ['
        for number, row in enumerate(section.rows(patient)):
            yield (",\n" if number else "\n") + json.dumps(row, ensure_ascii=False)
        yield "]"
    yield "}\n"


def _table(section: Section, patient: Patient) -> Iterator[str]:
    lines = StringIO(newline="")
    table = csv.writer(lines, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    table.writerow(section.columns)
    for row in section.rows(patient):
        table.writerow([cell(value) for value in flat(row, section.columns)])
        yield lines.getvalue()
        lines.seek(0)
        lines.truncate()
    yield lines.getvalue()


def _in_pieces(texts: Iterable[str]) -> Iterator[bytes]:
    """The same in pieces that are worth sending."""
    piece = bytearray()
    for text in texts:
        piece += text.encode()
        if len(piece) >= _PIECE:
            yield bytes(piece)
            piece.clear()
    yield bytes(piece)


class _Pipe(RawIOBase):
    """A file that is written at one end and taken away at the other; it cannot go back."""

    def __init__(self) -> None:
        self._held = bytearray()

    def write(self, piece: Any, /) -> int:
        before = len(self._held)
        self._held += piece
        return len(self._held) - before

    def taken(self) -> bytes:
        piece = bytes(self._held)
        self._held.clear()
        return piece
