"""The composer and what stands around it: for those with the right, without script, losing nothing, and saying what is wrong where."""

import email
import io
import json
import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from PIL import Image

from groundswell.basics.ids import ActionId, PersonRef
from groundswell.mailings import operations, queries, series
from groundswell.mailings.models import Mailing, Revision, SenderProfile
from groundswell.post.models import Delivery
from groundswell.staff.models import Account
from groundswell.staff.operations import one_time_password
from tests.engine.test_form import PASTED
from tests.mailings.test_composing import entered
from tests.mailings.test_life import APPEAL, drafted, petition, sent, signed  # noqa: F401 (a fixture)
from tests.people.test_people import supporter
from tests.post.test_post import Relay, office

pytestmark = pytest.mark.django_db


def signed_in(name: str, now: datetime) -> Client:
    client = Client()
    assert client.login(username=name, password=one_time_password(username=name, now=now))
    return client


@pytest.fixture
def bob(now: datetime) -> Client:
    return signed_in("bob", now)


def with_rights(name: str, *groups: str) -> Client:
    account = Account.objects.create_user(username=name, password=None)
    account.user_permissions.add(Permission.objects.get(codename="access_admin"))
    account.groups.set(Group.objects.filter(name__in=groups))
    client = Client()
    client.force_login(account)
    return client


def typed(client: Client, text: str, slug: str = "m", **more: str):  # type: ignore[no-untyped-def]
    base = more.pop("base", str(Mailing.objects.get(slug=slug).edition))
    return client.post(f"/office/mailings/{slug}/write/", {"appeal": text, "base": base, **more})


def text_of(slug: str = "m") -> str:
    return Mailing.objects.get(slug=slug).appeal


def test_charlie_has_no_right_and_sees_nothing(petition: ActionId, now: datetime) -> None:  # noqa: F811
    drafted(petition, now)
    charlie = with_rights("charlie")
    assert "Mailings" not in charlie.get("/office/").content.decode()
    pages = ("", "new/", "paste/", "series/", "series/step/", "m/", "m/write/", "m/revisions/", "m/ways/", "m/passages/", "m/pulse/",
             "m/as/named/", "m/as/named/letter/")  # fmt: skip
    for path in pages:
        answer = charlie.get(f"/office/mailings/{path}")
        assert answer.status_code in (302, 403) and b"News m" not in answer.content, path
        assert Client().get(f"/office/mailings/{path}").status_code == 302, path
    typed(charlie, "mine")
    assert "mine" not in text_of() and not Revision.objects.exists()


def test_an_editor_writes_and_a_moderator_approves_and_sends(petition: ActionId, now: datetime) -> None:  # noqa: F811
    drafted(petition, now)
    editor, moderator = with_rights("ed", "Editors"), with_rights("mo", "Moderators")
    assert typed(editor, text_of() + "More.\n").status_code == 302 and "More." in text_of()
    page = editor.get("/office/mailings/m/").content.decode()
    assert "Ask a colleague" in page and ">Send</button>" not in page and "I have read it" not in page
    for verb in ("send", "approve", "cancel", "speed"):
        assert editor.post("/office/mailings/m/do/", {"do": verb}).status_code in (302, 403)
    assert Mailing.objects.get().state == "draft" and not queries.detail("m").approved  # type: ignore[union-attr]
    page = moderator.get("/office/mailings/m/").content.decode()
    assert ">Send</button>" in page and "I have read it" in page
    moderator.post("/office/mailings/m/do/", {"do": "approve", "seen": re.search(r'name="seen" value="(\w+)"', page)[1]})  # type: ignore[index]
    assert queries.detail("m").approved  # type: ignore[union-attr]


def test_every_remark_has_its_place_and_its_words(bob: Client, petition: ActionId, now: datetime) -> None:  # noqa: F811
    entered(petition, "pause", now)
    drafted(petition, now)
    typed(bob, text_of().replace("Words.", "In 2019 they announced it.\n\n{{ salary }}"))
    page = bob.get("/office/mailings/m/write/")
    text = page.content.decode()
    assert 'data-line="8" data-column="1"' in text and "<q>{{ salary }}</q>" in text and "There is no field" in text
    assert 'data-line="6"' in text and "<q>In 2019 they announced it.</q>" in text
    assert "script-src 'self'" in page["Content-Security-Policy"] and "unsafe-inline" not in page["Content-Security-Policy"]
    assert "<style" not in text.partition('class="gs"')[2] and " style=" not in text.partition('class="gs"')[2]
    letter = bob.get("/office/mailings/m/as/named/letter/")
    assert b"has errors" in letter.content
    assert bob.get("/office/mailings/none/write/").status_code == 404


