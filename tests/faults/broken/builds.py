"""What is broken in each build. Patches in a process of the tests; the product knows none."""

from uuid import UUID

from alerts import claims, delivery, sweep
from diary.failpoints import reached
from diary.services import ledger


def accepted_first() -> None:
    """A message is written down as accepted, and only then sent."""

    def deliver(delivery_id: UUID) -> None:
        claim = claims.take(delivery_id)
        if claim is not None:
            delivery._record(claim, "")
            reached("recorded")
            delivery._sent(claim)

    delivery.deliver = deliver


def no_sweeper() -> None:
    """The dispatcher runs and finds nothing."""
    sweep._taken = lambda *_, **__: []


def no_unique_key() -> None:
    """An entry that is sent again is another entry."""

    vars(ledger)["_known"] = lambda *_: ()
