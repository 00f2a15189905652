"""Columns of a list that is uploaded, by their names: long ones, several of one name, and what is no name at all."""

from pathlib import Path

import pytest
from django.test import Client

from groundswell.office.tasks import carry_on
from groundswell.people import cards, suppressions
from groundswell.people import operations as people
from groundswell.people.models import ImportRun, Terms
from groundswell.people.order_models import ImportOrder
from groundswell.people.queries import counts
from tests.office.test_people_import import PROOF, bob, folder, upload  # noqa: F401 (fixtures)
from tests.people.test_people import address

pytestmark = pytest.mark.django_db
QUESTION = "Do you agree that we write to you? " + "We promise to be brief. " * 12


def test_a_column_of_a_long_name_is_imported(bob: Client, folder: Path) -> None:  # noqa: F811
    people.make_field(slug="said", label="Said", kind="text")
    place = upload(bob, f'Email,"{QUESTION}"\nada@example.org,Yes please\n'.encode())
    columns = {"column-0": "email", "column-1": "fact:said"}
    for act in ("rehearse", "import"):
        assert bob.post(place, {**PROOF, **columns, "do": act}).status_code == 302
        carry_on(timestamp=0)
        order = ImportOrder.objects.get()
        assert (order.state, order.problem) == ("done", ""), act
    card = cards.card(suppressions.person_with(address("ada@example.org")))  # type: ignore[arg-type]
    assert card is not None and [field.value for field in card.fields] == ["Yes please"]


def test_of_two_columns_of_one_name_none_is_dropped_unseen(bob: Client, folder: Path) -> None:  # noqa: F811
    place = upload(bob, b"Email,EMAIL,First name\nada@example.org,,Ada\n,bob@example.org,Bob\n")
    answer = bob.post(place, {**PROOF, "column-0": "email", "column-1": "ignore", "column-2": "given_name", "do": "import"})
    assert answer.status_code == 422 and "Several columns are called" in answer.content.decode()
    assert bob.post(place, {**PROOF, "column-0": "email", "column-1": "email", "do": "import"}).status_code == 302
    carry_on(timestamp=0)
    assert counts()["people"] == 2


def test_a_sign_that_is_in_no_name_is_a_clear_word_and_not_in_the_log(
    bob: Client, folder: Path, caplog: pytest.LogCaptureFixture  # noqa: F811
) -> None:  # fmt: skip
    from django.core.files.uploadedfile import SimpleUploadedFile

    answer = bob.post(
        "/office/people/import/", {"file": SimpleUploadedFile("x.csv", b"email,Your na\x00me\nada@example.org,Ada\n")}
    )
    assert answer.status_code in (302, 422) and "Your na" not in caplog.text
    if answer.status_code == 422:
        assert "signs that are in no column" in answer.content.decode() and list(folder.iterdir()) == []


def test_the_words_are_kept_in_their_language_and_version(bob: Client, folder: Path) -> None:  # noqa: F811
    place = upload(bob, b"Email\nada@example.org\n")
    assert 'name="version"' in bob.get(place).content.decode()
    bob.post(place, {**PROOF, "version": "2024-05", "column-0": "email", "do": "import"})
    carry_on(timestamp=0)
    assert set(Terms.objects.values_list("language", "version")) == {("de", "2024-05")} and ImportRun.objects.count() == 1
