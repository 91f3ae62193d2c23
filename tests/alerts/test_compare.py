"""Two versions over the same lines: what is new, lost or changed, and how it is counted."""

import json
from collections.abc import Iterable
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from alerts.core.parameters import CURRENT as THRESHOLDS
from alerts.core.rules import CURRENT, RuleSet, rules_with
from alerts.core.standing import Transition
from alerts.replay_comparison import Comparison, compare
from alerts.replay_matches import CHANGES, Match, Matches
from alerts.replay_report import to_json, to_table
from tests.alerts.core.story import Line, at, clock, closed, entry, massage, profile

# R08 and R09 with one point more.
STRICT = rules_with(
    replace(THRESHOLDS, version="b", after_massage=replace(THRESHOLDS.after_massage, rise=3))
)
QUIET = profile(
    at(days=-1),
    quiet_hours="00:00-00:00",
    phase="healing",
    doctor_approval={"status": "physician_confirmed"},
)


def line(event: str, hour: float, *, level: int = 2, text: str = "hold", **more: str) -> Transition:
    return Transition(
        at=at(hours=hour),
        event=event,
        rule=more.get("rule", "R08"),
        subject=more.get("subject", "m"),
        level=level,
        text_key=text,
        evidence=(),
        onset=at(),
        rules_version="1.0.0",
        chased=more.get("chased"),
    )


def alert(begin: float, end: float | None = None) -> list[Transition]:
    return [line("opened", begin), *([] if end is None else [line("cleared", end)])]


def changes(matches: Iterable[Match]) -> list[str]:
    return [match.change or "same" for match in matches]


def matched(first: list[Transition], second: list[Transition]) -> list[str]:
    """The changes between two versions, all lines at once."""
    matches = Matches()
    return changes([*matches.found(first, second), *matches.rest()])


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        pytest.param(alert(1, 5), alert(1, 5), ["same"], id="the-same"),
        pytest.param(alert(1), alert(1), ["same"], id="both-still-open"),
        pytest.param([], alert(1), ["new"], id="new"),
        pytest.param(alert(1, 5), [], ["lost"], id="lost"),
        pytest.param(alert(1, 5), alert(4, 5), ["time"], id="opened-later"),
        pytest.param(alert(1, 5), alert(1, 6), ["end"], id="ended-later"),
        pytest.param(alert(1, 5), alert(1), ["end"], id="still-open-in-one"),
        pytest.param(alert(1, 5), alert(5, 6), ["lost", "new"], id="one-ends-as-the-other-begins"),
        pytest.param(alert(5, 6), alert(1, 5), ["new", "lost"], id="and-the-other-way-round"),
        pytest.param(alert(1, 5), alert(4.9, 6), ["time"], id="together-for-a-moment"),
        pytest.param(alert(1, 1), alert(1, 5), ["end"], id="opened-together-and-over-at-once"),
        pytest.param(
            alert(1, 9), alert(1, 3) + alert(5, 9), ["end", "new"], id="one-for-two-takes-the-first"
        ),
        pytest.param(
            alert(1, 3) + alert(5, 9), alert(2, 6), ["time", "lost"], id="two-for-one-likewise"
        ),
        pytest.param(
            alert(1, 3) + alert(5, 9),
            alert(2, 6) + alert(8, 9),
            ["time", "time"],
            id="each-finds-the-next-that-is-free",
        ),
        pytest.param(
            [*alert(1), line("raised", 2, level=3, text="doctor"), line("cleared", 5, level=3)],
            alert(1, 5),
            ["level"],
            id="raised-in-one-only",
        ),
        pytest.param(
            [*alert(1), line("raised", 2, level=3)],
            [*alert(1), line("raised", 3, level=3)],
            ["time"],
            id="raised-later",
        ),
        pytest.param(alert(1, 5), [line("opened", 1, text="x")], ["text"], id="text-before-end"),
        pytest.param(
            alert(1, 5), [line("opened", 1, subject="n")], ["lost", "new"], id="another-subject"
        ),
        pytest.param(
            [line("reminder", 1), line("reminder", 1)],
            [line("reminder", 1)],
            ["same", "lost"],
            id="each-message-has-one-match",
        ),
        pytest.param([line("reminder", 1)], [line("reminder", 2)], ["lost", "new"], id="later"),
        pytest.param(
            [line("escalated", 1, chased="R01")],
            [line("escalated", 1, chased="R02")],
            ["lost", "new"],
            id="another-is-chased",
        ),
    ],
)
def test_alerts_are_the_same_if_they_were_open_together(
    first: list[Transition], second: list[Transition], found: list[str]
) -> None:
    assert matched(first, second) == found


