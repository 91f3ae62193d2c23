"""Controls against hazards that no other test shows; the hazard table names each of them."""

from typing import Any

from tests.alerts.core.story import (
    Line,
    acknowledged,
    at,
    brief,
    clock,
    entry,
    massage,
    profile,
    still_open,
    told,
)

BEFORE = at(days=-40)
APPROVED = {"status": "physician_confirmed", "expires_on": None, "allow_acute": False}
CHECKED = {"heel_walk_left": "can", "heel_walk_right": "can"}


def relieved(**last: Any) -> list[Line]:
    """Six weeks of a full diary: pain 6, and 2 after each of the last three massages."""
    massages = (-24, -16, -8)
    lines = [profile(BEFORE, phase="healing", doctor_approval=APPROVED)]
    lines += [massage(f"m{day}", at(days=day), minutes=15, pain_before=6) for day in massages]
    for day in range(-38, 0):
        soon_after = any(0 < day - each <= 2 for each in massages)
        more: dict[str, Any] = last if day == -9 else {}
        checks = CHECKED if day == -10 else {}
        pain = 2 if soon_after else 6
        felt_at = at(days=day, hours=6)
        lines.append(entry(f"e{day}", felt_at, pain=pain, function_checks=checks, **more))
    return sorted(lines, key=lambda line: str(line.get("received_at") or line["at"]))


def test_h2_relief_is_not_praised_while_numbness_grows() -> None:
    assert "R19 opened 0" in brief(told(*relieved()))
    numb = told(*relieved(numbness=7))
    assert "R05 opened 3" in brief(numb)
    assert brief(numb, "R19") == []


def test_h5_one_bad_day_is_no_flare() -> None:
    days = [entry(f"e{day}", at(days=day), pain=3) for day in range(10)]
    bad = entry("bad", at(days=10), pain=7)
    worse = entry("worse", at(days=11), pain=7)
    assert brief(told(*days, bad, entry("good", at(days=11), pain=3))) == []
    assert brief(told(*days, bad, worse)) == ["R16 opened 1"]


def test_h8_an_unknown_phase_counts_as_acute() -> None:
    massages = [massage(f"m{day}", at(days=day), minutes=30) for day in range(4)]

    def says(**phase: str) -> list[str]:
        return brief(told(profile(BEFORE, doctor_approval=APPROVED, **phase), *massages))

    assert says() == says(phase="unknown") == says(phase="acute")
    assert "R11 opened 2" in says()
    assert "R11 opened 2" not in says(phase="healing")


def test_h9_an_emergency_is_told_again_until_the_patient_has_read_it() -> None:
    flag = entry("e", at(), red_flags={"bladder": "new_or_worse"})
    reminded = brief(told(flag, clock(at(hours=1))), "R22")
    assert reminded.count("R22 reminder 4") == 3
    read = acknowledged("R01", at(minutes=6))
    assert brief(told(flag, read, clock(at(hours=1))), "R22").count("R22 reminder 4") == 1


def test_h11_an_emergency_that_no_physician_has_seen_goes_to_the_backup() -> None:
    flag = entry("e", at(), red_flags={"bladder": "new_or_worse"})
    assert "R22 escalated 4" in brief(told(flag, clock(at(hours=1))), "R22")
    seen = acknowledged("R01", at(minutes=6), by="physician")
    assert "R22 escalated 4" not in brief(told(flag, seen, clock(at(hours=1))), "R22")


def test_h13_a_massage_during_a_hold_is_recorded_and_named_once() -> None:
    lines = [
        profile(BEFORE, phase="chronic", doctor_approval=APPROVED),
        massage("first", at(days=-10), minutes=15, pain_before=3),
        entry("e", at(days=-10, hours=30), pain=6),
        massage("second", at(days=-8), minutes=15, pain_before=5),
        clock(at(days=-8, hours=1)),
    ]
    said = told(*lines)
    assert [line["subject"] for line in said if line["rule"] == "R10"] == ["second"]
    # It is on the timeline like any other: what follows it is looked at too.
    follow_up = entry("f", at(days=-8, hours=30), pain=8)
    assert ("R08", "second") in still_open(told(*lines, follow_up))
