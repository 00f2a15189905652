"""What they signed is what is delivered, and every file can prove it."""

import csv
import json
import stat
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader

from groundswell.actions import operations as actions
from groundswell.basics.result import Refused
from groundswell.deliveries.models import HandOver
from groundswell.deliveries.operations import hand_over, preview, since_preview, verify
from groundswell.deliveries.order import Order
from groundswell.deliveries.writing import table as tables
from groundswell.staff.models import LedgerEntry
from tests.deliveries.world import petition, signer

pytestmark = pytest.mark.django_db
EVERYTHING = Order(formats=("csv", "pdf", "label", "press"), reasons=True)


def text_of(path: Path) -> str:
    return " ".join("\n".join(page.extract_text() for page in PdfReader(path).pages).split())


def rows_of(path: Path) -> list[list[str]]:
    with path.open(newline="", encoding="utf-8-sig") as file:
        return list(csv.reader(file))


def test_csv_and_pdf_say_how_many_signed_which_text(now: datetime, home: Path) -> None:
    asked = petition(now, title="Pause it")
    for number in range(12):
        signer(asked, now - timedelta(minutes=1), number)
    assert actions.reword(petition_id=asked, title="End it", text="second", now=now) == 2
    for number in range(12, 15):
        signer(asked, now, number, version=2, reason="My *street* is watched.")
    made = hand_over(petition_id=asked, folder=home, staff_id=None, why="to their door", now=now, order=EVERYTHING)
    rows = rows_of(made.path)
    assert [row[1:] for row in rows[:2]] == [
        ["1", "Pause it", "first *text*\n\n- an item", "12 signatures"], ["2", "End it", "second", "3 signatures"]
    ]  # fmt: skip
    assert rows[3][:5] == ["1", "Ada L.", "SW1 GB", f"{now:%Y-%m-%d}", "1"] and len(rows) == 3 + 15
    assert (made.total, made.per_version) == (15, {1: 12, 2: 3})
    (pdf,) = (file for file in made.files if file.kind == "pdf")
    printed = text_of(made.folder / pdf.name)
    for words in (
        "Pause it 12 12", "End it 3 3", "Part 1 of 1", "15 signatures", "signed by 12", "signed by 3", "first text", "an item",
        "1 Ada L., SW1 GB (1)", "15 Ada L., SW1 GB (2)", "My *street* is watched. — Ada L., SW1 GB", "The Target",
    ):  # fmt: skip
        assert words in printed, words
    everything = "".join(path.read_bytes().decode("latin-1") for path in made.folder.iterdir())
    assert "example.org" not in everything and "Lovelace" not in everything
    entry = LedgerEntry.objects.get()
    assert entry.act == "hand over" and "15 signatures" in entry.about and entry.why == "to their door"


def test_every_file_proves_itself_and_one_byte_makes_another(now: datetime, home: Path) -> None:
    asked = petition(now)
    for number in range(3):
        signer(asked, now, number)
    made = hand_over(petition_id=asked, folder=home, staff_id=None, why="w", now=now, order=EVERYTHING)
    assert [file.kind for file in made.files] == ["csv", "pdf", "box label", "press sheet", "manifest"]
    assert {path.name for path in made.folder.iterdir()} == {file.name for file in made.files}
    for file in made.files:
        path = made.folder / file.name
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        found = verify(path)
        assert found is not None and (found.total, found.made_at, found.per_version) == (3, now, {"1": 3})
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
        assert verify(path) is None
    assert stat.S_IMODE(made.folder.stat().st_mode) == 0o700
    with pytest.raises(Refused):
        verify(home / "not-there.pdf")


def test_the_manifest_names_every_file_and_the_list(now: datetime, home: Path) -> None:
    import hashlib

    asked = petition(now)
    signer(asked, now, 1)
    made = hand_over(petition_id=asked, folder=home, staff_id=None, why="w", now=now, order=EVERYTHING)
    manifest = json.loads((made.folder / "manifest.json").read_text())
    assert {file["name"]: file["sha256"] for file in manifest["files"]} == {
        file.name: file.sha256 for file in made.files if file.kind != "manifest"
    }
    lines = made.path.read_bytes().partition(b"reason\r\n")[2]
    assert manifest["list_sha256"] == manifest["parts"][0]["list_sha256"] == hashlib.sha256(lines).hexdigest()
    assert manifest["list_sha256"] in text_of(made.folder / "p-part-1-of-1.pdf").replace(" ", "")


