"""People are answered in the language of the page on which they signed, in the words that its author wrote last."""

import json
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.conf import settings

from groundswell.actions import operations as actions
from groundswell.actions import partners, queries
from groundswell.actions.confirming import to_remind
from groundswell.actions.models import Petition, Signature
from groundswell.basics.ids import ActionId
from groundswell.basics.result import Refused
from groundswell.intake.journal import Entry
from groundswell.mailings import operations as mailings
from groundswell.mailings.queries import house_sender
from groundswell.pages.applying import Applying
from groundswell.pages.models import PetitionPage
from groundswell.pages.speaking import remind
from groundswell.post.models import Letter
from groundswell.site.publishing import publish_petitions
from tests.engine.test_letter import SENDER
from tests.pages.test_authoring import campaign, clean, read, write  # noqa: F401 (fixtures)

pytestmark = pytest.mark.django_db
THANKS = 'Hallo {{ first_name | "du" }},\n\nDein Name steht dabei.\n\n::: ask\nSag es weiter\n:::\n'


@pytest.fixture
def pages(campaign: int) -> tuple[PetitionPage, PetitionPage]:  # noqa: F811
    mailings.keep_sender(slug="s", **{name: getattr(SENDER, name) for name in SENDER.__dataclass_fields__})
    first = write(campaign)
    second = write(
        campaign, "hoert-auf", title="Hört auf", language="de", translation_of=first, thanks_subject="Danke", thanks_text=THANKS
    )
    for page in (first, second):
        page.save_revision().publish()
    return first, second


def sign(now: datetime, email: str, language: str, **more: object) -> None:
    view = queries.petition_named("stop-it")
    assert view
    content = {
        "kind": "sign", "action": view.id, "version": 1, "at": now.isoformat(), "language": language, "organisation": "Org",
        "wording": "Ja", "fields": {"email": email, "name": "Ada", "consent": "no"}, **more,
    }  # fmt: skip
    Applying(settings.GROUNDSWELL.key_folder.tokens, now)([Entry(uuid4(), content)])


def latest(kind: str) -> tuple[str, str, str]:
    """Language, subject and the address behind the ask of the last letter of this kind."""
    content = Letter.objects.filter(kind=kind).latest("pk").content
    return content["language"], str(content["subject"]), content["action"]["path"]


def test_thanks_and_questions_come_in_the_language_of_the_page(pages: tuple[PetitionPage, PetitionPage], now: datetime) -> None:
    sign(now, "ada@example.org", "de")
    language, subject, path = latest("thanks")
    assert (language, path) == ("de", "/a/hoert-auf") and "Danke" in subject
    sign(now, "bob@example.org", "en")
    assert latest("thanks")[0::2] == ("en", "/a/stop-it")
    sign(now, "cleo@example.org", "de", confirm=True)
    language, subject, path = latest("confirm")
    assert (language, path) == ("de", "/a/hoert-auf/confirm") and "bestätigen Sie" in subject
    sender, due = house_sender(), to_remind(now=now + timedelta(days=4))
    assert sender and [remind(petition_id=action, persons=persons, sender=sender, now=now) for action, persons in due.items()]
    assert latest("confirm")[0] == "de" and Letter.objects.filter(kind="confirm").count() == 2
    sign(now, "ada@example.org", "de", confirm=True, fields={"email": "ada@example.org", "consent": "yes"})
    language, subject, path = latest("agree")
    assert (language, path) == ("de", "/a/hoert-auf/confirm") and "schreiben" in subject
    assert Signature.objects.count() == 3
    pages[1].unpublish()
    sign(now, "dora@example.org", "de")
    assert latest("thanks")[0] == "en", "a page that was taken back is not led to"


def test_the_page_that_confirms_speaks_its_language(pages: tuple[PetitionPage, PetitionPage]) -> None:
    assert '"confirm_ask": "Waren Sie das?"' in read("a/hoert-auf/action.json")
    assert '"gone": "This link no longer works"' in read("a/stop-it/action.json")


def test_what_an_author_writes_anew_is_what_signers_get_from_then_on(
    pages: tuple[PetitionPage, PetitionPage], now: datetime
) -> None:
    first, _ = pages
    sign(now, "ada@example.org", "en")
    first.thanks_subject, first.goal = "Thank you so much", 500
    first.save_revision().publish()
    sign(now, "bob@example.org", "en")
    assert "Thank you so much" in latest("thanks")[1] and Petition.objects.get().goal == 500
    assert Letter.objects.filter(kind="thanks").count() == 2, "and the first letter stays as it was sent"
    actions.recount(petition_id=ActionId(Petition.objects.get().pk), now=now)
    first.goal = 1
    first.save_revision().publish()
    assert Petition.objects.get().goal > 1, "a goal that is reached gives way"


def test_a_partner_asks_in_the_language_of_each_page(pages: tuple[PetitionPage, PetitionPage], now: datetime) -> None:
    petition_id = ActionId(Petition.objects.get().pk)
    said = {"organisation": "Watch", "wording": "Yes, Watch may write to me too.", "privacy_url": "https://watch.example.org"}
    partners.invite(petition_id=petition_id, slug="watch", wordings={"de": "Ja, Watch darf mir auch schreiben."}, now=now, **said)
    publish_petitions(settings.GROUNDSWELL, now, only={petition_id})
    german, english = (json.loads(read(f"a/{slug}/action.json"))["partners"]["partner-watch"] for slug in ("hoert-auf", "stop-it"))
    assert german["wording"] in german["line"] and german["wording"].startswith("Ja, Watch")
    assert english["wording"] == said["wording"], "and that is what the ledger keeps of who agrees on that page"
    with pytest.raises(Refused, match="no page in “fr”"):
        partners.invite(petition_id=petition_id, slug="watch", wordings={"fr": "Oui."}, now=now, **said)
