"""Before a massage: the answer, its reasons, the next date and the limits."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import chain
from typing import Any, get_args

import pytest

from alerts.core import allowance
from alerts.core.clearance import (
    ASK_DOCTOR,
    GENTLE_ONLY,
    GO,
    NOT_TODAY,
    Clearance,
    clearance,
)
from alerts.core.engine import step
from alerts.core.plan import Plan, found_on, planned_massage
from alerts.core.reconciliation import News
from alerts.core.records import Entry, Massage
from alerts.core.rules import CURRENT, RuleSet
from alerts.core.standing import OpenAlert, Standing
from alerts.core.timeline import ProfileChange, Timeline
from alerts.core.walk import Rule, Walk
from diary import vocabulary
from tests.alerts.core.story import at

APPROVED = {
    "timezone": "UTC",
    "region": "lumbar",
    "phase": "healing",
    "severity": "mild",
    "doctor_approval": {"status": "physician_confirmed"},
}
ACUTE_ALLOWED = {"status": "physician_confirmed", "allow_acute": True}
NO_NERVE_SIGNS = {"pain": 2, "numbness": 0, "weakness": 0, "limb_pain": 0}
HARSH = ("spinal_stretch", "spinal_twist", "manipulation")
SHAKEN = ("shaking", "vibration", "bouncing", "roller_or_ball")
BACK_AND_NECK = ("neck", "upper_back", "mid_back", "low_back")

Fields = Mapping[str, Any]


def felt(when: datetime, **data: Any) -> Entry:
    wire = {"id": f"e{when:%m%d%H%M}", "symptom_at": when, **data}
    return Entry.of(wire, received_at=when)


def given(name: str, ended: datetime, *, minutes: float = 15, **data: Any) -> Massage:
    times = {"started_at": ended - timedelta(minutes=minutes), "ended_at": ended}
    wire = {"id": name, "setting": "professional", **times, **data}
    return Massage.of(wire, received_at=ended)


def wished(*, minutes: float = 15, **data: Any) -> Massage:
    """A massage planned to begin now."""
    times = {"started_at": at(), "ended_at": at(minutes=minutes)}
    return planned_massage({"setting": "professional", **times, **data}, now=at())


def diary(
    profile: Fields | None = None,
    *,
    entries: Sequence[Entry] = (),
    massages: Sequence[Massage] = (),
) -> Timeline:
    """A diary with a profile that is in order, but for what is named."""
    fields = {**APPROVED, **(profile or {})}
    return Timeline(entries, massages, [ProfileChange(at(days=-90), fields)])


def open_alert(rule: str, level: int, text_key: str, **more: Any) -> Standing:
    since = at(hours=-1)
    alert = OpenAlert(
        rule=rule,
        subject=None,
        level=level,
        text_key=text_key,
        evidence=(),
        onset=since,
        opened_at=since,
        told_at=since,
        clinic_told_at=since,
        **more,
    )
    return Standing(alerts=(alert,))


def asked(
    timeline: Timeline,
    planned: Massage | None = None,
    *,
    standing: Standing | None = None,
    rules: RuleSet = CURRENT,
) -> Clearance:
    return clearance(timeline, standing or Standing(), now=at(), planned=planned, rules=rules)


def keys(answer: Clearance) -> list[tuple[str, str]]:
    return [(reason.rule, reason.text_key) for reason in answer.reasons]


class TestProfile:
    @pytest.mark.parametrize(
        ("profile", "expected"),
        [
            pytest.param({}, GO, id="in-order"),
            pytest.param({"phase": "chronic"}, GO, id="chronic"),
            pytest.param(
                {"doctor_approval": {"status": "patient_reported"}}, GO, id="approval-as-told"
            ),
            pytest.param({"doctor_approval": {"status": "none"}}, NOT_TODAY, id="no-approval"),
            pytest.param({"doctor_approval": None}, NOT_TODAY, id="approval-never-asked"),
            pytest.param(
                {
                    "doctor_approval": {
                        "status": "physician_confirmed",
                        "expires_on": date(2026, 3, 1),
                    }
                },
                NOT_TODAY,
                id="approval-expired-yesterday",
            ),
            pytest.param(
                {
                    "doctor_approval": {
                        "status": "physician_confirmed",
                        "expires_on": date(2026, 3, 2),
                    }
                },
                GO,
                id="approval-expires-today",
            ),
            pytest.param({"phase": None}, NOT_TODAY, id="phase-unknown"),
            pytest.param({"phase": "acute"}, NOT_TODAY, id="acute-and-not-allowed"),
            pytest.param(
                {"phase": "acute", "doctor_approval": {**ACUTE_ALLOWED, "status": "none"}},
                NOT_TODAY,
                id="acute-allowed-by-nobody",
            ),
            pytest.param({"severity": "severe"}, NOT_TODAY, id="severe"),
            pytest.param({"contraindications": ["tumour"]}, NOT_TODAY, id="contraindicated"),
        ],
    )
    def test_it_decides_before_anything_else(self, profile: Fields, expected: str) -> None:
        assert asked(diary(profile)).answer == expected

    def test_nothing_known_is_never_go(self) -> None:
        nothing = asked(Timeline())
        assert nothing.answer == NOT_TODAY
        assert nothing.limits.phase == "unknown"
        assert nothing.limits.per_7_days == 2
        assert nothing.next_allowed_on is None

    def test_what_is_not_known_in_the_acute_phase_calls_for_care(self) -> None:
        acute = diary(
            {"phase": "acute", "doctor_approval": ACUTE_ALLOWED},
            entries=[felt(at(hours=-5), **NO_NERVE_SIGNS)],
        )
        assert asked(acute).answer == GENTLE_ONLY  # how hard will it be?
        assert asked(acute, wished(pressure="light", sites=["thighs"])).answer == GO

    def test_infection_with_fever_is_for_the_doctor(self) -> None:
        ill = diary(
            {"contraindications": ["infection"]}, entries=[felt(at(hours=-5), fever_unwell=True)]
        )
        assert asked(ill).answer == ASK_DOCTOR


class TestPlan:
    @pytest.mark.parametrize(
        ("planned", "expected"),
        [
            pytest.param({}, GO, id="nothing-special"),
            pytest.param({"minutes": 20}, GO, id="first-of-20-minutes"),
            pytest.param({"minutes": 21}, GENTLE_ONLY, id="first-of-21-minutes"),
            pytest.param({"techniques": ["shaking"]}, GENTLE_ONLY, id="shaking"),
            pytest.param({"techniques": ["manipulation"]}, NOT_TODAY, id="manipulation"),
            pytest.param({"sites": ["feet"]}, GO, id="healthy-skin"),
            pytest.param({"sites": ["hands"]}, NOT_TODAY, id="skin-problem"),
            pytest.param({"product": "Arnica gel"}, GENTLE_ONLY, id="allergy"),
            pytest.param({"exercise_same_day": True}, GO, id="exercise-for-the-first-time"),
            pytest.param(
                {"heavy_lifting_ended_at": at(hours=-1)}, GENTLE_ONLY, id="just-after-lifting"
            ),
        ],
    )
    def test_the_answer_and_the_alerts_afterwards_agree(
        self, planned: dict[str, Any], expected: str
    ) -> None:
        known = diary(
            {"allergies": ["arnica"]},
            entries=[felt(at(days=-1), pain=3, skin_problem_sites=["hands"])],
        )
        massage = wished(**{"sites": ["thighs"], **planned})
        answer = asked(known, massage)
        assert answer.answer == expected
        after = step(
            diary({"allergies": ["arnica"]}, entries=known.entries, massages=[massage]),
            Standing(),
            now=massage.ended_at,
            news=News(arrived=[massage.id]),
        )
        opened = [line for line in after.transitions if line.event == "opened"]
        assert {(line.rule, line.text_key) for line in opened} == set(keys(answer))

    def test_what_is_not_said_is_taken_as_a_short_massage_now_that_counts(self) -> None:
        massage = planned_massage({}, now=at())
        assert (massage.started_at, massage.ended_at) == (at(), at(minutes=1))
        assert massage.setting == "professional"
        from_tomorrow = planned_massage({"started_at": at(days=1)}, now=at())
        assert from_tomorrow.ended_at == at(days=1, minutes=1)

    def test_one_that_should_have_begun_begins_now(self) -> None:
        times = {"started_at": at(days=-2), "ended_at": at(days=-2, minutes=45)}
        massage = planned_massage(times, now=at())
        assert (massage.started_at, massage.ended_at) == (at(), at(minutes=45))
        since = ProfileChange(at(days=-1), {"severity": "severe"})
        known = Timeline(profile_changes=[ProfileChange(at(days=-90), APPROVED), since])
        assert asked(known, massage).answer == NOT_TODAY

    def test_a_massage_that_lies_ahead_is_judged_at_its_own_time(self) -> None:
        change = ProfileChange(at(days=1), {"phase": "acute"})
        known = Timeline(profile_changes=[ProfileChange(at(days=-90), APPROVED), change])
        times = {"started_at": at(days=2), "ended_at": at(days=2, minutes=15)}
        later = planned_massage({"setting": "self", **times}, now=at())
        assert later.started_at == at(days=2)
        assert asked(known).answer == GO
        assert asked(known, later).answer == NOT_TODAY

    def test_asking_again_about_a_known_massage_does_not_count_it_twice(self) -> None:
        known = given("m", at())
        assert asked(diary(massages=[known]), known).limits.used_7_days == 0


class TestOpenAlerts:
    @pytest.mark.parametrize(
        ("rule", "level", "text_key", "expected"),
        [
            pytest.param("R19", 0, "positive.relief", GO, id="good-news"),
            pytest.param("R16", 1, "flare.advice", GENTLE_ONLY, id="adjust"),
            pytest.param("R08", 1, "wait.no_answer", NOT_TODAY, id="no-answer-yet"),
            pytest.param("R05", 2, "hold.numbness", NOT_TODAY, id="hold"),
            pytest.param("R03", 3, "doctor.progressive_weakness", ASK_DOCTOR, id="doctor"),
            pytest.param("R01", 4, "emergency.cauda_equina", ASK_DOCTOR, id="emergency"),
        ],
    )
    def test_the_level_decides(self, rule: str, level: int, text_key: str, expected: str) -> None:
        answer = asked(diary(), standing=open_alert(rule, level, text_key))
        assert answer.answer == expected
        assert ((rule, text_key) in keys(answer)) is (level > 0)

    def test_the_gravest_reason_comes_first_and_decides(self) -> None:
        alerts = [
            *open_alert("R16", 1, "flare.advice").alerts,
            *open_alert("R03", 3, "doctor.progressive_weakness").alerts,
            *open_alert("R05", 2, "hold.numbness").alerts,
        ]
        answer = asked(diary(), standing=Standing(alerts=tuple(alerts)))
        assert answer.answer == ASK_DOCTOR
        assert [reason.level for reason in answer.reasons] == [3, 2, 1]

    def test_a_red_flag_names_its_flags(self) -> None:
        flagged = open_alert("R01", 4, "emergency.cauda_equina", flags={"bladder": "new_or_worse"})
        assert asked(diary(), standing=flagged).reasons[0].parameters == {"flags": ["bladder"]}

    def test_an_alert_of_the_walk_brings_what_fills_its_text(self) -> None:
        massages = [given("m", at(days=-3), pain_before=4)]
        entries = [felt(at(days=-2, hours=6), pain=7)]
        known = diary(entries=entries, massages=massages)
        news = News(arrived=["m", entries[0].id])
        standing = step(known, Standing(), now=at(), news=news).standing
        (reason, *_) = (r for r in asked(known, standing=standing).reasons if r.rule == "R08")
        assert (reason.parameters["value"], reason.parameters["reference"]) == (7, 4)


class TestFrequency:
    def massages(self, *days: int) -> list[Massage]:
        return [given(f"m{day}", at(days=-day)) for day in days]

    def test_one_more_than_the_limit_is_not_for_today(self) -> None:
        full = asked(diary(massages=self.massages(6, 4, 2)))
        assert full.answer == NOT_TODAY
        assert keys(full) == [("R12", "info.frequency_limit")]
        assert full.next_allowed_on == date(2026, 3, 3)

    def test_the_reason_counts_the_massages_that_were_given(self) -> None:
        (reason,) = asked(diary(massages=self.massages(6, 4, 2))).reasons
        assert (reason.parameters["count"], reason.parameters["limit"]) == (3, 3)
        assert reason.parameters["next_allowed_on"] == "2026-03-03"

    def test_who_had_too_many_already_is_told_so(self) -> None:
        over = asked(diary(massages=self.massages(6, 4, 2, 1)))
        assert keys(over) == [("R12", "reduce.frequency")]
        assert over.next_allowed_on == date(2026, 3, 5)

    def test_up_to_the_limit_is(self) -> None:
        room = asked(diary(massages=self.massages(7, 4, 2)))
        assert room.answer == GO
        assert room.next_allowed_on == date(2026, 3, 2)
        assert (room.limits.used_7_days, room.limits.per_7_days) == (2, 3)

    def test_who_is_on_hold_gets_no_date_and_no_advice_on_dose(self) -> None:
        held = open_alert("R05", 2, "hold.numbness")
        answer = asked(diary(massages=self.massages(6, 4, 2)), standing=held)
        assert answer.next_allowed_on is None
        assert ("R12", "reduce.frequency") not in keys(answer)

    def test_a_plan_of_the_physician_replaces_the_limits(self) -> None:
        plan = {"plan_override": {"max_per_30_days": 4, "max_minutes": 45}}
        limits = asked(diary(plan, massages=self.massages(20, 4, 2))).limits
        assert (limits.per_7_days, limits.per_30_days, limits.used_30_days) == (None, 4, 3)
        assert limits.max_minutes == 45


class TestLimits:
    @pytest.mark.parametrize(
        ("phase", "massages", "expected"),
        [
            pytest.param("acute", 2, 29, id="acute-below-30"),
            pytest.param("healing", 2, 60, id="healing-up-to-60"),
            pytest.param("chronic", 2, 60, id="chronic-up-to-60"),
            pytest.param("chronic", 1, 20, id="one-of-the-first-two"),
        ],
    )
    def test_the_most_minutes_are_those_the_rule_does_not_mind(
        self, phase: str, massages: int, expected: int
    ) -> None:
        allowed = {"phase": phase, "doctor_approval": ACUTE_ALLOWED}
        before = [given(f"m{n}", at(days=-3 - n)) for n in range(massages)]
        known = diary(allowed, massages=before)
        assert asked(known).limits.max_minutes == expected
        for minutes, is_too_long in ((expected, False), (expected + 1, True)):
            reasons = keys(asked(known, wished(minutes=minutes)))
            assert (("R13", "adjust.session_length") in reasons) is is_too_long

    @pytest.mark.parametrize(
        ("phase", "sites"),
        [("acute", BACK_AND_NECK), ("unknown", BACK_AND_NECK), ("healing", ()), ("chronic", ())],
    )
    def test_some_sites_wait_for_the_acute_phase_to_pass(
        self, phase: str, sites: tuple[str, ...]
    ) -> None:
        limits = asked(diary({"phase": phase})).limits
        assert limits.avoid_sites == sites
        assert limits.avoid_techniques == (*HARSH, *SHAKEN)

    def test_a_problem_of_the_skin_is_a_site_to_avoid(self) -> None:
        known = diary(entries=[felt(at(days=-1), skin_problem_sites=["calves"])])
        answer = asked(known)
        assert answer.limits.avoid_sites == ("calves",)
        assert answer.answer == GENTLE_ONLY  # where will it be?

    def test_a_roller_is_to_be_avoided_on_the_low_back_only(self) -> None:
        limits = asked(diary(), wished(sites=["thighs"])).limits
        assert "roller_or_ball" not in limits.avoid_techniques

    @pytest.mark.parametrize("phase", ["acute", "healing", "chronic"])
    def test_what_to_avoid_is_what_the_rules_find_on_it(self, phase: str) -> None:
        known = diary({"phase": phase}, entries=[felt(at(days=-1), skin_problem_sites=["calves"])])

        def found(**planned: Any) -> list[object]:
            massage = wished(**planned)
            walk = Plan(known, Standing(), at(), massage, CURRENT).walk()
            triggers = (found_on(massage, walk, rule) for rule in ("R10", "R14"))
            return [trigger.parameters for trigger in chain(*triggers)]

        plain: Fields = {"pressure": "light", "techniques": [], "sites": []}
        everywhere: Fields = {**plain, "sites": list(allowance.SITES)}
        limits = asked(known).limits
        for technique in allowance.TECHNIQUES:
            is_found = found(**{**everywhere, "techniques": [technique]}) != found(**everywhere)
            assert is_found is (technique in limits.avoid_techniques)
        for site in allowance.SITES:
            is_found = found(**{**plain, "sites": [site]}) != found(**plain)
            assert is_found is (site in limits.avoid_sites)

    @pytest.mark.parametrize(("minutes", "expected"), [(479, 479), (480, None)])
    def test_a_plan_may_allow_whatever_a_massage_can_last(
        self, minutes: int, expected: int | None
    ) -> None:
        plan = {"phase": "chronic", "plan_override": {"max_minutes": minutes}}
        before = [given(f"m{n}", at(days=-3 - n)) for n in range(2)]
        assert asked(diary(plan, massages=before)).limits.max_minutes == expected

    def test_the_words_are_those_of_the_diary(self) -> None:
        assert get_args(vocabulary.Technique) == allowance.TECHNIQUES
        assert get_args(vocabulary.Site) == allowance.SITES


def fails(_: Walk, since: datetime | None = None) -> list[Any]:
    raise ZeroDivisionError


def fails_further_back(walk: Walk, since: datetime | None) -> list[Any]:
    return [] if since else fails(walk)


@pytest.mark.parametrize(
    "failing",
    [
        pytest.param(Rule(id="R99", finds=fails), id="at-once"),
        pytest.param(Rule(id="R99", finds_since=fails), id="wherever-it-looks"),
        pytest.param(Rule(id="R99", finds_since=fails_further_back), id="further-back"),
    ],
)
def test_a_rule_that_throws_is_no_clearance(failing: Rule) -> None:
    answer = asked(diary(), rules=replace(CURRENT, walked=(*CURRENT.walked, failing)))
    assert answer.answer == ASK_DOCTOR
    assert keys(answer) == [("R99", "clearance.not_judged")]