def test_long_lists_are_printed_in_parts(now: datetime, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "PER_PART", 4)
    asked = petition(now)
    for number in range(9):
        signer(asked, now + timedelta(seconds=number), number)
    made = hand_over(
        petition_id=asked, folder=home, staff_id=None, why="w", now=now + timedelta(hours=1), order=Order(formats=("pdf", "label"))
    )
    assert [(file.part, file.parts, file.total) for file in made.files if file.kind == "pdf"] == [(1, 3, 4), (2, 3, 4), (3, 3, 1)]
    last = text_of(made.folder / "p-part-3-of-3.pdf")
    assert "Part 3 of 3: lines 9 to 9" in last and "9 Ada L." in last and "8 Ada" not in last
    labels = PdfReader(made.folder / "box-labels.pdf")
    assert len(labels.pages) == 3 and "Box 2 of 3" in labels.pages[1].extract_text()


HOSTILE = {
    "markup": ('#eval("1")', "#eval("), "raw": ("`$x$` *Bold* _y_", "`$x$` *Bold* _y_"), "read": ('#read("/etc/passwd")', "#read("),
    "html": ("<script>alert", "<script>alert"), "latin": ("Łukasz", "Łukasz"), "greek": ("Ελένη", "Ελένη"),
    "cyrillic": ("Олена", "Олена"), "at": ("\\u{202e}evil", "\\u{202e}evil"),
}  # fmt: skip


def test_hostile_names_stand_as_they_are_and_do_nothing(now: datetime, home: Path) -> None:
    asked = petition(now)
    for number, (name, _) in enumerate(HOSTILE.values()):
        signer(asked, now + timedelta(seconds=number), number, given=name, family="")
    signer(asked, now + timedelta(seconds=50), 50, given="ليلى", family="حداد")
    signer(asked, now + timedelta(seconds=51), 51, given="さくら", family="佐藤")
    signer(asked, now + timedelta(seconds=52), 52, given="😀" * 70, family="")
    signer(asked, now + timedelta(seconds=53), 53, given="W" * 10_000, family="Longest")
    signer(asked, now + timedelta(seconds=54), 54, given="\u202eevil\nline\x00", family="\u2067x")
    signer(asked, now + timedelta(seconds=55), 55, given="a@example.org", family="Address")
    made = hand_over(
        petition_id=asked, folder=home, staff_id=None, why="w", now=now + timedelta(hours=1), order=Order(formats=("csv", "pdf"))
    )
    printed = text_of(made.folder / "p-part-1-of-1.pdf")
    for name, found in HOSTILE.items():
        assert found[1] in printed, name
    assert "root:" not in printed and ("さ" in made.undrawable or "さ" in printed)
    names = [row[1] for row in rows_of(made.path)[2:]]
    assert names[8:11] == ["ليلى ح.", "さくら 佐.", "😀" * 59 + "…"]
    assert names[11:] == ["W" * 59 + "… L.", "evil line x.", "A supporter"]
    widest = max(
        len(line) for page in PdfReader(made.folder / "p-part-1-of-1.pdf").pages[2:] for line in page.extract_text().splitlines()
    )
    assert widest < 60, "a name without a space stays in its column"
    assert "W" * 20 in printed.replace(" ", "") and "a@example.org" not in printed


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM", "  =1", "\t=1", "\u00a0=1", "\u200b=1", "\ufeff@x", "＝1", "%0a=1"])
def test_no_cell_is_a_formula(cell: str, now: datetime, home: Path) -> None:
    asked = petition(now)
    signer(asked, now, 1, given="Ada", family="", reason=cell)
    signer(asked, now, 2, given=f"{cell.strip()}x", family="")
    made = hand_over(petition_id=asked, folder=home, staff_id=None, why="w", now=now, order=Order(reasons=True))
    for row in rows_of(made.path)[2:]:
        for text in (row[1], row[5]):
            assert not text.strip().lstrip("\u200b\ufeff").startswith(("=", "+", "-", "@", "＝", "%")), row


