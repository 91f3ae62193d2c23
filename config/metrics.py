"""`/metrics`: what is owed, how fast it arrives, and what failed, as PostgreSQL has it now.

Nothing is counted in a process, so every web process answers the same. No label names a person.
"""

import hmac
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.conf import settings
from django.db import Error, connection
from django.http import Http404, HttpRequest, HttpResponse
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily
from prometheus_client.registry import Collector

from config.problems import problem


class Gauge(NamedTuple):
    """One column of a question: the gauge that shows it."""

    name: str
    help: str


class Question(NamedTuple):
    """A query whose first columns are labels and whose others are gauges, in this order."""

    labels: tuple[str, ...]
    gauges: tuple[Gauge, ...]
    sql: str


QUESTIONS = (
    Question(
        (),
        (
            Gauge("diary_evaluations_owed", "Diaries whose evaluation is due."),
            Gauge("diary_evaluation_oldest_seconds", "How long the oldest of them has been due."),
        ),
        """SELECT count(*), coalesce(max(extract(epoch FROM statement_timestamp() - due_at)), 0)
            FROM alerts_watch WHERE due_at <= statement_timestamp()""",
    ),
    Question(
        ("channel", "level"),
        (
            Gauge("diary_deliveries_owed", "Messages that have not ended."),
            Gauge("diary_delivery_oldest_seconds", "Age of the oldest of them."),
            Gauge("diary_delivery_overdue_seconds", "How long one that may go out has been due."),
        ),
        """SELECT channel, level, count(*),
                max(extract(epoch FROM statement_timestamp() - created_at)),
                greatest(0, coalesce(max(extract(epoch FROM statement_timestamp() - due_at))
                    FILTER (WHERE waits_for = ''), 0))
            FROM alerts_delivery WHERE state = 'owed' GROUP BY channel, level""",
    ),
    Question(
        ("far_end",),
        (Gauge("diary_deliveries_held", "Messages that wait for a far end that is down."),),
        """SELECT waits_for, count(*) FROM alerts_delivery
            WHERE state = 'owed' AND waits_for <> '' GROUP BY waits_for""",
    ),
    Question(
        ("channel", "state"),
        (Gauge("diary_deliveries_ended_15m", "Messages that ended in the last 15 minutes."),),
        """SELECT channel, state, count(*) FROM alerts_delivery
            WHERE ended_at > statement_timestamp() - interval '15 minutes'
            GROUP BY channel, state""",
    ),
    Question(
        ("channel",),
        (Gauge("diary_deliveries_dead_24h", "Messages given up in the last 24 hours."),),
        """SELECT channel, count(*) FROM alerts_delivery
            WHERE state = 'dead' AND ended_at > statement_timestamp() - interval '24 hours'
            GROUP BY channel""",
    ),
    Question(
        ("channel", "level"),
        (
            Gauge("diary_told_15m", "Openings and raises first accepted in the last 15 minutes."),
            Gauge("diary_told_seconds_p50", "From an opening or raise to a channel's first yes."),
            Gauge("diary_told_seconds_p95", "The same, for 95 of 100."),
            Gauge("diary_told_seconds_p99", "The same, for 99 of 100."),
            Gauge("diary_told_seconds_max", "The slowest."),
        ),
        """SELECT channel, level, count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds),
                percentile_cont(0.95) WITHIN GROUP (ORDER BY seconds),
                percentile_cont(0.99) WITHIN GROUP (ORDER BY seconds), max(seconds)
            FROM (
                SELECT sent.channel, event.level,
                    extract(epoch FROM min(sent.ended_at) - event.at) AS seconds
                FROM alerts_delivery sent
                JOIN alerts_alertevent event ON event.id = sent.event_id
                WHERE sent.state = 'accepted'
                    AND sent.ended_at > statement_timestamp() - interval '15 minutes'
                    AND sent.channel <> 'canary' AND event.kind IN ('opened', 'raised')
                    AND NOT EXISTS (
                        SELECT FROM alerts_delivery earlier
                        WHERE earlier.event_id = sent.event_id AND earlier.state = 'accepted'
                            AND earlier.channel = sent.channel
                            AND earlier.ended_at <= statement_timestamp() - interval '15 minutes')
                GROUP BY sent.channel, event.id, event.level, event.at
            ) AS first_told GROUP BY channel, level""",
    ),
    Question(
        ("kind",),
        (
            Gauge("diary_incidents_open", "Incidents that nobody has resolved."),
            Gauge("diary_incidents_open_times", "How often they have happened."),
        ),
        """SELECT kind, count(*), sum(count) FROM alerts_incident
            WHERE resolved_at IS NULL GROUP BY kind""",
    ),
    Question(
        ("level",),
        (
            Gauge("diary_alerts_open", "Alerts that have not ended."),
            Gauge("diary_alerts_unread", "Those the patient has not acknowledged."),
            Gauge("diary_alerts_unseen", "Those the clinic has not acknowledged."),
            Gauge("diary_alert_unread_oldest_seconds", "Since when the longest is unread."),
            Gauge("diary_alert_unseen_oldest_seconds", "Since when the longest is unseen."),
        ),
        """SELECT level, count(*), count(*) FILTER (WHERE acknowledged_at IS NULL),
                count(*) FILTER (WHERE seen_by_clinic_at IS NULL),
                coalesce(max(extract(epoch FROM statement_timestamp() - told_at))
                    FILTER (WHERE acknowledged_at IS NULL), 0),
                coalesce(max(extract(epoch FROM statement_timestamp() - clinic_told_at))
                    FILTER (WHERE seen_by_clinic_at IS NULL), 0)
            FROM alerts_alert
            WHERE ended_at IS NULL
                AND NOT EXISTS (SELECT FROM diary_patient played
                    WHERE played.id = alerts_alert.patient_id AND played.is_canary)
            GROUP BY level""",
    ),
    Question(
        ("name",),
        (
            Gauge("diary_heartbeat_age_seconds", "Since the last sign of life."),
            Gauge("diary_heartbeat_measured_seconds", "What it measured: the canary, its walk."),
        ),
        """SELECT name, extract(epoch FROM statement_timestamp() - at), seconds
            FROM alerts_heartbeat""",
    ),
)


