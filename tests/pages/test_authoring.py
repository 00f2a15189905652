"""A page written in the office becomes files: versions, languages with one count, previews, schedules, and a check."""

import io
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.core.management import call_command
from django.test import Client, RequestFactory
from PIL import Image as Picture
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.models import Page

from groundswell.actions import operations as actions
from groundswell.actions import queries
from groundswell.campaigns import operations as campaigns
from groundswell.demo import acts
from groundswell.pages.authoring import SHELF, keep_page
from groundswell.pages.blocks import VideoBlock
from groundswell.pages.models import PetitionPage
from groundswell.pages.share_card import share_card
from groundswell.pages.theming import COLOURS
from groundswell.site import publishing
from groundswell.staff.operations import one_time_password
from tests.pages.test_bare_films import PICTURE, PLACE, film

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clean() -> Iterator[None]:
    yield
    shutil.rmtree(settings.GROUNDSWELL.published_folder, ignore_errors=True)


@pytest.fixture
def campaign(now: datetime) -> int:
    return campaigns.open_campaign(slug="c", title="C", target_slug="t", target_name="Acme", summary="", now=now)


def write(campaign: int, slug: str = "stop-it", **more: object) -> PetitionPage:
    values: dict[str, object] = {
        "title": "Stop it",
        "slug": slug,
        "campaign_id": campaign,
        "text": "Please **stop**.",
        "lead": "Now.",
    }
    page = PetitionPage(**{**values, **more})
    Page.objects.get(depth=1).add_child(instance=page)
    return page


def read(name: str) -> str:
    return (settings.GROUNDSWELL.published_folder / name).read_text()


def image() -> Image:
    out = io.BytesIO()
    exif = Picture.Exif()
    exif[0x010E] = "taken at home, 192 Example Street"
    Picture.new("RGB", (1600, 1200), "#335577").save(out, "JPEG", exif=exif)
    out.seek(0)
    return Image.objects.create(title="x", file=ImageFile(out, name="x.jpg"))


def test_publishing_makes_a_version_and_files(campaign: int) -> None:
    page = write(campaign, body=[
        {"type": "text", "value": "## Why\n\n<script>no</script> because"},
        {"type": "quote", "value": {"words": "It “must” end <b>", "who": "Ada"}},
        {"type": "video", "value": {"title": "See", "url": "https://video.example.org/1?a=1&b=2"}},
        {"type": "image", "value": {"image": image().pk, "alt": "A square", "caption": "Cap"}},
        {"type": "answer", "value": {"words": "No comment.", "on": "2026-01-02", "source": "https://acme.example.org/"}},
        {"type": "updates", "value": [{"on": "2026-01-03", "words": "We went there."}]},
        {"type": "record", "value": 3},
    ], image=image(), image_alt="A hero", share_texts="One\nTwo", ask_postcode=False, ask_reason=False)  # fmt: skip
    page.save_revision().publish()
    view = queries.petition_named("stop-it")
    assert view and (view.title, view.version, view.goal) == ("Stop it", 1, 1000)
    text = read("a/stop-it/index.html")
    for words in ("<h2>Why</h2>", "&lt;script&gt;no", "It “must” end &lt;b&gt;", 'href="https://video.example.org/1?a=1&amp;b=2"',
                  "No comment.", "We went there.", 'alt="A square"', 'class="hero"', '<p class="lead">Now.</p>', "og:image"):  # fmt: skip
        assert words in text, words
    assert 'name="postcode"' not in text and "<iframe" not in text and 'src="http' not in text
    assert (settings.GROUNDSWELL.published_folder / "a/stop-it/thanks-1.html").is_file()
    for name in re.findall(r'src="/(assets/[^"]+\.jpg)"', text):
        content = (settings.GROUNDSWELL.published_folder / name).read_bytes()
        assert b"Example Street" not in content and b"Exif" not in content, "where a picture was taken stays with its maker"
    page.text = "Please stop **today**."
    page.save_revision().publish()
    assert queries.petition_named("stop-it").version == 2 and "today" in read("a/stop-it/index.html")  # type: ignore[union-attr]


