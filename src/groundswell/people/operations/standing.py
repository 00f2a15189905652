"""Keeping `may_mail` true to the ledger: called by every verb that changes consent or suppression."""

from groundswell.people.models import Consent, Person, Suppression
from groundswell.people.rules import may_mail
from groundswell.people.vault import store


def refresh(person_id: int) -> None:
    """Derive the person's standing anew, in the caller's transaction."""
    # Whoever changes consent or suppression at the same moment waits here, and then sees what we wrote.
    list(Person.objects.select_for_update().filter(pk=person_id).values_list("pk"))
    index = store.index_of(person_id)
    reasons = Suppression.objects.filter(index=index, lifted_at=None).values_list("reason", flat=True) if index else ["gone"]
    latest = Consent.objects.filter(person_id=person_id).order_by("-at", "-id").values_list("given", flat=True).first()
    Person.objects.filter(pk=person_id).update(may_mail=may_mail(latest_consent=latest, suppressions=list(reasons)))
