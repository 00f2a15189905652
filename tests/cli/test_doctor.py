"""What doctor says of print, and of keys: what this machine can't show or open, before a name is missing."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings as installed

from groundswell.basics.addresses import Address, parse
from groundswell.basics.keyring import KeyRing
from groundswell.cli import doctor
from groundswell.deliveries import fonts
from groundswell.site.settings import Settings


def test_scripts_that_no_font_draws_are_named_with_the_mend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(mode="demo", data=tmp_path)  # type: ignore[call-arg]
    monkeypatch.setattr(fonts, "drawn_scripts", lambda folder: {"Latin": True, "Chinese": False, "Korean": False})
    finding = doctor._fonts(settings)
    assert finding.well and "No font for Chinese, Korean" in finding.words and "fonts-noto-cjk" in finding.words
    monkeypatch.setattr(fonts, "drawn_scripts", lambda folder: {"Latin": True, "Greek": True})
    assert doctor._fonts(settings).words == "Latin, Greek: names in these are printed"


def test_what_the_typesetter_brings_is_always_drawn(tmp_path: Path) -> None:
    drawn = fonts.drawn_scripts(tmp_path)
    assert drawn["Latin"] and drawn["Greek"] and drawn["Cyrillic"] and len(drawn) == len(fonts.SAMPLES)


@pytest.mark.django_db
def test_keys_of_another_installation_are_told_apart_from_this_ones(own_keys: Path) -> None:
    from groundswell.people.operations import enrol

    assert doctor._keys_fit(installed.GROUNDSWELL).well, "an empty list fits any keys"
    address = parse("ada@example.org")
    assert isinstance(address, Address)
    enrol(email=address, now=datetime.now(UTC))
    assert doctor._keys_fit(installed.GROUNDSWELL).words == "they open and find who is in it"
    folder = installed.GROUNDSWELL.key_folder
    ring = folder.ring("vault")
    folder.write("vault", KeyRing({number: bytes(reversed(key)) for number, key in ring.keys.items()}, ring.current))
    finding = doctor._keys_fit(installed.GROUNDSWELL)
    assert not finding.well and "from your backup" in finding.words
