"""Staff and the people on the list: looked for with a reason, changed on one page, never in a URL, never for strangers."""

import re
from datetime import datetime

import pytest
from django.test import Client

from groundswell.basics.ids import PersonRef
from groundswell.mailings.audiences.operations import save_audience
from groundswell.people import cards, pairs, suppressions
from groundswell.people import operations as people
from groundswell.people.models import Pair
from groundswell.people.queries import may_mail
from groundswell.staff.operations import one_time_password
from groundswell.staff.queries import latest
from tests.people.test_people import address, supporter

pytestmark = pytest.mark.django_db
ADA, OTHER = "ada@example.org", "a.lovelace@work.example"


@pytest.fixture
def ada(now: datetime) -> PersonRef:
    return supporter(now, ADA)


@pytest.fixture
def bob(client: Client, now: datetime) -> Client:
    assert client.login(username="bob", password=one_time_password(username="bob", now=now))
    return client


def test_charlie_sees_nobody_and_changes_nothing(client: Client, ada: PersonRef) -> None:
    for place in ("", f"{ada}/", "pairs/", "import/", "export/", "imports/1/", "imports/1/rejected/"):
        assert client.get(f"/office/people/{place}").status_code == 302
    for place in ("find/", "fields/", f"{ada}/", f"{ada}/change/", f"{ada}/forget/", f"{ada}/give-out/", "import/", "export/",
                  "pairs/look/", "pairs/1/decide/", "merges/1/undo/", "imports/1/undo/", "import/1/drop/"):  # fmt: skip
        answer = client.post(f"/office/people/{place}", {"why": "x", "sure": str(ada), "sought": ADA, "tag": "x"})
        assert answer.status_code == 302 and "login" in answer["Location"], place
    card = cards.card(ada)
    assert card is not None and card.may_mail and not card.tags


@pytest.mark.parametrize("sought", [ADA, " ADA@example.org ", "lovelace", "Love", "ada lov"])
def test_bob_finds_somebody_with_a_reason(sought: str, bob: Client, ada: PersonRef) -> None:
    refused = bob.post("/office/people/find/", {"sought": sought, "why": " "})
    assert refused.status_code == 422 and "needs a reason" in refused.content.decode()
    answer = bob.post("/office/people/find/", {"sought": sought, "why": "she called"})
    page = answer.content.decode()
    assert f"/office/people/{ada}/" in page and "Ada Lovelace" in page and "no-store" in answer["Cache-Control"]
    assert "looked for somebody" in latest()[0] and "she called" in latest()[0] and "love" not in latest()[0].casefold()
    assert bob.get("/office/people/find/").status_code == 405
    assert "Nobody." in bob.post("/office/people/find/", {"sought": "lo", "why": "x"}).content.decode()


def test_bob_opens_one_person_with_a_reason(bob: Client, ada: PersonRef, now: datetime) -> None:
    people.write_note(person=ada, text="Prefers <b>calls</b>", staff_id=None, now=now)
    place = f"/office/people/{ada}/"
    page = bob.get(place).content.decode()
    assert (
        "May be written to" in page and "Write to me" in page and ADA not in page and "Lovelace" not in page and "calls" not in page
    )
    assert bob.post(place, {"why": ""}).status_code == 422
    shown = bob.post(place, {"why": "she asked why"})
    text = shown.content.decode()
    assert ADA in text and "Lovelace" in text and "Prefers &lt;b&gt;calls" in text and "no-store" in shown["Cache-Control"]
    assert "read details" in latest()[0] and "she asked why" in latest()[0]
    assert bob.get("/office/people/999999999/").status_code == 404


def test_bob_tags_notes_and_fills_fields(bob: Client, ada: PersonRef) -> None:
    for said in ({"label": "Shirt size", "kind": "choice", "choices": "S, M"}, {"label": "Born", "kind": "date"},
                 {"label": "Trade", "kind": "text"}, {"label": "Member", "kind": "yes"}, {"label": "Climate", "kind": "topic"},
                 {"label": "Gifts", "kind": "number"}):  # fmt: skip
        assert bob.post("/office/people/fields/", said).status_code == 302
    place = f"/office/people/{ada}/change/"
    bob.post(place, {"tag": "volunteer", "topic": "Climate"})
    values = {"shirt-size": "M", "born": "1990-02-03", "trade": "Engine builder", "member": "yes", "gifts": "12.5"}
    bob.post(place, {f"fact-{name}": value for name, value in values.items()})
    card = cards.card(ada)
    assert card is not None and card.tags == ("volunteer",) and card.topics == ("Climate",)
    assert {field.slug: field.value for field in card.fields} == values
    for name, value in (("shirt-size", "XXL"), ("born", "soon"), ("gifts", "many"), ("member", "perhaps")):
        page = bob.post(place, {f"fact-{name}": value}, follow=True).content.decode()
        assert "That is no value for" in page
    bob.post(place, {"untag": "volunteer", "fact-born": ""})
    card = cards.card(ada)
    assert card is not None and card.tags == () and {f.slug: f.value for f in card.fields} == {**values, "born": ""}
    assert "fact:shirt-size" in bob.get("/office/people/").content.decode()
    refused = bob.post("/office/people/fields/", {"label": "Shirt size", "kind": "number"}, follow=True)
    assert "is a choice already" in refused.content.decode()