def test_without_script_every_button_saves_first(bob: Client, petition: ActionId, now: datetime) -> None:  # noqa: F811
    entered(petition, "pause", now)
    drafted(petition, now)
    typed(bob, text_of() + "\n::: ps\nOnce more\n:::\n", do="cite pause", line="6")
    assert "Words.[^pause]" in text_of() and "Once more" in text_of()
    typed(bob, text_of(), do="insert ask")
    assert text_of().count("::: ask") == 2 and text_of().index("What you want") < text_of().index("::: ps")
    answer = typed(bob, text_of() + "Z", do="as unnamed", view="dark")
    assert answer["Location"].endswith("?as=unnamed&view=dark#look") and text_of().endswith("Z")
    page = bob.get(answer["Location"].partition("#")[0]).content.decode()
    assert "/as/unnamed/letter/?part=dark" in page and 'name="view" value="dark"' in page
    typed(bob, text_of().removesuffix("Z"), do="own-text", layout="header", sender="lucia", audience="")
    assert "::: text" in text_of() and "layout: header" in text_of()
    assert "It can be sent." in bob.get("/office/mailings/m/write/").content.decode()


def test_typing_is_saved_and_answered(bob: Client, petition: ActionId, now: datetime) -> None:  # noqa: F811
    drafted(petition, now)
    told = json.loads(typed(bob, text_of() + "More.\n", do="auto").content)
    assert told["edition"] == 2 and "It can be sent." in told["checks"] and re.fullmatch(r"\d\d:\d\d:\d\d", told["at"])
    operations.draft(slug="m", appeal=text_of() + "By a command.\n", sender_slug="lucia", petition_id=petition, now=now)
    answer = typed(bob, text_of() + "Later.\n", do="auto", base="2")
    assert answer.status_code == 409 and json.loads(answer.content)["clash"] == "the program"
    answer = typed(bob, "Mine alone", base="2")
    page = answer.content.decode()
    assert answer.status_code == 409 and "was first" in page and ">Mine alone</textarea>" in page and "<del>" in page
    assert 'name="base" value="3"' in page and "By a command." in text_of()
    aside = Revision.objects.filter(kind="aside").first()
    assert aside and f"/office/mailings/m/revisions/{aside.pk}/" in page
    assert b"What differs" in bob.get(f"/office/mailings/m/revisions/{aside.pk}/").content
    bob.post(f"/office/mailings/m/revisions/{aside.pk}/", {"base": "2"})
    assert "Mine alone" not in text_of()
    bob.post(f"/office/mailings/m/revisions/{aside.pk}/", {"base": "3"})
    assert text_of() == "Mine alone" and b"set aside" in bob.get("/office/mailings/m/revisions/").content
    assert bob.get("/office/mailings/m/revisions/99999/").status_code == 404


def test_a_scheduled_letter_is_not_changed_and_the_text_is_set_aside(bob: Client, petition: ActionId, now: datetime) -> None:  # noqa: F811
    supporter(now, "ada@example.org")
    drafted(petition, now)
    bob.post("/office/mailings/m/do/", {"do": "send"})
    assert typed(bob, "late")["Location"].endswith("/revisions/")
    assert json.loads(typed(bob, "late", do="auto").content)["locked"] and Revision.objects.get(kind="aside").appeal == "late"
    assert b"readonly" in bob.get("/office/mailings/m/write/").content


def test_a_plain_letter_is_pasted_confirmed_and_made(bob: Client, petition: ActionId, now: datetime) -> None:  # noqa: F811
    entered(petition, "pause", now)
    given = {"text": PASTED, "subject": "The pause, again", "sender": "lucia", "action": "p", "language": "en"}
    page = bob.post("/office/mailings/paste/", {**given, "do": "read"}).content.decode()
    assert page.count('name="is"') == 6 and "Tell the firm to make it last." in page and "Recognised: please confirm" in page
    answer = bob.post("/office/mailings/paste/", {**given, "do": "make", "is": ["0", "1", "2", "3", "4"], "cite-note-1": "pause"})
    assert answer["Location"].endswith("/office/mailings/the-pause-again/write/")
    appeal = text_of("the-pause-again")
    assert "[^pause]" in appeal and appeal.count("::: ask") == 1 and "The firm must end it today." in appeal
    again = bob.post("/office/mailings/paste/", {**given, "do": "make"})
    assert again.status_code == 422 and b"Tell the firm" in again.content, "the name is taken, and nothing typed is lost"
    assert bob.post("/office/mailings/new/", {"subject": "Blank: one", "sender": "lucia", "action": "p"}).status_code == 302
    assert text_of("blank-one").startswith("---\nsubject: Blank: one\n")
    assert bob.post("/office/mailings/new/", {"subject": "", "sender": "lucia", "action": "p"}).status_code == 422