@st.composite
def histories(draw: st.DrawFn) -> list[Transition]:
    """Alerts of one identity, one after the other, the last perhaps open."""
    hours = sorted(draw(st.sets(st.integers(0, 40), max_size=9)))
    return [line("cleared" if index % 2 else "opened", hour) for index, hour in enumerate(hours)]


@given(histories(), histories())
def test_line_by_line_finds_what_a_look_at_the_whole_finds(
    first: list[Transition], second: list[Transition]
) -> None:
    matches = Matches()
    found = []
    for hour in range(41):
        now = at(hours=hour)
        sides = ([each for each in side if each.at == now] for side in (first, second))
        found += changes(matches.found(*sides))
    found += changes(matches.rest())
    assert sorted(found) == sorted(matched(first, second))
    opened = [sum(each.event == "opened" for each in side) for side in (first, second)]
    assert opened[0] - found.count("lost") == opened[1] - found.count("new")


def encoded(lines: Iterable[Line], patient: str = "p") -> list[bytes]:
    return [json.dumps({**each, "patient": patient}).encode() for each in lines]


def painful(*pains: int) -> list[Line]:
    """A massage each week, one answer 30 hours after it with this pain, and calm days."""
    diary = [QUIET]
    for week, pain in enumerate(pains):
        diary.append(massage(f"m{week}", at(days=7 * week), pain_before=4, minutes=15))
        diary.append(entry(f"e{week}", at(days=7 * week, hours=30), pain=pain))
        diary.extend(entry(f"c{week}{d}", at(days=7 * week + d), pain=4) for d in (3, 4))
    return [*diary, clock(at(days=7 * len(pains)))]


def compared(
    lines: Iterable[bytes], *, other: RuleSet = STRICT, most: int = 10_000
) -> tuple[Comparison, list[str]]:
    problems: list[str] = []
    return (
        compare(lines, versions=(CURRENT, other), report=problems.append, most=most),
        problems,
    )


def test_alerts_are_counted_by_rule_and_level_with_patient_weeks() -> None:
    comparison, problems = compared(
        [*encoded(painful(6, 7, 4), "p"), b"nonsense", *encoded(painful(6), "q")]
    )
    assert problems == ["line 15: The body is not JSON."]
    # m0 of both patients is no longer found, m1 still is, m2 never was.
    count = comparison.counts["alert", "R08", 2]
    assert (count.first, count.second) == (3, 1)
    assert count.changes == {**dict.fromkeys(CHANGES, 0), "lost": 2}
    assert (comparison.lines, comparison.patients) == (20, 2)
    assert comparison.patient_weeks == pytest.approx((22 + 8) / 7)
    table = json.loads(to_json(comparison, ("1.0.0", "b")))
    (row,) = [row for row in table["counts"] if row["rule"] == "R08" and row["level"] == 2]
    assert (row["a"], row["b"], row["new"], row["lost"]) == (3, 1, 0, 2)
    assert row["changed"] == {"level": 0, "text": 0, "time": 0, "end": 0}
    assert row["a_per_patient_week"] == pytest.approx(3 / (30 / 7), abs=1e-6)
    total = table["totals"]["alert"]
    assert total["a"] == sum(row["a"] for row in table["counts"] if row["what"] == "alert")
    assert total["b"] == total["a"] - total["lost"] + total["new"]


def test_examples_name_the_patient_and_both_sides_two_of_a_kind() -> None:
    comparison, _ = compared(encoded(painful(6, 6, 6)))
    table = json.loads(to_json(comparison, ("1.0.0", "b")))
    examples = [example for example in table["examples"] if example["rule"] == "R08"]
    assert [(each["change"], each["subject"]) for each in examples] == [
        ("lost", "m0"),
        ("lost", "m1"),
    ]
    assert examples[0] == {
        "change": "lost",
        "patient": "p",
        "rule": "R08",
        "subject": "m0",
        "a": {
            "what": "alert",
            "level": 2,
            "text_key": "hold.pain_over_24h",
            "at": "2026-03-03T18:00:00Z",
            "level_reached_at": "2026-03-03T18:00:00Z",
            "ended_at": "2026-03-06T12:00:00Z",
        },
        "b": None,
    }
    text = "\n".join(to_table(comparison, ("1.0.0", "b")))
    assert (
        "lost: alert of R08, patient p, massage m0\n"
        "  A: level 2, hold.pain_over_24h, 2026-03-03T18:00:00Z, ended 2026-03-06T12:00:00Z\n"
        "  B: nothing\n"
    ) in text


