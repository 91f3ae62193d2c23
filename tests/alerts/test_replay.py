"""Replay: lines in, lines out, without a database; what cannot be read has no effect."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from io import BytesIO, StringIO
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from alerts.core.rules import CURRENT
from alerts.replay import replay
from alerts.replay_lines import lines_of
from alerts.replay_patients import Patients
from tests.alerts.core.story import (
    Line,
    acknowledged,
    at,
    brief,
    clock,
    closed,
    entry,
    massage,
    profile,
    told,
    withdrawn,
)

ROOT = Path(__file__).parents[2]
FLAG: dict[str, Any] = {"red_flags": {"bladder": "new_or_worse"}}


def replayed(*raw: str | Line) -> tuple[list[str], list[str]]:
    """Output lines and problems of raw lines."""
    problems: list[str] = []
    lines = (line if isinstance(line, str) else json.dumps(line) for line in raw)
    encoded = (line.encode() for line in lines)
    return list(replay(encoded, rules=CURRENT, report=problems.append)), problems


def test_a_line_has_the_fields_of_the_contract_in_their_order() -> None:
    (line,), problems = replayed(entry("e", at(), **FLAG))
    assert problems == []
    assert line == (
        '{"patient": "p", "at": "2026-03-02T12:00:00Z", "event": "opened", "rule": "R01", '
        '"subject": null, "level": 4, "text_key": "emergency.cauda_equina", "evidence": ["e"]}'
    )


def test_the_clock_never_runs_backwards() -> None:
    said = told(clock(at(days=1)), entry("e", at(), **FLAG))
    assert said[0]["at"] == "2026-03-03T12:00:00Z"


def test_patients_have_their_own_clocks_records_and_alerts() -> None:
    other = {**entry("e", at(days=-9), pain=1), "patient": "q"}
    flagged = {**massage("e", at(days=-8)), "patient": "r"}
    said = told(entry("e", at(), **FLAG), other, flagged, {**clock(at(hours=-190)), "patient": "r"})
    assert {line["patient"] for line in said if line["rule"] == "R01"} == {"p"}
    assert {line["at"][:10] for line in said if line["patient"] == "r"} == {"2026-02-22"}


def test_what_is_due_comes_before_the_line() -> None:
    quiet = profile(at(days=-1), quiet_hours="00:00-00:00")
    said = told(quiet, massage("m", at(), pain_before=3), entry("e", at(hours=26), pain=9, **FLAG))
    assert brief(said, "R20", "R01", "R08") == ["R20 reminder 0", "R01 opened 4", "R08 opened 2"]


def test_the_lines_of_a_step_are_ordered_by_rule_and_subject() -> None:
    quiet = profile(at(days=-1), quiet_hours="00:00-00:00", phase="chronic")
    diary = [massage("b", at(), pain_before=3), massage("a", at(hours=1), pain_before=3)]
    said = told(quiet, *diary, entry("e", at(hours=25.5), pain=9, weakness=9, **FLAG))
    step = [(line["rule"], line["subject"]) for line in said if line["at"] == said[-1]["at"]]
    assert step == sorted(step, key=lambda line: (line[0], line[1] or ""))
    assert [line for line in step if line[0] in ("R01", "R03", "R08")] == [
        ("R01", None),
        ("R03", None),
        ("R08", "a"),
        ("R08", "b"),
    ]


def test_nothing_is_evaluated_after_the_last_line() -> None:
    assert {line["at"] for line in told(massage("m", at()))} == {"2026-03-02T12:00:00Z"}


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        pytest.param("nonsense", "not JSON", id="no-json"),
        pytest.param("", "not JSON", id="an-empty-line"),
        pytest.param("[]", "object", id="no-object"),
        pytest.param('{"type": "entry", "type": "entry"}', "twice", id="a-key-twice"),
        pytest.param({**clock(at()), "type": "weather"}, "/type", id="an-unknown-type"),
        pytest.param({**clock(at()), "type": ["clock"]}, "/type", id="a-type-that-is-no-text"),
        pytest.param({"type": "clock", "patient": "p"}, "/at", id="no-time"),
        pytest.param({"type": "clock", "at": "2026-03-02T12:00:00Z"}, "/patient", id="no-patient"),
        pytest.param({**clock(at()), "patient": ""}, "/patient", id="an-empty-name"),
        pytest.param({**clock(at()), "at": "2026-03-02T12:00:00"}, "/at", id="no-offset"),
        pytest.param({**clock(at()), "more": 1}, "/more", id="a-field-nobody-knows"),
        pytest.param(entry("e", at(), pain=11), "/data/pain", id="out-of-range"),
        pytest.param(entry("e", at(), pian=1), "/data/pian", id="mistyped"),
        pytest.param(entry("e", at()), "", id="an-entry-that-says-nothing"),
        pytest.param(massage("m", at(), minutes=481), "", id="longer-than-eight-hours"),
        pytest.param(massage("m", at(), minutes=0), "", id="no-length"),
        pytest.param(closed("R99", at()), "/data/rule", id="an-unknown-rule"),
        pytest.param(
            {**closed("R01", at()), "data": {"rule": "R01"}}, "/data/reason", id="no-reason"
        ),
        pytest.param(profile(at(), timezone="Mars/Base"), "/data/timezone", id="no-such-zone"),
    ],
)
def test_a_line_that_cannot_be_read_is_reported_and_changes_nothing(
    raw: str | Line, reason: str
) -> None:
    lines, problems = replayed(raw, entry("e", at(hours=-1), **FLAG))
    assert json.loads(lines[0])["at"] == "2026-03-02T11:00:00Z"
    (problem,) = problems
    assert problem.startswith("line 1: ")
    assert reason in problem


def test_an_id_of_the_other_type_has_no_effect_not_even_on_the_clock() -> None:
    for first, second in (
        (entry("x", at(), pain=1), massage("x", at(days=1))),
        (massage("x", at()), entry("x", at(days=1), pain=1)),
    ):
        lines, problems = replayed(
            first, withdrawn("x", at(hours=1)), second, entry("e", at(hours=2), **FLAG)
        )
        flagged = [line for line in map(json.loads, lines) if line["rule"] == "R01"]
        assert [line["at"] for line in flagged] == ["2026-03-02T14:00:00Z"]
        assert [problem.split(":")[0] for problem in problems] == ["line 3"]


def test_null_and_left_out_are_the_same_body() -> None:
    body = massage("m", at(), pain_before=3)
    again = massage("m", at(), received=at(hours=30), pain_before=3, product=None, note="x")
    quiet = profile(at(days=-1), quiet_hours="00:00-00:00")
    rise = entry("e", at(hours=25), pain=9)
    diary = [quiet, body, rise, closed("R08", at(hours=26))]
    assert brief(told(*diary, again), "R08") == ["R08 opened 2", "R08 cleared 2"]


def test_deleting_what_is_unknown_or_gone_changes_nothing() -> None:
    gone = [withdrawn("e", at(hours=h)) for h in (1, 2, 3)]
    assert brief(told(entry("e", at(), **FLAG), *gone), "R01") == ["R01 opened 4"]


def test_an_answer_is_written_before_the_next_line_is_read() -> None:
    def lines() -> Any:
        yield json.dumps(entry("e", at(), **FLAG)).encode()
        raise AssertionError("read too far")

    assert '"R01"' in next(replay(lines(), rules=CURRENT, report=print))


def mixed() -> list[bytes]:
    """Five patients whose lines come mixed: records, corrections, acts, and rules that wait."""
    rise = [entry(f"e{day}", at(days=day), pain=3 + 4 * (day % 3 == 0)) for day in range(9)]
    numb = entry("numb", at(days=9), weakness=9, received=at(days=9), **FLAG)
    diary = [
        profile(at(days=-1), timezone="Asia/Shanghai", phase="chronic", quiet_hours="00:00-00:00"),
        *(massage(f"m{day}", at(days=day, hours=-1), pain_before=2) for day in (1, 2, 3)),
        *rise,
        entry("e3", at(days=3), received=at(days=9), pain=9),
        withdrawn("e6", at(days=9)),
        numb,
        acknowledged("R01", at(days=9, minutes=3)),
        closed("R01", at(days=10)),
        clock(at(days=40)),
    ]
    named = ({**line, "patient": patient} for line in diary for patient in "edcba")
    return [json.dumps(line).encode() + b"\n" for line in named]


class TestConstantMemory:
    def test_patients_who_rest_in_a_file_wake_as_they_were(self) -> None:
        told, resting, mostly = (
            list(replay(mixed(), rules=CURRENT, report=pytest.fail, most=most))
            for most in (100_000, 0, 40)
        )
        assert len({json.loads(line)["rule"] for line in told}) >= 5
        assert resting == mostly == told

    def test_memory_holds_the_patients_heard_of_last_and_the_file_has_no_name(self) -> None:
        woken: list[Diary] = []
        patients = Patients(woken.append, most=10)
        for number in range(30):
            patients.keep(f"p{number % 6}", Diary(size=3))
        assert len(patients._live) == 3
        assert patients.get("p5") is not None
        assert woken == []
        assert patients.get("p0") == Diary(size=3)
        assert woken == [Diary(size=3)]
        assert patients.get("p6") is None
        assert patients._resting is not None
        ((_, _, path),) = patients._resting.execute("PRAGMA database_list")
        assert path == ""
        assert [name for name, _ in patients.all()] == [f"p{number}" for number in range(6)]
        patients.close()

    def test_one_patient_stays_in_memory_however_large(self) -> None:
        patients = Patients[Diary](lambda _: None, most=10)
        patients.keep("p", Diary(size=11))
        assert patients.get("p") == Diary(size=11)
        assert list(patients.all()) == [("p", Diary(size=11))]
        patients.close()

    @pytest.mark.parametrize(
        ("longer", "is_read"),
        [
            pytest.param(0, True, id="one-mebibyte-is-read"),
            pytest.param(1, False, id="a-byte-more-is-not"),
            pytest.param(2, False, id="two-bytes-more-are-not"),
            pytest.param(1 << 21, False, id="nor-is-a-line-three-times-as-long"),
        ],
    )
    @pytest.mark.parametrize("end", [b"\n", b""], ids=["with-an-end", "the-last-one-without"])
    def test_a_line_above_a_mebibyte_cannot_be_read(
        self, longer: int, is_read: bool, end: bytes
    ) -> None:
        flagged = json.dumps(entry("e", at(), **FLAG)).encode()
        long = flagged.ljust((1 << 20) + longer) + end
        lines = list(lines_of(BytesIO(b"\n" + long + (b"nonsense" if end else b""))))
        assert len(lines) == (3 if end else 2)
        assert max(map(len, lines)) <= (1 << 20) + 2
        problems: list[str] = []
        said = list(replay(lines, rules=CURRENT, report=problems.append))
        assert len(said) == is_read
        assert ("line 2: The line is longer than 1 MiB." in problems) is not is_read


@dataclass
class Diary:
    size: int


def test_a_rule_that_throws_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr("alerts.core.engine.judge", broken)
    lines, problems = replayed(entry("e", at(), **FLAG))
    assert lines == []
    assert problems == [f"line 1: {rule} failed: RuntimeError('broken')" for rule in ("R01", "R02")]


class TestVersions:
    """--rules-version takes a released version or a file, and `thresholds` prints one."""

    @pytest.fixture
    def diary(self, tmp_path: Path) -> Path:
        path = tmp_path / "diary.ndjson"
        path.write_bytes(b"".join(mixed()))
        return path

    def told(self, diary: Path, *arguments: str) -> str:
        stdout = StringIO()
        call_command("replay", "--from", str(diary), *arguments, stdout=stdout)
        return stdout.getvalue()

    def test_a_file_with_other_thresholds_says_something_else(
        self, diary: Path, tmp_path: Path
    ) -> None:
        draft = tmp_path / "draft.toml"
        draft.write_text('version = "draft"\n[after_massage]\nrise = 9\nrise_when_worse = 9\n')
        now, then = self.told(diary), self.told(diary, "--rules-version", str(draft))
        assert '"R08"' in now
        assert '"level": 2, "text_key": "hold.pain_over_24h"' not in then
        assert '"R01"' in then

    def test_the_printed_thresholds_are_the_same_version(self, diary: Path, tmp_path: Path) -> None:
        printed = StringIO()
        call_command("thresholds", stdout=printed)
        copy = tmp_path / "copy.toml"
        copy.write_text(printed.getvalue())
        assert self.told(diary, "--rules-version", str(copy)) == self.told(diary)

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            pytest.param("[trend]\nweekday = 7", "trend.weekday: 7 has no sense", id="no-sense"),
            pytest.param("rise = 1", "rise: there is no such group", id="no-group"),
            pytest.param(None, "There are no rules", id="no-file"),
            pytest.param(b"\xff", "cannot be read", id="no-text"),
            pytest.param(
                'version = "1.0.0"\n[trend]\nweekday = 1', "is released", id="a-name-that-is-taken"
            ),
        ],
    )
    @pytest.mark.parametrize("command", ["replay --rules-version", "thresholds"])
    def test_what_is_no_version_is_refused_by_name(
        self, command: str, text: str | bytes | None, reason: str, tmp_path: Path
    ) -> None:
        draft = tmp_path / "draft.toml"
        if text is not None:
            draft.write_bytes(text.encode() if isinstance(text, str) else text)
        with pytest.raises(CommandError, match=reason) as refused:
            call_command(*command.split(), str(draft))
        assert str(draft) in str(refused.value)


def test_long_work_shows_that_it_goes_on_where_somebody_looks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Terminal(StringIO):
        def isatty(self) -> bool:
            return True

    seconds = count(step=2)
    monkeypatch.setattr("alerts.management.commands.replay.monotonic", lambda: float(next(seconds)))
    diary = tmp_path / "diary.ndjson"
    diary.write_text(f"{json.dumps(clock(at()))}\n" * 7)
    for stderr, signs in ((Terminal(), "3 lines\n6 lines\n"), (StringIO(), "")):
        call_command("replay", "--from", str(diary), stderr=stderr, stdout=StringIO())
        assert stderr.getvalue() == signs


class TestCommand:
    """The command runs where there is no database, no broker and no secret."""

    def run(self, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
        bare = {"PATH": os.environ["PATH"], "DATABASE_URL": "postgres://nowhere:1/none"}
        return subprocess.run(
            [sys.executable, "manage.py", "replay", *arguments],
            cwd=ROOT,
            env=bare,
            input=given,
            capture_output=True,
            text=True,
            check=False,
        )

    @pytest.mark.slow
    def test_it_reads_standard_input_and_says_what_it_could_not_read(self) -> None:
        flagged = json.dumps(entry("e", at(), **FLAG))
        clean = self.run(given=f"{flagged}\n")
        assert (clean.returncode, clean.stderr, clean.stdout.count("\n")) == (0, "", 1)
        broken = self.run(given=f"nonsense\n{flagged}\n")
        assert (broken.returncode, broken.stdout) == (1, clean.stdout)
        assert broken.stderr == "line 1: The body is not JSON.\n"

    @pytest.mark.slow
    def test_it_reads_a_file(self, tmp_path: Path) -> None:
        diary = tmp_path / "diary.ndjson"
        diary.write_text(json.dumps(entry("e", at(), **FLAG)) + "\n", encoding="utf-8")
        assert '"R01"' in self.run("--from", str(diary), "--rules-version", "1.0.0").stdout
        missing = self.run("--from", str(tmp_path / "none"))
        assert missing.returncode == 1
        assert "cannot be read" in missing.stderr

    @pytest.mark.slow
    def test_a_version_nobody_knows_is_an_error(self) -> None:
        unknown = self.run("--rules-version", "0.0.1")
        assert unknown.returncode == 1
        assert "There are no rules 0.0.1; known versions: 1.0.0." in unknown.stderr
