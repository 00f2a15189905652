"""In which language people are answered: in that of the page on which they signed, where it is published."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import connection

from groundswell.actions import later, queries
from groundswell.actions.queries import PetitionView
from groundswell.actions.sign_many import Signing
from groundswell.basics.ids import ActionId, LetterId, PersonRef
from groundswell.engine.message import Sender
from groundswell.intake.journal import Entry
from groundswell.mailings.queries import house_sender
from groundswell.mailings.thanking import ask_to_agree, ask_to_confirm
from groundswell.pages import agreeing
from groundswell.pages.models import PetitionPage


def as_read(petition_id: ActionId, language: str) -> PetitionView:
    """The petition as a page in this language says it, under that page's address and with its thanks; else in its own."""
    view = queries.petition(petition_id)
    if not language or language == view.language:
        return view
    page = PetitionPage.objects.filter(translation_of__slug=view.slug, language=language, live=True).first()
    told = queries.translated(view, slug=page.slug, language=language) if page else None
    if page is None or told is None:
        return view
    # A translation whose thank-you letter nobody wrote says what the first page says.
    if page.thanks_text == PetitionPage._meta.get_field("thanks_text").default:
        return told
    return replace(told, thanks_subject=page.thanks_subject, thanks_text=page.thanks_text)


def by_language(persons: Sequence[PersonRef]) -> Iterator[tuple[str, list[PersonRef]]]:
    """These people by the language in which we write to them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, language FROM people_person WHERE id = ANY(%s)", [list(persons)])
        spoken: dict[str, list[PersonRef]] = {}
        for person, language in cursor.fetchall():
            spoken.setdefault(language, []).append(PersonRef(person))
    yield from spoken.items()


def remind(*, petition_id: ActionId, persons: Sequence[PersonRef], sender: Sender, now: datetime) -> list[LetterId]:
    """Ask these people once more, for the last time, whether it was them who signed; each in their own language."""
    views = [(as_read(petition_id, language), some) for language, some in by_language(persons)]
    return [
        ask_to_confirm(petition_id=petition_id, persons=some, sender=sender, reminder=True, view=view, now=now)
        for view, some in views
    ]


def ask_later(
    entries: Sequence[Entry], again: Sequence[Signing], wanted: Callable[[Sequence[PersonRef]], list[PersonRef]], *, now: datetime
) -> set[LetterId]:
    """A yes of who had signed before, where a yes must be confirmed: kept, and asked about once. Their name stays as it is.

    `wanted` leaves out who is not to be written to now.
    """
    contents = {entry.id: entry.content for entry in entries}
    said = [(signing, agreeing.later(contents[signing.id])) for signing in again]
    kept = [later.Again(one.petition, one.person, yes, held=not contents[one.id].get("confirm")) for one, yes in said if yes]
    sender = house_sender() if kept else None
    letters: set[LetterId] = set()
    for petition_id, persons in (later.keep(kept, now=now) if kept else {}).items():
        for language, some in by_language(wanted(persons)):
            if sender is not None:
                view = as_read(petition_id, language)
                letters.add(ask_to_agree(petition_id=petition_id, persons=some, sender=sender, view=view, now=now))
    return letters
