"""Writes of the mailings room: a mailing drafted, started (compiled, lodged, addressed), and its thank-you letters."""

import hashlib
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction

from groundswell.actions import queries as actions
from groundswell.basics.ids import ActionId, LetterId, MailingId, PersonRef
from groundswell.basics.result import Refused
from groundswell.campaigns import queries as campaigns
from groundswell.engine.compile import Compiled, compile_appeal
from groundswell.engine.message import Action, Letter, Sender
from groundswell.mailings.approval import needs_approval, without
from groundswell.mailings.audience import counted_for, freeze_for, path_of
from groundswell.mailings.composing.choosing import choose, head_problems
from groundswell.mailings.composing.passages import passages_of
from groundswell.mailings.composing.pictures import pictures_of
from groundswell.mailings.composing.saving import save
from groundswell.mailings.hours import due_for
from groundswell.mailings.local import local_tables
from groundswell.mailings.models import Mailing, SenderProfile, Variant
from groundswell.mailings.resending import persons_of
from groundswell.mailings.splitting import appeal_of, divided
from groundswell.people.models import Person
from groundswell.post import operations as post

_STARTING = 0x6773_5354
"""PostgreSQL advisory lock: mailings start one after the other."""


def keep_sender(*, slug: str, **facts: str) -> int:
    """A sender profile, made or brought up to date. Letters that were sent keep the one they had."""
    profile, _ = SenderProfile.objects.update_or_create(slug=slug, defaults=facts)
    return profile.pk


@transaction.atomic
def draft(*, slug: str, appeal: str, sender_slug: str, petition_id: ActionId, language: str = "en", now: datetime,
    staff_id: int | None = None) -> MailingId:  # fmt: skip
    """A mailing to be; drafting it again replaces the appeal as long as it was not started."""
    sender = SenderProfile.objects.get(slug=sender_slug)
    mailing, new = Mailing.objects.select_for_update().get_or_create(
        slug=slug,
        defaults={
            "appeal": appeal,
            "sender": sender,
            "petition_id": petition_id,
            "language": language,
            "created_at": now,
            "written_by_id": staff_id,
        },
    )
    if not new and mailing.state == "draft":
        save(mailing_id=MailingId(mailing.pk), appeal=appeal, base=mailing.edition, staff_id=staff_id, now=now)
        Mailing.objects.filter(pk=mailing.pk).update(sender=sender)
    choose(mailing_id=MailingId(mailing.pk))
    return MailingId(mailing.pk)


def compile_mailing(mailing: Mailing, variant: Variant | None = None, today: date | None = None) -> Compiled:
    """The mailing's appeal as a letter, or what is wrong with it; or another way of its split test.

    With `today` passages are advised of whose facts were last looked at long before.
    """
    if variant is not None:
        return _compile(mailing, appeal_of(variant, mailing), variant.sender, today)
    return _compile(mailing, mailing.appeal, mailing.sender, today)


def _compile(mailing: Mailing, appeal: str, sender: SenderProfile, today: date | None = None) -> Compiled:
    petition = actions.petition(ActionId(mailing.petition_id))
    path = path_of(mailing.resend_of or mailing) or f"/a/{petition.slug}"
    passages = passages_of(petition.campaign_id)
    compiled = compile_appeal(
        appeal,
        sender=sender_of(sender),
        sources=campaigns.sources(petition.campaign_id),
        passages=passages,
        pictures=pictures_of(mailing.resend_of_id or mailing.pk) | pictures_of(mailing.pk),
        today=today,
        action=Action(petition.id, path, petition.count, petition.goal, petition.title),
        language=mailing.language,
        own_host=urlsplit(settings.GROUNDSWELL.base_url).hostname or "",
        local=local_tables(appeal, passages),
    )
    unknown = tuple(head_problems(appeal))
    return Compiled(None, (*unknown, *compiled.problems)) if unknown else compiled


