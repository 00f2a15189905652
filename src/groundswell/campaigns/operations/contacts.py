"""Contact persons of targets: into the vault, opened through the reading room only, and gone when they are not needed."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction

from groundswell.basics.addresses import parse
from groundswell.basics.ids import PersonRef
from groundswell.basics.result import Problem, Refused
from groundswell.campaigns.models import Target, TargetContact
from groundswell.campaigns.rules.names import role_field
from groundswell.people import operations as people
from groundswell.people.keys import sealer
from groundswell.people.operations.letting_go import let_go
from groundswell.staff.operations import note

LONGEST_ROLE = 200


def keep_contact(
    *, target_slug: str, email: str, given_name: str = "", family_name: str = "", role: str = "", phone: str = "",
    country: str = "", staff_id: int | None, why: str, now: datetime,
) -> int:  # fmt: skip
    """Whom to write to at a target; returns the contact's number. The same address at the same target again is the same one.

    Everything that says who it is goes into the vault, under the person who has this address: a target's contact who is
    also a supporter is one person there, keeps their consent as it is, and nobody is told that they are one.
    """
    address, problems = parse(email), list[Problem]()
    if isinstance(address, Problem):
        problems.append(address)
    if not why.strip():
        problems.append(Problem("why-missing", "A contact needs its occasion.", "Say where it is from: it goes into the ledger."))
    target = Target.objects.filter(slug=target_slug).first()
    if target is None:
        problems.append(Problem("target-unknown", f"There is no target “{target_slug}”.", "Name it first."))
    if problems or target is None or isinstance(address, Problem):
        raise Refused(*problems)
    with transaction.atomic():
        person = people.enrol(
            email=address, given_name=given_name.strip() or None, family_name=family_name.strip() or None,
            phone=phone.strip() or None, country=country.strip().upper()[:2], contact=True, now=now,
        ).person  # fmt: skip
        facts: dict[str, object] = {}
        if sealed := sealer().seal(person, role_field(target.pk), role.strip()[:LONGEST_ROLE]):
            facts["role"] = sealed
        if phone.strip():
            facts["calls"] = True
        contact, _ = TargetContact.objects.update_or_create(
            target=target, person_id=person, ended_at=None, defaults=facts,
            create_defaults={**facts, "added_at": now, "added_by": staff_id},
        )  # fmt: skip
        note(actor_id=staff_id, act="contact kept", about=f"target {target.pk}, person {person}", why=why, now=now)
    return contact.pk


def end_contact(
    *, contact_id: int, in_use: Callable[[Sequence[int]], set[int]], staff_id: int | None, why: str, now: datetime
) -> bool:
    """Not the one to write to any more; False where that was so before. Details that nothing else needs are erased at once.

    `in_use` says which of some people the rooms above know: who signed, was written to, or is a contact elsewhere.
    """
    if not why.strip():
        raise Refused.because("why-missing", "Ending a contact needs its occasion.", "Say why: it goes into the ledger.")
    with transaction.atomic():
        contact = TargetContact.objects.select_for_update().filter(pk=contact_id, ended_at=None).first()
        if contact is None:
            return False
        TargetContact.objects.filter(pk=contact.pk).update(ended_at=now, role=None, calls=False)
        note(actor_id=staff_id, act="contact ended", about=f"contact {contact.pk}, person {contact.person_id}", why=why, now=now)
        let_go(person=PersonRef(contact.person_id), in_use=in_use, now=now)
    return True
