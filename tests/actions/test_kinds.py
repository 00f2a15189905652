"""What each kind of action takes, does once, counts, shows and takes back."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from groundswell.actions import choosing, queries
from groundswell.actions import operations as actions
from groundswell.actions.acting import closing, deeds, places, sending
from groundswell.actions.acting.kinds import KINDS, act_of, setting_of
from groundswell.actions.models import Deed, Signature
from groundswell.actions.own import withdraw_all
from groundswell.basics.ids import PersonRef
from groundswell.basics.result import Refused
from groundswell.campaigns import operations as campaigns
from groundswell.intake.operations import reopen
from groundswell.mailings.audiences import queries as audiences
from groundswell.mailings.models import Proposal
from groundswell.people import operations as people
from groundswell.people.rights import gathered
from groundswell.post.models import Delivery, Letter, State
from tests.actions.world import AS_IT_STOOD, SETTINGS, World

pytestmark = pytest.mark.django_db
Make = Callable[..., World]


@pytest.fixture
def make(home: Path, now: datetime) -> Make:
    return lambda kind, **setting: World(home, now, kind, **setting)


def outcomes() -> list[str]:
    return sorted(Deed.objects.values_list("outcome", flat=True))


def test_a_setting_is_whole_or_refused() -> None:
    for kind in KINDS[1:]:
        with pytest.raises(Refused):
            setting_of(kind, {})
        kept = setting_of(kind, SETTINGS[kind])
        assert setting_of(kind, kept) == kept and act_of(kind, kept) == act_of(kind, SETTINGS[kind])
    for kind, wrong in (
        ("letter", {"subject": "a", "text": "b", "offices": [{"name": "x", "address": "no address"}]}),
        ("call", {"script": "a", "offices": [{"name": "x", "address": "call me"}]}),
        ("call", {"script": "a", "offices": [{"name": "x", "address": "+1 202 555 0100", "places": ["nowhere at all"]}]}),
        ("event", {**SETTINGS["event"], "zone": "Mars/Olympus"}), ("event", {**SETTINGS["event"], "ends": "2026-12-05T13:00:00"}),
        ("dance", {}),
    ):  # fmt: skip
        with pytest.raises(Refused):
            setting_of(kind, wrong)


def test_a_place_finds_its_own_representative() -> None:
    table = [(("GB",), "country"), (("GB SW1", "GB SW3"), "narrow"), ((), "all"), (("US WA",), "state"), (("GB SW",), "wide")]

    def of(country: str, region: str = "", area: str = "") -> str | None:
        return places.chosen(table, country=country, region=region, area=area)

    assert [of("GB", area="SW1A"), of("GB", area="SW9"), of("GB", area="N1"), of("gb")] == ["narrow", "wide", "country", "country"]
    assert [of("US", region="wa"), of("US", region="NY"), of("DE", area="SW1")] == ["state", "all", "all"]
    assert places.chosen(table[:2], country="FR", region="", area="") is None


def test_a_call_is_counted_with_how_it_went_and_may_be_made_again(make: Make) -> None:
    world = make("call")
    page = world.page()
    assert 'href="tel:+12025550100"' in page and "Please &lt;b&gt;end&lt;/b&gt; it." in page and "Count my call" in page
    assert world.do().status == 422 and b"Please say how it went." in world.do(note="<i>no</i>").body
    assert b"<i>no" not in world.do(note="<i>no</i>").body and world.do(outcome="maybe", whom="1").status == 422
    kept = world.do(whom="1", note="No “answer”", outcome="", email="x")
    assert b'<option value="1" selected>' in kept.body and "No “answer”".encode() in kept.body
    assert world.do(outcome="voicemail", whom="0", note="They were <kind>").status == 303
    assert world.do(outcome="reached", whom="1").status == 303
    world.apply()
    view = world.view()
    assert (view.count, view.tally) == (1, {"reached": 1, "voicemail": 1})
    assert dict(deeds.by_whom(world.action)) == {"Rep. Washington": {"voicemail": 1}, "Rep. Anybody": {"reached": 1}}
    assert "2 calls so far. 1 of them reached somebody." in world.page()
    row = Deed.objects.get(outcome="voicemail")
    assert row.words and b"kind" not in bytes(row.words)
    assert gathered(PersonRef(row.person_id))["deeds"][0]["words"] == "They were <kind>"
    world.apply()
    assert Deed.objects.count() == 2, "what was applied is applied once"


def test_pressing_twice_is_one_call(make: Make) -> None:
    world = make("call")
    now = world.now
    for _ in range(3):
        world.now = now
        assert world.do(outcome="reached", whom="0").status == 303
    world.apply()
    assert Deed.objects.count() == 1


def test_who_comes_by_a_letter_is_known_and_asked_what_is_missing(make: Make) -> None:
    world = make("call")
    person, token = world.reader()
    page = world.page(query=f"t={token}")
    assert "You are <strong>B…" in page and 'name="outcome"' in page and "%%" not in page
    again = world.do_by_letter(token, note="a “note” <x>")
    assert (
        again.status == 422
        and "how it went" in again.body.decode()
        and "&lt;x&gt;" in again.body.decode()
        and b"%%" not in again.body
    )
    assert world.do_by_letter(token, outcome="no-answer", whom="0").status == 303
    world.apply()
    assert Deed.objects.get().person_id == person and queries.has_signed(world.action, person)


def test_the_audience_knows_who_did_and_who_did_not(make: Make) -> None:
    world = make("call")
    world.do(outcome="reached", whom="0", consent="yes")
    world.do(email="bea@example.org", consent="yes", outcome="reached", whom="0")
    world.apply()
    person = PersonRef(Deed.objects.order_by("at")[0].person_id)
    assert audiences.explain({"include": {"signed": "do-it"}}, now=world.now).eligible == 2
    assert audiences.in_words({"include": {"not": {"signed": "do-it"}}}) == "People who have not called for “Do <it>”."
    actions.withdraw(petition_id=world.action, person=person)
    assert audiences.explain({"include": {"signed": "do-it"}}, now=world.now).eligible == 1
    assert audiences.explain({"include": {"not": {"signed": "do-it"}}}, now=world.now).eligible == 1


def test_a_letter_from_ones_own_mail_program_is_reported_with_its_words(make: Make) -> None:
    world = make("letter")
    page = world.page()
    assert re.search(r'href="mailto:office0@example.org\?subject=End%20it%2C%20please&amp;body=Dear%20%3CRep%3E', page)
    assert "Dear &lt;Rep&gt;" in page and 'form="act"' in page and "I have sent it" in page
    world.do(subject="End it, please", letter="Dear <Rep>,\r\n\r\nplease end it.\r\n\r\nYours,", whom="0")
    world.do(email="bea@example.org", subject="Mine", letter="My own words", whom="1")
    world.apply()
    assert outcomes() == ["sent", "sent"] and world.view().count == 2
    same, own = Deed.objects.order_by("at")
    assert same.words is None and own.words, "only words of their own are kept"


def test_we_send_only_what_is_surely_theirs_and_say_plainly_who_sees_what(make: Make) -> None:
    world = make("send")
    sending.name_recipient(petition_id=world.action, name="Rep. Washington", role="", address="wa@senate.example", places=["US 98"],
                           staff_id=None, now=world.now)  # fmt: skip
    page = world.page()
    assert "sees my name and my e-mail address" in page and "Dear &lt;Rep&gt;" in page and "senate.example" not in page
    assert 'name="reveal" value="yes" required' in page and not re.search(r'name="reveal"[^>]*checked', page)
    for missing in ({}, {"reveal": "yes"}, {"letter": "x", "reveal": "yes", "name": ""}):
        assert world.do(**{"subject": "S", **missing}).status == 422
    answer = world.do(subject="Mine", letter="My own words.\r\n\r\nGood bye", reveal="yes")
    assert dict(answer.all_headers())["location"] == "/a/do-it/confirm"
    world.apply()
    assert world.follow() == [] and Signature.objects.get().state == "unconfirmed", "nobody writes in another's name"
    world.confirm(PersonRef(Signature.objects.get().person_id))
    (letter_id,) = world.follow()
    assert world.follow() == [] and outcomes() == ["handed"]
    deed = Deed.objects.get()
    assert "sees my name" in deed.agreed and deed.whom == "Rep. Washington"
    kept = str(Letter.objects.get(pk=letter_id).content)
    assert "Lovelace" not in kept and "ada@" not in kept and "own words" not in kept, "the books hold neither words nor writer"


def test_a_letter_taken_back_does_not_leave(make: Make) -> None:
    world = make("send")
    sending.name_recipient(
        petition_id=world.action, name="R", role="", address="r@senate.example", places=[], staff_id=None, now=world.now
    )
    person, token = world.reader()
    world.do_by_letter(token, **AS_IT_STOOD, reveal="yes")
    world.apply()
    (letter_id,) = world.follow()
    sending.stop_of(person=person, petition_id=world.action, now=world.now)
    assert actions.withdraw(petition_id=world.action, person=person)
    row = Delivery.objects.get(letter_id=letter_id)
    assert (row.state, row.reason) == (State.WITHHELD, "taken back by its writer") and Deed.objects.get().words is None


def test_letters_go_by_place_at_a_pace_and_never_to_who_refuses_them(make: Make) -> None:
    world = make("send", per_hour=2)
    name = lambda label, box, where: sending.name_recipient(  # noqa: E731
        petition_id=world.action, name=label, role="", address=box, places=where, staff_id=None, now=world.now)  # fmt: skip
    name("Washington", "wa@senate.example", ["US WA"])
    tokens = [world.reader(f"w{at}@example.org", f"W{at} Ng") for at in range(3)]
    for _, token in tokens:
        world.do_by_letter(token, **AS_IT_STOOD, reveal="yes")
    world.apply()
    assert world.follow() == [] and outcomes() == ["nobody"] * 3
    recipient = name("Everybody", "all@senate.example", [])
    assert len(world.follow()) == 3, "once there is somebody, what waited goes"
    dues = sorted(Delivery.objects.filter(letter__kind="outreach").values_list("due_at", flat=True))
    assert [later - earlier for earlier, later in pairwise(dues)] == [timedelta(minutes=30)] * 2
    whom = next(whom for whom in sending.recipients(world.action) if whom.id == recipient)
    people.suppress_person(person=whom.person, reason="hard bounce", source="test", now=world.now)
    _, token = world.reader("w9@example.org", "W9 Ng")
    world.do_by_letter(token, **AS_IT_STOOD, reveal="yes")
    world.apply()
    (letter_id,) = world.follow()
    assert Delivery.objects.get(letter_id=letter_id).state == State.WITHHELD and "withheld" in outcomes()
    for wrong in (("", "a@b.example", []), ("x", "no", []), ("x", "a@b.example", ["Atlantis is far"])):
        with pytest.raises(Refused):
            name(*wrong)
    assert sending.drop_recipient(recipient_id=recipient, staff_id=None, now=world.now)
    assert not Delivery.objects.filter(letter__kind="outreach", state=State.READY).exists()


def test_a_pledge_ends_when_the_promise_is_kept(make: Make) -> None:
    world = make("pledge")
    campaigns.commit(campaign_id=world.campaign, title="The pause", slug="the-pause", now=world.now)
    assert "I pledge this until they end it in writing." in world.page() and "Hand me over without my name" in world.page()
    world.do()
    world.apply()
    assert outcomes() == ["pledged"] and world.view().count == 1
    entry = {"kind": "pledge", "actor": "T", "subject": "ends it", "summary": "It ended.", "certainty": "found", "commitment": "the-pause",
             "sources": [{"publisher": "P", "title": "T", "url": "https://p.example.org/1"}]}  # fmt: skip
    campaigns.enter(
        campaign_id=world.campaign, entry={**entry, "key": "made", "dated": "2020-06-10", "bearing": "makes"}, now=world.now
    )
    assert closing.close_kept(now=world.now) == [] and not world.view().closed
    campaigns.enter(
        campaign_id=world.campaign, entry={**entry, "key": "kept", "dated": "2026-11-01", "bearing": "keeps"}, now=world.now
    )
    world.publish()
    page = world.page()
    assert world.view().closed == "They kept it: “The pause”. Thank you." and "They kept it" in page and "<form" not in page
    assert Proposal.objects.filter(reason="thanks").count() == 1, "a thank-you letter is proposed, and sent by a person only"
    assert dict(world.do(email="late@example.org").all_headers())["location"] == "/a/do-it"
    world.apply()
    assert world.view().count == 1 and closing.close_kept(now=world.now) == []
    assert closing.reopen(petition_id=world.action) and not closing.reopen(petition_id=world.action)


def test_seats_go_in_order_and_a_seat_given_up_goes_to_who_waits(make: Make) -> None:
    world = make("event")
    page = world.page()
    assert "2 of 2 seats are free." in page and "Saturday, 5 December 2026, 14:00 – 16:00 (EST)" in page
    readers = [world.reader(f"p{at}@example.org", f"P{at} Ng") for at in range(3)]
    for _, token in readers:
        assert world.do_by_letter(token).status == 303
    world.apply()
    assert outcomes() == ["coming", "coming", "waiting"] and "All 2 seats are taken." in world.page()
    world.follow()
    assert world.follow() == [], "everybody is told once"
    told = sorted(
        str(subject[0])[:14] for subject in Letter.objects.filter(kind="event").values_list("content__subject", flat=True)
    )
    assert told == ["You are coming", "You are on the"] and not Letter.objects.filter(kind="thanks").exists()
    given_up = world.do_by_letter(readers[0][1], "/give-up")
    assert given_up.status == 200 and "Your seat is free for somebody else" in given_up.body.decode()
    world.apply()
    assert Deed.objects.get(person_id=readers[2][0]).outcome == "coming" and world.view().count == 2
    (letter_id,) = world.follow()
    assert Delivery.objects.filter(letter_id=letter_id, person_id=readers[2][0]).exists() and world.follow() == []
    assert deeds.people_of(world.action, ["coming"]) == [readers[1][0], readers[2][0]]
    world.now = datetime.fromisoformat("2026-12-04T20:00:00+00:00")
    (reminder,) = world.follow()
    assert Delivery.objects.filter(letter_id=reminder).count() == 2 and world.follow() == []
    moved = {**SETTINGS["event"], "place": "The other hall"}
    actions.reword(petition_id=world.action, title="Do <it>", text="x", setting=moved, now=world.now)
    (letter_id,) = world.follow()
    assert "It has moved" in str(Letter.objects.get(pk=letter_id).content["subject"]) and world.follow() == [], "told once"
    assert Delivery.objects.filter(letter_id=letter_id).count() == 2
    actions.reword(petition_id=world.action, title="Do <it>", text="x", setting={**moved, "cancelled": True}, now=world.now)
    world.publish()
    assert "This event is cancelled." in world.page() and "STATUS:CANCELLED" in world.page("/event.ics")
    (cancelled,) = world.follow()
    assert Delivery.objects.filter(letter_id=cancelled).count() == 2 and world.follow() == []
    world.now = datetime.fromisoformat("2026-12-05T22:00:00+00:00")
    world.follow()
    world.publish()
    assert 'class="over"' in world.page() and "<form" not in world.page()


def test_the_calendar_file_is_one_that_calendars_read(make: Make) -> None:
    world = make("event", place="Tøwn Hall, first floor; " + "é" * 60)
    answer = world.ask("GET", "/event.ics")
    assert dict(answer.all_headers())["content-type"].startswith("text/calendar")
    lines = answer.body.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines) and lines[-1] == b""
    text = answer.body.decode().replace("\r\n ", "")
    assert "DTSTART:20261205T190000Z\r\n" in text and "DTEND:20261205T210000Z\r\n" in text and "SUMMARY:Do <it>" in text
    assert "LOCATION:Tøwn Hall\\, first floor\\; " + "é" * 60 in text and text.startswith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")


def test_taking_back_and_being_forgotten_take_the_words_too(make: Make) -> None:
    world = make("call")
    world.do(outcome="reached", whom="0", note="secret")
    world.do(email="bea@example.org", outcome="reached", whom="0", note="secret")
    world.apply()
    ada, bea = (PersonRef(pk) for pk in Deed.objects.order_by("at").values_list("person_id", flat=True))
    withdraw_all(person=ada)
    assert actions.forget_words(persons=[bea]) >= 1
    assert not Deed.objects.filter(words__isnull=False).exists() and world.view().tally == {"reached": 1}
    assert gathered(ada)["deeds"][0]["outcome"] == "reached"


def test_only_petitions_and_pledges_are_handed_over_by_name(make: Make) -> None:
    world = make("call")
    with pytest.raises(Refused):
        choosing.tally(choosing.Choice(world.action))
    assert "not handed over" in world.page()


def test_a_long_letter_is_kept_whole(make: Make) -> None:
    world = make("letter")
    words = "Every word counts. " * 300
    world.do(subject="S", letter=words, whom="0")
    world.apply()
    row = Deed.objects.get()
    assert gathered(PersonRef(row.person_id))["deeds"][0]["words"] == f"S\n\n{words.strip()}"


def test_a_crowd_is_applied_once_however_often_the_journal_is_read(make: Make) -> None:
    world = make("call")
    for at in range(40):
        assert world.do(email=f"c{at % 30}@example.org", outcome=("reached", "voicemail")[at % 2], whom="0").status == 303
    world.apply()
    before = (world.view().count, dict(world.view().tally))
    assert before == (30, {"reached": 20, "voicemail": 20})
    assert reopen(folder=world.journal_folder) >= 1
    world.apply()
    assert (world.view().count, dict(world.view().tally)) == before and Deed.objects.count() == 40


def test_where_nobody_is_named_a_letter_goes_to_the_targets_contact(make: Make) -> None:
    world = make("send")
    person, token = world.reader()
    world.do_by_letter(token, **AS_IT_STOOD, reveal="yes")
    world.apply()
    assert world.follow() == [] and outcomes() == ["nobody"]
    campaigns.keep_contact(target_slug="t", email="press@target.example", why="their own page", staff_id=None, now=world.now)
    (letter_id,) = world.follow()
    assert Deed.objects.get(person_id=person).whom == "T <b>"
    assert Delivery.objects.get(letter_id=letter_id).person_id != person


def test_a_letter_that_was_passed_on_lets_nobody_write_in_its_readers_name(make: Make) -> None:
    world = make("send")
    sending.name_recipient(
        petition_id=world.action, name="R", role="", address="r@senate.example", places=[], staff_id=None, now=world.now
    )
    person, token = world.reader()
    answer = world.do_by_letter(token, subject="End it, please", letter="Words of somebody else", reveal="yes")
    assert dict(answer.all_headers())["location"] == "/a/do-it/confirm"
    world.do_by_letter(token, **AS_IT_STOOD, reveal="yes")
    world.apply()
    world.ask("POST", "/confirm", f"t={token}".encode())
    world.apply()
    assert world.follow() == [] and outcomes() == ["to confirm"], (
        "neither at once, nor by pressing again, nor by confirming with it"
    )
    assert "Is this your letter?" in str(Letter.objects.get(kind="confirm").content["subject"])
    world.confirm(person)
    assert len(world.follow()) == 1 and outcomes() == ["handed"], "only its reader can let it go, from their own mailbox"
