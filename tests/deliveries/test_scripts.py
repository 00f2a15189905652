"""Names in every script: printed where a font is at hand, and said in words where none is. Never a box."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader

from groundswell.basics.result import Refused
from groundswell.deliveries.fonts import drawn_scripts
from groundswell.deliveries.operations import hand_over
from groundswell.deliveries.operations.make import HandedOver
from groundswell.deliveries.order import Order
from groundswell.deliveries.writing.print import UNDRAWN
from tests.deliveries.world import petition, signer

pytestmark = pytest.mark.django_db
NOBODYS = "\U0010fffc"
"""A sign for private use, which no font draws."""
NAMES = {"Chinese": "张伟", "Japanese": "さくら", "Korean": "지우", "Arabic": "ليلى", "Hebrew": "דוד", "Devanagari": "अनिता"}


def printed(made: HandedOver) -> str:
    pages = PdfReader(made.folder / "p-part-1-of-1.pdf").pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def handed(petition_id: int, home: Path, now: datetime, *formats: str) -> HandedOver:
    return hand_over(
        petition_id=petition_id, folder=home, staff_id=None, why="w", now=now + timedelta(hours=1), order=Order(formats=formats)
    )  # type: ignore[arg-type]


def test_names_of_six_scripts_are_printed_or_said_in_words(now: datetime, home: Path) -> None:
    asked = petition(now)
    for number, name in enumerate(NAMES.values()):
        signer(asked, now + timedelta(seconds=number), number, given=name, family="")
    signer(asked, now + timedelta(seconds=20), 20, given="Zoë", family="Łuk")
    made = handed(asked, home, now, "csv", "pdf")
    drawn = drawn_scripts(home / "fonts")
    lost = [script for script, name in NAMES.items() if not drawn[script]]
    told = printed(made)
    assert told.count(UNDRAWN) == len(lost), lost
    assert {sign for script in lost for sign in NAMES[script]} <= set(made.undrawable)
    assert "Zoë" in told and made.total == 7
    listed = made.path.read_text(encoding="utf-8-sig")
    assert all(name in listed for name in NAMES.values()), "the table has every name"


def test_a_sign_that_no_font_has_is_never_a_box(now: datetime, home: Path) -> None:
    asked = petition(now)
    signer(asked, now, 1, given=f"A{NOBODYS}a")
    signer(asked, now, 2, given="Bea")
    made = handed(asked, home, now, "pdf")
    assert UNDRAWN in printed(made) and "Bea L." in printed(made) and NOBODYS in made.undrawable


def test_a_petition_whose_own_words_no_font_has_is_refused_as_print_and_made_as_table(now: datetime, home: Path) -> None:
    asked = petition(now, title=f"End it {NOBODYS}")
    signer(asked, now, 1)
    for kind in ("pdf", "label", "press"):
        with pytest.raises(Refused, match="No font here draws"):
            handed(asked, home, now, kind)
    assert handed(asked, home, now, "csv").total == 1
