"""Who a mailing is for: its definition, or everybody who reads its language and has not signed yet."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from groundswell.actions import queries as actions
from groundswell.basics.ids import ActionId, LetterId, PersonRef
from groundswell.mailings import proposals
from groundswell.mailings.audiences import operations, queries
from groundswell.mailings.audiences.capping import house_cap
from groundswell.mailings.audiences.words import days, letters
from groundswell.mailings.models import Mailing, Proposal
from groundswell.post import operations as post


def definition_of(*, petition_id: ActionId, language: str, definition: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
    """The definition as given, or the one that a letter about a petition has by itself; under the house's cap where it has none."""
    if definition is not None:
        return housed(definition)
    own: dict[str, Any] = {"include": {"language": [language]}} if language else {}
    return housed({**own, "exclude": [{"signed": actions.petition(petition_id).slug}]})


def housed(definition: Mapping[str, Any]) -> Mapping[str, Any]:
    """The definition as a mailing will take it: under the house's cap where it has none of its own."""
    cap = house_cap()
    return definition if cap is None else {"cap": {"letters": cap.letters, "days": cap.days}, **definition}


@dataclass(frozen=True, slots=True)
class Shown:
    """A definition as staff see it before a letter goes there: in words, and in numbers as the letter will count."""

    words: str
    explained: queries.Explained
    without_cap: int | None
    """How many it would be without the house's cap; None where that is not what counts: there is none, or one of its own."""
    cap: str
    """The house's cap in words, where it counts."""


def shown(definition: Mapping[str, Any], *, now: datetime) -> Shown:
    """The definition in words and numbers, under the house's cap as a letter will be; `Refused` where it isn't understood."""
    under, words = housed(definition), queries.in_words(definition)
    explained = queries.explain(under, now=now)
    if "cap" not in under or "cap" in definition:
        return Shown(words, explained, None, "")
    cap = f"nobody who had {letters(under['cap']['letters'])} in the last {days(under['cap']['days'])}"
    return Shown(words, explained, queries.count(definition, now=now), cap)


def topic_of(petition_id: ActionId) -> int:
    """What a letter that leads to this petition is about: its campaign. Whoever wants letters on one only is held to it."""
    return actions.petition(petition_id).campaign_id


def audience(
    *, petition_id: ActionId, language: str, definition: Mapping[str, Any] | None = None, now: datetime | None = None
) -> Iterator[tuple[PersonRef, str]]:
    """Everybody of the audience, each with the reason they are left out for, or none."""
    content = definition_of(petition_id=petition_id, language=language, definition=definition)
    return queries.members(content, now=now or timezone.now(), topic=topic_of(petition_id))


def counted(
    *, petition_id: ActionId, language: str, definition: Mapping[str, Any] | None = None, now: datetime | None = None
) -> dict[str, int]:
    """How many would be mailed (`eligible`) and how many left out, by reason."""
    content = definition_of(petition_id=petition_id, language=language, definition=definition)
    found = queries.explain(content, now=now or timezone.now(), topic=topic_of(petition_id))
    return {"eligible": found.eligible, **found.left_out}


def freeze(
    *, letter_id: LetterId, petition_id: ActionId, language: str, definition: Mapping[str, Any] | None = None, now: datetime
) -> int:
    """The audience as rows of a letter, each person ready or withheld with the reason; returns how many are new."""
    content = definition_of(petition_id=petition_id, language=language, definition=definition)
    return operations.freeze(letter_id=letter_id, definition=content, now=now)


def freeze_for(*, mailing: Mailing, letter_id: LetterId, now: datetime) -> int:
    """The rows of this mailing: those who acted where the program proposed it, else its audience. Returns how many are new."""
    proposal = Proposal.objects.filter(mailing=mailing).select_related("mailing").first()
    if proposal is not None and mailing.definition is None:
        return post.address(letter_id=letter_id, persons=proposals.audience(proposal, now=now), now=now)
    return freeze(
        letter_id=letter_id, petition_id=ActionId(mailing.petition_id), language=mailing.language, definition=mailing.definition,
        now=now,
    )  # fmt: skip


def audience_of(mailing: Mailing) -> Iterator[tuple[PersonRef, str]]:
    """Who this mailing is for, each with the reason they are left out for, or none."""
    proposal = Proposal.objects.filter(mailing=mailing).select_related("mailing").first()
    if proposal is not None and mailing.definition is None:
        return proposals.audience(proposal, now=timezone.now())
    return audience(petition_id=ActionId(mailing.petition_id), language=mailing.language, definition=mailing.definition)


def path_of(mailing: Mailing) -> str:
    """Where a proposed letter's asks lead; empty for every other: to its petition."""
    return Proposal.objects.filter(mailing=mailing).values_list("path", flat=True).first() or ""


def counted_for(mailing_id: int) -> dict[str, int]:
    """How many this mailing would reach (`eligible`) and how many are left out, by reason: what a dry run says."""
    counts: dict[str, int] = {"eligible": 0}
    mailing = Mailing.objects.get(pk=mailing_id)
    if mailing.definition is None and Proposal.objects.filter(mailing=mailing).exists():
        for _, why in audience_of(mailing):
            counts[why or "eligible"] = counts.get(why or "eligible", 0) + 1
        return counts
    return counted(petition_id=ActionId(mailing.petition_id), language=mailing.language, definition=mailing.definition)
