"""A connection that PostgreSQL closed costs nobody a task, and there is no pool."""

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from alerts import tasks
from alerts.models import Watch
from diary.models import Patient
from tests.alerts.diaries import at as moment
from tests.alerts.diaries import put_entry

pytestmark = pytest.mark.django_db(transaction=True)


def end_all_connections() -> None:
    """As a restart of PostgreSQL does; seen from a connection of its own."""
    known = connection.get_connection_params()
    address = {name: known[name] for name in ("dbname", "user", "host") if known.get(name)}
    with psycopg.connect(**address, autocommit=True) as other:
        ended = other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        ).fetchall()
    assert (True,) in ended


def test_the_next_task_has_a_new_connection(patient: Patient) -> None:
    put_entry(patient, moment(), pain=3)
    for _ in range(3):
        end_all_connections()
        tasks.evaluate.apply(kwargs={"patient_id": str(patient.pk)}, throw=True)
    assert Watch.objects.get(patient=patient).evaluated_at is not None


def test_each_process_keeps_its_own_connection_and_no_pool() -> None:
    database = settings.DATABASES["default"]
    assert "pool" not in database["OPTIONS"]
    assert database["CONN_HEALTH_CHECKS"]
    assert database["CONN_MAX_AGE"] > 0