def test_anonymous_signers_stay_so_and_small_places_are_merged(now: datetime, home: Path) -> None:
    asked = petition(now)
    for number in range(10):
        signer(asked, now, number, area="SW1")
    for number in range(10, 20):
        signer(asked, now, number, given="Secret", shows="place", country="FR", area=f"7{number}")
    signer(asked, now, 20, given="Only", country="IE", area="D02")
    signer(asked, now, 21, given="Shy", shows="name")
    made = hand_over(petition_id=asked, folder=home, staff_id=None, why="w", now=now)
    shown = sorted((row[1], row[2]) for row in rows_of(made.path)[2:])
    assert shown == sorted([("Ada L.", "SW1 GB")] * 10 + [("A supporter", "FR")] * 10 + [("Only L.", "")] + [("Shy L.", "")])
    assert HandOver.objects.get().per_place == {"SW1 GB": 11, "FR": 10, "": 1}
    without = hand_over(petition_id=asked, folder=home, staff_id=None, why="w", now=now, order=Order(places=False))
    assert {row[2] for row in rows_of(without.path)[2:]} == {""}


def test_reasons_go_only_where_they_are_asked_for(now: datetime, home: Path) -> None:
    asked = petition(now)
    signer(asked, now, 1, reason="Because of\nmy son.")
    plain = hand_over(petition_id=asked, folder=home, staff_id=None, why="w", now=now)
    assert "my son" not in plain.path.read_text()
    told = hand_over(petition_id=asked, folder=home, staff_id=None, why="w", now=now, order=Order(reasons=True))
    assert rows_of(told.path)[2][5] == "Because of my son."


def test_the_choice_is_by_day_text_and_place_and_says_why_others_are_left_out(now: datetime, home: Path) -> None:
    asked = petition(now)
    early, late = now - timedelta(days=5), now
    signer(asked, early, 1, area="SW1")
    signer(asked, late, 2, area="SW1")
    signer(asked, late, 3, country="DE", area="10")
    actions.reword(petition_id=asked, title="Two", text="t", now=now)
    signer(asked, late, 4, version=2)
    gone = signer(asked, late, 5)
    actions.withdraw(petition_id=asked, person=gone)
    order = Order(since=date.fromordinal(now.date().toordinal() - 1), country="GB", region="SW1", versions=(1,))
    counts = preview(petition_id=asked, order=order, now=now)
    assert counts.total == 1 and counts.left_out == {
        "signed on another day": 1, "from another place": 1, "signed another text": 1, "taken back by the signer": 1,
    }  # fmt: skip
    made = hand_over(petition_id=asked, folder=home, staff_id=None, why="w", now=now, order=order)
    assert (made.total, made.left_out) == (1, counts.left_out)
    until = Order(until=early.date())
    assert preview(petition_id=asked, order=until, now=now).total == 1


def test_who_withdraws_after_the_preview_is_not_in_it_and_the_difference_is_said(now: datetime, home: Path) -> None:
    asked = petition(now)
    persons = [signer(asked, now, number) for number in range(3)]
    seen = preview(petition_id=asked, order=Order(), now=now)
    actions.withdraw(petition_id=asked, person=persons[0])
    made = hand_over(petition_id=asked, folder=home, staff_id=None, why="w", now=now)
    assert made.total == 2 and len(rows_of(made.path)) == 4
    assert since_preview(seen.total, seen.left_out, made) == [
        "1 more left out: taken back by the signer", "2 handed over where the preview showed 3",
    ]  # fmt: skip