def test_a_split_test_is_set_up_judged_and_shown(bob: Client, petition: ActionId, now: datetime, home: Path) -> None:  # noqa: F811
    for n in range(60):
        supporter(now, f"p{n}@example.org")
    drafted(petition, now)
    operations.keep_sender(slug="omar", **{**{f.name: getattr(SenderProfile.objects.get(), f.name) for f in SenderProfile._meta.fields
                                              if f.name not in ("id", "slug")}, "name": "Omar"})  # fmt: skip
    do = "/office/mailings/m/ways/"
    assert b"This way is like A" in bob.post(do, {"do": "keep"}).content
    bob.post(do, {"do": "keep", "subject": "Better: news"})
    bob.post(do, {"do": "keep", "sender": "omar"})
    bob.post(do, {"do": "keep", "appeal": APPEAL.format("Its own").replace("Words.", "Other words.")})
    bob.post(do, {"do": "drop", "name": "C"})
    assert bob.post(do, {"do": "rules", "share": "x", "least": "5", "hours": "4"}).status_code == 422
    bob.post(do, {"do": "rules", "share": "50", "least": "5", "hours": "2"})
    typed(bob, text_of().replace("Words.", "Changed words."))
    found = queries.detail("m")
    assert found and found.test and [way.name for way in found.test.ways] == ["B", "D"] and found.test.share == 50
    assert b"Changed words." in bob.get("/office/mailings/m/as/named/letter/?way=B").content
    assert b"Subject: Better: news" in bob.get("/office/mailings/m/as/named/letter/?way=B&part=text").content
    letter_a = operations.start(mailing_id=found.id, now=now)
    assert b"on its way" in bob.post(do, {"do": "drop", "name": "B"}).content
    letters = dict(queries.detail("m").letters)  # type: ignore[union-attr]
    for letter_id in letters.values():
        sent(letter_id, home, now)
    row = Delivery.objects.filter(letter_id=letters["B"]).first()
    assert row
    signed(petition, PersonRef(row.person_id), now, row.pk)
    page = bob.get("/office/mailings/m/").content.decode()
    assert "95 times of 100" in page and "%</td>" in page and "the rest gets B" in page and "1 confirmed signature of" in page
    before = Delivery.objects.filter(letter_id=letters["B"]).count()
    bob.post("/office/mailings/m/do/", {"do": "way", "name": "B"})
    assert Delivery.objects.filter(letter_id=letters["B"]).count() > before and letter_a == letters["A"]
    assert "chosen by hand" in bob.get("/office/mailings/m/").content.decode()


def test_a_picture_travels_in_the_letter_and_says_nothing_of_the_camera(
    bob: Client,
    petition: ActionId,  # noqa: F811
    now: datetime,
    home: Path,
) -> None:
    drafted(petition, now)
    file = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Secret Camera"
    Image.new("RGB", (3000, 1500), "#8a1c3b").save(file, "JPEG", exif=exif, quality=100)
    assert b"Secret Camera" in file.getvalue()
    do = "/office/mailings/m/pictures/"
    assert b"No file was chosen" in bob.post(do, {"name": "crowd"}).content
    assert b"no picture that mail shows" in bob.post(do, {"name": "crowd", "file": io.BytesIO(b"<svg/>")}).content
    bob.post(do, {"name": "The Crowd", "file": io.BytesIO(file.getvalue())})
    assert b"cid:the-crowd" in bob.get(do).content
    typed(bob, text_of().replace("Words.", "![A crowd](cid:the-crowd)"))
    assert b'src="data:image/jpeg;base64,' in bob.get("/office/mailings/m/as/named/letter/").content
    supporter(now, "ada@example.org")
    (got,) = sent(operations.start(mailing_id=queries.detail("m").id, now=now), home, now).got  # type: ignore[union-attr]
    (part,) = [each for each in email.message_from_bytes(got.data).walk() if each.get_content_type() == "image/jpeg"]
    data = part.get_payload(decode=True)
    assert isinstance(data, bytes) and b"Secret" not in data and part["Content-ID"] == "<the-crowd>"
    assert Image.open(io.BytesIO(data)).size == (1200, 600)
    assert b"has begun" in bob.post(do, {"name": "late", "file": io.BytesIO(file.getvalue())}).content


