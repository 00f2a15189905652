"""Series: welcome letters with waits and conditions. Everybody gets each step once, in order, from the day they joined."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings

from groundswell.actions import queries as actions
from groundswell.basics.ids import ActionId, LetterId, PersonRef
from groundswell.basics.result import Refused
from groundswell.campaigns import queries as campaigns
from groundswell.engine.compile import Compiled, compile_appeal, head_of
from groundswell.engine.message import Action, Letter
from groundswell.mailings.composing.passages import passages_of
from groundswell.mailings.local import local_tables
from groundswell.mailings.models import SenderProfile, SeriesStep
from groundswell.mailings.operations import sender_of
from groundswell.people.models import Person
from groundswell.people.queries import readers
from groundswell.post import operations as post
from groundswell.post import queries as post_queries
from groundswell.post import wishes

WINDOW = timedelta(days=30)
"""A step that could not go for so long after its day is too late to be a welcome."""


def keep_step(
    *, series: str, position: int, days: int, appeal: str, sender_slug: str, petition_id: ActionId, condition: str = "",
    language: str = "en", now: datetime,
) -> int:  # fmt: skip
    """A step of a series, made or changed; refused where its letter does not compile. Letters that left stay as they were.

    A step whose letter has left keeps that letter for good (the post office has it): say other things in a new step.
    """
    if not series or not 0 <= days <= 365 or not 0 <= position <= 99:
        raise Refused.because("series-step", "A step has a series, a place up to 99 and a wait of up to 365 days.", "Mend it.")
    if condition not in ("", "signed", "unsigned"):
        raise Refused.because("series-condition", f"There is no condition “{condition}”.", "There are: signed, unsigned.")
    sender = SenderProfile.objects.get(slug=sender_slug)
    step = SeriesStep(
        series=series, position=position, days=days, appeal=appeal, sender=sender, petition_id=petition_id, condition=condition,
        language=language, since=now,
    )  # fmt: skip
    _compiled(step)
    kept, _ = SeriesStep.objects.update_or_create(
        series=series, position=position,
        defaults={"days": days, "appeal": appeal, "sender": sender, "petition_id": petition_id, "condition": condition,
                  "language": language},
        create_defaults={"days": days, "appeal": appeal, "sender": sender, "petition_id": petition_id, "condition": condition,
                         "language": language, "since": now},
    )  # fmt: skip
    return kept.pk


@dataclass(frozen=True, slots=True)
class StepView:
    """One step of a series, with how its letter goes."""

    series: str
    position: int
    days: int
    condition: str
    subject: str
    appeal: str
    sender: str
    action: str
    language: str
    letter_id: LetterId | None


def remove_step(*, series: str, position: int) -> bool:
    """Nobody gets this step any more; letters that left stay as they were. False where there is no such step."""
    return bool(SeriesStep.objects.filter(series=series, position=position).delete()[0])


def steps(series: str = "") -> list[StepView]:
    """The steps of one series, or of all, in their order."""
    rows = SeriesStep.objects.select_related("sender", "petition").order_by("series", "position")
    rows = rows.filter(series=series) if series else rows
    return [
        StepView(
            row.series, row.position, row.days, row.condition, head_of(row.appeal).get("subject", ""), row.appeal, row.sender.slug,
            row.petition.slug, row.language, post_queries.lodged(f"series:{row.series}:{row.position}"),
        )
        for row in rows
    ]  # fmt: skip


def looked_at(*, appeal: str, sender_slug: str, petition_id: ActionId, language: str = "en") -> Compiled:
    """What the compiler says of a step's letter before it is kept."""
    sender = SenderProfile.objects.get(slug=sender_slug)
    step = SeriesStep(series="x", position=0, days=0, appeal=appeal, sender=sender, petition_id=petition_id, language=language)
    return _compile(step)


def address_due(*, now: datetime) -> list[LetterId]:
    """Rows for everybody whose day has come; returns the letters that have work. Safe to repeat at any time."""
    letters = []
    for step in SeriesStep.objects.select_related("sender"):
        day = now - timedelta(days=step.days)
        joined = Person.objects.filter(
            readers(step.language), may_mail=True, joined_at__range=(max(step.since, day - WINDOW), day)
        ).values_list("pk", flat=True)
        signed = actions.signers(ActionId(step.petition_id)) if step.condition else set()
        persons = [
            PersonRef(person) for person in joined if not step.condition or (person in signed) == (step.condition == "signed")
        ]
        if not persons:
            continue
        topic = actions.petition(ActionId(step.petition_id)).campaign_id
        wished = wishes.holding(topic=topic, now=now)
        letter_id = post.lodge(
            key=f"series:{step.series}:{step.position}", letter=_compiled(step), kind="series", action=ActionId(step.petition_id),
            topic=topic, priority=1, now=now,
        )  # fmt: skip
        if post.address(letter_id=letter_id, persons=[(person, wished.get(person, "")) for person in persons], now=now):
            letters.append(letter_id)
    return letters


def _compile(step: SeriesStep) -> Compiled:
    petition = actions.petition(ActionId(step.petition_id))
    passages = passages_of(petition.campaign_id)
    return compile_appeal(
        step.appeal, sender=sender_of(step.sender), sources=campaigns.sources(petition.campaign_id), language=step.language,
        action=Action(petition.id, f"/a/{petition.slug}", petition.count, petition.goal, petition.title),
        passages=passages, own_host=urlsplit(settings.GROUNDSWELL.base_url).hostname or "",
        local=local_tables(step.appeal, passages),
    )  # fmt: skip


def _compiled(step: SeriesStep) -> Letter:
    compiled = _compile(step)
    if compiled.letter is None:
        raise Refused(*compiled.errors)
    return Letter.from_json({**compiled.letter.to_json(), "kind": "series"})
