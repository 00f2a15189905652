"""The form of an action alert, as staff and readers meet it: the requirements that go beyond one letter, each by its number."""

import re
from datetime import date, datetime
from pathlib import Path

import pytest
from django.test import Client

from groundswell.actions import operations as actions
from groundswell.actions import queries as signatures
from groundswell.actions.models import Signature
from groundswell.basics.ids import ActionId, LetterId, PersonRef
from groundswell.basics.result import Refused
from groundswell.mailings import operations, queries, report, resending, scheduling
from groundswell.mailings.composing import choosing, looking, saving, texts
from groundswell.mailings.models import Mailing, SenderProfile
from groundswell.post.models import Delivery, Letter
from groundswell.staff.operations import one_time_password
from tests.mailings.test_composing import entered
from tests.mailings.test_life import SENDER, drafted, petition, sent, signed  # noqa: F401 (a fixture)
from tests.people.test_people import supporter

pytestmark = pytest.mark.django_db
BODY = (
    '---\nsubject: News\n---\n{{ first_name | "Friend" }},\n\nIt paused.[^pause]\n\n::: ask\nSign it\n:::\n\nWords.\n\n::: ask\nSign, '
    "once more\n:::\n\nThanks,\n\n::: ps\nSign\n:::\n"
)


def written(petition: ActionId, now: datetime, text: str = BODY) -> int:  # noqa: F811
    entered(petition, "pause", now)
    mailing = drafted(petition, now)
    saving.save(mailing_id=mailing, appeal=text, base=1, staff_id=None, now=now)
    return mailing


def of(letter_id: LetterId) -> str:
    return str(Letter.objects.get(pk=letter_id).content)


def test_form_3_the_action_is_changed_once_and_every_link_follows(petition: ActionId, now: datetime, home: Path) -> None:  # noqa: F811
    mailing = written(petition, now)
    view = signatures.petition(petition)
    actions.open_petition(
        slug="other", campaign_id=view.campaign_id, title="Other", text="T", goal=9, thanks_subject="T", thanks_text="x", now=now
    )
    choosing.choose(mailing_id=mailing, action="other")
    supporter(now, "ada@example.org")
    relay = sent(operations.start(mailing_id=mailing, now=now), home, now)
    text = relay.got[0].data.decode().replace("=\r\n", "")
    assert text.count("/a/other?t=3D") == 6 and "/a/p?" not in text, "three asks in two parts"


def test_form_3_signatures_are_reported_by_position(petition: ActionId, now: datetime, home: Path) -> None:  # noqa: F811
    mailing = written(petition, now)
    persons = [supporter(now, f"p{n}@example.org") for n in range(4)]
    letter_id = operations.start(mailing_id=mailing, now=now)
    sent(letter_id, home, now)
    rows = dict(Delivery.objects.filter(letter_id=letter_id).values_list("person_id", "pk"))
    for person, place in zip(persons, ("body-1", "body-2", "ps"), strict=False):
        signed(petition, person, now, rows[person])
        Signature.objects.filter(person_id=person).update(position=place)
    Signature.objects.filter(position="body-2").update(state="pending")
    signed(petition, PersonRef(persons[3]), now)  # typed the address by hand: no row, no place
    (outcome,) = report.outcomes(mailing)
    assert [(place.position, place.signed, place.confirmed) for place in outcome.places] == [
        ("body-1", 1, 1), ("body-2", 1, 0), ("ps", 1, 1),
    ]  # fmt: skip
    assert outcome.sent == 4 and outcome.confirmed == 2
    assert signatures.per_position(petition)["website"] == 1


def test_form_6_a_correction_flags_the_draft_and_leaves_the_sent_letter(petition: ActionId, now: datetime) -> None:  # noqa: F811
    supporter(now, "ada@example.org")
    mailing = written(petition, now)
    letter_id = operations.start(mailing_id=mailing, now=now)
    before = of(letter_id)
    draft = drafted(petition, now, "second")
    saving.save(mailing_id=draft, appeal=BODY, base=1, staff_id=None, now=now)
    entered(petition, "pause-2", now, corrects="pause", subject="Another pause",
            sources=[{"publisher": "The Paper", "title": "Acme corrects", "url": "https://paper.example/2"}])  # fmt: skip
    assert of(letter_id) == before and "Acme prolongs its pause" in before
    assert looking.composition("m", today=date(2026, 11, 24)).flags == ()  # type: ignore[union-attr]
    (flag,) = looking.composition("second", today=date(2026, 11, 24)).flags  # type: ignore[union-attr]
    assert flag.key == "pause" and flag.place == "second"
    saving.save(mailing_id=draft, appeal=texts.cited_instead(BODY, "pause", "pause-2"), base=2, staff_id=None, now=now)
    assert "Acme corrects" in looking.previewed("second", {})[2]  # type: ignore[index]