def test_an_alert_that_is_open_at_the_end_counts_too() -> None:
    comparison, _ = compared(encoded(painful(6)[:3]))
    assert comparison.counts["alert", "R08", 2].changes["lost"] == 1


def test_each_version_has_its_own_standing() -> None:
    """A close in between acts on what either version has opened."""
    story = [*painful(6)[:3], closed("R08", at(hours=31)), entry("f", at(hours=40), pain=7)]
    comparison, _ = compared(encoded(story))
    count = comparison.counts["alert", "R08", 2]
    assert (count.first, count.second) == (2, 1)


def test_the_same_version_twice_differs_in_nothing() -> None:
    comparison, _ = compared(encoded(painful(6, 9)), other=CURRENT)
    assert comparison.examples == {}
    assert all(count.first == count.second for count in comparison.counts.values())


def test_without_a_week_there_is_no_rate() -> None:
    comparison, _ = compared(encoded([entry("e", at(), red_flags={"bladder": "new_or_worse"})]))
    table = json.loads(to_json(comparison, ("1.0.0", "b")))
    assert table["counts"][0]["a_per_patient_week"] is None
    assert "  -  " in "\n".join(to_table(comparison, ("1.0.0", "b")))


def test_it_streams_patients_who_rest_in_a_file_are_counted_as_they_are() -> None:
    stories = [encoded(painful(6, 7, 9), patient) for patient in "cab"]
    mixed = [each for together in zip(*stories, strict=True) for each in together][:-9]
    live, _ = compared(mixed)
    resting, _ = compared(mixed, most=0)
    assert to_json(resting, ("a", "b")) == to_json(live, ("a", "b"))
    assert any(count.changes["lost"] for count in live.counts.values())


class TestCommand:
    @pytest.fixture
    def files(self, tmp_path: Path) -> tuple[str, str]:
        diary, draft = tmp_path / "diary.ndjson", tmp_path / "draft.toml"
        diary.write_bytes(b"\n".join(encoded(painful(6, 7))))
        draft.write_text('version = "b"\n[after_massage]\nrise = 3\n')
        return str(diary), str(draft)

    def told(self, diary: str, *arguments: str) -> str:
        stdout = StringIO()
        call_command("replay", "--from", diary, *arguments, stdout=stdout)
        return stdout.getvalue()

    def test_it_prints_an_aligned_table(self, files: tuple[str, str]) -> None:
        diary, draft = files
        lines = self.told(diary, "--compare", "1.0.0", draft).splitlines()
        assert lines[:3] == [
            "A: 1.0.0",
            f"B: b ({draft})",
            "10 lines, 1 patients, 2.1 patient-weeks",
        ]
        heading, *rows = lines[4 : lines.index("", 4)]
        assert heading.split()[:5] == ["what", "rule", "level", "A", "B"]
        assert {len(row) for row in rows} == {len(heading)}
        assert any(row.split()[:7] == ["alert", "R08", "2", "2", "1", "0", "1"] for row in rows)

    def test_json_is_the_same_for_machines(self, files: tuple[str, str]) -> None:
        diary, draft = files
        found = json.loads(self.told(diary, "--compare", "1.0.0", draft, "--json"))
        assert (found["a"], found["b"]) == ("1.0.0", f"b ({draft})")
        assert (found["lines"], found["patients"]) == (10, 1)

    def test_arguments_that_do_not_fit_are_refused(self, files: tuple[str, str]) -> None:
        diary, draft = files
        for arguments in (("--json",), ("--compare", "1.0.0", "0.9"), ("--compare", draft)):
            with pytest.raises(CommandError):
                self.told(diary, *arguments)
        with pytest.raises(CommandError, match="not allowed with"):
            self.told(diary, "--compare", "1.0.0", draft, "--rules-version", "1.0.0")
