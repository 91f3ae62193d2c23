"""What must hold after every fault, whatever it was: file against database against far ends.

Each function answers what is wrong, in words; nothing is asked of the application.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tests.faults.bench import ON_CALL, Bench
from tests.faults.oracle import Oracle, Post

Wrong = list[str]
# The chase tells a patient again after so many minutes.
CHASED = {5, 15, 30, 4 * 60}


@dataclass(frozen=True)
class Findings:
    """One oracle's patients: what stands in the database, and what arrived."""

    bench: Bench
    oracle: Oracle

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Rows of these patients."""
        return self.bench.rows(query, self.oracle.people)

    @cached_property
    def arrived(self) -> Counter[tuple[str, str, str]]:
        """How often each message about these patients arrived: channel, to, id."""
        told = {end for post in self.oracle.posts.values() for end in post.person.told}
        owed = {row[:3] for row in self.deliveries}  # on call hears of other patients too
        taken = [
            (line["channel"], line["to"], line["id"].replace("-", ""))
            for line in self.bench.far_ends.accepted()
        ]
        return Counter(each for each in taken if each[:2] in told or each in owed)

    @cached_property
    def deliveries(self) -> list[tuple[str, str, str, str, str, bool]]:
        """Channel, address, message, state, rule of the event, maybe_duplicate; of each row."""
        return [
            (channel, str(to), message.hex, state, rule, maybe)
            for channel, to, message, state, rule, maybe in self.rows(_DELIVERIES)
        ]

    def duplicates(self) -> int:
        """How many messages arrived once more than they should."""
        return sum(count - 1 for count in self.arrived.values())


_DELIVERIES = f"""
    SELECT d.channel,
        CASE d.channel WHEN 'email' THEN coalesce(u.email, '{ON_CALL}') ELSE d.patient_id::text END,
        coalesce(d.message, d.id), d.state, coalesce(e.rule, ''), d.maybe_duplicate
    FROM alerts_delivery d LEFT JOIN diary_user u ON u.id = d.recipient_id
    LEFT JOIN alerts_alertevent e ON e.id = d.event_id
    LEFT JOIN alerts_incident i ON i.id = d.incident_id
    WHERE coalesce(d.patient_id, i.patient_id) = ANY(%s::uuid[])
"""


def i1(found: Findings) -> Wrong:
    """Every acknowledged entry is stored."""
    stored = {str(row[0]) for row in found.rows(_ENTRIES)}
    return [f"entry {each} is missing" for each in found.oracle.acknowledged if each not in stored]


_ENTRIES = "SELECT record_id FROM diary_entry WHERE patient_id = ANY(%s::uuid[])"


def i2(found: Findings) -> Wrong:
    """Every alert that must follow stands open, and everybody has been told of it."""
    alerts = {(str(patient), rule, level) for patient, rule, level, _ in found.rows(_ALERTS)}
    ends = {(channel, to) for channel, to, _ in found.arrived}
    wrong = []
    for post in found.oracle.red:
        who = post.person.patient
        wrong += [
            f"no {rule} of {who}" for rule, n in post.expected if (who, rule, n) not in alerts
        ]
        wrong += [f"{channel} {to} was not told" for channel, to in post.person.told - ends]
    return wrong


_ALERTS = """
    SELECT patient_id, rule, level, ended_at FROM alerts_alert WHERE patient_id = ANY(%s::uuid[])
"""


def i3(found: Findings) -> Wrong:
    """Nothing stands in the database twice."""
    return [f"{what} {row}" for what, query in _DOUBLED.items() for row in found.rows(query)]


_DOUBLED = {
    "entry": """SELECT patient_id, record_id FROM diary_entry
        WHERE patient_id = ANY(%s::uuid[]) GROUP BY 1, 2 HAVING count(*) > 1""",
    "alert": """SELECT patient_id, rule, subject FROM alerts_alert
        WHERE patient_id = ANY(%s::uuid[]) GROUP BY 1, 2, 3 HAVING count(*) > 1""",
    "event": """SELECT alert_id, kind FROM alerts_alertevent
        WHERE patient_id = ANY(%s::uuid[]) AND kind = 'opened'
        GROUP BY 1, 2 HAVING count(*) > 1""",
    "delivery": """SELECT event_id, recipient_id, channel, device_id FROM alerts_delivery
        WHERE patient_id = ANY(%s::uuid[]) GROUP BY 1, 2, 3, 4 HAVING count(*) > 1""",
}


def i4(found: Findings) -> Wrong:
    """No alert stands that nobody wrote a cause for, and nobody is told of one."""
    caused = {
        (p.person.patient, *alert) for p in found.oracle.posts.values() for alert in p.expected
    }
    alerts = {(str(patient), rule, level) for patient, rule, level, _ in found.rows(_ALERTS)}
    events = [row for row in found.rows(_SAID) if not (row[1] == "R22" and row[2] in CHASED)]
    return [f"alert {each}" for each in alerts - caused] + [f"event {each}" for each in events]


_SAID = """
    SELECT e.patient_id, e.rule, round(extract(epoch FROM e.at - a.opened_at) / 60)::int, e.kind
    FROM alerts_alertevent e LEFT JOIN alerts_alert a ON a.id = e.alert_id
    WHERE e.patient_id = ANY(%s::uuid[]) AND e.kind NOT IN ('opened', 'delivered')