def test_bob_gives_a_person_their_data_and_forgets_them(bob: Client, ada: PersonRef) -> None:
    assert bob.post(f"/office/people/{ada}/give-out/", {"why": ""}).status_code == 302
    answer = bob.post(f"/office/people/{ada}/give-out/", {"why": "letter of 3 May"})
    assert answer["Content-Disposition"] == f'attachment; filename="person-{ada}.json"' and ADA in answer.content.decode()
    assert "export one" in latest()[0]
    bob.post(f"/office/people/{ada}/forget/", {"why": "letter of 4 May", "sure": "yes"})
    assert suppressions.person_with(address(ADA)) == ada, "the number was not typed"
    bob.post(f"/office/people/{ada}/forget/", {"why": "letter of 4 May", "sure": str(ada)})
    assert suppressions.person_with(address(ADA)) is None and "forget" in latest()[0]
    assert "no contact details any more" in bob.post(f"/office/people/{ada}/", {"why": "look"}).content.decode()
    for said in ({"tag": "volunteer"}, {"note": "wrote again"}, {"topic": "Climate"}):
        page = bob.post(f"/office/people/{ada}/change/", said, follow=True).content.decode()
        assert "Nobody is here any more" in page and "Another tag" not in page
    card = cards.card(ada)
    assert card is not None and not card.tags and not card.topics


def test_bob_decides_who_is_in_the_list_twice(bob: Client, ada: PersonRef, now: datetime) -> None:
    other = people.enrol(email=address(OTHER), given_name="Ada", family_name="Lovelace", country="GB", postcode_area="SW1", now=now)
    bob.post("/office/people/pairs/look/")
    (pair,) = pairs.open_pairs()
    page = bob.get("/office/people/pairs/").content.decode()
    assert "the same name in the same postcode area" in page.lower() and ADA not in page
    place = f"/office/people/pairs/{pair.id}/"
    assert ADA not in bob.get(place).content.decode() and bob.post(place, {"why": ""}).status_code == 422
    opened = bob.post(place, {"why": "are they one?"}).content.decode()
    assert ADA in opened and OTHER in opened
    assert "needs a reason" in bob.post(f"{place}decide/", {"do": str(ada), "why": ""}, follow=True).content.decode()
    bob.post(f"{place}decide/", {"do": str(ada), "why": "same street"})
    assert suppressions.person_with(address(OTHER)) == ada and may_mail(ada)
    shown = bob.get(f"/office/people/{other.person}/").content.decode()
    assert "Merged into" in shown and OTHER in bob.post(f"/office/people/{ada}/", {"why": "x"}).content.decode()
    number = re.search(r"merges/(\d+)/undo", bob.get("/office/people/pairs/").content.decode())
    assert number is not None
    bob.post(f"/office/people/merges/{number[1]}/undo/", {"why": "two after all"})
    assert suppressions.person_with(address(OTHER)) == other.person and Pair.objects.get().state == "apart"


def test_bob_exports_chosen_columns_of_an_audience(bob: Client, ada: PersonRef, now: datetime) -> None:
    from groundswell.people.queries import counts

    people.enrol(email=address("no@example.org"), given_name="=HYPERLINK(1)", now=now)
    evil = supporter(now, "evil@example.org", given=" =cmd|'/c calc'!A1")
    save_audience(slug="all", name="All", definition={"include": {"language": ["en"]}}, now=now)
    for wrong in ({}, {"audience": "all", "why": "x"}, {"audience": "all", "column": "email"}, {"audience": "no", "why": "x"}):
        assert bob.post("/office/people/export/", wrong).status_code == 422
    answer = bob.post("/office/people/export/", {"audience": "all", "column": ["person", "given_name"], "why": "phone bank"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert text.splitlines() == ["person,given_name", f"{ada},Ada", f"{evil},' =cmd|'/c calc'!A1"]
    assert ADA not in text and "exported people" in latest()[0] and "phone bank" in latest()[0] and counts()["people"] == 3
