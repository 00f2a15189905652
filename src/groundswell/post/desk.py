"""The books as one sender sees them: what may go now, opened and ready to be written, and what came of it."""

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from groundswell.basics.clock import Clock, day_number
from groundswell.basics.ids import DeliveryId, LetterId, PersonRef
from groundswell.engine.message import LIST_KINDS
from groundswell.engine.message import Letter as CompiledLetter
from groundswell.engine.outcome import Reply
from groundswell.engine.pace import too_many_refused
from groundswell.engine.render import Prepared
from groundswell.engine.transports.base import Envelope
from groundswell.post import operations, queries, traffic, wishes
from groundswell.post.ahead import Written
from groundswell.post.enclosures import completed
from groundswell.post.models import Letter
from groundswell.post.operations.claiming import Claimed
from groundswell.post.patience import patiently
from groundswell.post.recipients import Addressing, PostOffice
from groundswell.post.sending import Due
from groundswell.post.slowdowns import place_of, slowed


class Card(Protocol):
    """What the mailroom gives of a person."""

    @property
    def email(self) -> str: ...
    @property
    def given_name(self) -> str | None: ...
    @property
    def may_mail(self) -> bool: ...


Cards = Callable[[Sequence[PersonRef]], Mapping[PersonRef, Card]]


class Desk:
    """One sender's books. Waits out a database that is being restarted."""

    def __init__(self, letter_id: LetterId, office: PostOffice, owner: str, clock: Clock, cards: Cards) -> None:
        self._letter_id, self._office, self._owner, self._clock, self._cards = letter_id, office, owner, clock, cards
        self._prepared: dict[LetterId, tuple[Prepared, Addressing, bool]] = {}
        self._day = -1
        self._domains: dict[DeliveryId, tuple[str, LetterId]] = {}
        self._counts: dict[str, int] = {}
        """Answers of this sender's own time: counting a million rows at every start would cost more than it tells."""
        self._speed_began, self._speed_taken, self._speed = time.monotonic(), 0, 0

    def fetch(self, limit: int) -> Sequence[Due]:
        """Claimed rows with their letters ready to be written; who may not be mailed any more is withheld here."""
        while True:
            now = self._clock()
            claims = patiently(
                partial(operations.claim, letter_id=self._letter_id, owner=self._owner, limit=limit, now=now, urgent=True)
            )
            if not claims:
                return []
            due = self._opened(claims, now)
            if due:
                self._speed_taken += len(due)
                return due

    def record(self, replies: Sequence[Reply], attempts: Mapping[DeliveryId, int]) -> None:
        """One group into the books. A letter that too many receivers refuse is stopped, and staff are told."""
        now = self._clock()
        patiently(partial(operations.record, owner=self._owner, replies=replies, attempts=attempts, now=now))
        taken: dict[LetterId, list[str]] = {}
        for reply in replies:
            domain, letter_id = self._domains.pop(reply.delivery, ("", self._letter_id))
            if domain:
                self._office.pace.answered(domain, reply.code, now)
                if reply.state == "accepted":
                    taken.setdefault(letter_id, []).append(domain)
            self._counts[reply.state] = self._counts.get(reply.state, 0) + 1
        for letter_id, domains in taken.items():
            patiently(partial(traffic.handed, letter_id=letter_id, domains=domains, day=now.date()))
        answered, refused = sum(self._counts.values()), self._counts.get("refused", 0)
        if too_many_refused(answered=answered, refused=refused):
            reason = f"{refused} of {answered} letters were refused."
            patiently(partial(operations.stop, letter_id=self._letter_id, reason=reason, now=now))

    def release(self, deliveries: Sequence[DeliveryId], due: datetime) -> None:
        """Nothing of these was handed over."""
        dues = [due] * len(deliveries)
        patiently(partial(operations.release, owner=self._owner, deliveries=deliveries, due=dues, now=self._clock()))

    def forgotten(self) -> int:
        """Rows claimed in a moment when the database went away: ready again. Only between two rounds."""
        return patiently(partial(operations.release_all, owner=self._owner, now=self._clock()))

    def may_go_on(self) -> bool:
        """Whether the letter was neither paused nor stopped meanwhile."""
        return patiently(lambda: Letter.objects.filter(pk=self._letter_id, paused=False, stopped_at=None).exists())

    def allowance(self) -> tuple[int, float]:
        """How many letters may go now, by the letter's speed, the warm-up and quiet hours; and when to ask again."""
        kind, speed = patiently(lambda: Letter.objects.values_list("kind", "speed").get(pk=self._letter_id))
        now, most = self._clock(), 1_000_000
        if kind in LIST_KINDS:
            office = self._office
            if office.quiet is not None and office.quiet.holds(now.astimezone(office.zone).time()):
                return 0, 0.0
            if office.ramp is not None:
                day = now.astimezone(office.zone)
                sent = patiently(lambda: queries.list_letters_since(day.replace(hour=0, minute=0, second=0, microsecond=0)))
                most = office.ramp.letters_on(day.date()) - sent
                if most <= 0:
                    return 0, 0.0
        return self._within_speed(most, speed)

    def _within_speed(self, most: int, speed: int | None) -> tuple[int, float]:
        if speed is None:
            self._speed = 0
            return most, 0.0
        if speed != self._speed:
            self._speed_began, self._speed_taken, self._speed = time.monotonic(), 0, speed
        allowed = int((time.monotonic() - self._speed_began + 1) * speed / 60 / self._office.senders) - self._speed_taken
        return (min(most, allowed), 0.0) if allowed > 0 else (0, min(1.0, 60 / speed))

    def _opened(self, claims: list[Claimed], now: datetime) -> list[Due]:
        cards = patiently(lambda: self._cards([claimed.person for claimed in claims]))
        slow = patiently(partial(slowed, now))
        if day_number(now) != self._day:
            self._day = day_number(now)
            self._prepared.clear()
        due: list[Due] = []
        left: dict[str, list[DeliveryId]] = {}
        later: list[tuple[DeliveryId, datetime]] = []
        facts: Mapping[PersonRef, Mapping[str, str | None]] | None = None
        today = self._written_to_today(claims, now)
        asked = [wishes.Asked(claimed.delivery, claimed.letter, claimed.person) for claimed in claims]
        unwanted = patiently(partial(wishes.against, asked, now))
        for claimed in claims:
            card = cards.get(claimed.person)
            prepared, addressing, needs_facts = self._prepared.get(claimed.letter) or self._prepare(claimed.letter)
            if card is None:
                left.setdefault("no contact details any more", []).append(claimed.delivery)
                continue
            if not card.may_mail and prepared.letter.kind in LIST_KINDS:
                # The list was frozen a while ago; who left since then is left alone.
                left.setdefault("left after the list was made", []).append(claimed.delivery)
                continue
            if claimed.delivery in unwanted and prepared.letter.kind in LIST_KINDS:
                left.setdefault(unwanted[claimed.delivery], []).append(claimed.delivery)
                continue
            if claimed.person in today and prepared.letter.kind in LIST_KINDS:
                # One letter a day: who had another one today gets this one tomorrow.
                later.append((claimed.delivery, today[claimed.person] + timedelta(days=1)))
                continue
            domain = card.email[card.email.rfind("@") + 1 :]
            slower = slow.get(place_of(domain)) if slow else None
            factor, place = (slower.factor, slower.place) if slower else (1.0, "")
            turn = self._office.pace.wait_until(domain, now, factor, place, among=self._office.senders)
            if turn is not None:
                later.append((claimed.delivery, turn))
                continue
            if needs_facts:
                if facts is None:
                    facts = patiently(lambda: queries.facts_of([claimed.person for claimed in claims]))
                own = facts.get(claimed.person, {})
            else:
                own = {}
            self._domains[claimed.delivery] = (domain, claimed.letter)
            due.append(Due(claimed, partial(_written, prepared, addressing, claimed.delivery, card, own, now)))
        for reason, deliveries in left.items():
            patiently(partial(operations.withhold, owner=self._owner, deliveries=deliveries, reason=reason, now=now))
        if later:
            ids, dues = [delivery for delivery, _ in later], [turn for _, turn in later]
            patiently(partial(operations.release, owner=self._owner, deliveries=ids, due=dues, now=now))
        return due

    def _written_to_today(self, claims: list[Claimed], now: datetime) -> Mapping[PersonRef, datetime]:
        if not self._office.one_letter_a_day:
            return {}
        persons = [claimed.person for claimed in claims]
        return patiently(partial(queries.written_to_since, persons, now - timedelta(days=1), but=self._letter_id))

    def _prepare(self, letter_id: LetterId) -> tuple[Prepared, Addressing, bool]:
        content = patiently(lambda: Letter.objects.values_list("content", flat=True).get(pk=letter_id))
        letter = CompiledLetter.from_json(completed(letter_id, content))
        signers = self._office.signers_for(letter.sender.from_address.rpartition("@")[2])
        made = Prepared(letter, signers), Addressing(self._office, letter, self._day), letter.needs_facts
        self._prepared[letter_id] = made
        return made


def _written(
    prepared: Prepared, addressing: Addressing, delivery: DeliveryId, card: Card, facts: Mapping[str, str | None], now: datetime
) -> Written:
    to = addressing.recipient(delivery, card.email, card.given_name, facts)
    if not prepared.signers:
        return Envelope(delivery, to.return_path, to.address, prepared.render(to, date=now)), None
    return Envelope(delivery, to.return_path, to.address, b""), prepared.unsealed(to, date=now)