def document(name: str, content: bytes) -> Document:
    return Document.objects.create(title=name, file=ContentFile(content, name=name))


def test_a_video_of_ones_own_is_played_here_with_captions(campaign: int, now: datetime) -> None:
    march, captions = (
        document("march.MP4", film()),
        document("march.vtt", b"WEBVTT\n\n00:00.000 --> 00:02.000\nHi"),
    )
    block = VideoBlock()
    for wrong in ({"file": march}, {"file": captions, "captions": captions}, {"file": march, "captions": march}, {},
                  {"file": march, "captions": captions, "url": "https://video.example.org/1"},
                  {"file": document("broken.mp4", film()[:-40]), "captions": captions}):  # fmt: skip
        with pytest.raises(ValidationError):
            block.clean(
                block.to_python({"title": "See", "url": "", **{name: getattr(value, "pk", value) for name, value in wrong.items()}})
            )
    page = write(campaign, body=[{"type": "video", "value": {"title": "The <march>", "file": march.pk, "captions": captions.pk}}])
    page.save_revision().publish()
    text = read("a/stop-it/index.html")
    found = re.search(r'<source src="/(assets/[0-9a-f]{16}\.mp4)" type="video/mp4">.*?src="/(assets/[0-9a-f]{16}\.vtt)"', text)
    assert found and "The &lt;march&gt;" in text and "autoplay" not in text and 'preload="none"' in text
    folder = settings.GROUNDSWELL.published_folder
    shown = (folder / found[1]).read_bytes()
    assert PICTURE in shown and PLACE not in shown and PLACE in Path(march.file.path).read_bytes(), (
        "the upload stays whole, in the office"
    )
    assert (folder / found[2]).read_bytes().startswith(b"WEBVTT")
    publishing.publish_all(settings.GROUNDSWELL, now)
    assert publishing.check(settings.GROUNDSWELL, now) == []
    (folder / found[1]).unlink()
    assert publishing.check(settings.GROUNDSWELL, now) == [found[1]]
    publishing.publish_petitions(settings.GROUNDSWELL, now)
    assert publishing.check(settings.GROUNDSWELL, now) == []


def test_a_draft_is_seen_by_its_author_only(campaign: int) -> None:
    page = write(campaign, live=False)
    page.title = "Not yet public"
    page.save_revision()
    assert not (settings.GROUNDSWELL.published_folder / "a/stop-it").exists()
    for mode, _ in page.preview_modes:
        shown = page.serve_preview(RequestFactory().get("/"), mode).content.decode()
        assert "%%" not in shown and ("Not yet public" in shown)
    assert queries.petition_named("stop-it") is None and not (settings.GROUNDSWELL.published_folder / "a/stop-it").exists()


def test_languages_are_one_petition_with_one_count(campaign: int) -> None:
    first = write(campaign)
    first.save_revision().publish()
    other = write(campaign, "basta", title="Basta ya", text="Por favor.", language="es", translation_of=first)
    other.save_revision().publish()
    view = queries.petition_named("stop-it")
    assert view and view.title == "Stop it" and queries.petition_named("basta") is None
    spanish, english = read("a/basta/index.html"), read("a/stop-it/index.html")
    assert 'lang="es"' in spanish and "Firmar" in spanish and 'href="/a/stop-it"' in spanish and 'href="/a/basta"' in english
    assert (
        'hreflang="es"' in english
        and f'"id": {view.id}' in read("a/basta/action.json")
        and '"version": 2' in read("a/basta/action.json")
    )
    first.text = "Please, again."
    first.save_revision().publish()
    assert '"version": 2' in read("a/basta/action.json") and '"version": 3' in read("a/stop-it/action.json")
    deep = PetitionPage(title="x", slug="deep", campaign_id=campaign, text="x", translation_of=other, next_url="//evil.example")
    with pytest.raises(ValidationError) as refused:
        deep.clean()
    assert "next_url" in refused.value.message_dict


