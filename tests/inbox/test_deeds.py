"""What comes back is acted on rightly, once, and never costs a living address."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from groundswell.inbox import sealing, spool
from groundswell.inbox.models import Forward, FullReport, Incoming, State
from groundswell.inbox.operations.apply import apply_due
from groundswell.inbox.operations.take import take
from groundswell.inbox.spool import Piece
from groundswell.letterbox.rules import Limits
from groundswell.people import queries as people
from groundswell.people import suppressions
from groundswell.people.models import Suppression
from groundswell.post import operations as post
from groundswell.post import slowdowns
from groundswell.post.models import Delivery
from groundswell.post.models import State as Row
from groundswell.staff import notices
from tests.inbox.world import DEAD, FULL, SPAM, World, answer, complaint, dead, dsn, holiday, spool_in

pytestmark = pytest.mark.django_db
ADA, BOB, CYD = "ada@example.org", "bob@example.org", "cyd@example.org"


@pytest.fixture
def world(now: datetime, home: Path) -> World:
    return World(now, home / "inbound").send_to(ADA, BOB, CYD)


def mailable(world: World) -> set[str]:
    return {address for address, person in world.people.items() if people.may_mail(person)}


def test_a_dead_address_is_not_written_to_again_and_its_row_says_so(world: World) -> None:
    row = dead(world, ADA)
    assert (row.state, row.kind, row.because, row.proven) == (State.APPLIED, "bounce", "address is dead", True)
    assert mailable(world) == {BOB, CYD} and world.state(ADA) == "bounced" and world.state(BOB) == "accepted"
    assert suppressions.reasons_of(world.people[ADA]) == {"hard_bounce"}
    assert row.sealed is None and "ada" not in row.words + row.outcome and "User unknown" in row.words


def test_the_same_mail_twice_is_one(world: World) -> None:
    first, second = dead(world, ADA), dead(world, ADA)
    assert first.pk == second.pk and Incoming.objects.count() == 1 and list(spool.waiting(world.folder)) == []


def test_a_token_touches_its_own_person_whoever_the_mail_names(world: World) -> None:
    to = world.bounce_address(ADA)
    world.comes_in(dsn(to, BOB, DEAD[0], DEAD[1].format(BOB)), to)
    assert mailable(world) == {BOB, CYD}, "an alias of Ada's, or a forgery with Ada's own token: never Bob"


def test_a_full_mailbox_is_forgiven_twice(world: World) -> None:
    for day in (0, 7, 14):
        assert mailable(world) == {ADA, BOB, CYD}
        to = world.bounce_address(BOB)
        mail = dsn(to, BOB, FULL[0], FULL[1].format(BOB)).replace("A1B2C3", f"A1B2C{day}")
        world.comes_in(mail, to, now=world.now + timedelta(days=day))
    assert mailable(world) == {ADA, CYD} and FullReport.objects.count() == 3 and world.state(BOB) == "bounced"


def test_full_three_times_in_a_year_is_no_reason(world: World) -> None:
    for day in (0, 100, 200):
        to = world.bounce_address(BOB)
        mail = dsn(to, BOB, FULL[0], FULL[1].format(BOB)).replace("A1B2C3", f"A1B2C{day}")
        world.comes_in(mail, to, now=world.now + timedelta(days=day))
    assert mailable(world) == {ADA, BOB, CYD}


def test_a_refusal_of_the_letter_costs_nobody_and_slows_the_provider(world: World) -> None:
    world.send_to("eve@gmail.com")
    to = world.bounce_address("eve@gmail.com")
    row = world.comes_in(dsn(to, "eve@gmail.com", *SPAM), to)
    assert mailable(world) == {ADA, BOB, CYD, "eve@gmail.com"} and row.state == State.APPLIED
    slowed = slowdowns.slowed(world.now)
    assert slowed["google"].factor == 0.25 and slowdowns.place_of("googlemail.com") == "google"
    assert [notice.subject for notice in notices.unread()] == ["Google refused a letter"]
    world.comes_in(dsn(world.bounce_address(ADA), ADA, *SPAM), world.bounce_address(ADA))
    place = slowdowns.place_of("example.org")
    assert place in slowdowns.slowed(world.now) and "example" not in place
    later = world.now + timedelta(hours=2)
    assert slowdowns.slow(domain="gmail.com", until=later + timedelta(hours=6), why="again", now=later).factor == 0.125
    assert slowdowns.release(place="google", now=later) and "google" not in slowdowns.slowed(later)
    assert slowdowns.slow(domain="gmail.com", until=later + timedelta(hours=9), why="again", now=later).factor == 0.25


def test_who_complains_gets_no_mail_at_all_and_no_thanks(world: World) -> None:
    world.send_to(CYD, state=Row.READY, key="thanks:y:en", kind="thanks")
    waiting = world.rows[CYD]
    world.send_to(CYD)
    to = world.bounce_address(CYD)
    row = world.comes_in(complaint(to, CYD), to)
    assert (row.kind, row.state) == ("feedback", State.APPLIED) and world.state(CYD) == "complained"
    assert mailable(world) == {ADA, BOB} and Delivery.objects.get(pk=waiting).state == Row.WITHHELD
    assert suppressions.reasons_of(world.people[CYD]) == {"complaint"}
    assert notices.unread()[0].subject == "Somebody complained about a letter"


@pytest.mark.parametrize(
    "headers",
    ["", "Auto-Submitted: auto-replied\nX-Apple-Unsubscribe: true\n", "Auto-Submitted: auto-replied\n"],
    ids=["by hand", "Apple's one tap", "any program's"],
)
def test_a_goodbye_by_mail_is_honoured_at_once_in_the_running_mailing_too(headers: str, world: World) -> None:
    world.send_to(ADA, state=Row.READY, key="mailing:next")
    next_row = world.rows[ADA]
    world.send_to(ADA)
    to = world.goodbye_address(ADA)
    row = world.comes_in(f"From: {ADA}\nTo: {to}\nSubject: unsubscribe\n{headers}\nunsubscribe\n", to)
    assert (row.kind, row.proven) == ("unsubscribe", True) and mailable(world) == {BOB, CYD}
    withheld = Delivery.objects.get(pk=next_row)
    assert (withheld.state, withheld.reason) == (Row.WITHHELD, "unsubscribed")


@pytest.mark.parametrize("word", ["STOP", "unsubscribe", "Abmelden", "désabonner", "darme de baja", "отписаться", "配信停止"])
def test_stop_in_a_reply_is_a_goodbye_in_many_languages(word: str, world: World) -> None:
    row = world.comes_in(answer("answers@news.example.org", BOB, world.message_id(BOB), word), "answers@news.example.org")
    assert (row.kind, row.proven) == ("unsubscribe", True) and mailable(world) == {ADA, CYD}


def test_stop_without_our_letter_is_known_by_its_address(world: World) -> None:
    row = world.comes_in(f"From: {ADA}\nTo: answers@news.example.org\nSubject: Re: letter\n\nSTOP\n", "")
    assert mailable(world) == {BOB, CYD} and row.state == State.APPLIED and not row.proven
    row = world.comes_in("From: nobody@example.org\nTo: answers@news.example.org\nSubject: Re: letter\n\nSTOP\n", "")
    assert row.state == State.KEPT and "nobody here" in row.outcome


def test_somebody_on_holiday_stays(world: World) -> None:
    row = world.comes_in(holiday(world.bounce_address(ADA), ADA), world.bounce_address(ADA))
    assert (row.kind, row.state) == ("vacation", State.DROPPED) and mailable(world) == {ADA, BOB, CYD}
    assert Forward.objects.count() == 0 and world.state(ADA) == "accepted"


def test_a_delay_changes_nothing(world: World) -> None:
    to = world.bounce_address(ADA)
    world.comes_in(dsn(to, ADA, "4.4.1", "451 4.4.1 connection timed out", "delayed"), to)
    assert world.state(ADA) == "accepted" and mailable(world) == {ADA, BOB, CYD}


def test_a_bounce_that_comes_before_its_row_is_written_waits(world: World) -> None:
    Delivery.objects.filter(pk=world.rows[ADA]).update(state=Row.CLAIMED, claimed_by="a sender")
    row = dead(world, ADA)
    assert row.state == State.TAKEN and world.state(ADA) == "claimed"
    Delivery.objects.filter(pk=world.rows[ADA]).update(state=Row.ACCEPTED, claimed_by="")
    assert apply_due(now=world.now + timedelta(minutes=1)) == 1 and world.state(ADA) == "bounced"


def test_a_forged_flood_costs_at_most_what_the_limit_says(world: World) -> None:
    limit = Limits().unproven_a_day
    many = [f"p{n}@example.org" for n in range(60)]
    world.send_to(*many)
    pieces = spool_in(world.folder)
    for n in range(1000):
        name = many[n % 60]
        mail = dsn("answers@news.example.org", name, DEAD[0], DEAD[1].format(name)).replace("A1B2C3", f"F{n}")
        pieces.keep(Piece("mail", "smtp", mail.encode(), envelope_to="answers@news.example.org"))
    assert take(folder=world.folder, now=world.now) == 1000
    assert apply_due(now=world.now, most=2000) == 1000
    assert Suppression.objects.count() <= limit and len(mailable(world)) >= 63 - limit
    assert Incoming.objects.filter(state=State.TAKEN).count() == 0
    assert Incoming.objects.filter(state=State.KEPT).count() <= 500
    genuine = dead(world, ADA)
    assert genuine.suppressed == 1, "a flood does not stop the mail that carries our token"


def test_one_forged_mail_that_names_a_hundred_costs_no_more(world: World) -> None:
    many = [f"p{n}@example.org" for n in range(100)]
    world.send_to(*many)
    mail = dsn("answers@news.example.org", many[0], DEAD[0], DEAD[1].format(many[0]))
    group = "\n".join(
        f"Final-Recipient: rfc822; {name}\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 User unknown\n"
        for name in many
    )
    world.comes_in(mail.replace("Final-Recipient: rfc822;", group + "\nFinal-Recipient: rfc822;", 1), "answers@news.example.org")
    assert 0 < Suppression.objects.count() <= Limits().unproven_a_day


def test_an_address_we_never_wrote_to_is_not_touched(world: World) -> None:
    world.send_to("quiet@example.org", state=Row.READY)
    row = world.comes_in(dsn("answers@news.example.org", "quiet@example.org", DEAD[0], DEAD[1].format("quiet@example.org")))
    assert row.state == State.KEPT and people.may_mail(world.people["quiet@example.org"])


def test_what_nobody_understands_is_kept_sealed(world: World) -> None:
    row = world.comes_in(b"\x00\xff not a mail at all", world.bounce_address(ADA))
    assert row.state == State.KEPT and row.sealed is not None and b"not a mail" not in bytes(row.sealed)
    assert mailable(world) == {ADA, BOB, CYD}


def test_a_mail_that_breaks_us_is_set_aside_after_three_tries_and_holds_nobody_up(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    to = world.bounce_address(BOB)
    poison = Piece("mail", "smtp", b"From: x@example.org\r\n\r\npoison", envelope_to=to)

    def break_on(real: Callable[..., object]) -> Callable[..., object]:
        def understand(piece: Piece, **rest: object) -> object:
            if b"poison" in piece.content:
                raise RuntimeError("it broke on bob@example.org")
            return real(piece, **rest)

        return understand

    import groundswell.inbox.operations.apply as applying

    monkeypatch.setattr(applying, "understand", break_on(applying.understand))
    spool_in(world.folder).keep(poison)
    assert dead(world, ADA).state == State.APPLIED, "the one behind it is applied at once"
    for minutes in (1, 5, 9, 20):
        apply_due(now=world.now + timedelta(minutes=minutes))
    row = Incoming.objects.get(key=poison.key)
    assert (row.state, row.failures) == (State.SET_ASIDE, 3) and "RuntimeError" in row.outcome and "@" not in row.outcome
    assert row.sealed is not None and notices.unread()[0].subject == "A mail that came back was set aside"
    assert apply_due(now=world.now + timedelta(days=1)) == 0


def test_a_mail_that_kills_its_worker_is_set_aside_too(world: World) -> None:
    spool_in(world.folder).keep(Piece("mail", "smtp", b"From: x@example.org\r\n\r\nhm"))
    take(folder=world.folder, now=world.now)
    Incoming.objects.update(starts=10)
    assert apply_due(now=world.now) == 0
    assert Incoming.objects.get().state == State.SET_ASIDE


def test_a_damaged_file_is_set_aside_by_name(world: World) -> None:
    path = spool_in(world.folder).keep(Piece("mail", "smtp", b"x"))
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    take(folder=world.folder, now=world.now)
    for minutes in range(4):
        apply_due(now=world.now + timedelta(minutes=minutes * 5))
    assert Incoming.objects.get().state == State.SET_ASIDE


def test_a_complaint_by_address_alone_obeys_the_limit(world: World) -> None:
    row = world.comes_in(complaint("fbl@bounce.example.org", BOB), "fbl@bounce.example.org")
    assert not row.proven and mailable(world) == {ADA, CYD}
    row = world.comes_in(complaint("fbl@bounce.example.org", "stranger@example.org"), "fbl@bounce.example.org")
    assert row.state == State.KEPT


def test_a_letter_that_is_gone_from_the_books_is_kept_for_a_person(world: World) -> None:
    to = world.bounce_address(ADA)
    Delivery.objects.filter(pk=world.rows[ADA]).delete()
    row = world.comes_in(dsn(to, ADA, DEAD[0], DEAD[1].format(ADA)), to)
    assert row.state == State.KEPT and mailable(world) == {ADA, BOB, CYD}
    assert not post.mark_returned(delivery=world.rows[ADA], state=Row.BOUNCED, reason="x", now=world.now)


def test_a_sealed_mail_opens_with_the_right_key_only() -> None:
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    private = X25519PrivateKey.generate()
    sealed = sealing.seal(private.public_key().public_bytes_raw(), 3, b"ada@example.org")
    raw = private.private_bytes_raw()
    assert sealing.unseal({3: raw}, sealed) == b"ada@example.org" and b"ada" not in sealed
    for keys, content in (({3: bytes([1]) * 32}, sealed), ({}, sealed), ({3: raw}, sealed[:-1]), ({3: raw}, b"GSM1")):
        with pytest.raises(sealing.Unopenable):
            sealing.unseal(keys, content)


def test_what_a_writer_left_half_written_is_swept_and_never_taken(world: World) -> None:
    world.folder.mkdir(parents=True, exist_ok=True)
    half = world.folder / ".00000000000000000001-1-1-x.mail"
    half.write_bytes(b"GSM1")
    assert take(folder=world.folder, now=world.now) == 0 and spool.sweep(world.folder, older_than=60) == 0
    assert spool.sweep(world.folder, older_than=-1) == 1 and not half.exists()


def test_a_huge_mail_is_kept_in_its_beginning_only(world: World) -> None:
    row = world.comes_in(b"From: MAILER-DAEMON@x.example\nSubject: odd\n\n" + b"x" * 3_000_000, world.bounce_address(ADA))
    assert row.state == State.KEPT and row.sealed is not None and 1_000_000 < len(bytes(row.sealed)) < 1_100_000


def test_a_forwarded_answer_that_comes_back_goes_no_further(world: World) -> None:
    row = world.comes_in(dsn("forwarded@bounce.example.org", ADA, DEAD[0], DEAD[1].format(ADA)), "forwarded@bounce.example.org")
    assert row.state == State.KEPT and mailable(world) == {ADA, BOB, CYD} and Forward.objects.count() == 0
    assert notices.unread()[0].subject == "The sender’s mailbox refuses answers"


def test_a_disk_that_is_nearly_full_takes_no_mail(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool, "LEAST_FREE", 1 << 62)
    with pytest.raises(OSError, match="No space left"):
        spool_in(world.folder).keep(Piece("mail", "smtp", b"x"))
    assert list(spool.waiting(world.folder)) == []