class Obligations(Collector):
    """Asks PostgreSQL at each scrape."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        for question in QUESTIONS:
            with connection.cursor() as cursor:
                cursor.execute(question.sql)
                rows = cursor.fetchall()
            yield from _families(question, rows)


def _families(question: Question, rows: Iterable[Any]) -> list[GaugeMetricFamily]:
    families = [
        GaugeMetricFamily(gauge.name, gauge.help, labels=question.labels)
        for gauge in question.gauges
    ]
    for row in rows:
        labels = [str(label) for label in row[: len(question.labels)]]
        for family, value in zip(families, row[len(question.labels) :], strict=True):
            if value is not None:
                family.add_metric(labels, float(value))
    return families


def metrics(request: HttpRequest) -> HttpResponse:
    """Everything above for whoever knows METRICS_TOKEN; there is nothing here without one."""
    if not settings.METRICS_TOKEN:
        raise Http404
    if not _knows_the_token(request):
        refusal = problem(401, code="not_authenticated", detail="Only with the metrics token.")
        refusal["WWW-Authenticate"] = "Bearer"
        return refusal
    registry = CollectorRegistry(auto_describe=False)  # the questions are asked once
    try:
        registry.register(Obligations())
        return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
    except Error:
        return problem(503, code="unavailable", detail="The database is away.")


def _knows_the_token(request: HttpRequest) -> bool:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    # Both sides are bytes: a comparison of texts refuses what is not ASCII by raising.
    known = hmac.compare_digest(token.encode(), settings.METRICS_TOKEN.encode())
    return scheme.lower() == "bearer" and known
