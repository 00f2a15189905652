"""Whoever reads a language is found however it was written: in a list, on a page, in a definition, by the composer."""

from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path

import pytest
from django.db import connection

from groundswell.actions import operations as actions
from groundswell.actions.queries import petition
from groundswell.basics.ids import ActionId, PersonRef
from groundswell.basics.result import Refused
from groundswell.mailings import operations as mailings
from groundswell.mailings import series
from groundswell.mailings.audience import counted
from groundswell.mailings.audiences import operations, queries
from groundswell.mailings.audiences.reading import checked
from groundswell.mailings.composing import choosing
from groundswell.mailings.models import Mailing, SenderProfile
from groundswell.people import operations as people
from groundswell.people.models import Person
from groundswell.people.queries import standings
from groundswell.post.models import Delivery
from tests.engine.test_letter import SENDER
from tests.mailings.crowd import names
from tests.people.test_import import load, sheet
from tests.people.test_import import person as of_address
from tests.people.test_people import address, supporter

pytestmark = pytest.mark.django_db
APPEAL = "---\nsubject: News\n---\nFriend,\n\nWords.\n\n::: ask\nSign it\n:::\n\nThanks,\n"


def reading(now: datetime, email: str, language: str) -> PersonRef:
    return people.enrol(email=address(email), language=language, now=now).person


def test_every_door_keeps_one_form(now: datetime, home: Path) -> None:
    load(sheet(home, "email,lang\na@example.org,EN\nb@example.org,pt_BR\nc@example.org,zh-Hant-TW\n"), now)
    persons = [of_address(f"{name}@example.org") for name in "abc"]
    persons.append(reading(now, "d@example.org", "FR_ca"))
    persons += people.enrol_many(newcomers=[people.Newcomer(address("e@example.org"), language="De-AT")], now=now)
    kept = dict(Person.objects.values_list("pk", "language"))
    assert [kept[person] for person in persons] == ["en", "pt-br", "zh-hant-tw", "fr-ca", "de-at"]


def test_what_was_kept_before_is_written_anew(now: datetime) -> None:
    written = ("EN", "pt_BR", "en", "", "fr-ca")
    persons = [Person.objects.create(language=language, joined_at=now).pk for language in written]
    (operation,) = import_module("groundswell.people.migrations.0014_languages").Migration.operations
    with connection.cursor() as cursor:
        cursor.execute(operation.sql)
        assert cursor.rowcount == 2, "rows that are right are not written again"
    kept = dict(Person.objects.values_list("pk", "language"))
    assert [kept[person] for person in persons] == ["en", "pt-br", "en", "", "fr-ca"]


def test_a_definition_may_write_it_either_way(crowd: dict[str, PersonRef], now: datetime) -> None:
    for wanted in ("fr-CA", "FR", "fr_ca", "fr"):
        assert names({"include": {"language": [wanted]}}, crowd, now) == "fay"
        assert names({"exclude": [{"not": {"language": [wanted]}}]}, crowd, now) == "fay"
    assert checked({"include": {"any": [{"language": ["EN", "en", "pt_BR"]}]}}) == {
        "include": {"any": [{"language": ["en", "pt-br"]}]}
    }
    assert queries.in_words({"include": {"language": ["zh-Hant-TW"]}}) == "People who read zh-hant-tw."
    operations.save_audience(slug="x", name="X", definition={"include": {"language": ["FR"]}}, now=now)
    assert names({"include": {"audience": "x"}}, crowd, now) == "fay"
    with pytest.raises(Refused, match="not understood at include/language/0"):
        checked({"include": {"language": ["ca-es-valencia"]}})  # longer than what is kept: it would find nobody


def test_finnish_is_not_filipino(now: datetime, petitions: dict[str, ActionId]) -> None:
    finn, manila, helsinki = (supporter(now, f"{name}@example.org") for name in ("f", "m", "h"))
    for person, language in ((finn, "fi"), (manila, "fil"), (helsinki, "fi-fi")):
        Person.objects.filter(pk=person).update(language=language)
    for asked in ("fi", "FI"):
        assert {person for person, _ in standings(language=asked)} == {finn, helsinki}
    assert len(list(standings())) == 3
    mailings.keep_sender(slug="s", **{n: getattr(SENDER, n) for n in SENDER.__dataclass_fields__})
    series.keep_step(
        series="w", position=1, days=0, appeal=APPEAL, sender_slug="s", petition_id=petitions["coal"], language="FI",
        now=now - timedelta(days=1),
    )  # fmt: skip
    series.address_due(now=now)
    assert set(Delivery.objects.values_list("person_id", flat=True)) == {finn, helsinki}


@pytest.mark.parametrize(
    ("typed", "kept"), [("fr-CA", "fr-ca"), ("PT_br", "pt-br"), ("zh-Hant-TW", "zh-hant-tw"), ("French", "en")]
)
def test_the_composer_counts_whoever_reads_it(
    typed: str, kept: str, crowd: dict[str, PersonRef], petitions: dict[str, ActionId], now: datetime
) -> None:
    mailings.keep_sender(slug="s", **{n: getattr(SENDER, n) for n in SENDER.__dataclass_fields__})
    sender = SenderProfile.objects.get()
    mailing = Mailing.objects.create(slug="m", appeal="x", sender=sender, petition_id=petitions["oil"], created_at=now)
    choosing.choose(mailing_id=mailing.pk, language=typed)
    mailing.refresh_from_db()
    assert mailing.language == kept
    Person.objects.filter(pk=crowd["fay"]).update(language=kept)
    found = counted(petition_id=petitions["oil"], language=typed if kept != "en" else kept, now=now)
    assert found["eligible"] == (3 if kept == "en" else 1)
    choosing.begin(slug="n", appeal=APPEAL, sender="s", action="oil", language=typed, staff_id=None, now=now)
    assert Mailing.objects.get(slug="n").language == kept


def test_a_petition_is_named_in_its_own_language(
    crowd: dict[str, PersonRef], petitions: dict[str, ActionId], now: datetime
) -> None:
    actions.reword(petition_id=petitions["coal"], title="Kohle stoppen", text="Stoppt sie.", language="de", now=now)
    assert queries.in_words({"include": {"signed": "coal"}}) == "People who have signed “Stop coal”."
    assert petition(petitions["coal"]).title == "Stop coal"
