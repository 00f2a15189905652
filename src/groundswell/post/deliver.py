"""Delivering a letter: claim, open addresses in memory, render, sign, hand over, record.

The mailroom's only caller.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from groundswell.basics.clock import Clock, day_number
from groundswell.basics.ids import ActionId, DeliveryId, LetterId
from groundswell.basics.names import readable
from groundswell.basics.tokens import Link, TokenKeys, seal_delivery, seal_link
from groundswell.engine.message import Letter as CompiledLetter
from groundswell.engine.message import Recipient
from groundswell.engine.outcome import Reply
from groundswell.engine.render import Prepared
from groundswell.engine.sign import Signer
from groundswell.engine.transports.base import Envelope, Transport
from groundswell.people import mailroom
from groundswell.post import operations
from groundswell.post.handover_log import HandoverLog
from groundswell.post.models import Letter

BATCH = 200
MAILED_KINDS = frozenset({"mailing"})


@dataclass(frozen=True, slots=True)
class PostOffice:
    """What delivering needs of the installation."""

    tokens: TokenKeys
    base_url: str
    bounce_domain: str
    logs: Path
    signer_for: Callable[[str], Signer | None]
    """From-domain → its signer."""


def message_id(tokens: TokenKeys, delivery: DeliveryId, domain: str) -> str:
    """The Message-ID of a row: the same at every try, so that a receiver can tell a second copy."""
    return f"<{seal_delivery(tokens, 'message', delivery)}@{domain}>"


def recipient(office: PostOffice, letter: CompiledLetter, delivery: DeliveryId, card: mailroom.Card, day: int) -> Recipient:
    """Everything the letter needs to know of one person, in memory only."""
    name = readable(card.given_name)
    hint = f"{(name or ' ')[0]}{card.email[0]}{card.email.rpartition('@')[2][0]}"
    links = {}
    for position in letter.positions:
        link = Link(delivery, ActionId(letter.action.id), day, position, hint)
        links[position] = f"{office.base_url}{letter.action.path}?t={seal_link(office.tokens, link)}"
    unsubscribe = seal_delivery(office.tokens, "unsubscribe", delivery)
    return Recipient(
        delivery=delivery,
        address=card.email,
        fields={"first_name": name},
        links=links,
        unsubscribe_url=f"{office.base_url}/u/{unsubscribe}",
        unsubscribe_mail=f"u+{unsubscribe}@{office.bounce_domain}",
        return_path=f"b+{seal_delivery(office.tokens, 'bounce', delivery)}@{office.bounce_domain}",
        message_id=message_id(office.tokens, delivery, letter.sender.from_address.rpartition("@")[2]),
    )


def deliver(
    *, letter_id: LetterId, office: PostOffice, transport: Transport, clock: Clock,
    seen: Callable[[int], None] = lambda _: None, most: int | None = None,
) -> int:  # fmt: skip
    """Hand over every due row of a letter (at most `most`); returns how many the relay took.

    Safe to run in several processes, and to repeat after any crash: what a dead sender left is put right first.
    """
    operations.recover(folder=office.logs, now=clock())
    letter = CompiledLetter.from_json(Letter.objects.values_list("content", flat=True).get(pk=letter_id))
    prepared = Prepared(letter, office.signer_for(letter.sender.from_address.rpartition("@")[2]))
    log = HandoverLog(office.logs)
    taken, asked = 0, 0
    try:
        with asyncio.Runner() as runner:
            try:
                while most is None or asked < most:
                    claims = operations.claim(letter_id=letter_id, owner=log.owner, limit=BATCH, now=clock())
                    if not claims:
                        break
                    asked += len(claims)
                    envelopes = _envelopes(claims, office, prepared, log, clock())
                    replies = runner.run(_hand_over(envelopes, transport, log))
                    attempts = {claimed.delivery: claimed.attempts for claimed in claims}
                    operations.record(owner=log.owner, replies=replies, attempts=attempts, now=clock())
                    log.recorded()
                    taken += sum(reply.state == "accepted" for reply in replies)
                    seen(len(claims))
            finally:
                runner.run(transport.close())
    finally:
        log.close()
    return taken


def _envelopes(
    claims: list[operations.Claimed], office: PostOffice, prepared: Prepared, log: HandoverLog, now: datetime
) -> list[Envelope]:
    cards = mailroom.cards([claimed.person for claimed in claims])
    envelopes = []
    for claimed in claims:
        card = cards.get(claimed.person)
        if card is None or (prepared.letter.kind in MAILED_KINDS and not card.may_mail):
            # The list was frozen a while ago; who left since then is left alone.
            reason = "no contact details any more" if card is None else "left after the list was made"
            operations.withhold(owner=log.owner, delivery=claimed.delivery, reason=reason, now=now)
            continue
        to = recipient(office, prepared.letter, claimed.delivery, card, day_number(now))
        envelopes.append(Envelope(claimed.delivery, to.return_path, to.address, prepared.render(to, date=now)))
    return envelopes


async def _hand_over(envelopes: list[Envelope], transport: Transport, log: HandoverLog) -> list[Reply]:
    replies = []
    async for reply in transport.send(envelopes, handing_over=log.begun):
        if reply.state != "uncertain":
            log.answered(reply.delivery, accepted=reply.state == "accepted")
        replies.append(reply)
    return replies
