"""A test letter to oneself and colleagues: the letter as it will be, to addresses typed in, kept nowhere."""

import asyncio
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from groundswell.basics.addresses import parse
from groundswell.basics.ids import DeliveryId, MailingId
from groundswell.basics.result import Problem, Refused
from groundswell.engine.compile import Compiled
from groundswell.engine.message import Letter, Recipient
from groundswell.engine.outcome import Reply
from groundswell.engine.pieces import Piece
from groundswell.engine.render import Prepared
from groundswell.engine.transports.base import Envelope, Transport, Unreachable
from groundswell.mailings.models import Mailing
from groundswell.mailings.operations import compile_mailing
from groundswell.post.recipients import PostOffice
from groundswell.staff.models import Account

MOST = 20


@dataclass(frozen=True, slots=True)
class Colleague:
    """A member of staff who can be sent a test, by account."""

    id: int
    username: str
    first_name: str


def send_test(
    *, mailing_id: MailingId, addresses: Sequence[str], first_name: str, office: PostOffice, transport: Transport, now: datetime
) -> list[Reply]:
    """The letter to colleagues, `[test]` before its subject; links lead to the page without a token. Of a split test, every way.

    `Refused` says what is wrong with the letter, an address, or the relay.
    """
    mailing = Mailing.objects.select_related("sender").get(pk=mailing_id)
    ways = [None, *(mailing.variants.select_related("sender").order_by("name") if mailing.split_share else ())]
    letters = [_letter(compile_mailing(mailing, way), way.name if way else "A" if len(ways) > 1 else "") for way in ways]
    found = [parse(address) for address in addresses]
    if wrong := [each for each in found if isinstance(each, Problem)]:
        raise Refused(*wrong)
    if not 0 < len(found) <= MOST:
        raise Refused.because("test-many", f"A test goes to 1 to {MOST} colleagues.", "Name their addresses.")
    supply = _Few()
    for letter in letters:
        prepared = Prepared(letter, office.signers_for(letter.sender.from_address.rpartition("@")[2]))
        for each in found:
            if isinstance(each, Problem):
                continue
            number = len(supply.waiting) + 1
            to = _colleague(office, letter, number, each.shown, first_name)
            supply.waiting.append(Envelope(DeliveryId(number), to.return_path, to.address, prepared.render(to, date=now)))
    try:
        asyncio.run(_send(transport, supply))
    except Unreachable as error:
        raise Refused.because("relay-unreachable", f"No mail relay takes letters: {error}.", "Look: groundswell doctor") from None
    return supply.replies


def colleagues(*, staff_id: int = 0) -> list[Colleague]:
    """The seed list: accounts of staff that have an address, one's own first. Shown by name; the address stays here."""
    rows = Account.objects.filter(is_active=True).exclude(email="").order_by("username").values_list("pk", "username", "first_name")
    found = [Colleague(pk, username, first) for pk, username, first in rows]
    return sorted(found, key=lambda each: each.id != staff_id)


def addresses_of(accounts: Sequence[int]) -> list[str]:
    """Where these colleagues read their mail."""
    rows = Account.objects.filter(is_active=True, pk__in=accounts).exclude(email="")
    return list(rows.order_by("pk").values_list("email", flat=True))


def _letter(compiled: Compiled, way: str) -> Letter:
    if compiled.letter is None:
        raise Refused(*compiled.errors)
    mark = f"[test {way}]" if way else "[test]"
    letter = compiled.letter
    subject: tuple[Piece, ...] = (f"{mark} ", *letter.subject)
    first = subject[1]
    if isinstance(first, str):
        subject = (f"{mark} {first}", *subject[2:])
    return replace(letter, subject=subject)


def _colleague(office: PostOffice, letter: Letter, number: int, address: str, first_name: str) -> Recipient:
    page = f"{office.base_url}{letter.action.path}"
    mark = secrets.token_hex(12)
    return Recipient(
        DeliveryId(number), address, {"first_name": first_name}, dict.fromkeys(letter.positions, page), page,
        f"test@{office.bounce_domain}", letter.sender.from_address,
        f"<test-{mark}@{letter.sender.from_address.rpartition('@')[2]}>",
    )  # fmt: skip


class _Few:
    """A handful of letters, and what became of them."""

    def __init__(self) -> None:
        self.waiting: list[Envelope] = []
        self.replies: list[Reply] = []

    def take(self) -> Envelope | None:
        """The next one."""
        return self.waiting.pop(0) if self.waiting else None

    async def more(self) -> bool:
        """Whether one is left."""
        return bool(self.waiting)

    def begun(self, delivery: DeliveryId) -> None:
        """Nothing to keep: a test that is lost is sent again by whoever wanted it."""

    def answered(self, reply: Reply) -> None:
        """Shown to whoever sent it."""
        self.replies.append(reply)

    def give_back(self, envelope: Envelope) -> None:
        """Once more."""
        self.waiting.append(envelope)


async def _send(transport: Transport, supply: _Few) -> None:
    try:
        await transport.send(supply)
    finally:
        await transport.close()
