"""Writing together: nothing typed is lost, who was second is told, and a pasted letter becomes what a person confirmed."""

from datetime import date, datetime, timedelta

import pytest

from groundswell.actions import queries as signatures
from groundswell.basics.ids import ActionId, MailingId
from groundswell.basics.result import Refused
from groundswell.campaigns import operations as campaigns
from groundswell.engine.message import SourceNote
from groundswell.mailings import approval, operations, queries, scheduling
from groundswell.mailings.composing import choosing, looking, passages, pasting, saving, texts
from groundswell.mailings.models import Mailing, Revision
from groundswell.staff import notices
from groundswell.staff.models import Account
from tests.engine.test_form import PASTED
from tests.mailings.test_life import SENDER, drafted, petition  # noqa: F401 (a fixture)
from tests.people.test_people import supporter

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)


@pytest.fixture
def alice() -> int:
    return int(Account.objects.create_user(username="alice", password=None).pk)


@pytest.fixture
def bob() -> int:
    return int(Account.objects.create_user(username="bob", password=None).pk)


def text_of(slug: str = "m") -> str:
    return Mailing.objects.get(slug=slug).appeal


def save(mailing: MailingId, text: str, base: int, staff: int | None, now: datetime, auto: bool = False) -> saving.Saved:
    return saving.save(mailing_id=mailing, appeal=text, base=base, staff_id=staff, auto=auto, now=now)


def entered(petition: ActionId, key: str, now: datetime, **more: object) -> None:  # noqa: F811
    source = {"publisher": "The Paper", "title": "Acme prolongs its pause", "url": "https://paper.example/1", "dated": "2026-05-18"}
    campaigns.enter(
        campaign_id=signatures.petition(petition).campaign_id, now=now,
        entry={"key": key, "dated": "2026-05-18", "kind": "pledge", "actor": "Acme", "subject": "A pause", "summary": "It paused.",
               "certainty": "found", "sources": [source], **more},
    )  # fmt: skip


def test_what_one_person_types_is_kept_step_by_step(petition: ActionId, now: datetime, alice: int) -> None:  # noqa: F811
    mailing = drafted(petition, now, staff_id=alice)
    first = text_of()
    edition = save(mailing, first + "a", 1, alice, now, auto=True).edition
    edition = save(mailing, first + "ab", edition, alice, now + timedelta(minutes=1), auto=True).edition
    assert [row.appeal for row in Revision.objects.all()] == [first + "ab", first], "one revision grows while she types"
    edition = save(mailing, "oh", edition, alice, now + timedelta(minutes=2), auto=True).edition
    assert first + "ab" not in ("oh",) and Revision.objects.count() == 2  # a short text: two hundred characters were not lost
    long = first + "words " * 100
    edition = save(mailing, long, edition, alice, now + timedelta(minutes=3)).edition
    edition = save(mailing, "all gone", edition, alice, now + timedelta(minutes=4), auto=True).edition
    assert long in {row.appeal for row in Revision.objects.all()}, "a slip of the hand can be taken back"
    kept = Revision.objects.get(appeal=long)
    assert saving.restore(revision_id=kept.pk, base=edition, staff_id=alice, now=now).changed and text_of() == long
    assert not save(mailing, long.replace("\n", "\r\n"), edition + 1, alice, now).changed, "browsers send other line ends"


def test_who_saves_second_is_told_and_loses_nothing(petition: ActionId, now: datetime, alice: int, bob: int) -> None:  # noqa: F811
    mailing = drafted(petition, now, staff_id=alice)
    assert save(mailing, text_of() + "Alice’s end", 1, alice, now).edition == 2
    second = save(mailing, "Bob’s text", 1, bob, now + timedelta(minutes=1))
    assert second.clash and second.clash_by == "alice" and second.clash_at == now and second.theirs.endswith("Alice’s end")
    assert text_of().endswith("Alice’s end")
    assert save(mailing, "Bob’s text, longer", 1, bob, now + timedelta(minutes=2), auto=True).clash
    (aside,) = Revision.objects.filter(kind="aside")
    assert aside.appeal == "Bob’s text, longer" and aside.saved_by_id == bob
    assert save(mailing, "Both together", second.edition, bob, now).edition == 3
    assert [view.by for view in looking.revisions("m")] == ["bob", "bob", "alice", "alice"]


