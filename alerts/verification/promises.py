"""The promises that a query can prove: each gives the ids of what breaks it."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

SAID = {
    "I1": "every record is its last version, and no version is missing",
    "I3": "nothing is there twice: open alerts of a cause, messages to an endpoint, records",
    "I5": "every message has ended, waits for its time, or is being sent",
    "I6": "a message is accepted if, and only if, an attempt was",
    "I7": "an alert was delivered if, and only if, a message about it was accepted",
    "I8": "no message was accepted twice, and a second try of an unknown end is marked",
    "I9": "nothing goes backwards: attempts, messages, the story of an alert",
    "I12": "no evaluation is owed for more than 60 s",
    "told": "every alert of level 1 and above was told to somebody",
}


class Question(NamedTuple):
    """A query for what breaks a promise; `patients` are those to look at."""

    code: str
    sql: str


# Of each version the columns of its row remain, but for its place in the feed.
_RECORDS = tuple(
    Question("I1", sql.replace("diary_entry", table))
    for table in ("diary_entry", "diary_massage")
    for sql in (
        """
        SELECT kept.record_id FROM diary_entry kept
        WHERE kept.patient_id = ANY(%(patients)s) AND NOT EXISTS (
            SELECT FROM diary_entryevent past
            WHERE past.pgh_obj_id = kept.id AND past.version = kept.version
                AND to_jsonb(kept) - 'position' = to_jsonb(past)
                    - '{pgh_id, pgh_created_at, pgh_label, pgh_obj_id}'::text[])
        """,
        """
        SELECT record_id FROM diary_entryevent WHERE patient_id = ANY(%(patients)s)
        GROUP BY pgh_obj_id, record_id
        HAVING count(*) <> max(version) OR count(DISTINCT version) <> max(version)
            OR max(version) IS DISTINCT FROM
                (SELECT kept.version FROM diary_entry kept WHERE kept.id = pgh_obj_id)
        """,
    )
)

_TWICE = (
    Question(
        "I3",
        """
        SELECT min(id::text) FROM alerts_alert
        WHERE patient_id = ANY(%(patients)s) AND ended_at IS NULL
        GROUP BY patient_id, rule, subject HAVING count(*) > 1
        """,
    ),
    Question(
        "I3",
        """
        SELECT min(id::text) FROM alerts_delivery
        WHERE patient_id = ANY(%(patients)s) OR %(service)s AND patient_id IS NULL
        GROUP BY event_id, incident_id, recipient_id, channel, device_id HAVING count(*) > 1
        """,
    ),
    *(
        Question("I3", sql.replace("diary_entry", table))
        for table in ("diary_entry", "diary_massage")
        for sql in (
            """
            SELECT record_id FROM diary_entry WHERE patient_id = ANY(%(patients)s)
            GROUP BY patient_id, record_id HAVING count(*) > 1
            """,
        )
    ),
)

_DEBTS = (
    Question(
        "I5",
        """
        SELECT late.id FROM alerts_delivery late
        WHERE (late.patient_id = ANY(%(patients)s) OR %(service)s AND late.patient_id IS NULL)
            AND late.state = 'owed'
            AND greatest(late.due_at, late.lease_until) < statement_timestamp()
                - CASE WHEN late.level >= 3 THEN interval '2 minutes' ELSE interval '10 minutes' END
            AND NOT EXISTS (SELECT FROM alerts_farend down WHERE down.host = late.waits_for)
        """,
    ),
    Question(
        "I12",
        """
        SELECT patient_id FROM alerts_watch WHERE patient_id = ANY(%(patients)s)
            AND due_at < statement_timestamp() - interval '60 seconds'
        """,
    ),
    Question(
        "told",
        """
        SELECT alert.id FROM alerts_alert alert
        JOIN diary_patient patient ON patient.id = alert.patient_id
        JOIN diary_user account ON account.id = patient.user_id
        WHERE alert.patient_id = ANY(%(patients)s)
            AND alert.level >= CASE WHEN account.is_active THEN 1 ELSE 3 END
            AND (account.is_active OR NOT patient.is_canary)
            AND NOT EXISTS (
                SELECT FROM alerts_alertevent event
                JOIN alerts_delivery told ON told.event_id = event.id
                WHERE event.alert_id = alert.id)
        """,
    ),
)

_ENDS = (
    Question(
        "I6",
        """
        SELECT sent.id FROM alerts_delivery sent
        WHERE (sent.patient_id = ANY(%(patients)s) OR %(service)s AND sent.patient_id IS NULL)
            AND (sent.state = 'accepted') <> EXISTS (
                SELECT FROM alerts_deliveryattempt attempt
                WHERE attempt.delivery_id = sent.id AND attempt.outcome = 'accepted')
        """,
    ),
    Question(
        "I7",
        """
        SELECT alert.id FROM alerts_alert alert
        CROSS JOIN LATERAL (
            SELECT count(*) AS events FROM alerts_alertevent event
            WHERE event.alert_id = alert.id AND event.kind = 'delivered') AS noted
        CROSS JOIN LATERAL (
            SELECT count(*) AS messages FROM alerts_alertevent event
            JOIN alerts_delivery sent ON sent.event_id = event.id
            WHERE event.alert_id = alert.id AND sent.state = 'accepted') AS done
        WHERE alert.patient_id = ANY(%(patients)s)
            AND (events > messages OR (events = 0 AND messages > 0))
        """,
    ),
    Question(
        "I8",
        """
        SELECT sent.id FROM alerts_delivery sent
        JOIN alerts_deliveryattempt attempt ON attempt.delivery_id = sent.id
        WHERE sent.patient_id = ANY(%(patients)s) OR %(service)s AND sent.patient_id IS NULL
        GROUP BY sent.id, sent.maybe_duplicate
        HAVING count(*) FILTER (WHERE attempt.outcome = 'accepted') > 1
            OR NOT sent.maybe_duplicate AND max(attempt.began_at)
                > min(attempt.began_at) FILTER (WHERE attempt.outcome = 'unknown')
        """,
    ),
    Question(
        "I8",
        """
        SELECT message FROM alerts_delivery
        WHERE message IS NOT NULL
            AND (patient_id = ANY(%(patients)s) OR %(service)s AND patient_id IS NULL)
        GROUP BY message
        HAVING count(DISTINCT (recipient_id, channel, device_id, patient_id)) > 1
        """,
    ),
)

_ORDER = (
    Question(
        "I9",
        """
        SELECT sent.id FROM alerts_delivery sent
        WHERE (sent.patient_id = ANY(%(patients)s) OR %(service)s AND sent.patient_id IS NULL)
            AND (sent.ended_at < sent.created_at OR EXISTS (
                SELECT FROM alerts_deliveryattempt attempt WHERE attempt.delivery_id = sent.id
                    AND (attempt.ended_at < attempt.began_at
                        OR (attempt.outcome = 'unknown') <> (attempt.ended_at IS NULL))))
        """,
    ),
    Question(
        "I9",
        """
        SELECT DISTINCT alert.id FROM alerts_alert alert
        JOIN alerts_alertevent event ON event.alert_id = alert.id
        WHERE alert.patient_id = ANY(%(patients)s)
            AND (event.at < alert.opened_at AND event.kind NOT IN ('displayed', 'opened_by_patient')
                OR event.at > alert.ended_at AND event.kind IN ('opened', 'raised', 'reminder',
                    'escalated', 'acknowledged', 'seen_by_clinic', 'closed'))
        """,
    ),
    Question(
        "I9",
        """
        SELECT alert.id FROM alerts_alert alert
        CROSS JOIN LATERAL (
            SELECT min(event.at) FILTER (WHERE kind = 'opened') AS opened_at,
                max(event.at) FILTER (WHERE kind = 'raised') AS raised_at,
                max(event.at) FILTER (WHERE kind IN ('cleared', 'superseded')) AS ended_at,
                max(event.kind) FILTER (WHERE kind IN ('cleared', 'superseded')) AS ended_by,
                max(event.level) FILTER (WHERE kind IN ('opened', 'raised')) AS level,
                max(event.at) FILTER (WHERE kind = 'acknowledged') AS acknowledged_at,
                max(event.at) FILTER (WHERE kind = 'seen_by_clinic') AS seen_at
            FROM alerts_alertevent event WHERE event.alert_id = alert.id) AS story
        WHERE alert.patient_id = ANY(%(patients)s)
            AND (story.opened_at IS DISTINCT FROM alert.opened_at
                OR story.raised_at IS DISTINCT FROM alert.raised_at
                OR story.ended_at IS DISTINCT FROM alert.ended_at
                OR story.ended_by <> alert.status
                OR story.level IS DISTINCT FROM alert.level
                OR alert.acknowledged_at > coalesce(story.acknowledged_at, '-infinity')
                OR alert.seen_by_clinic_at > coalesce(story.seen_at, '-infinity'))
        """,
    ),
)

_OF_PATIENTS = (*_RECORDS, *_TWICE, *_DEBTS, *_ENDS, *_ORDER)
_OF_THE_SERVICE = tuple(question for question in _OF_PATIENTS if "%(service)s" in question.sql)


def of_patients(patients: Sequence[UUID]) -> Iterator[tuple[str, list[object]]]:
    """Code of the promise and ids of what breaks it, of these patients."""
    return _asked(_OF_PATIENTS, {"patients": list(patients), "service": False})


def of_the_service() -> Iterator[tuple[str, list[object]]]:
    """The same of the messages to whoever is on call."""
    return _asked(_OF_THE_SERVICE, {"patients": list[UUID](), "service": True})


def _asked(
    questions: Sequence[Question], named: dict[str, Any]
) -> Iterator[tuple[str, list[object]]]:
    for question in questions:
        with connection.cursor() as cursor:
            cursor.execute(question.sql, named)
            yield question.code, [row[0] for row in cursor.fetchall()]