def test_what_is_scheduled_goes_up_and_comes_down_by_itself(campaign: int) -> None:
    page = write(campaign, live=False, go_live_at=datetime.now(UTC) + timedelta(hours=1))
    page.save_revision(approved_go_live_at=page.go_live_at)
    call_command("publish_scheduled")
    assert not (settings.GROUNDSWELL.published_folder / "a/stop-it").exists()
    past = datetime.now(UTC) - timedelta(minutes=1)
    page.go_live_at = past
    page.save_revision(approved_go_live_at=past)
    call_command("publish_scheduled")
    assert "Stop it" in read("a/stop-it/index.html")
    page.refresh_from_db()
    page.unpublish()
    assert not (settings.GROUNDSWELL.published_folder / "a/stop-it").exists()
    publishing.publish_all(settings.GROUNDSWELL, datetime.now(UTC))
    assert not (settings.GROUNDSWELL.published_folder / "a/stop-it").exists(), "taken back stays taken back"


def test_the_check_names_what_differs(campaign: int, now: datetime) -> None:
    write(campaign).save_revision().publish()
    publishing.publish_all(settings.GROUNDSWELL, now)
    assert publishing.check(settings.GROUNDSWELL, now) == []
    path: Path = settings.GROUNDSWELL.published_folder / "a/stop-it/index.html"
    path.write_text(path.read_text().replace("Please", "Never"))
    assert publishing.check(settings.GROUNDSWELL, now) == ["a/stop-it/index.html"]
    assert "Never" in path.read_text()


def test_authors_find_the_page_in_the_office(campaign: int, client: Client, now: datetime) -> None:
    page = write(campaign)
    assert client.login(username="alice", password=one_time_password(username="alice", now=now))
    shown = client.get(f"/office/pages/{page.pk}/edit/")
    assert shown.status_code == 200 and b"What people sign, in Markdown" in shown.content


def test_a_theme_is_ours_alone(home: Path, campaign: int) -> None:
    from groundswell.pages.theming import read_theme

    folder = home / "theme"
    (folder / "fonts").mkdir(parents=True)
    (folder / "theme.css").write_text("@font-face { font-family: X; src: url(fonts/x.woff2); } :root { --deep: #004466; }")
    (folder / "fonts" / "x.woff2").write_bytes(b"font")
    (folder / "logo.svg").write_text("<svg/>")
    theme = read_theme(folder)
    assert re.search(rb"url\(/assets/[0-9a-f]{16}\.woff2\)", theme.css) and theme.logo.endswith(".svg") and len(theme.files) == 2
    assert theme.colours[0] == "#004466"
    (folder / "theme.css").write_text("body { background: url(https://cdn.example/x.png) }")
    assert read_theme(folder).css == b"" and read_theme(home / "none").css == b""


@pytest.mark.parametrize(
    ("title", "language"),
    [("End it", "en"), ("Schluß mit “allem” – für immer", "de"), ("Прекратите это", "ru"), ("#panic() $x$ *b* \\ <it>", "en")],
)
def test_a_shared_link_shows_a_picture_made_here(title: str, language: str) -> None:
    name, content = share_card(title=title, kicker="To T", organisation="Ünited & Co", button="Sign", language=language,
                               colours=COLOURS, fonts=None)  # fmt: skip
    with Picture.open(io.BytesIO(content)) as shown:
        assert shown.size == (1200, 630) and shown.format == "PNG"
    assert len(content) < 200_000 and name.startswith("assets/")


def test_no_picture_is_better_than_boxes() -> None:
    told = {"kicker": "To T", "organisation": "Org", "button": "Sign", "language": "en", "colours": COLOURS, "fonts": None}
    assert share_card(title="\U000110d0\U00011100", **told) == ("", b"")  # type: ignore[arg-type]


