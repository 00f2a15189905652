"""What the inbox asks of the post office: whose letter came back, who is left alone from now on, and a letter stopped."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from groundswell.basics.ids import DeliveryId, LetterId, PersonRef
from groundswell.post.models import Delivery, Letter, State

_WENT_OUT = (State.ACCEPTED, State.UNCERTAIN, State.BOUNCED, State.COMPLAINED)


@dataclass(frozen=True, slots=True)
class Sent:
    """A delivery row as the inbox needs it. `reply_to` and `from_address` are the sender's own, not a supporter's."""

    delivery: DeliveryId
    letter_id: LetterId
    person: PersonRef
    state: State
    at: datetime
    """When its state last changed: for a row that went out, about when it did."""
    from_address: str
    reply_to: str
    sender_name: str


def sent(delivery: DeliveryId) -> Sent | None:
    """The row that a token names."""
    return _sent(Delivery.objects.filter(pk=delivery))


def sent_many(deliveries: Sequence[DeliveryId]) -> dict[DeliveryId, Sent]:
    """The rows that these tokens name; a letter's sender is read once for all its rows."""
    columns = ("pk", "letter_id", "person_id", "state", "changed_at")
    rows = list(Delivery.objects.filter(pk__in=deliveries).values_list(*columns)) if deliveries else []
    letters = {row[1] for row in rows}
    senders = dict(Letter.objects.filter(pk__in=letters).values_list("pk", "content__sender"))
    return {DeliveryId(row[0]): _made((*row, senders.get(row[1]))) for row in rows}


def last_sent(person: PersonRef) -> Sent | None:
    """The newest row of this person that went out."""
    return _sent(Delivery.objects.filter(person_id=person, state__in=_WENT_OUT).order_by("-changed_at"))


def newest_sender() -> tuple[str, str, str] | None:
    """From-address, reply-to and name of the newest letter's sender: where an answer to no letter in particular belongs."""
    content = Letter.objects.order_by("-pk").values_list("content__sender", flat=True).first()
    return None if not content else (content["from_address"], content["reply_to"], content["name"])


def our_senders() -> frozenset[str]:
    """The from- and reply-addresses of our own letters, in lower case."""
    senders = Letter.objects.values_list("content__sender__from_address", "content__sender__reply_to").distinct()
    return frozenset(str(address).lower() for pair in senders for address in pair if address)


def withhold_person(*, person: PersonRef, reason: str, now: datetime, kinds: Sequence[str] = ()) -> int:
    """As `withhold_persons`, for one."""
    return withhold_persons(persons=[person], reason=reason, now=now, kinds=kinds)


def withhold_persons(*, persons: Collection[PersonRef], reason: str, now: datetime, kinds: Sequence[str] = ()) -> int:
    """Letters to these people that wait (of these kinds, or all) are withheld at once, in running mailings too.

    Rows that a sender holds at this moment are left: the sender asks once more before it writes the address.
    """
    rows = Delivery.objects.filter(person_id__in=persons, state__in=[State.READY, State.RETRY])
    if kinds:
        rows = rows.filter(letter__kind__in=kinds)
    return rows.update(state=State.WITHHELD, reason=reason[:120], changed_at=now)


def mark_many(*, marks: Mapping[DeliveryId, tuple[State, str]], now: datetime) -> None:
    """Bounces and complaints came for these rows: row → new state and reason. Rows that were never sent stay as they are."""
    if not marks:
        return
    rows = sorted(marks.items())
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE post_delivery d SET state = n.state, reason = n.reason, changed_at = %s
            FROM (SELECT unnest(%s::bigint[]) id, unnest(%s::smallint[]) state, unnest(%s::text[]) reason) n
            WHERE d.id = n.id AND d.state = ANY(%s)
            """,
            [
                now, [row for row, _ in rows], [int(state) for _, (state, _) in rows], [reason[:120] for _, (_, reason) in rows],
                [int(state) for state in (State.ACCEPTED, State.UNCERTAIN, State.BOUNCED)],
            ],
        )  # fmt: skip


def send_again(*, deliveries: Sequence[DeliveryId], due: datetime, now: datetime) -> int:
    """These letters came back for a passing fault: each goes once more when it is `due`, under the same Message-ID.

    Only rows that the relay had taken; nothing of a letter that was stopped. Returns how many.
    """
    rows = Delivery.objects.filter(pk__in=deliveries, state=State.ACCEPTED, letter__stopped_at=None)
    return rows.update(state=State.RETRY, reason="came back with a passing fault", due_at=due, changed_at=now) if deliveries else 0


def pause(*, letter_id: LetterId) -> bool:
    """Hand nothing more of this letter over. False where it rests already."""
    return bool(Letter.objects.filter(pk=letter_id, paused=False).update(paused=True))


def resume(*, letter_id: LetterId) -> bool:
    """Go on with it. False where it did not rest."""
    return bool(Letter.objects.filter(pk=letter_id, paused=True).update(paused=False))


def letter_name(letter_id: LetterId) -> str:
    """The letter's subject, for staff."""
    found = Letter.objects.filter(pk=letter_id).values_list("content__subject", flat=True).first()
    return str(found) if found else f"letter {letter_id}"


def _sent(rows: "QuerySet[Delivery]") -> Sent | None:
    found = rows.values_list("pk", "letter_id", "person_id", "state", "changed_at", "letter__content__sender").first()
    return None if found is None else _made(found)


def _made(row: tuple[Any, ...]) -> Sent:
    pk, letter_id, person, state, at, sender = row
    sender = sender or {}
    return Sent(
        DeliveryId(pk), LetterId(letter_id), PersonRef(person), State(state), at,
        sender.get("from_address", ""), sender.get("reply_to", ""), sender.get("name", ""),
    )  # fmt: skip
