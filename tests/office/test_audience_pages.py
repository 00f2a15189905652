"""Who may say who a letter is for: whoever may write one. And what they type wrongly is said, never a broken page."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from groundswell.basics.ids import ActionId
from groundswell.mailings.audiences import operations, queries
from groundswell.mailings.models import Mailing
from groundswell.people import operations as people
from groundswell.people.models import Person
from tests.mailings.test_life import drafted, petition  # noqa: F401 (a fixture)
from tests.office.test_composer import with_rights
from tests.people.test_people import supporter

pytestmark = pytest.mark.django_db
PLACES = ("", "new/", "all/", "all/use/", "all/remove/")


@pytest.fixture
def draft(petition: ActionId, now: datetime) -> Mailing:  # noqa: F811
    supporter(now, "ada@example.org")
    operations.save_audience(slug="all", name="All", definition={}, now=now)
    return Mailing.objects.get(pk=drafted(petition, now))


def test_charlie_who_may_write_no_letter_says_for_nobody_who_one_is_for(draft: Mailing) -> None:
    charlie = with_rights("charlie")
    said = {"mailing": draft.slug, "name": "Mine", "do": "save"}
    for place in PLACES:
        for answer in (charlie.get(f"/office/audiences/{place}"), charlie.post(f"/office/audiences/{place}", said)):
            assert answer.status_code == 302 and answer["Location"] == "/office/", (place, answer.status_code)
    assert Mailing.objects.get().definition is None and [each.slug for each in queries.audiences()] == ["all"]
    assert "/office/audiences/" not in charlie.get("/office/").content.decode()


def test_an_editor_writes_and_says_who_it_is_for(draft: Mailing) -> None:
    ed = with_rights("ed", "Editors")
    assert "/office/audiences/" in ed.get("/office/").content.decode()
    for place in ("", "new/", "all/"):
        answer = ed.get(f"/office/audiences/{place}")
        assert answer.status_code == 200 and "script-src 'self';" in answer["Content-Security-Policy"], place
        page = answer.content.decode()
        assert "office/audiences.js" in page and "office/audiences.css" in page
        assert "<style" not in page.partition('<div class="gs">')[2], "what stands in a page is not obeyed"
        assert "<script" not in page.partition('<div class="gs">')[2].partition("</main>")[0]
    assert ed.post("/office/audiences/all/use/", {"mailing": draft.slug}).status_code == 302
    assert Mailing.objects.get().definition == {}


def test_a_scheduled_letter_is_no_draft_to_choose(draft: Mailing, now: datetime) -> None:
    ed = with_rights("ed", "Editors")
    assert f"<option>{draft.slug}</option>" in ed.get("/office/audiences/all/").content.decode()
    Mailing.objects.update(state="scheduled", scheduled_for=now + timedelta(hours=1))
    assert f"<option>{draft.slug}</option>" not in ed.get("/office/audiences/all/").content.decode()
    page = ed.post("/office/audiences/all/use/", {"mailing": draft.slug}, follow=True).content.decode()
    assert "is scheduled: its audience stays" in page and Mailing.objects.get().definition is None


@pytest.mark.parametrize("word", ["nan", "inf", "-inf", "NaN", "1e400", "Infinity"])
def test_what_is_no_number_to_anybody_is_said_and_kept(word: str, draft: Mailing) -> None:
    people.make_field(slug="age", label="Age", kind="number")
    ed = with_rights("ed", "Editors")
    for rows in (
        {"in-share-of": "a", "in-share-to": word}, {"out-fact-age-at_least": word}, {"cap-letters": word, "cap-days": "7"},
        {"in-acted_within_days": word},
    ):  # fmt: skip
        answer = ed.post("/office/audiences/new/", {"name": "Mine", **rows, "do": "save"})
        assert answer.status_code == 422 and "Not understood" in answer.content.decode(), rows
        assert f'value="{word}"' in answer.content.decode()
    assert [each.slug for each in queries.audiences()] == ["all"]


def test_the_form_takes_languages_as_its_label_writes_them(draft: Mailing, now: datetime) -> None:
    fay = supporter(now, "fay@example.org")
    Person.objects.filter(pk=fay).update(language="fr-ca")
    ed = with_rights("ed", "Editors")
    ed.post("/office/audiences/new/", {"name": "Not Fay", "out-language": "fr-CA, PT_br", "do": "save"})
    saved = queries.audience_named("not-fay")
    assert saved is not None and saved.definition == {"exclude": [{"language": ["fr-ca", "pt-br"]}]}
    assert queries.explain(saved.definition, now=now).left_out == {"left out: read fr-ca or pt-br": 1}
    operations.save_audience(slug="old", name="Old", definition={"include": {"language": ["fr-CA"]}}, now=now)
    page = ed.get("/office/audiences/old/").content.decode()
    assert 'value="fr-ca"' in page and "<textarea" not in page


def test_the_form_says_how_much_of_a_postcode_is_kept(draft: Mailing) -> None:
    ed = with_rights("ed", "Editors")
    assert "Postcode begins with (up to four characters" in ed.get("/office/audiences/new/").content.decode()
    answer = ed.post("/office/audiences/new/", {"name": "Paris", "in-postcode_area": "75011", "do": "save"})
    assert answer.status_code == 422 and "the first 4 letters and digits are kept" in answer.content.decode()


def test_strangers_are_asked_who_they_are(client: Client, draft: Mailing) -> None:
    for place in PLACES:
        assert "/office/login/" in client.post(f"/office/audiences/{place}")["Location"]