"""


def i5(found: Findings) -> Wrong:
    """Every delivery was accepted: these far ends take what they are given."""
    return [f"{row[0]} to {row[1]} is {row[3]}" for row in found.deliveries if row[3] != "accepted"]


def i6(found: Findings) -> Wrong:
    """What is said to be accepted did arrive."""
    accepted = [row for row in found.deliveries if row[3] == "accepted"]
    return [f"{row[:3]} never arrived" for row in accepted if row[:3] not in found.arrived]


def i7(found: Findings) -> Wrong:
    """Whatever arrived stands in the database."""
    owed = {row[:3] for row in found.deliveries}
    return [f"{each} is in no row" for each in found.arrived if each not in owed]


def i8(found: Findings) -> Wrong:
    """One event is one message: a second one has the id of the first."""
    ids: dict[tuple[str, str], set[str]] = {}
    for channel, to, message, _, rule, _ in found.deliveries:
        if rule != "R22" and to != ON_CALL and (channel, to, message) in found.arrived:
            ids.setdefault((channel, to), set()).add(message)
    return [f"{end} has {len(each)} ids" for end, each in ids.items() if len(each) > 1]


def i9(found: Findings) -> Wrong:
    """Nothing goes back: no try after an accepted one, nothing said before the beginning."""
    return [f"{what} {row}" for what, query in _BACKWARDS.items() for row in found.rows(query)]


_BACKWARDS = {
    "accepted twice": """SELECT t.delivery_id FROM alerts_deliveryattempt t
        JOIN alerts_delivery d ON d.id = t.delivery_id
        WHERE d.patient_id = ANY(%s::uuid[]) AND t.outcome = 'accepted'
        GROUP BY 1 HAVING count(*) > 1""",
    "tried after it was accepted": """SELECT later.delivery_id FROM alerts_deliveryattempt later
        JOIN alerts_deliveryattempt first ON first.delivery_id = later.delivery_id
        JOIN alerts_delivery d ON d.id = later.delivery_id
        WHERE d.patient_id = ANY(%s::uuid[]) AND first.outcome = 'accepted'
        AND later.began_at > first.ended_at""",
    "said before the beginning": """SELECT e.alert_id, e.kind FROM alerts_alertevent e
        JOIN alerts_alertevent o ON o.alert_id = e.alert_id AND o.kind = 'opened'
        WHERE e.patient_id = ANY(%s::uuid[]) AND e.at < o.at""",
}


def i12(found: Findings) -> Wrong:
    """No evaluation is owed for more than a minute."""
    return [f"evaluation of {row[0]}" for row in found.rows(_LONG_OWED)]


_LONG_OWED = """
    SELECT patient_id FROM alerts_watch
    WHERE patient_id = ANY(%s::uuid[]) AND due_at < now() - interval '60 seconds'
"""

ALL: dict[str, Callable[[Findings], Wrong]] = {
    each.__name__.upper(): each for each in (i1, i2, i3, i4, i5, i6, i7, i8, i9, i12)
}


def violations(found: Findings) -> dict[str, Wrong]:
    """What is wrong, by invariant; nothing when all hold."""
    return {name: wrong for name, each in ALL.items() if (wrong := each(found))}


def first_arrivals(found: Findings) -> dict[str, float]:
    """When each red flag's patient was first told, after it was first sent: seconds by entry."""
    first: dict[str, float] = {}
    of: dict[tuple[str, str], Post] = {}
    for post in found.oracle.red:
        of |= dict.fromkeys(
            (("email", post.person.mailbox), ("webpush", post.person.patient)), post
        )
    for line in found.bench.far_ends.accepted():
        if told := of.get((line["channel"], line["to"])):
            first.setdefault(told.id, line["at"] - found.oracle.sent_at[told.id])
    return first
