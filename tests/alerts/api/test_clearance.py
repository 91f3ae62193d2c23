"""Before a massage, over HTTP: the answer, why, in whose language, as the alerts would say it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, NoReturn
from unittest.mock import patch

import pytest

from alerts import evaluation
from alerts.core import texts
from alerts.core.clearance import clearance
from alerts.core.rules import CURRENT
from alerts.core.walk import Rule, Walk
from alerts.models import Alert, Watch
from diary.models import Patient
from tests.alerts.api.plans import PATH, clock_at, planned, told
from tests.alerts.diaries import at, new_alert, new_patient, put_entry, put_massage
from tests.phones import Answer, Phone, enrolled

APPROVED: dict[str, Any] = {
    "phase": "chronic",
    "severity": "mild",
    "region": "lumbar",
    "doctor_approval": {"status": "physician_confirmed"},
}


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    """It is the beginning of the story, unless a test says otherwise."""
    with clock_at(at()):
        yield


# --- The answer ---------------------------------------------------------------------------------


def test_nothing_against_a_massage_is_go_with_its_limits(phone: Phone) -> None:
    answer = phone.get(PATH)
    assert told(answer) == ("go", [])
    assert answer.json() == {
        "answer": "go",
        "reasons": [],
        "next_allowed_on": "2026-03-02",
        "limits": {
            "phase": "chronic",
            "max_minutes": 20,
            "per_7_days": None,
            "used_7_days": 0,
            "per_30_days": 2,
            "used_30_days": 0,
            "avoid_techniques": [
                *("spinal_stretch", "spinal_twist", "manipulation"),
                *("shaking", "vibration", "bouncing", "roller_or_ball"),
            ],
            "avoid_sites": [],
        },
        "safety_net": texts.safety_net(locale="en", region="both"),
    }


@pytest.mark.usefixtures("db")
def test_who_has_told_nothing_is_never_told_go() -> None:
    stranger = Phone.of(enrolled())
    for answer in (stranger.get(PATH), stranger.post(PATH, planned())):
        assert told(answer)[0] == "not_today"
        assert answer.json()["next_allowed_on"] is None
        assert answer.json()["limits"]["phase"] == "unknown"


def test_whose_profile_nobody_has_looked_at_is_never_told_go(db: None) -> None:
    assert told(Phone.of(new_patient()).get(PATH))[0] == "not_today"


def test_a_plan_of_nothing_is_the_plain_massage_of_a_get(phone: Phone) -> None:
    plain = phone.get(PATH).json()
    nulls = {"id": None, "started_at": None, "ended_at": None, "setting": None, "sites": None}
    for body in (None, {}, nulls):
        assert phone.post(PATH, body).json() == plain


def test_what_is_planned_is_judged(phone: Phone) -> None:
    assert told(phone.post(PATH, planned())) == ("go", [])
    assert told(phone.post(PATH, planned(pressure="deep"))) == ("go", [])  # the phase is chronic
    assert told(phone.post(PATH, planned(techniques=["shaking"]))) == ("gentle_only", ["R14"])
    assert told(phone.post(PATH, planned(techniques=["manipulation"]))) == ("not_today", ["R14"])
    late = (at() + timedelta(minutes=21)).isoformat()
    assert told(phone.post(PATH, planned(ended_at=late))) == ("gentle_only", ["R13"])


def test_a_plan_is_judged_on_its_own_day(phone: Phone, patient: Patient) -> None:
    for day in (-29, -1):
        put_massage(patient, at(days=day), sites=["low_back"])
    put_entry(patient, at(days=-27), pain=3)
    today = phone.get(PATH)
    assert told(today) == ("not_today", ["R12"])
    assert today.json()["next_allowed_on"] == "2026-03-03"
    assert "You had 2 massages in 30 days, and your limit is 2" in text_of(today)
    assert "before 3 March 2026" in text_of(today)
    tomorrow = at(days=1)
    ends = tomorrow + timedelta(minutes=20)
    times = {"started_at": tomorrow.isoformat(), "ended_at": ends.isoformat()}
    assert told(phone.post(PATH, planned(**times))) == ("go", [])


def test_a_plan_that_should_have_begun_is_judged_as_of_now(phone: Phone) -> None:
    phone.patch("me/", {"contraindications": ["fracture"]})
    with clock_at(at(days=300)):  # after the change, which bears the real date
        assert told(phone.post(PATH, planned()))[0] == "not_today"


def test_a_stored_massage_does_not_count_beside_itself(phone: Phone, patient: Patient) -> None:
    stored = put_massage(patient, at(hours=-1)).record.record_id
    used = phone.post(PATH, planned()).json()["limits"]["used_30_days"]
    again = phone.post(PATH, planned(id=str(stored))).json()["limits"]["used_30_days"]
    assert (used, again) == (1, 0)


def test_what_is_not_known_is_asked_for(phone: Phone, patient: Patient) -> None:
    put_entry(patient, at(days=-1), pain=3, skin_problem_sites=["hands"])
    answer = phone.post(PATH, {})
    assert told(answer) == ("gentle_only", ["R10"])
    assert text_of(answer) == (
        "Tell us more in the app before the massage, and look here again. Until then have no more "
        "than a light touch. Ask your doctor if you do not know.\n\n"
        "We could not check everything, for we do not know which parts of your body it is for."
    )
    assert told(phone.post(PATH, {"sites": ["thighs"]})) == ("go", [])


def test_a_rule_that_fails_is_a_matter_for_the_doctor(phone: Phone) -> None:
    def fails(_: Walk) -> NoReturn:
        raise ZeroDivisionError

    failing = replace(CURRENT, walked=(*CURRENT.walked, Rule(id="R99", finds=fails)))
    with patch("alerts.massages.clearance", partial(clearance, rules=failing)):
        answer = phone.get(PATH)
    assert told(answer) == ("ask_doctor", ["R99"])
    assert text_of(answer).startswith("Stop massage for now. Ask your doctor before you go on.")


def text_of(answer: Answer) -> str:
    (reason,) = answer.json()["reasons"]
    text: str = reason["text"]
    return text


# --- Open alerts --------------------------------------------------------------------------------


def test_an_emergency_says_what_to_do_before_anything_else(phone: Phone) -> None:
    flagged = {"symptom_at": at().isoformat(), "red_flags": {"bladder": "new_or_worse"}}
    assert phone.post("entries/", flagged).json()["guidance"]["level"] == 4
    answer = phone.get(PATH)
    said, rules = told(answer)
    assert (said, rules[0]) == ("ask_doctor", "R01")
    text = answer.json()["reasons"][0]["text"]
    assert text.startswith("Go to the emergency department now.")
    assert "trouble with your bladder" in text
    assert answer.json()["next_allowed_on"] is None


def test_what_no_worker_has_yet_looked_at_counts_already(phone: Phone, patient: Patient) -> None:
    put_massage(patient, at(hours=-31), pain_before=3)
    put_entry(patient, at(hours=-1), pain=7)
    assert not Alert.objects.exists()
    answer = phone.get(PATH)
    said, rules = told(answer)
    assert said == "not_today"
    assert set(rules) == {"R08", "R10"}  # R10: a massage while another is to be waited for
    evaluation.evaluate(patient_id=patient.pk, at=at())
    assert Alert.objects.filter(rule="R08", level=2).exists()
    assert phone.get(PATH).json() == answer.json()


def test_what_falls_due_by_time_alone_counts_already(phone: Phone, patient: Patient) -> None:
    put_massage(patient, at(hours=-47), pain_before=3)
    evaluation.evaluate(patient_id=patient.pk, at=at(hours=-46))
    assert told(phone.get(PATH)) == ("go", [])
    with clock_at(at(hours=2)):
        assert told(phone.get(PATH)) == ("not_today", ["R08"])
    assert not Alert.objects.exists()


def test_a_failed_evaluation_does_not_hide_what_was_entered(phone: Phone, patient: Patient) -> None:
    put_massage(patient, at(hours=-31), pain_before=3)
    put_entry(patient, at(hours=-1), pain=7)
    with patch("alerts.evaluation.engine.step", side_effect=ZeroDivisionError):
        evaluation.evaluate(patient_id=patient.pk, at=at())
    due_at = Watch.objects.get(patient=patient).due_at
    assert due_at is not None
    assert due_at > at()  # it was put off
    assert told(phone.get(PATH))[0] == "not_today"


def test_an_alert_of_a_newer_release_still_counts(phone: Phone, patient: Patient) -> None:
    new_alert(patient, rule="R77", text_key="hold.never_heard_of")
    assert told(phone.get(PATH)) == ("not_today", ["R77"])
    assert text_of(phone.get(PATH)) == "Stop massage for now."


def test_nobody_is_told_of_the_alerts_of_another(phone: Phone) -> None:
    new_alert(enrolled(), rule="R05")
    assert told(phone.get(PATH)) == ("go", [])


# --- Parity -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "plan",
    [
        pytest.param({}, id="nothing-special"),
        pytest.param({"techniques": ["vibration"]}, id="technique"),
        pytest.param({"techniques": ["spinal_twist"], "pressure": "deep"}, id="harsh"),
        pytest.param({"sites": ["hands"]}, id="skin-problem"),
        pytest.param({"product": "Arnica gel"}, id="allergy"),
        pytest.param({"heavy_lifting_ended_at": at(hours=-1).isoformat()}, id="lifting"),
        pytest.param({"ended_at": (at() + timedelta(minutes=50)).isoformat()}, id="long"),
    ],
)
@pytest.mark.parametrize("locale", ["en", "zh-CN"])
@pytest.mark.usefixtures("db")
def test_the_alerts_that_open_once_it_was_given_say_the_same(
    plan: dict[str, Any], locale: str
) -> None:
    patient = enrolled(**APPROVED, allergies=["arnica"], locale=locale)
    put_entry(patient, at(days=-1), pain=3, skin_problem_sites=["hands"])
    body = planned(**plan)
    phone = Phone.of(patient)
    reasons = phone.post(PATH, body).json()["reasons"]
    ended = datetime.fromisoformat(body["ended_at"])
    put_massage(patient, ended, **body)
    evaluation.evaluate(patient_id=patient.pk, at=ended)
    alerts = phone.get("alerts/?status=open").json()["results"]
    assert len(reasons) == len(alerts) == (1 if plan else 0)
    for reason, alert in zip(reasons, alerts, strict=True):
        assert reason["rule"] == alert["rule"]
        to_do = alert["advice"].removesuffix(
            "\n\n" + texts.safety_net(locale=locale, region="lumbar")
        )
        assert reason["text"] == f"{to_do}\n\n{alert['why']}"


@pytest.mark.usefixtures("db")
def test_the_reasons_are_in_the_language_of_the_profile() -> None:
    patient = enrolled(locale="zh-Hans-CN", region="cervical")
    said = Phone.of(patient).get(PATH).json()
    assert [reason["text"] for reason in said["reasons"] if reason["rule"] == "R11"] == [
        "暂停按摩。等医生说可以，再开始。每次按摩都请继续记录。如果感觉比以前差，给医生打电话。"
        "\n\n您的档案显示：病刚开始不久，或没有写明处于哪个阶段。"
    ]
    assert said["safety_net"] == texts.safety_net(locale="zh", region="cervical")
    unknown = Phone.of(enrolled(locale="pl")).get(PATH).json()
    assert unknown["reasons"][0]["text"].startswith("Stop massage for now.")