def test_a_letter_on_its_way_keeps_its_text_and_the_writer_theirs(petition: ActionId, now: datetime, alice: int) -> None:  # noqa: F811
    supporter(now, "ada@example.org")
    mailing = drafted(petition, now)
    before = text_of()
    scheduling.schedule(mailing_id=mailing, at=None, now=now)
    with pytest.raises(Refused, match="is scheduled"):
        save(mailing, "late", 1, alice, now)
    assert text_of() == before and Revision.objects.get(kind="aside").appeal == "late"
    operations.start(mailing_id=mailing, now=now)
    with pytest.raises(Refused, match="has begun"):
        save(mailing, "later", 1, alice, now)


def test_the_last_writer_does_not_approve_and_a_change_unseen_is_not_approved(
    petition: ActionId,  # noqa: F811
    now: datetime,
    alice: int,
    bob: int,
) -> None:
    mailing = drafted(petition, now, staff_id=alice)
    approval.ask(mailing_id=mailing, staff_id=alice, now=now)
    approval.ask(mailing_id=mailing, staff_id=alice, now=now)
    (told,) = [each for each in notices.unread() if "second person" in each.subject]
    assert told.link == "/office/mailings/m/" and told.times == 2
    found = queries.detail("m")
    assert found and found.asked and found.writer_id == alice
    save(mailing, text_of() + "Bob’s comma", 1, bob, now)
    with pytest.raises(Refused, match="You wrote"):
        approval.approve(mailing_id=mailing, staff_id=bob, now=now)
    with pytest.raises(Refused, match="changed while you read"):
        approval.approve(mailing_id=mailing, staff_id=alice, seen=found.fingerprint, now=now)
    approval.approve(mailing_id=mailing, staff_id=alice, now=now)
    assert (done := queries.detail("m")) and done.approved and done.approved_by_id == alice
    Mailing.objects.filter(pk=mailing).update(definition={"include": {"language": ["en"]}})
    assert (other := queries.detail("m")) and not other.approved, "another audience is another letter to approve"
    Mailing.objects.filter(pk=mailing).update(definition=None)
    passages.keep_passage(campaign_id=signatures.petition(petition).campaign_id, key="scope", text="One.", fact_date=None, now=now)
    save(mailing, text_of() + "\n::: passage scope\n:::\n", 2, bob, now)
    approval.approve(mailing_id=mailing, staff_id=alice, now=now)
    passages.keep_passage(campaign_id=signatures.petition(petition).campaign_id, key="scope", text="Two.", fact_date=None, now=now)
    assert (last := queries.detail("m")) and not last.approved, "so is another text of a passage"


def test_the_front_matter_names_sender_and_action_and_counts(petition: ActionId, now: datetime) -> None:  # noqa: F811
    operations.keep_sender(slug="omar", **{**SENDER, "name": "Omar"})
    mailing = drafted(petition, now)
    save(mailing, texts.with_head(text_of(), "sender", "omar"), 1, None, now)
    choosing.choose(mailing_id=mailing, sender="lucia", audience=choosing.STANDARD)
    assert Mailing.objects.get().sender.slug == "omar"
    save(mailing, texts.with_head(text_of(), "sender", "nobody"), 2, None, now)
    (wrong,) = [remark.problem for remark in looking.composition("m", today=TODAY).errors]  # type: ignore[union-attr]
    assert wrong.code == "sender-unknown" and (wrong.line, wrong.column) == (3, 9) and "omar" in wrong.mend
    with pytest.raises(Refused):
        operations.start(mailing_id=mailing, now=now)
    with pytest.raises(Refused, match="no audience"):
        choosing.choose(mailing_id=mailing, audience="nobody")
    with pytest.raises(Refused, match="already"):
        choosing.begin(slug="m", appeal="", sender="lucia", action="p", staff_id=None, now=now)
    for slug in ("new", "no name", ""):
        with pytest.raises(Refused, match="name"):
            choosing.begin(slug=slug, appeal="", sender="lucia", action="p", staff_id=None, now=now)


def test_one_place_is_changed_and_the_rest_stays() -> None:
    appeal = "---\nsubject: S\n---\nHello.\n\nIt was so.\n\n::: ask\nDo it\n:::\n\n::: ps\nAgain\n:::\n"
    assert texts.with_head(appeal, "subject", "T: new\nx") == appeal.replace("subject: S", "subject: T: new x")
    assert texts.with_head(appeal, "layout", "header").startswith("---\nsubject: S\nlayout: header\n---\nHello")
    assert texts.with_head(appeal, "layout", "header", only_there=True) == appeal
    assert texts.with_reference(appeal, "a", 6) == appeal.replace("so.", "so.[^a]")
    assert texts.with_reference(appeal, "a", 8) == texts.with_reference(appeal, "a") == appeal.replace("so.", "so.[^a]")
    assert texts.with_block(appeal, "New.").endswith(":::\n\nNew.\n\n::: ps\nAgain\n:::\n")
    assert texts.cited_instead("a[^x] b[^x--2] c[^xy]", "x", "z") == "a[^z] b[^z] c[^xy]"
    assert [how for how, _ in texts.changes("a\nb\nc", "a\nx\nc")] == ["same", "gone", "new", "same"]


