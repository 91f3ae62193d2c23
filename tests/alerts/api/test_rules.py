"""The rules over HTTP: what runs, in the caller's language, and the red flags for offline use."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alerts.core import texts
from alerts.core.catalogue import read
from alerts.core.parameters import CURRENT, declarations
from alerts.core.red_flag_cards import cards
from diary.locking import database_now
from diary.models import Patient
from tests.diary.bodies import ENTRY
from tests.phones import Phone, enrolled


@pytest.fixture
def rules(phone: Phone) -> dict[str, Any]:
    answer = phone.get("rules/")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    found: dict[str, Any] = answer.json()
    return found


def test_every_rule_that_runs_is_there_with_its_figures_and_statements(
    rules: dict[str, Any],
) -> None:
    assert rules["version"] == CURRENT.version
    assert [rule["id"] for rule in rules["rules"]] == [f"R{n:02}" for n in range(1, 23)]
    assert {rule["version"] for rule in rules["rules"]} == {CURRENT.version}
    parts = [*rules["rules"], *rules["shared"]]
    figures = {figure["name"]: figure for part in parts for figure in part["parameters"]}
    declared = {f"{each.group}.{each.name}": each for each in declarations(CURRENT)}
    assert figures.keys() == declared.keys()
    for name, figure in figures.items():
        source = declared[name].source
        said = (figure["unit"], figure["mark"], tuple(figure["rows"]))
        assert said == (source.unit, source.mark, source.rows)
    said_rows = {s["row"] for rule in rules["rules"] for s in rule["statements"]}
    assert said_rows == {row.number for row in read().rows if row.rules}
    assert "{" not in "".join(rule["what"] for rule in rules["rules"])


def test_every_text_that_a_patient_can_be_told_is_there_as_in_an_alert(
    phone: Phone, rules: dict[str, Any]
) -> None:
    said = {text["key"]: text for rule in rules["rules"] for text in rule["texts"]}
    of_rules = {
        key
        for rule in read().rules
        for key in sorted(texts.keys())
        if rule.says(key) and not texts.text(key, "en").for_staff
    }
    assert said.keys() == of_rules
    assert not any("{" in text["advice"] + text["why"] for text in said.values())
    now = database_now().isoformat()
    body = {**ENTRY, "symptom_at": now, "red_flags": {"sexual_change": "new_or_worse"}}
    (alert,) = phone.post("entries/", body).json()["alerts"]
    told = said[alert["text_key"]]
    assert (told["title"], told["advice"], told["version"]) == (
        alert["title"],
        alert["advice"],
        alert["text_version"],
    )


@pytest.mark.parametrize(
    ("locale", "language"), [("en-GB", "en"), ("zh-CN", "zh-Hans"), ("zh-TW", "en"), ("de", "en")]
)
def test_texts_come_in_the_callers_language(phone: Phone, locale: str, language: str) -> None:
    phone.patch("me/", {"locale": locale})
    found = phone.get("rules/").json()
    assert (found["locale"], found["languages"]) == (language, ["en", "zh-Hans"])
    said = {text["key"]: text["title"] for rule in found["rules"] for text in rule["texts"]}
    assert said["flare.advice"] == texts.text("flare.advice", language).title
    asked = {each["flag"]: each["question"] for each in found["red_flags"]["questions"]}
    assert asked == texts.catalogue(language).questions
    titles = [card["title"] for card in found["education"]]
    assert titles == [card.title for card in texts.cards(language)]


def test_an_app_can_say_offline_what_the_server_would_say(
    phone: Phone, rules: dict[str, Any]
) -> None:
    offline = rules["red_flags"]["cards"]
    assert [(card["level"], card["text_key"]) for card in offline] == [
        (card.level, card.text_key) for card in cards()
    ]
    levels = [card["level"] for card in offline]
    assert levels == sorted(levels, reverse=True)
    for card in offline:
        if card["when"][0]["fields"] != ["red_flags.saddle_numbness"]:
            continue
        flags = {one["fields"][0].partition(".")[2]: one["any_of"][0] for one in card["when"]}
        stranger = Phone.of(enrolled())
        now = database_now().isoformat()
        body = {**ENTRY, "symptom_at": now, "red_flags": flags}
        said = stranger.post("entries/", body).json()
        assert said["alerts"][0]["why"] == card["why"]
        assert said["guidance"]["text"] == card["text"]
        assert said["guidance"]["level"] == card["level"]


@pytest.mark.parametrize("region", ["lumbar", "cervical"])
def test_the_safety_net_is_that_of_the_callers_spine(phone: Phone, region: str) -> None:
    phone.patch("me/", {"region": region})
    found = phone.get("rules/").json()["red_flags"]
    assert found["safety_net"] == texts.safety_net(locale="en", region=region)
    assert found["safety_net"] in found["cards"][-1]["text"]


def test_the_emergency_number_stands_in_the_text(phone: Phone, settings: Any) -> None:
    settings.EMERGENCY_NUMBER = "999"
    found = phone.get("rules/").json()
    assert found["emergency_number"] == "999"
    assert "999" in found["red_flags"]["cards"][0]["text"]


# --- Asked again ---------------------------------------------------------------------------------


def test_unchanged_rules_are_not_sent_again(phone: Phone) -> None:
    first = phone.get("rules/")
    etag = first["ETag"]
    assert etag.startswith('"')
    for asked in (etag, f'"x", {etag}', "*"):
        answer = phone.send("GET", "rules/", headers={"If-None-Match": asked})
        assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", etag)
        assert answer["Cache-Control"] == "private, no-cache"
    for asked in ('"x"', "x", "", etag[:-2] + '"'):
        again = phone.send("GET", "rules/", headers={"If-None-Match": asked})
        assert (again.status_code, again.content) == (200, first.content)


def test_the_etag_changes_with_the_language_and_the_region_and_with_nothing_else(
    phone: Phone,
) -> None:
    seen = [phone.get("rules/")["ETag"]]
    for change in ({"locale": "zh-CN"}, {"region": "lumbar"}, {"locale": "en"}):
        phone.patch("me/", change)
        seen.append(phone.get("rules/")["ETag"])
    assert len(set(seen)) == 4
    phone.patch("me/", {"locale": "en-GB", "allergies": ["arnica"]})
    assert phone.get("rules/")["ETag"] == seen[-1]
    other = Phone.of(enrolled(region="lumbar"))
    assert other.get("rules/")["ETag"] == seen[-1]


def test_only_the_app_itself_may_keep_it_and_all_else_is_not_kept(phone: Phone) -> None:
    assert phone.get("rules/")["Cache-Control"] == "private, no-cache"
    for path in ("me/", "summary/", "alerts/", "devices/", "me/access-log/"):
        assert phone.get(path)["Cache-Control"] == "no-store"
    assert Phone().get("rules/")["Cache-Control"] == "no-store"


def test_it_reads_nothing_but_who_asks(phone: Phone, patient: Patient) -> None:
    counts = []
    for more in (0, 5):
        for _ in range(more):
            phone.post("entries/", {**ENTRY, "id": None})
        with CaptureQueriesContext(connection) as captured:
            assert phone.get("rules/").status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 4