def start(*, mailing_id: MailingId, now: datetime) -> LetterId:
    """Compile, lodge, and freeze the audience into rows, in one transaction. Started before: the same letter again.

    A letter to many that a member of staff wrote needs a second person's approval. With a split test, some people get
    the variants now and the rest waits for the winner.
    """
    with transaction.atomic():
        mailing = Mailing.objects.select_for_update(of=("self",)).select_related("sender").get(pk=mailing_id)
        if mailing.letter_id is not None:
            return LetterId(mailing.letter_id)
        # One starts at a time: whom the other's letter waits for counts for this one's cap.
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_STARTING])
        refuse_unready(mailing)
        letter = _letter_of(mailing, mailing.appeal, mailing.sender)
        letter_id = _lodged(mailing, "", letter, now)
        facts: dict[str, Any] = {"state": "started", "started_at": now, "letter_id": letter_id}
        if mailing.split_share:
            facts |= _start_split(mailing, letter_id, list(persons_of(mailing)), now)
        elif mailing.reader_time or mailing.resend_of_id:
            _address(mailing, letter_id, list(persons_of(mailing)), now)
        else:
            freeze_for(mailing=mailing, letter_id=letter_id, now=now)
        Mailing.objects.filter(pk=mailing.pk).update(**facts)
    return letter_id


def refuse_unready(mailing: Mailing) -> None:
    """`Refused` where one of its letters does not compile, or a letter to many was not approved by a second person."""
    _letter_of(mailing, mailing.appeal, mailing.sender)
    if mailing.split_share:
        for variant in mailing.variants.select_related("sender"):
            _letter_of(mailing, appeal_of(variant, mailing), variant.sender)
    if needs_approval(mailing, counted_for(mailing.pk)["eligible"] if mailing.written_by_id else 0):
        raise Refused.because(
            "approval-missing", f"This letter is for more than {without()} people and nobody else has approved it.",
            "Ask a colleague to read and approve it in the office.",
        )  # fmt: skip


def _start_split(mailing: Mailing, letter_id: LetterId, persons: list[tuple[PersonRef, str]], now: datetime) -> dict[str, Any]:
    letters = {"A": letter_id}
    for variant in mailing.variants.select_related("sender").order_by("name"):
        letters[variant.name] = _lodged(
            mailing, f":{variant.name}", _letter_of(mailing, appeal_of(variant, mailing), variant.sender), now
        )
        type(variant).objects.filter(pk=variant.pk).update(letter_id=letters[variant.name])
    shares: dict[str, list[tuple[PersonRef, str]]] = {name: [] for name in letters}
    for name, person, why in divided(persons, sorted(letters), mailing.split_share):
        if name != "rest":
            shares[name].append((person, why))
    for name, share in shares.items():
        _address(mailing, letters[name], share, now)
    return {"state": "testing", "split_until": now + timedelta(hours=mailing.split_hours)}


def _letter_of(mailing: Mailing, appeal: str, sender: SenderProfile) -> Letter:
    compiled = _compile(mailing, appeal, sender)
    if compiled.letter is None:
        raise Refused(*compiled.errors)
    return compiled.letter


def _lodged(mailing: Mailing, mark: str, letter: Letter, now: datetime) -> LetterId:
    petition_id = ActionId(mailing.petition_id)
    return post.lodge(
        key=f"mailing:{mailing.slug}{mark}", letter=letter, kind="mailing", action=petition_id,
        topic=actions.petition(petition_id).campaign_id, now=now,
    )  # fmt: skip


def _address(mailing: Mailing, letter_id: LetterId, persons: list[tuple[PersonRef, str]], now: datetime) -> None:
    if not mailing.reader_time or mailing.scheduled_for is None:
        post.address(letter_id=letter_id, persons=persons, now=now)
        return
    zone = ZoneInfo(settings.TIME_ZONE)
    countries = dict(Person.objects.exclude(country="").values_list("pk", "country"))
    by_hour: dict[datetime, list[tuple[PersonRef, str]]] = {}
    for person, why in persons:
        by_hour.setdefault(due_for(countries.get(person, ""), mailing.scheduled_for, zone), []).append((person, why))
    for due, some in by_hour.items():
        post.address(letter_id=letter_id, persons=some, now=now, due=max(due, now))


def thank(*, petition_id: ActionId, person: PersonRef, sender: Sender, now: datetime) -> LetterId:
    """Address the petition's thank-you letter to one signer: once, however often it is asked for."""
    petition = actions.petition(petition_id)
    letter_id = post.lodge(
        key=thanks_key(petition),
        letter=thanks_letter(petition, sender),
        kind="thanks",
        action=petition_id,
        priority=10,
        now=now,
    )
    post.address(letter_id=letter_id, persons=[(person, "")], now=now)
    return letter_id


def thanks_key(petition: actions.PetitionView) -> str:
    """Under what the thank-you letter is lodged: other words are another letter, for who signs from then on."""
    told = hashlib.sha256(f"{petition.thanks_subject}\n{petition.thanks_text}".encode()).hexdigest()[:12]
    return f"thanks:{petition.slug}:{petition.language}:{told}"


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
