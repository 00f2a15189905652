"""Reads of the actions room, as plain data."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db.models import Count, OuterRef, Q, Subquery

from groundswell.actions.acting.deeds import tally
from groundswell.actions.acting.kinds import PETITION
from groundswell.actions.acting.showing import ShownPhoto, shown
from groundswell.actions.models import Petition, Signature, TextVersion
from groundswell.basics.ids import ActionId, PersonRef


@dataclass(frozen=True, slots=True)
class PetitionView:
    """A petition with its text of today."""

    id: ActionId
    slug: str
    campaign_id: int
    language: str
    version: int
    title: str
    text: str
    goal: int
    count: int
    thanks_subject: str
    thanks_text: str
    kind: str = PETITION
    setting: Mapping[str, Any] = field(default_factory=dict)
    """What the kind needs beyond words (`acting.kinds.act_of`)."""
    closed: str = ""
    """Why nothing more is taken; empty while it is open."""
    tally: Mapping[str, int] = field(default_factory=dict)
    """Outcome → how many, for kinds that have outcomes."""
    home: str = ""
    """The slug of the action in its own language: where files lie that all languages share."""
    photos: tuple[ShownPhoto, ...] = ()

    @property
    def manner(self) -> str:
        """How its pages speak: its kind, or `send` for letters that we send."""
        return "send" if self.kind == "letter" and self.setting.get("ours") else self.kind


@dataclass(frozen=True, slots=True)
class SignatureView:
    """One signature, without the person's details."""

    person: PersonRef
    version: int
    signed_at: datetime


def petition(petition_id: ActionId) -> PetitionView:
    """The petition as it reads today."""
    row = Petition.objects.get(pk=petition_id)
    text = TextVersion.objects.filter(petition=row, language="").order_by("-number")[0]
    return PetitionView(
        petition_id, row.slug, row.campaign_id, row.language, text.number, text.title, text.text, row.goal, row.counted,
        row.thanks_subject, row.thanks_text, row.kind, text.setting, row.closed_why if row.closed_at else "",
        tally(petition_id) if row.kind != PETITION else {}, row.slug, shown(petition_id) if row.kind == "photo" else (),
    )  # fmt: skip


def translated(view: PetitionView, *, slug: str, language: str) -> PetitionView | None:
    """The petition as it reads today in another language, under that language's address; the count is the petition's."""
    text = TextVersion.objects.filter(petition_id=view.id, language=language).order_by("-number").first()
    if text is None:
        return None
    return replace(view, slug=slug, language=language, version=text.number, title=text.title, text=text.text, setting=text.setting)


def petition_named(slug: str) -> PetitionView | None:
    """The petition of this slug."""
    found = Petition.objects.filter(slug=slug).values_list("pk", flat=True).first()
    return None if found is None else petition(ActionId(found))


def petitions() -> list[PetitionView]:
    """All of them, newest first."""
    return [petition(ActionId(pk)) for pk in Petition.objects.order_by("-open_since").values_list("pk", flat=True)]


def texts(petition_id: ActionId) -> dict[int, tuple[str, str]]:
    """Version → its title and text."""
    return {v.number: (v.title, v.text) for v in TextVersion.objects.filter(petition_id=petition_id)}


def signatures(petition_id: ActionId) -> Iterator[SignatureView]:
    """Every standing signature, oldest first."""
    rows = Signature.objects.filter(petition_id=petition_id, state="confirmed").select_related("version")
    for row in rows.order_by("signed_at", "id").iterator():
        yield SignatureView(PersonRef(row.person_id), row.version.number, row.signed_at)


def per_version(petition_id: ActionId) -> dict[int, int]:
    """How many signed which text."""
    rows = Signature.objects.filter(petition_id=petition_id, state="confirmed").values_list("version__number")
    return dict(rows.annotate(count=Count("id")))


def per_position(petition_id: ActionId) -> dict[str, int]:
    """How many signed from which ask of a letter, or from the `website`."""
    rows = Signature.objects.filter(petition_id=petition_id, state="confirmed").values_list("position")
    return dict(rows.annotate(count=Count("id")))


def has_signed(petition_id: ActionId, person: PersonRef) -> bool:
    """Whether this person's name stands under it."""
    return Signature.objects.filter(petition_id=petition_id, person_id=person, state="confirmed").exists()


def signers(petition_id: ActionId) -> set[PersonRef]:
    """Who has signed: for leaving them out of a letter that asks them to."""
    rows = Signature.objects.filter(petition_id=petition_id, state="confirmed").values_list("person_id", flat=True)
    return {PersonRef(person) for person in rows}


def acted(*, campaign_id: int, target_id: int, petition_id: ActionId | None = None) -> set[PersonRef]:
    """Who signed anything of this campaign, or of any campaign against this target; or only this petition."""
    rows = Signature.objects.filter(state="confirmed")
    if petition_id is not None:
        rows = rows.filter(petition_id=petition_id)
    else:
        rows = rows.filter(Q(petition__campaign_id=campaign_id) | Q(petition__campaign__target_id=target_id))
    return {PersonRef(person) for person in rows.values_list("person_id", flat=True)}


def titles() -> list[tuple[str, int, str]]:
    """Slug, id and today's title of every petition in its own language, in one statement."""
    latest = TextVersion.objects.filter(petition=OuterRef("pk"), language="").order_by("-number").values("title")[:1]
    return list(Petition.objects.annotate(title=Subquery(latest)).order_by("slug").values_list("slug", "pk", "title"))


def kinds() -> dict[str, str]:
    """Slug → kind, of everything that is no petition."""
    return dict(Petition.objects.exclude(kind=PETITION).values_list("slug", "kind"))


def signed_by(person: PersonRef) -> list[dict[str, object]]:
    """What one person signed, when, from where, and whether it stands."""
    rows = Signature.objects.filter(person_id=person).order_by("signed_at", "id")
    names = ("petition__slug", "version__number", "signed_at", "source", "position", "state")
    return [dict(zip(names, row, strict=True)) for row in rows.values_list(*names)]
