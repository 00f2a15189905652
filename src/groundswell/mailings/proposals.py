"""Closing the loop: the program proposes letters, staff look at them and send them. Nothing proposed leaves by itself.

News of a target goes to everyone who acted against it and has not been told of it; so do thanks when a promise is kept, the
word that a promise ended, and milestones.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from groundswell.actions import queries as actions
from groundswell.basics.ids import ActionId, MailingId, PersonRef
from groundswell.campaigns import queries as campaigns
from groundswell.campaigns.rules import worth_telling
from groundswell.mailings.audiences.capping import at_the_cap
from groundswell.mailings.milestones import reached
from groundswell.mailings.models import Mailing, Proposal, SenderProfile
from groundswell.people import queries as people
from groundswell.post import queries as post
from groundswell.post import wishes

_SO_FAR = {
    "petition": "has more than {step} names under it", "pledge": "has the word of more than {step} people",
    "letter": "has moved more than {step} people to write", "call": "has moved more than {step} people to call",
    "photo": "has more than {step} faces", "event": "has more than {step} guests",
}  # fmt: skip
"""Kind of action → what a milestone says of it, after its title."""


@dataclass(frozen=True, slots=True)
class ProposalView:
    """A proposed letter, and how many it would be for before those are left out who may not be mailed."""

    slug: str
    reason: str
    about: str
    state: str
    readers: int
    made_at: datetime


def hear(campaign_id: int, key: str, now: datetime) -> None:
    """A new entry is in the record: propose a letter where it is news, or thanks where a promise is kept."""
    entry = campaigns.entry_named(key)
    if entry is None:
        return
    if entry.bearing == "keeps" and entry.certainty == "found":
        propose(campaign_id=campaign_id, key=key, reason="thanks", now=now)
    elif worth_telling(entry.kind, entry.certainty, entry.last, now.date(), correction=bool(entry.corrects)):
        propose(campaign_id=campaign_id, key=key, reason="news", now=now)


def propose(*, campaign_id: int, key: str, reason: str, about: str = "", words: str = "", now: datetime) -> MailingId | None:
    """A draft about this entry for those who acted and were not told; the same draft while it waits.

    None where there is nobody left to tell, no petition whose signers could be told, or no sender yet.
    """
    entry = campaigns.entry_named(key)
    target = campaigns.target_of(key)
    if entry is None or target is None:
        return None
    view = campaigns.campaign(campaign_id)
    about = about or f"entry {key}"
    appeal = _letter(entry, reason, words)
    path = f"/record/{view.slug}/e/{key}"
    return _draft(campaign_id, target, reason, about, appeal, path, now)


def propose_for_change(*, change_id: int, now: datetime) -> MailingId | None:
    """A date passed and a promise ended, or nobody repeats it any more: a draft for those who acted."""
    change = campaigns.change(change_id)
    if not change.by_time or change.word not in ("expired", "unconfirmed") or not change.key:
        return None
    about = f"commitment {change.commitment[:80]}: {change.words[:60]}"
    words = f"{change.commitment}: {change.words}"
    return propose(campaign_id=change.campaign_id, key=change.key, reason="ended", about=about, words=words, now=now)


def propose_milestones(*, now: datetime) -> list[MailingId]:
    """A draft for every petition that has passed a milestone since the last look; only the highest one."""
    made = []
    for petition in actions.petitions():
        step = reached(petition.count, petition.goal)
        if not step or Proposal.objects.filter(about=f"petition {petition.id}: {step}").exists():
            continue
        target = campaigns.campaign_target(petition.campaign_id)
        goal = "That was the goal." if step == petition.goal else f"The goal is {petition.goal:,}."
        reached_so_far = _SO_FAR[petition.kind].format(step=f"{step:,}")
        appeal = (
            f"---\nsubject: {step:,} of us, and you are one\npreview: It {reached_so_far}.\n---\n"
            f'{{{{ first_name | "Friend" }}}},\n\n“{_plain(petition.title)}” {reached_so_far}. {goal}\n\n'
            "You are one of them. Thank you.\n\n::: ask\nPass it on to one more person\n:::\n\nWith thanks,\n"
        )
        about = f"petition {petition.id}: {step}"
        mailing = _draft(petition.campaign_id, target, "milestone", about, appeal, f"/a/{petition.slug}/thanks", now, petition.id)
        if mailing is not None:
            made.append(mailing)
    return made


def proposals() -> list[ProposalView]:
    """Every proposed letter, the newest first."""
    return [
        ProposalView(
            row.mailing.slug, row.reason, row.about, row.mailing.state, len(_acted(row) - _told(row.about)), row.made_at
        )
        for row in Proposal.objects.select_related("mailing")
    ]  # fmt: skip


def audience(proposal: Proposal, *, now: datetime) -> Iterator[tuple[PersonRef, str]]:
    """Those who acted against the target; withheld where they may not be mailed, were told already, asked for fewer letters,
    or had as many as the house allows."""
    acted, told = _acted(proposal), _told(proposal.about)
    held = {**at_the_cap(now=now), **wishes.holding(topic=proposal.campaign_id, now=now)}
    for person, why in people.standings(language=proposal.mailing.language):
        if person in acted:
            yield person, why or ("was told already" if person in told else held.get(person, ""))


def _acted(proposal: Proposal) -> set[PersonRef]:
    petition = ActionId(proposal.mailing.petition_id) if proposal.reason == "milestone" else None
    return actions.acted(campaign_id=proposal.campaign_id, target_id=proposal.target_id, petition_id=petition)


def _told(about: str) -> set[PersonRef]:
    sent = Proposal.objects.filter(about=about, mailing__letter_id__isnull=False).values_list("mailing__letter_id", flat=True)
    told: set[PersonRef] = set()
    for letter_id in sent:
        told |= post.reached(letter_id) if letter_id is not None else set()
    return told


def _draft(
    campaign_id: int, target: int, reason: str, about: str, appeal: str, path: str, now: datetime, petition_id: int | None = None
) -> MailingId | None:
    sender = SenderProfile.objects.order_by("pk").first()
    petition = next((p for p in actions.petitions() if p.campaign_id == campaign_id and petition_id in (None, p.id)), None)
    if sender is None or petition is None:
        return None
    with transaction.atomic():
        waiting = Proposal.objects.select_for_update().filter(about=about, mailing__letter_id=None).first()
        if waiting is not None:
            return MailingId(waiting.mailing_id)
        acted = actions.acted(campaign_id=campaign_id, target_id=target)
        if not acted - _told(about):
            return None
        number = Proposal.objects.filter(about=about).count() + 1
        mailing = Mailing.objects.create(
            slug=f"{reason}-{Proposal.objects.count() + 1}-{now:%Y%m%d-%H%M%S}", appeal=appeal, language=petition.language,
            sender=sender, petition_id=petition.id, created_at=now,
        )  # fmt: skip
        Proposal.objects.create(
            mailing=mailing, reason=reason, about=about, once=f"{about} #{number}", campaign_id=campaign_id, target_id=target,
            path=path, made_at=now,
        )  # fmt: skip
    return MailingId(mailing.pk)


def _letter(entry: campaigns.EntryView, reason: str, words: str) -> str:
    """The draft's text: what happened, with its source; the rest is for a person to write."""
    opening = {
        "news": "You acted on this, so you should be among the first to hear.",
        "thanks": "They kept their word, and you are one of those who asked for it. Thank you.",
        "ended": "You acted on this, so you should know: a date has passed.",
    }[reason]
    subject = f"{_plain(entry.actor)}: {_plain(entry.subject)}" if reason != "ended" else "A promise that needs your eyes"
    told = f"{_plain(words)}. " if words else ""
    return (
        f"---\nsubject: {subject[:150]}\npreview: What happened, and where it is written.\n---\n"
        f'{{{{ first_name | "Friend" }}}},\n\n{opening}\n\n{told}{entry.when[:1].upper() + entry.when[1:]}: '
        f"{_plain(entry.summary)}[^{entry.key}]\n\n::: ask\nRead it on the record, with its source\n:::\n\nWith thanks,\n"
    )


def _plain(text: str) -> str:
    """Words of the record as words of a letter: nothing in them is a field, a reference or a block."""
    return " ".join(re.sub(r"\{\{|\}\}|:::|\[\^", " ", text).split())