def test_form_8_the_sender_profile_changes_all_of_it_together(petition: ActionId, now: datetime, home: Path) -> None:  # noqa: F811
    mailing = written(petition, now)
    operations.keep_sender(slug="omar", **{
        **SENDER, "name": "Omar", "team": "and friends", "organisation": "Other Ground", "from_address": "o@news.example.org",
        "reply_to": "o@news.example.org", "postal_address": "9 Other Rd", "list_id": "other.example.org",
    })  # fmt: skip
    supporter(now, "ada@example.org")
    choosing.choose(mailing_id=mailing, sender="omar")
    (got,) = sent(operations.start(mailing_id=mailing, now=now), home, now).got
    text = got.data.decode()
    assert "Common Ground" not in text and "Luc=C3=ADa" not in text and "list.example.org" not in text and "1 St" not in text
    assert text.count("Other Ground") >= 3 and "9 Other Rd" in text and "and friends" in text


@pytest.mark.parametrize("missing", ["postal_address", "why", "privacy_url", "organisation"])
def test_form_10_no_send_without_the_footer(petition: ActionId, now: datetime, missing: str) -> None:  # noqa: F811
    supporter(now, "ada@example.org")
    mailing = written(petition, now)
    SenderProfile.objects.update(**{missing: " "})
    with pytest.raises(Refused, match="footer needs it"):
        scheduling.schedule(mailing_id=mailing, at=None, now=now)
    with pytest.raises(Refused, match="footer needs it"):
        operations.start(mailing_id=mailing, now=now)
    assert not Letter.objects.exists() and not Delivery.objects.exists()


def test_form_11_a_second_letter_is_its_own_and_warns_of_a_false_reply(petition: ActionId, now: datetime, home: Path) -> None:  # noqa: F811
    people = [supporter(now, f"p{n}@example.org") for n in range(3)]
    first = written(petition, now)
    # An audience of one's own that leaves nobody out: whoever has signed is not asked again all the same.
    Mailing.objects.filter(pk=first).update(definition={"include": {"language": ["en"]}})
    letter_id = operations.start(mailing_id=first, now=now)
    sent(letter_id, home, now)
    signed(petition, people[0], now)
    again = resending.resend(mailing_id=first, note="Only two days.", subject="Re: News", now=now)
    third = resending.resend(mailing_id=first, note="Only one day.", now=now)
    assert again != third and {view.slug for view in queries.mailings()} == {"m", "m-2", "m-3"}
    found = looking.composition("m-2", today=date(2026, 11, 24))
    assert found and "subject-false-reply" in {remark.problem.code for remark in found.advice}
    assert found.appeal.index("Only two days.") < found.appeal.index("{{ first_name")
    assert queries.counted_for(again) == {"eligible": 2, "has signed already": 1}
    other = operations.start(mailing_id=again, now=now)
    assert other != letter_id and Letter.objects.get(pk=other).key == "mailing:m-2"
    with pytest.raises(Refused, match="already"):
        resending.resend(mailing_id=again, slug="m", note="x", now=now)


def test_form_12_every_way_of_looking_at_it(petition: ActionId, now: datetime, client: Client) -> None:  # noqa: F811
    assert client.login(username="bob", password=one_time_password(username="bob", now=now))
    written(petition, now)

    def seen(reader: str, part: str) -> tuple[str, str]:
        answer = client.get(f"/office/mailings/m/as/{reader}/letter/?part={part}")
        return answer.content.decode(), answer["Content-Security-Policy"]

    assert (
        "Amina," in seen("named", "text")[0]
        and "Friend," in seen("unnamed", "text")[0]
        and "Dear ," not in seen("unnamed", "html")[0]
    )
    assert "@media all" in seen("named", "dark")[0] and "@media not all" in seen("named", "html")[0], (
        "light where the machine is dark"
    )
    assert "img-src 'none'" in seen("named", "bare")[1]
    for reader, words in (("signed", "thanks this reader"), ("forwarded", "Not you?")):
        assert words in client.get(f"/office/mailings/m/as/{reader}/").content.decode()
    page = client.get("/office/mailings/m/write/?as=unnamed&view=phone").content.decode()
    assert 'class="views phone"' in page and "/as/unnamed/letter/?part=phone" in page
    for name in (
        "With a name",
        "Without a name",
        "Has signed already",
        "Forwarded to a friend",
        "Dark",
        "On a phone",
        "Pictures off",
    ):
        assert name in page


def test_every_requirement_has_its_test() -> None:
    folder = Path(__file__).parents[1]
    text = "".join(path.read_text() for path in (folder / "engine" / "test_form.py", Path(__file__)))
    assert {int(number) for number in re.findall(r"def test_form_(\d+)_", text)} == set(range(1, 15))