def test_who_withdraws_while_it_is_written_is_not_in_it(now: datetime, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from groundswell.deliveries.writing import manifest

    asked = petition(now)
    persons = [signer(asked, now, number) for number in range(3)]
    write = manifest.write

    def slow(*arguments: object, **named: object) -> object:
        actions.withdraw(petition_id=asked, person=persons[0])
        return write(*arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(manifest, "write", slow)
    made = hand_over(petition_id=asked, folder=home, staff_id=None, why="w", now=now)
    assert made.total == 2 and len(rows_of(made.path)) == 4


def test_who_was_forgotten_is_a_supporter_without_words(now: datetime, home: Path) -> None:
    from groundswell.people import operations as people

    asked = petition(now)
    person = signer(asked, now, 1, reason="mine")
    people.forget(person=person, staff_id=None, why="asked", now=now)
    assert actions.forget_words(persons=[person]) == 0, "their words went with them"
    made = hand_over(petition_id=asked, folder=home, staff_id=None, why="w", now=now, order=Order(reasons=True))
    assert rows_of(made.path)[2][1:3] == ["A supporter", ""] and rows_of(made.path)[2][5] == ""


def test_nobody_chosen_is_refused_and_leaves_nothing(now: datetime, home: Path) -> None:
    asked = petition(now)
    with pytest.raises(Refused, match="Nobody is chosen"):
        hand_over(petition_id=asked, folder=home, staff_id=None, why="w", now=now)
    with pytest.raises(Refused, match="occasion"):
        hand_over(petition_id=asked, folder=home, staff_id=None, why=" ", now=now)
    assert list(home.iterdir()) == [] and not HandOver.objects.exists()


@pytest.mark.parametrize("wrong", [
    {"since": date(2026, 2, 1), "until": date(2026, 1, 1)}, {"region": "98"}, {"smallest": 2}, {"formats": ("docx",)},
])  # fmt: skip
def test_an_impossible_order_says_why(wrong: dict[str, object]) -> None:
    with pytest.raises(Refused):
        Order(**wrong)  # type: ignore[arg-type]


def test_a_full_disk_hands_nothing_over(now: datetime, home: Path) -> None:
    import resource

    asked = petition(now)
    for number in range(40):
        signer(asked, now, number)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))  # every longer file ends here, as on a full disk
    try:
        for formats in (("csv", "pdf"), ("pdf",)):
            with pytest.raises(Refused, match="disk is full"):
                hand_over(petition_id=asked, folder=home, staff_id=None, why="w", now=now, order=Order(formats=formats))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list(home.iterdir()) == [] and not HandOver.objects.exists() and not LedgerEntry.objects.exists()
    assert hand_over(petition_id=asked, folder=home, staff_id=None, why="w", now=now).total == 40


def test_a_hand_over_that_was_killed_is_made_again_the_same(now: datetime, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = petition(now)
    signer(asked, now, 1)
    order = Order(formats=("csv", "pdf"))
    whole = hand_over(petition_id=asked, folder=home / "whole", staff_id=None, why="w", now=now, order=order)
    from groundswell.deliveries.operations import make

    class Killed(BaseException):
        pass

    def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(make, "_keep", killed)  # the files are in their place, the books don't know yet
        with pytest.raises(Killed):
            hand_over(petition_id=asked, folder=home / "again", staff_id=None, why="w", now=now, order=order)
    signer(asked, now + timedelta(minutes=5), 2)
    again = hand_over(petition_id=asked, folder=home / "again", staff_id=None, why="w", now=now + timedelta(hours=1), order=order)
    assert [file.sha256 for file in again.files] == [file.sha256 for file in whole.files]
    assert len(list((home / "again").iterdir())) == 1 and HandOver.objects.filter(state="made").count() == 2


def test_a_signer_who_took_their_name_back_can_sign_again(now: datetime, home: Path) -> None:
    from uuid import uuid4

    asked = petition(now)
    person = signer(asked, now, 1)
    assert actions.withdraw(petition_id=asked, person=person)
    again = actions.sign(
        entry_id=uuid4(), petition_id=asked, version=1, person=person, source="x", position="ps", delivery=None,
        signed_at=now + timedelta(minutes=2),
    )  # fmt: skip
    assert again.first
    counts = preview(petition_id=asked, order=Order(), now=now + timedelta(hours=1))
    assert (counts.total, counts.left_out) == (1, {"taken back by the signer": 1})
