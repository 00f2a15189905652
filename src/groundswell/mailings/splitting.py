"""Split tests: some people get the letter said in other ways; what they then do decides how the rest is written to."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction

from groundswell.basics.ids import LetterId, MailingId, PersonRef
from groundswell.basics.result import Refused
from groundswell.mailings.composing.texts import even, with_head
from groundswell.mailings.models import Mailing, SenderProfile, Variant
from groundswell.mailings.resending import persons_of
from groundswell.post import operations as post
from groundswell.post.models import Delivery
from groundswell.staff.operations import note

NAMES = "BCDE"
"""The other ways; the mailing's own is `A`."""
_Z = 1.96
"""Ninety-five in a hundred."""


@dataclass(frozen=True, slots=True)
class Tally:
    """One way of saying it: letters taken, and how many of their readers signed."""

    name: str
    letter_id: LetterId
    sent: int
    acted: int

    @property
    def share(self) -> float:
        """Signed of those written to."""
        return self.acted / self.sent if self.sent else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Where the share really lies, 95 times of 100 (Wilson 1927): honest for few and for none."""
        if not self.sent:
            return 0.0, 1.0
        n, p = self.sent, self.share
        middle, spread = p + _Z**2 / (2 * n), _Z * math.sqrt(p * (1 - p) / n + _Z**2 / (4 * n * n))
        return max(0.0, (middle - spread) / (1 + _Z**2 / n)), min(1.0, (middle + spread) / (1 + _Z**2 / n))


def prepare_split(
    *, mailing_id: MailingId, variants: Iterable[tuple[str, str, int]], share: int, least: int = 1000, hours: int = 4
) -> None:
    """Test these ways (name, appeal, sender's number) against the mailing's own, `A`, on `share` of a hundred people.

    Decided when every way has `least` letters and `hours` have passed since the start.
    """
    if not 1 <= share <= 90:
        raise Refused.because("split-share", "A split test is for 1 to 90 of a hundred people.", "The rest gets the winner.")
    with transaction.atomic():
        mailing = Mailing.objects.select_for_update().get(pk=mailing_id)
        if mailing.letter_id is not None:
            raise Refused.because("mailing-started", "This mailing has begun.", "Test the next one.")
        Variant.objects.filter(mailing=mailing).delete()
        for name, appeal, sender_id in variants:
            Variant.objects.create(mailing=mailing, name=name, appeal=appeal, sender_id=sender_id or mailing.sender_id)
        mailing.split_share, mailing.split_least, mailing.split_hours = share, least, hours
        mailing.split_until, mailing.split_result = None, ""
        mailing.save()


def keep_way(*, mailing_id: MailingId, name: str = "", subject: str = "", appeal: str = "", sender: str = "") -> str:
    """Another way to say a draft: its own subject, its own body (`appeal`), its own sender, or several of these.

    Without a `name` it gets the next letter; returns the name. A way without a body follows the mailing's text. `Refused`
    where it differs in nothing, there are four already, or the mailing has begun.
    """
    with transaction.atomic():
        mailing = _unstarted(mailing_id)
        appeal, subject = even(appeal).strip(), " ".join(subject.split())
        profile = SenderProfile.objects.filter(slug=sender).first() or mailing.sender
        if not appeal and not subject and profile == mailing.sender:
            raise Refused.because("way-same", "This way is like A.", "Give it a subject, a body or a sender of its own.")
        if not name:
            free = [letter for letter in NAMES if not mailing.variants.filter(name=letter).exists()]
            if not free:
                raise Refused.because("ways-many", "There are four ways already.", "Take one out first.")
            name = free[0]
        facts = {"subject": subject[:300], "appeal": appeal, "sender": profile}
        Variant.objects.update_or_create(mailing=mailing, name=name, defaults=facts)
        if not mailing.split_share:
            Mailing.objects.filter(pk=mailing_id).update(split_share=20, split_least=1000)
    return name


def drop_way(*, mailing_id: MailingId, name: str) -> None:
    """Take one way out of the test; with the last one the test is off."""
    with transaction.atomic():
        mailing = _unstarted(mailing_id)
        mailing.variants.filter(name=name).delete()
        if not mailing.variants.exists():
            Mailing.objects.filter(pk=mailing_id).update(split_share=0, split_least=0)


def set_test(*, mailing_id: MailingId, share: int, least: int, hours: int) -> None:
    """How many of a hundred people get the test together, the least sample of each way, and the hours until it is judged."""
    if not 1 <= share <= 90:
        raise Refused.because("split-share", "A split test is for 1 to 90 of a hundred people.", "The rest gets the winner.")
    if not 1 <= hours <= 168 or not 1 <= least <= 1_000_000:
        raise Refused.because("split-hours", "A test runs for 1 to 168 hours, with a least sample of 1 or more.", "Change it.")
    with transaction.atomic():
        _unstarted(mailing_id)
        Mailing.objects.filter(pk=mailing_id).update(split_share=share, split_least=least, split_hours=hours)


def appeal_of(variant: Variant, mailing: Mailing) -> str:
    """What this way says: its own body, or the mailing's; under its own subject where it has one."""
    appeal = variant.appeal or mailing.appeal
    return with_head(appeal, "subject", variant.subject) if variant.subject else appeal


def _unstarted(mailing_id: MailingId) -> Mailing:
    mailing = Mailing.objects.select_for_update().get(pk=mailing_id)
    if mailing.letter_id is not None or mailing.state == "scheduled":
        raise Refused.because("mailing-started", "This mailing is on its way.", "Take it back, or test the next one.")
    return mailing


def divided(persons: Iterable[tuple[PersonRef, str]], names: list[str], share: int) -> Iterator[tuple[str, PersonRef, str]]:
    """Every person with the way that is theirs, or `rest`. The same person always falls the same way; no chance is drawn."""
    for person, why in persons:
        place = (int(person) * 2654435761 >> 7) % 10_000  # Knuth's multiplicative hash: neighbours fall apart
        if why or place >= share * 100:
            yield "rest", person, why
        else:
            yield names[place % len(names)], person, ""


def tallies(mailing: Mailing) -> list[Tally]:
    """How each way does so far, by confirmed actions that came through its own links."""
    letters = {"A": mailing.letter_id, **dict(mailing.variants.values_list("name", "letter_id"))}
    found = []
    for name, letter_id in sorted(letters.items()):
        if letter_id is None:
            continue
        with connection.cursor() as cursor:
            cursor.execute(
                """
                SELECT count(*) FILTER (WHERE d.state IN (3, 7, 8)), count(s.id)
                FROM post_delivery d
                LEFT JOIN actions_signature s ON s.delivery_id = d.id AND s.state = 'confirmed' AND s.petition_id = %s
                WHERE d.letter_id = %s AND d.state IN (3, 7, 8)
                """,
                [mailing.petition_id, letter_id],
            )
            sent, acted = cursor.fetchone()
        found.append(Tally(name, LetterId(letter_id), sent, acted))
    return found


def judged(ways: list[Tally], least: int) -> tuple[str, str] | None:
    """The winner's name and the words for it; None where too few were written to. Without a clear winner, `A` goes on."""
    if len(ways) < 2 or any(way.sent < least for way in ways):
        return None
    best, second = sorted(ways, key=lambda way: way.share, reverse=True)[:2]
    said = ", ".join(f"{way.name} {way.share:.2%} ({way.interval[0]:.2%} to {way.interval[1]:.2%})" for way in ways)
    if best.interval[0] > second.interval[1]:
        return best.name, f"{best.name} is better: {said}"
    return "A", f"No clear winner, so A goes on: {said}"


def decide_due(*, now: datetime) -> list[LetterId]:
    """Where a test is over, the remainder gets the winner's letter. Returns the letters that have work now."""
    begun: list[LetterId] = []
    for mailing in Mailing.objects.filter(state="testing", split_until__lte=now):
        result = judged(tallies(mailing), mailing.split_least)
        if result is None and mailing.split_until is not None and now < mailing.split_until + timedelta(days=1):
            continue
        name, words = result or ("A", f"Fewer than {mailing.split_least} letters each: too few to tell, so A goes on.")
        begun += _go_on_with(mailing.pk, name, words, now)
    return begun


def choose(*, mailing_id: MailingId, name: str, staff_id: int, now: datetime) -> list[LetterId]:
    """Staff don't wait for the test: the remainder gets this way now. Goes into the ledger."""
    mailing = Mailing.objects.get(pk=mailing_id)
    if mailing.state != "testing":
        raise Refused.because("split-over", "No test is running here.", "Look at its result.")
    if name != "A" and not mailing.variants.filter(name=name).exists():
        raise Refused.because("way-unknown", f"There is no way “{name}”.", "Choose one of the table.")
    begun = _go_on_with(mailing.pk, name, f"{name} was chosen by hand, before the test was over.", now)
    note(actor_id=staff_id, act="way chosen", about=f"{mailing.slug} {name}", why="before the test was over", now=now)
    return begun


def _go_on_with(mailing_id: int, name: str, words: str, now: datetime) -> list[LetterId]:
    with transaction.atomic():
        mailing = Mailing.objects.select_for_update(of=("self",)).get(pk=mailing_id)
        letter_id = mailing.letter_id if name == "A" else mailing.variants.get(name=name).letter_id
        if letter_id is None or mailing.state != "testing":
            return []
        reached = _written_to(mailing)
        # Who signed or left meanwhile is left out: the audience is asked anew.
        rest = ((person, why) for person, why in persons_of(mailing) if person not in reached)
        post.address(letter_id=LetterId(letter_id), persons=rest, now=now)
        Mailing.objects.filter(pk=mailing.pk).update(state="started", split_result=words[:300])
    return [LetterId(letter_id)]


def _written_to(mailing: Mailing) -> set[int]:
    letters = [mailing.letter_id, *mailing.variants.values_list("letter_id", flat=True)]
    return set(Delivery.objects.filter(letter_id__in=[letter for letter in letters if letter]).values_list("person_id", flat=True))