def test_a_sender_profile_is_made_and_says_what_is_missing(bob: Client, now: datetime) -> None:
    do, given = "/office/mailings/senders/", {
        "name": "Lucía", "team": "and all", "organisation": "Common Ground", "from_address": "l@news.example.org",
        "reply_to": "r@news.example.org", "postal_address": "1 St", "why": "You asked.", "privacy_url": "https://act.example.org/p",
    }  # fmt: skip
    for name, wrong, words in (
        ("postal_address", " ", "“Postal address” is empty"), ("from_address", "nobody", "no mail address"),
        ("from_address", "x@gmail.com", "forgery"), ("privacy_url", "ftp:x", "no web address"), ("list_id", "a list", "like a domain"),
    ):  # fmt: skip
        answer = bob.post(do, {**given, name: wrong})
        assert answer.status_code == 422 and words in answer.content.decode() and 'value="Common Ground"' in answer.content.decode()
    assert not SenderProfile.objects.exists()
    assert bob.post(do, given).status_code == 302
    made = SenderProfile.objects.get()
    assert (made.slug, made.list_id, made.feedback_id) == ("lucia", "list.news.example.org", "commonground")
    bob.post(f"{do}lucia/", {**given, "team": "and friends"})
    assert SenderProfile.objects.get().team == "and friends" and bob.get(f"{do}nobody/").status_code == 404
    assert with_rights("ed", "Editors").get(do).status_code in (302, 403)


def test_a_series_is_made_checked_and_taken_apart(bob: Client, petition: ActionId, now: datetime) -> None:  # noqa: F811
    given = {"series": "welcome", "position": "0", "days": "3", "condition": "unsigned", "sender": "lucia", "action": "p"}
    assert b"no subject" in bob.post("/office/mailings/series/step/", {**given, "do": "look", "appeal": "x"}).content
    assert bob.post("/office/mailings/series/step/", {**given, "appeal": "x"}).status_code == 422
    assert bob.post("/office/mailings/series/step/", {**given, "appeal": APPEAL.format("Welcome")}).status_code == 302
    assert b"already" in bob.post("/office/mailings/series/step/", {**given, "appeal": APPEAL.format("Welcome")}).content
    page = bob.get("/office/mailings/series/").content.decode()
    assert "Step 0: Welcome" in page and "3 days after joining" in page and "if they have not signed" in page
    bob.post("/office/mailings/series/welcome/0/", {**given, "days": "4", "appeal": APPEAL.format("Welcome")})
    assert series.steps("welcome")[0].days == 4
    bob.post("/office/mailings/series/welcome/0/remove/")
    assert series.steps() == [] and bob.get("/office/mailings/series/welcome/0/").status_code == 404


def test_signatures_are_counted_by_the_place_of_the_ask(bob: Client, petition: ActionId, now: datetime, home: Path) -> None:  # noqa: F811
    from groundswell.actions.models import Signature

    persons = [supporter(now, f"p{n}@example.org") for n in range(3)]
    mailing = drafted(petition, now)
    typed(bob, text_of() + "\n::: ask\nAgain\n:::\n\n::: ps\nOnce more\n:::\n")
    letter_id = operations.start(mailing_id=mailing, now=now)
    sent(letter_id, home, now)
    rows = dict(Delivery.objects.filter(letter_id=letter_id).values_list("person_id", "pk"))
    for person, place in zip(persons, ("body-1", "ps", "ps"), strict=True):
        signed(petition, person, now + timedelta(hours=1), rows[person])
        Signature.objects.filter(person_id=person).update(position=place)
    text = re.sub(r"\s+", " ", bob.get("/office/mailings/m/").content.decode())
    assert "3 confirmed signatures of 3 letters" in text
    for place, count in (("Ask 1", 1), ("Ask 2", 0), ("P.S.", 2)):
        assert f'<th scope="row">{place}</th><td>{count}</td><td>{count}</td>' in text
    assert b"How it goes" in bob.get("/office/mailings/m/pulse/").content


def test_a_test_goes_to_the_seed_list(
    bob: Client,
    petition: ActionId,  # noqa: F811
    now: datetime,
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    relay = Relay()
    monkeypatch.setattr("groundswell.office.mailings.life.transport", lambda: relay)
    monkeypatch.setattr("groundswell.office.mailings.life.post_office", lambda: office(home))
    drafted(petition, now)
    Account.objects.filter(username="bob").update(email="bob@example.org")
    Account.objects.create_user(username="cy", email="cy@example.org", password=None)
    page = bob.get("/office/mailings/m/").content.decode()
    assert "bob (you)" in page and "cy@example.org" not in page
    numbers = list(Account.objects.exclude(email="").values_list("pk", flat=True))
    bob.post("/office/mailings/m/do/", {"do": "test", "to": numbers, "addresses": "third@example.org"})
    assert sorted(envelope.rcpt_to for envelope in relay.got) == ["bob@example.org", "cy@example.org", "third@example.org"]


def test_saving_writes_no_layout_that_nobody_chose_and_tells_the_window_of_one_that_was(
    bob: Client,
    petition: ActionId,  # noqa: F811
    now: datetime,
) -> None:
    drafted(petition, now)
    before = text_of()
    assert "appeal" not in typed(bob, before.replace("\n", "\r\n"), do="auto", layout="plain").json()
    assert text_of() == before
    told = typed(bob, before, do="auto", layout="header").json()
    assert told["appeal"] == text_of() and "\nlayout: header\n---\n" in told["appeal"]