def test_the_text_part_can_be_taken_over_and_is_the_same_until_it_is_changed(petition: ActionId, now: datetime) -> None:  # noqa: F811
    entered(petition, "pause", now)
    mailing = drafted(petition, now)
    save(mailing, text_of().replace("Words.", "Words.[^pause]") + "\n::: ps\nOnce more\n:::\n", 1, None, now)
    before = looking.previewed("m", {"first_name": "Ada"})
    own = looking.generated_text("m")
    assert '{{ first_name | "Friend" }}' in own and own.count("[link]") == 2 and "[^pause]" in own and "Unsubscribe" not in own
    save(mailing, texts.with_block(text_of(), own), 2, None, now)
    after = looking.previewed("m", {"first_name": "Ada"})
    assert before and after and after[2] == before[2] and after[1] == before[1]


def test_a_passage_is_kept_once_and_grows_old(petition: ActionId, now: datetime) -> None:  # noqa: F811
    campaign = signatures.petition(petition).campaign_id
    key = passages.keep_passage(
        campaign_id=campaign, key="The Scope", text="It covers little.", fact_date=date(2026, 1, 1), now=now
    )
    assert key == "the-scope"
    save(drafted(petition, now), text_of().replace("Words.", "::: passage the-scope\n:::"), 1, None, now)
    found = looking.composition("m", today=TODAY)
    assert found and found.compiles
    (old,) = [remark for remark in found.advice if remark.problem.code == "passage-old"]
    assert old.words == "::: passage the-scope" and old.problem.line == 6
    assert "It covers little." in looking.previewed("m", {})[2]  # type: ignore[index]
    with pytest.raises(Refused):
        passages.keep_passage(campaign_id=campaign, key=" ", text="x", fact_date=None, now=now)


SOURCES = {
    "other": SourceNote("other", "The Example Post", "A storm is coming", "https://p.example/2", "2021-05-18"),
    "right": SourceNote("right", "Example Post", "The pause is prolonged", "https://p.example/1", "2021-05-18"),
    "copy": SourceNote("copy", "Elsewhere", "Pause prolonged, again", "https://e.example/1", "2020-01-01"),
}


def test_a_pasted_letter_is_what_a_person_confirmed() -> None:
    found = pasting.recognised(PASTED, SOURCES)
    assert [each.kind for each in found] == ["greeting", "footnote", "P.S.", "signature", "ask", "ask"]
    assert found[1].suggested == "right" and found[1].note == "note-1"
    every = [each.id for each in found]
    appeal = pasting.appeal_of(PASTED, subject="News", confirmed=every, cited={"note-1": "right"})
    assert "prolongs its pause.[^right]" in appeal and appeal.count("::: ask") == 2 and "::: ps\nAsk the firm" in appeal
    assert '{{ first_name | "Friend" }},' in appeal and "Ana and the rest" not in appeal
    nothing = pasting.appeal_of(PASTED, subject="News", confirmed=[], cited={})
    assert ":::" not in nothing and "{{" not in nothing and "[^" not in nothing
    words = " ".join(PASTED.replace("1. “", "1\\. “").split())
    assert sorted(" ".join(nothing.partition("---\n")[2].partition("---\n")[2].split()).split()) == sorted(words.split())
    some = pasting.appeal_of(PASTED, subject="", confirmed=[every[5]], cited={"note-1": "right"})
    assert some.count("::: ask") == 1 and "P.S. Ask the firm" in some


def test_a_draft_that_cites_what_was_corrected_is_flagged_and_mended_in_one_step(petition: ActionId, now: datetime) -> None:  # noqa: F811
    entered(petition, "pause", now)
    mailing = drafted(petition, now)
    save(mailing, text_of().replace("Words.", "Words.[^pause]"), 1, None, now)
    entered(petition, "pause-2", now, corrects="pause", summary="It paused for a year.")
    (flag,) = looking.composition("m", today=TODAY).flags  # type: ignore[union-attr]
    assert flag.key == "pause" and flag.url == "/office/mailings/m/write/" and looking.corrected_to("pause") == "pause-2"
    assert [source.key for source in looking.citable(petition, TODAY)] == ["pause-2"]
    save(mailing, texts.cited_instead(text_of(), "pause", "pause-2"), 2, None, now)
    assert looking.composition("m", today=TODAY).flags == ()  # type: ignore[union-attr]
