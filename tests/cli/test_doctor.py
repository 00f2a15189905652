"""What doctor says of print: which scripts a hand-over can show on this machine, before a name is missing."""

from pathlib import Path

import pytest

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
