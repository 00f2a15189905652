"""Letters that people asked us to send: which are surely theirs, to whom each goes, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count

from groundswell.actions.acting.places import Place, chosen, reads
from groundswell.actions.acting.tables import Deed, Recipient
from groundswell.basics.addresses import parse
from groundswell.basics.ids import ActionId, PersonRef
from groundswell.basics.result import Problem, Refused
from groundswell.campaigns import queries as campaigns
from groundswell.people import operations as people
from groundswell.people.keys import deed_field
from groundswell.post.readers import letters_to
from groundswell.post.stopping import stop_letters
from groundswell.staff.operations import note

TO_CONFIRM = "to confirm"
"""A letter whose writer has not yet said, from their own mailbox, that it is theirs; however often somebody else asks."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A letter to be sent."""

    deed: UUID
    petition: ActionId
    person: PersonRef


@dataclass(frozen=True, slots=True)
class Whom:
    """To whom we send; their address lies in the vault."""

    id: int
    person: PersonRef
    name: str
    role: str
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """A letter's writer and words, sealed."""

    person: PersonRef
    field: str
    words: bytes | None


def asked_for(*, most: int) -> list[Asked]:
    """Letters of people whose act counts (by a letter of ours, or confirmed; not held), oldest first."""
    rows = Deed.objects.filter(kind="letter", outcome="asked", letter_id=None, signature__state="confirmed")
    return [
        Asked(pk, ActionId(petition), PersonRef(person))
        for pk, petition, person in rows.order_by("at").values_list("pk", "petition_id", "person_id")[:most]
    ]


def confirmed(*, petition_id: ActionId, person: PersonRef) -> bool:
    """It was them: their letter may leave. False where none waits for it."""
    rows = Deed.objects.filter(petition_id=petition_id, person_id=person, kind="letter", outcome=TO_CONFIRM)
    return bool(rows.update(outcome="asked"))


def look_again() -> None:
    """Letters that found nobody are asked for anew once the target has a contact person."""
    rows = Deed.objects.filter(kind="letter", outcome="nobody")
    for petition_id in set(rows.values_list("petition_id", flat=True)):
        if not recipients(ActionId(petition_id)) and _contact_of(ActionId(petition_id)) is not None:
            rows.filter(petition_id=petition_id).update(outcome="asked")


def hold(deed: UUID) -> bool:
    """Be the only one who sends it until the transaction ends. False where it went meanwhile."""
    rows = Deed.objects.select_for_update(skip_locked=True).filter(pk=deed, outcome="asked", letter_id=None)
    return rows.values_list("pk", flat=True).first() is not None


def recipient_for(asked: Asked) -> Whom | None:
    """Who represents the writer's place; nobody where nobody does. Where nobody is named at all, the target's own contact."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT country, region, postcode_area FROM people_person WHERE id = %s", [asked.person])
        country, region, area = cursor.fetchone() or ("", "", "")
    table = [(whom.places, whom) for whom in recipients(asked.petition)]
    if not table:
        return _contact_of(asked.petition)
    return chosen(table, country=country, region=region, area=area)


def _contact_of(petition_id: ActionId) -> Whom | None:
    from groundswell.actions.models import Petition  # noqa: PLC0415 (its tables include ours)

    campaign = Petition.objects.values_list("campaign_id", flat=True).get(pk=petition_id)
    person = campaigns.contact_of(campaigns.campaign_target(campaign))
    return Whom(0, person, campaigns.campaign(campaign).target[:120], "", ()) if person is not None else None


def recipients(petition_id: ActionId) -> list[Whom]:
    """To whom letters of this action go."""
    return [
        Whom(row.pk, PersonRef(row.person_id), row.name, row.role, tuple(row.places))
        for row in Recipient.objects.filter(petition_id=petition_id)
    ]


def name_recipient(
    *, petition_id: ActionId, name: str, role: str, address: str, places: Sequence[str], staff_id: int | None, now: datetime
) -> int:  # fmt: skip
    """Somebody in office to whom we send; the address goes into the vault and is never shown again. Returns their number.

    Letters that found nobody before are looked at anew. The same address again changes name, role and places.
    """
    email, problems = parse(address), []
    if isinstance(email, Problem):
        problems.append(email)
    if not name.strip():
        problems.append(Problem("recipient-name", "It is not said who it is.", "Name the person or the office."))
    problems += [
        Problem("recipient-place", f"“{place}” is no place.", "Write a country (`GB`), or with a region or postcode (`GB SW1`).")
        for place in places
        if reads(place) == Place("", "")
    ]
    if problems or isinstance(email, Problem):
        raise Refused(*problems)
    with transaction.atomic():
        person = people.enrol(email=email, contact=True, now=now).person
        row, _ = Recipient.objects.update_or_create(
            petition_id=petition_id, person_id=person,
            defaults={"name": name.strip()[:120], "role": role.strip()[:120], "places": list(places)},
        )  # fmt: skip
        Deed.objects.filter(petition_id=petition_id, kind="letter", outcome="nobody").update(outcome="asked")
        note(
            actor_id=staff_id,
            act="name a recipient",
            about=f"action {petition_id}: {row.name}"[:200],
            why="letters go there",
            now=now,
        )
    return int(row.pk)


def drop_recipient(*, recipient_id: int, staff_id: int | None, now: datetime) -> bool:
    """No more letters to them; those that wait are withheld. False where they were none."""
    with transaction.atomic():
        row = Recipient.objects.select_for_update().filter(pk=recipient_id).first()
        if row is None:
            return False
        numbers = letters_to(PersonRef(row.person_id), kind="outreach", action=ActionId(row.petition_id))
        stop_letters(letter_ids=numbers, reason="no more letters to this recipient", now=now)
        note(actor_id=staff_id, act="drop a recipient", about=f"action {row.petition_id}: {row.name}"[:200], why="no more", now=now)
        row.delete()
    return True


def mark(*, deed: UUID, outcome: str, whom: str = "", letter_id: int | None = None) -> None:
    """What became of it: `handed` to the post office, `withheld`, `nobody` (represents the place), `no name`."""
    Deed.objects.filter(pk=deed).update(outcome=outcome, whom=whom[:120], letter_id=letter_id)


def said_in(letter_id: int) -> Said | None:
    """The words of the letter of this number, while its writer stands by it."""
    row = Deed.objects.filter(letter_id=letter_id, kind="letter", signature__state="confirmed").first()
    return Said(PersonRef(row.person_id), deed_field(row.pk.hex), bytes(row.words) if row.words else None) if row else None


def letters(petition_id: ActionId) -> list[int]:
    """The numbers of the letters that we sent in this action."""
    rows = Deed.objects.filter(petition_id=petition_id, kind="letter", letter_id__isnull=False)
    return [number for number in rows.values_list("letter_id", flat=True) if number is not None]


def stop_of(*, person: PersonRef, petition_id: ActionId | None = None, now: datetime) -> int:
    """Their letters that wait go nowhere (they took it back, here or everywhere). Returns how many that were."""
    rows = Deed.objects.filter(person_id=person, kind="letter", letter_id__isnull=False)
    if petition_id is not None:
        rows = rows.filter(petition_id=petition_id)
    numbers = [number for number in rows.values_list("letter_id", flat=True) if number is not None]
    return stop_letters(letter_ids=numbers, reason="taken back by its writer", now=now) if numbers else 0


def states(petition_id: ActionId) -> dict[str, int]:
    """What became of the letters of this action: before the post office has them, by outcome."""
    rows = Deed.objects.filter(petition_id=petition_id, kind="letter").values_list("outcome").order_by("outcome")
    return dict(rows.annotate(count=Count("pk")))
