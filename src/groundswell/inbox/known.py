"""What is known beside a mail before anything is done about it: asked of the books once, for a mail or for a crowd."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from groundswell.basics.addresses import Address, parse
from groundswell.basics.ids import DeliveryId, PersonRef
from groundswell.inbox.models import Incoming
from groundswell.letterbox import Class, Event, Recipient
from groundswell.people import suppressions
from groundswell.post import returns

SENT_AGAIN = "sent once more"
"""Stands in a mail's outcome: how the second one about the same letter is told from the first."""
_MILDEST = (Class.NOT_A_FAILURE, Class.TEMPORARY, Class.POLICY, Class.CONTENT, Class.MAILBOX, Class.DEAD)


@dataclass(frozen=True, slots=True)
class Known:
    """What a crowd of mails asks of the books, asked once for all of them."""

    sent: Mapping[DeliveryId, returns.Sent]
    full: Mapping[PersonRef, Sequence[datetime]]
    again: frozenset[DeliveryId]
    """What was sent once more already."""


def sent_again(persons: Sequence[PersonRef]) -> frozenset[DeliveryId]:
    """Letters to these people that were sent once more before, because they had come back with a passing fault."""
    rows = Incoming.objects.filter(person_id__in=persons, outcome__contains=SENT_AGAIN, delivery_id__isnull=False)
    return frozenset(DeliveryId(row) for row in rows.values_list("delivery_id", flat=True) if row is not None)


def about(event: Event, person: PersonRef) -> Recipient | None:
    """What a mail says about this person: the recipient with their address, or the mildest of several others."""
    if len(event.recipients) > 1:
        for each in event.recipients:
            address = parse(each.address)
            if isinstance(address, Address) and suppressions.has_address(person, address):
                return each
        return min(event.recipients, key=lambda each: _MILDEST.index(each.because))
    return event.recipients[0] if event.recipients else None


def shown(provider: str) -> str:
    """A provider's name for people."""
    return {"google": "Google", "microsoft": "Microsoft", "yahoo": "Yahoo", "apple": "Apple"}.get(provider, "A provider")
