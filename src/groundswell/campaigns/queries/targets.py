"""Targets as the office and the actions need them: roles, relations, campaigns, and whom to write to, by number only."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from groundswell.basics.ids import PersonRef
from groundswell.campaigns.models import Campaign, Commitment, Relation, Target, TargetContact
from groundswell.campaigns.rules.names import role_field


@dataclass(frozen=True, slots=True)
class ContactView:
    """A contact person of a target, by number. Who it is opens in the reading room only."""

    id: int
    target_id: int
    person: PersonRef
    """What the post office is given: a letter addressed to it reaches the contact."""
    calls: bool
    """Whether there is a number to call."""
    since: date


@dataclass(frozen=True, slots=True)
class RelationView:
    """Who does what to whom, and who says so."""

    one: str
    relation: str
    other: str
    publisher: str
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class TargetView:
    """A target, in every campaign that presses it."""

    id: int
    slug: str
    name: str
    kind: str
    role: str
    campaigns: tuple[tuple[str, str], ...]
    """Slug and title of those that press it or hold it to a commitment."""
    relations: tuple[RelationView, ...]
    contacts: tuple[ContactView, ...]


@dataclass(frozen=True, slots=True)
class SealedContact:
    """What the reading room needs to open a contact."""

    person: PersonRef
    field: str
    role: bytes | None

    def __repr__(self) -> str:
        return "SealedContact(…)"


def targets() -> list[TargetView]:
    """Every target, by name."""
    contacts, relations, pressed = defaultdict(list), defaultdict(list), defaultdict(set)
    for row in TargetContact.objects.filter(ended_at=None):
        contacts[row.target_id].append(_contact(row))
    for tie in Relation.objects.select_related("one", "other").order_by("pk"):
        view = RelationView(tie.one.name, tie.relation, tie.other.name, tie.publisher, tie.source_title, tie.source_url)
        relations[tie.one_id].append(view)
        relations[tie.other_id].append(view)
    for target_id, slug, title in Campaign.objects.values_list("target_id", "slug", "title"):
        pressed[target_id].add((slug, title))
    for target_id, slug, title in Commitment.objects.values_list("target_id", "campaign__slug", "campaign__title"):
        pressed[target_id].add((slug, title))
    return [
        TargetView(
            row.pk, row.slug, row.name, row.kind, row.role, tuple(sorted(pressed[row.pk])), tuple(relations[row.pk]),
            tuple(contacts[row.pk]),
        )
        for row in Target.objects.order_by("name")
    ]  # fmt: skip


def contacts_of(target_id: int) -> list[ContactView]:
    """Whom to write to at a target, the first one first. Empty: nobody, or nobody any more.

    A letter of an action is addressed to `person` and goes out by the post office like any other; ask
    `people.queries.is_suppressed` first, as for a drip: whoever asked us to stop is not written to.
    """
    return [_contact(row) for row in TargetContact.objects.filter(target_id=target_id, ended_at=None)]


def contact_of(target_id: int) -> PersonRef | None:
    """The first contact of a target: what a letter to the target is addressed to."""
    return next((contact.person for contact in contacts_of(target_id)), None)


def sealed_contact(contact_id: int) -> SealedContact | None:
    """A standing contact as the reading room takes it."""
    row = TargetContact.objects.filter(pk=contact_id, ended_at=None).first()
    if row is None:
        return None
    return SealedContact(PersonRef(row.person_id), role_field(row.target_id), bytes(row.role) if row.role else None)


def _contact(row: TargetContact) -> ContactView:
    return ContactView(row.pk, row.target_id, PersonRef(row.person_id), row.calls, row.added_at.date())