def test_what_was_published_keeps_its_address_and_what_it_belongs_to(campaign: int, now: datetime) -> None:
    first = write(campaign)
    first.save_revision().publish()
    other = write(campaign, "basta", title="Basta", text="Por favor.", language="es", translation_of=first)
    other.slug = "ya-basta"
    other.clean()
    other.save_revision().publish()
    elsewhere = campaigns.open_campaign(slug="d", title="D", target_slug="t", target_name="Acme", summary="", now=now)
    for page, changes in (
        (first, {"slug": "end-it"}), (first, {"campaign_id": elsewhere}), (first, {"language": "de"}),
        (other, {"slug": "basta"}), (other, {"translation_of": None}),
    ):  # fmt: skip
        changed = PetitionPage.objects.get(pk=page.pk)
        for name, value in changes.items():
            setattr(changed, name, value)
        with pytest.raises(ValidationError) as refused:
            changed.clean()
        assert list(refused.value.message_dict) == [next(iter(changes)).removesuffix("_id")]
    PetitionPage.objects.get(pk=first.pk).clean()
    for wrong, name in (
        ({"language": "en"}, "language"),
        ({"language": "es"}, "language"),
        ({"campaign_id": elsewhere}, "campaign"),
    ):
        values = {"title": "x", "slug": "new", "campaign_id": campaign, "language": "de", "text": "x", **wrong}
        with pytest.raises(ValidationError) as refused:
            PetitionPage(**values, translation_of=first).clean()
        assert list(refused.value.message_dict) == [name]
    with pytest.raises(ValidationError, match="Another page stands at /a/stop-it"):
        PetitionPage(title="x", slug="stop-it", campaign_id=campaign, text="x").clean()


def test_what_was_opened_by_command_has_a_page_to_go_on_with(campaign: int, now: datetime) -> None:
    acts.build(campaign_id=campaign, now=now)
    for slug in ("write-to-them", "send-a-letter", "call-them", "no-purchase", "show-your-face", "an-evening"):
        view = queries.petition_named(slug)
        assert view
        page = PetitionPage.objects.get(slug=slug)
        assert page.live and (page.title, page.text, page.goal) == (view.title, view.text, view.goal)
        page.full_clean()
        page.save_revision().publish()
        again = queries.petition_named(slug)
        assert again and (again.version, again.setting) == (1, view.setting), "the page says what the action says"
        assert keep_page(view.id).latest_revision_id == PetitionPage.objects.get(slug=slug).latest_revision_id
        assert page.get_url() == f"/a/{slug}" and page.get_parent().title == SHELF
    assert (settings.GROUNDSWELL.published_folder / "a/an-evening/index.html").is_file()
    page.lead = "Bring a chair."
    page.save_revision().publish()
    actions.reword(petition_id=view.id, title="Another evening", text=view.text, setting=view.setting, now=now)
    kept = keep_page(view.id)
    assert (kept.title, kept.lead) == ("Another evening", "Bring a chair.") and "Another evening" in read("a/an-evening/index.html")


def test_the_office_lists_petition_pages_and_offers_a_new_one(campaign: int, client: Client, now: datetime) -> None:
    write(campaign, language="es")
    assert client.login(username="alice", password=one_time_password(username="alice", now=now))
    home = client.get("/office/").content.decode()
    assert "/office/petition-pages/" in home and "Welcome to your new Wagtail site" not in home
    listed = client.get("/office/petition-pages/").content.decode()
    assert ("Stop it" in listed and "Spanish" in listed) or "Español" in listed
    answer = client.get("/office/petition-pages/choose_parent/", follow=True)
    place = answer.redirect_chain[-1][0]
    assert "/office/pages/add/pages/petitionpage/" in place, "one shelf: nobody is asked where"
    form = {"title": "New", "slug": "new", "campaign": campaign, "language": "en", "text": "Not **yet**.", "goal": "10",
            "thanks_subject": "T", "thanks_text": "T", "act-count": "0", "body-count": "0", "comments-TOTAL_FORMS": "0",
            "comments-INITIAL_FORMS": "0", "comments-MIN_NUM_FORMS": "0", "comments-MAX_NUM_FORMS": "10"}  # fmt: skip
    assert client.post(f"{place}preview/", form).json() == {"is_valid": True, "is_available": True}
    assert "Not <strong>yet</strong>." in client.get(f"{place}preview/?mode=index").content.decode()
