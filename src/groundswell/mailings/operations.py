"""Writes of the mailings room: a mailing drafted, started (compiled, lodged, addressed), and its thank-you letters."""

from datetime import datetime
from typing import Any

from django.db import transaction

from groundswell.actions import queries as actions
from groundswell.basics.ids import ActionId, LetterId, MailingId, PersonRef
from groundswell.basics.result import Refused
from groundswell.campaigns import queries as campaigns
from groundswell.engine.compile import Compiled, compile_appeal
from groundswell.engine.message import Action, Letter, Sender
from groundswell.mailings.audience import audience
from groundswell.mailings.models import Mailing, SenderProfile
from groundswell.post import operations as post


def keep_sender(*, slug: str, **facts: str) -> int:
    """A sender profile, made or brought up to date. Letters that were sent keep the one they had."""
    profile, _ = SenderProfile.objects.update_or_create(slug=slug, defaults=facts)
    return profile.pk


def draft(*, slug: str, appeal: str, sender_slug: str, petition_id: ActionId, language: str = "en", now: datetime) -> MailingId:
    """A mailing to be; drafting it again replaces the appeal as long as it was not started."""
    sender = SenderProfile.objects.get(slug=sender_slug)
    mailing, new = Mailing.objects.get_or_create(
        slug=slug,
        defaults={"appeal": appeal, "sender": sender, "petition_id": petition_id, "language": language, "created_at": now},
    )
    if not new:
        Mailing.objects.filter(pk=mailing.pk, state="draft").update(appeal=appeal, sender=sender)
    return MailingId(mailing.pk)


def compile_mailing(mailing: Mailing) -> Compiled:
    """The mailing's appeal as a letter, or what is wrong with it."""
    petition = actions.petition(ActionId(mailing.petition_id))
    return compile_appeal(
        mailing.appeal,
        sender=sender_of(mailing.sender),
        sources=campaigns.sources(petition.campaign_id),
        action=Action(petition.id, f"/a/{petition.slug}", petition.count, petition.goal),
        language=mailing.language,
    )


def start(*, mailing_id: MailingId, now: datetime) -> LetterId:
    """Compile, lodge, and freeze the audience into rows, in one transaction. Started before: the same letter again."""
    with transaction.atomic():
        mailing = Mailing.objects.select_for_update().select_related("sender").get(pk=mailing_id)
        if mailing.letter_id is not None:
            return LetterId(mailing.letter_id)
        compiled = compile_mailing(mailing)
        if compiled.letter is None:
            raise Refused(*compiled.errors)
        letter_id = post.lodge(
            key=f"mailing:{mailing.slug}", letter=compiled.letter, kind="mailing", action=ActionId(mailing.petition_id), now=now
        )
        persons = audience(petition_id=ActionId(mailing.petition_id), language=mailing.language)
        post.address(letter_id=letter_id, persons=persons, now=now)
        Mailing.objects.filter(pk=mailing.pk).update(state="started", started_at=now, letter_id=letter_id)
    return letter_id


def thank(*, petition_id: ActionId, person: PersonRef, sender: Sender, now: datetime) -> LetterId:
    """Address the petition's thank-you letter to one signer: once, however often it is asked for."""
    petition = actions.petition(petition_id)
    letter_id = post.lodge(
        key=f"thanks:{petition.slug}:{petition.language}",
        letter=thanks_letter(petition, sender),
        kind="thanks",
        action=petition_id,
        priority=10,
        now=now,
    )
    post.address(letter_id=letter_id, persons=[(person, "")], now=now)
    return letter_id


def thanks_letter(petition: actions.PetitionView, sender: Sender) -> Letter:
    """The letter after signing; its one ask is to pass the petition on."""
    compiled = compile_appeal(
        f"---\nsubject: {petition.thanks_subject}\n---\n{petition.thanks_text}",
        sender=sender,
        sources={},
        action=Action(petition.id, f"/a/{petition.slug}", petition.count, petition.goal),
        language=petition.language,
    )
    if compiled.letter is None:
        raise Refused(*compiled.errors)
    content: dict[str, Any] = compiled.letter.to_json()
    return Letter.from_json({**content, "kind": "thanks"})


def sender_of(profile: SenderProfile) -> Sender:
    """The profile as the engine takes it: a snapshot."""
    return Sender(**{name: getattr(profile, name) for name in Sender.__dataclass_fields__})
