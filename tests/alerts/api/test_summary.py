"""The last days over HTTP: what is in the window, in the patient's zone, in few queries."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from alerts.models import AlertStatus
from diary.models import Patient
from tests.alerts.diaries import new_alert, put_entry, put_massage
from tests.phones import Phone, code_of, enrolled


def noon(*, back: int = 0) -> datetime:
    """Midday in UTC, so many days ago; yesterday's counts as the past whatever the hour."""
    return timezone.now().replace(hour=12, minute=0, second=0, microsecond=0) - timedelta(days=back)


def days_of(phone: Phone, query: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = phone.get(f"summary/{query}").json()["days"]
    return found


def test_every_day_is_there_oldest_first_with_its_last_values(
    phone: Phone, patient: Patient
) -> None:
    put_entry(patient, noon(back=1), pain=7, numbness=1)
    put_entry(patient, noon(back=1) + timedelta(hours=3), pain=3)
    answer = phone.get("summary/?days=3").json()
    today = timezone.now().date()
    assert [day["date"] for day in answer["days"]] == [
        str(today - timedelta(days=back)) for back in (2, 1, 0)
    ]
    silent = {"pain": None, "numbness": None, "weakness": None, "limb_pain": None}
    assert answer["days"][1].items() >= {**silent, "pain": 3, "numbness": 1}.items()
    assert [{**day, "date": None} for day in answer["days"][::2]] == [{**silent, "date": None}] * 2
    assert answer["completeness"] == 0.333


def test_without_a_number_it_is_thirty_days(phone: Phone) -> None:
    answer = phone.get("summary/").json()
    assert len(answer.pop("days")) == 30
    assert answer == {"massages": [], "alerts": [], "completeness": 0.0}


def test_a_withdrawn_entry_and_somebody_elses_are_not_in_it(phone: Phone, patient: Patient) -> None:
    written = put_entry(patient, noon(back=1), pain=7)
    put_entry(enrolled(), noon(back=1), pain=9)
    phone.delete(f"entries/{written.record.record_id}/")
    assert [day["pain"] for day in days_of(phone, "?days=2")] == [None, None]


def test_a_clock_that_runs_ahead_counts_as_of_the_receipt(phone: Phone, patient: Patient) -> None:
    now = timezone.now()
    put_entry(patient, now + timedelta(days=400), received=now, pain=6)
    assert days_of(phone, "?days=1")[0]["pain"] == 6


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kathmandu"])
def test_today_is_where_the_patient_is(phone: Phone, patient: Patient, zone: str) -> None:
    phone.patch("me/", {"timezone": zone})
    now = timezone.now()
    put_entry(patient, now, pain=5)
    (day,) = days_of(phone, "?days=1")
    assert (day["date"], day["pain"]) == (str(now.astimezone(ZoneInfo(zone)).date()), 5)


def test_massages_and_alerts_of_the_window_newest_first(phone: Phone, patient: Patient) -> None:
    massages = [put_massage(patient, noon(back=back)).record for back in (5, 2, 1)]
    began = datetime.combine(noon(back=2).date(), datetime.min.time(), tzinfo=UTC)
    moments = ("onset_at", "opened_at", "told_at", "clinic_told_at")
    times: dict[str, Any] = {name: noon(back=9) for name in moments}
    open_still = new_alert(patient, rule="R03", **times)
    over: dict[str, Any] = {"status": AlertStatus.CLEARED, **times}
    new_alert(patient, rule="R05", ended_at=began - timedelta(seconds=1), **over)
    just = new_alert(patient, rule="R06", **{**over, "opened_at": noon(back=8), "ended_at": began})
    answer = phone.get("summary/?days=3").json()
    named = [massage["id"] for massage in answer["massages"]]
    assert named == [str(massages[2].record_id), str(massages[1].record_id)]
    shown = [alert["id"] for alert in answer["alerts"] if alert["rule"] in ("R03", "R05", "R06")]
    assert shown == [str(just.pk), str(open_still.pk)]


@pytest.mark.parametrize("days", ["0", "366", "-1", "1.0", "ten", "", "9" * 5000, "٣"])
def test_a_number_of_days_that_cannot_be_is_refused(phone: Phone, days: str) -> None:
    answer = phone.get(f"summary/?days={days}")
    assert (answer.status_code, code_of(answer)) == (400, "invalid_days")


@pytest.mark.parametrize("days", ["1", "365"])
def test_the_bounds_are_within(phone: Phone, days: str) -> None:
    assert len(days_of(phone, f"?days={days}")) == int(days)


def test_the_queries_are_few_and_as_many_whatever_the_size_of_the_diary(
    phone: Phone, patient: Patient
) -> None:
    counts = []
    for many in (1, 12):
        for back in range(many):
            put_entry(patient, noon(back=back + 1), pain=back % 10)
            put_massage(patient, noon(back=back + 1))
            new_alert(patient, rule="R08", subject=put_massage(patient, noon()).record.record_id)
            phone.patch("me/", {"timezone": f"Etc/GMT-{back}"})
        with CaptureQueriesContext(connection) as captured:
            assert phone.get("summary/?days=365").json()["massages"]
        written = [query["sql"] for query in captured if "SELECT" not in query["sql"][:12]]
        assert not [sql for sql in written if "diary_tally" not in sql]  # how often one asks
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 8
