"""What is published holds what people wrote as text, and nothing else of theirs."""

from pathlib import Path

from groundswell.actions.queries import PetitionView
from groundswell.basics.ids import ActionId
from groundswell.campaigns.queries import CampaignView
from groundswell.engine.message import SourceNote
from groundswell.pages import publish
from groundswell.pages.masthead import House

HOUSE = House("Org & Co", "/privacy", "https://act.example.org")


def petition(**changes: object) -> PetitionView:
    values: dict[str, object] = {
        "id": ActionId(7), "slug": "end-it", "campaign_id": 1, "language": "en", "version": 3, "title": "End it & more?",
        "text": "Please **end** it.", "goal": 10, "count": 4, "thanks_subject": "", "thanks_text": "",
    }  # fmt: skip
    return PetitionView(**{**values, **changes})  # type: ignore[arg-type]


def campaign() -> CampaignView:
    return CampaignView(slug="c", title="C", summary="", target="T")


def test_passing_it_on_keeps_the_title_whole() -> None:
    page = publish.petition_files(petition(), campaign(), HOUSE)["a/end-it/thanks-0.html"].decode()
    assert "mailto:?subject=End%20it%20%26%20more%3F&amp;body=" in page
    assert "https%3A%2F%2Fact.example.org%2Fa%2Fend-it%3Fr%3D%%SHARE%%%26source%3Dshare-0" in page


def test_the_form_says_which_text_stood_above_it() -> None:
    files = publish.petition_files(petition(goal=0), campaign(), HOUSE)
    for name in ("index", "recognised", "form-error"):
        page = files[f"a/end-it/{name}.html"].decode()
        assert '<input type="hidden" name="text_version" value="3">' in page and '<progress max="1"' in page
        assert "checked" not in page and len(page) < 60_000 and page.count("<script") == 1 and 'src="http' not in page


def test_only_what_changed_is_written_and_nothing_half(tmp_path: Path) -> None:
    files = publish.petition_files(petition(), campaign(), HOUSE)
    publish.write_files(tmp_path, files)
    before = {path: path.stat().st_ino for path in tmp_path.rglob("*") if path.is_file()}
    publish.write_files(tmp_path, {**files, "a/end-it/count.json": publish.count_file(5, 10)})
    after = {path: path.stat().st_ino for path in tmp_path.rglob("*") if path.is_file()}
    assert [path.name for path in before if before[path] != after[path]] == ["count.json"]
    assert set(before) == set(after) and not list(tmp_path.rglob("*.new"))


def test_a_page_in_arabic_reads_from_the_right() -> None:
    page = publish.petition_files(petition(language="ar"), campaign(), HOUSE)["a/end-it/index.html"].decode()
    assert '<html lang="ar" dir="rtl">' in page


def test_a_page_cites_the_record_in_the_order_of_reading() -> None:
    notes = {
        "later": SourceNote("later", "Paper & Co", "T <i>", "https://p.example/1", "2026"),
        "first--2": SourceNote("first--2", "Other", "U", "https://p.example/2"),
    }
    text = "One.[^first--2] Two.[^later] Again.[^first--2] Unknown.[^nothing]"
    page = publish.petition_files(petition(text=text), campaign(), HOUSE, notes)["a/end-it/index.html"].decode()
    assert page.index('href="#note-1"') < page.index('href="#note-2"') and page.count('href="#note-1"') == 2
    assert '<li id="note-1">Other, <a href="/record/c/e/first">U</a></li>' in page
    assert "Paper &amp; Co" in page and "T &lt;i&gt;" in page and "[^nothing]" in page
    assert 'aria-label="Source 1"' in page
