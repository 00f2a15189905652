"""A telephone number where an action asks for one: of any country, never needed, sealed like the address."""

from datetime import datetime
from pathlib import Path
from urllib.parse import quote

import pytest

from groundswell.actions import queries
from groundswell.actions.models import Signature
from groundswell.basics.ids import PersonRef
from groundswell.campaigns import queries as campaigns
from groundswell.pages import publish
from groundswell.pages.masthead import House
from groundswell.pages.petition.look import ASKABLE, Look
from groundswell.people.own_data import own_data
from tests.pages.test_door import Place

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(home: Path, now: datetime) -> Place:
    made = Place(home, now)
    view = queries.petition(made.petition)
    house = House("Org & Co", "/privacy", "https://act.example.org")
    about = campaigns.campaign(view.campaign_id, now.date())
    publish.write_files(home / "published", publish.petition_files(view, about, house, look=Look(fields=ASKABLE)))
    return made


@pytest.mark.parametrize(
    ("typed", "country", "kept"),
    [
        ("020 7946 0018", "GB", "+442079460018"),
        ("+49 (0)30 901820", "", "+4930901820"),
        ("", "GB", None),
        ("90 12 34 56", "TG", "90 12 34 56"),
    ],
)
def test_a_number_is_kept_as_its_country_writes_it(place: Place, typed: str, country: str, kept: str | None) -> None:
    page = place.ask("GET", "/a/end-it").body.decode()
    assert 'type="tel" autocomplete="tel"' in page and 'name="phone" value=""' in page
    form = f"email=ada%40example.org&consent=no&country={country}&phone={quote(typed)}"
    assert place.ask("POST", "/a/end-it/sign", form).status == 303
    place.apply()
    data = own_data(PersonRef(Signature.objects.get().person_id))
    assert data and (data.details.get("phone") or None) == kept


def test_what_is_no_number_is_said_and_kept_in_the_form(place: Place) -> None:
    answer = place.ask("POST", "/a/end-it/sign", "email=ada%40example.org&consent=no&phone=call+me+%3Cb%3E")
    page = answer.body.decode()
    assert answer.status == 422 and "not a telephone number" in page and 'value="call me &lt;b&gt;"' in page
    assert 'id="phone" aria-invalid="true"' in page


def test_nobody_is_asked_unless_the_action_needs_it(home: Path, now: datetime) -> None:
    assert 'name="phone"' not in Place(home, now).ask("GET", "/a/end-it").body.decode()
