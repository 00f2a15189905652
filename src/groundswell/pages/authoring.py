"""From what authors wrote to what is published: a text version, a look, and the files of every language."""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from wagtail.models import Page

from groundswell.actions import operations as actions
from groundswell.actions import queries
from groundswell.actions.acting.kinds import setting_of
from groundswell.actions.partners import partners as asked_with
from groundswell.actions.queries import PetitionView
from groundswell.actions.reasons import on_the_page
from groundswell.actions.share_trials import keep_texts
from groundswell.basics.ids import ActionId
from groundswell.campaigns import queries as campaigns
from groundswell.pages.act_blocks import as_act, kind_and_setting
from groundswell.pages.blocks import markup
from groundswell.pages.films import films_of
from groundswell.pages.films import place as place_films
from groundswell.pages.house import house
from groundswell.pages.masthead import House
from groundswell.pages.models import PetitionPage
from groundswell.pages.petition.files import petition_files
from groundswell.pages.petition.look import ASKABLE, Look
from groundswell.pages.pictures import picture
from groundswell.pages.publish import write_files

SHELF = "Petitions and other actions"


def published(sender: Any, instance: PetitionPage, **_: object) -> None:
    """Wagtail has published a page: keep its text as a version, and write its files (and its other languages')."""
    now = datetime.now(UTC)
    petition_id = keep_text(instance, now)
    folder = settings.GROUNDSWELL.published_folder
    for files in files_of(queries.petition(petition_id), house(settings.GROUNDSWELL.data, settings.GROUNDSWELL.base_url)):
        write_files(folder, files)
    place_films(folder, films_of(instance.body))


def unpublished(sender: Any, instance: PetitionPage, **_: object) -> None:
    """Wagtail has taken a page back: its files go, and it takes no signatures. What was signed stays."""
    shutil.rmtree(settings.GROUNDSWELL.published_folder / "a" / instance.slug, ignore_errors=True)


def keep_text(page: PetitionPage, now: datetime) -> ActionId:
    """The petition of this page, made if it is new; its words of today are a version of it."""
    with transaction.atomic():
        first = page.translation_of.specific if page.translation_of else page
        kind, setting = kind_and_setting(first.act)
        petition_id = actions.open_petition(
            slug=first.slug, campaign_id=first.campaign_id, title=first.title, text=first.text, goal=first.goal,
            thanks_subject=first.thanks_subject, thanks_text=first.thanks_text, language=first.language, kind=kind, setting=setting,
            now=now,
        )  # fmt: skip
        if first is page:
            actions.say(petition_id=petition_id, goal=page.goal, thanks_subject=page.thanks_subject, thanks_text=page.thanks_text)
        language = "" if first is page else page.language
        if first is not page:
            own = kind_and_setting(page.act)[1]
            actions.reword(petition_id=petition_id, title=page.title, text=page.text, language=language, setting=own, now=now)
        keep_texts(petition_id=petition_id, language=language, texts=_share_texts(page), now=now)
    return petition_id


def keep_page(petition_id: ActionId, *, body: Sequence[Mapping[str, Any]] = (), share_texts: Sequence[str] = ()) -> PetitionPage:
    """The office's page of an action that was opened or reworded without it (by a command, by the demo): made where there is
    none, brought to the action's words where it has others, and published. What else staff wrote on it stays.
    """
    view = queries.petition(petition_id)
    words = {"title": view.title, "text": view.text, "goal": view.goal, "thanks_subject": view.thanks_subject,
             "thanks_text": view.thanks_text}  # fmt: skip
    with transaction.atomic():
        page: PetitionPage | None = PetitionPage.objects.filter(slug=view.slug).first()
        if page is None:
            page = PetitionPage(
                slug=view.slug, campaign_id=view.campaign_id, language=view.language, live=False, body=list(body),
                share_texts="\n".join(share_texts), act=as_act(view.kind, view.setting), **words,
            )  # fmt: skip
            _shelf().add_child(instance=page)
        elif page.live and all(getattr(page, name) == value for name, value in words.items()):
            kind, setting = kind_and_setting(page.act)
            if setting_of(kind, setting) == view.setting:
                return page
        for name, value in words.items():
            setattr(page, name, value)
        page.act = page._meta.get_field("act").to_python(as_act(view.kind, view.setting))
        revision = page.save_revision()
    revision.publish()
    return page


def _shelf() -> Page:
    """Where petition pages stand in the office's tree."""
    found = Page.objects.filter(depth=2).not_type(PetitionPage).first()
    if found is None:
        root = Page.get_first_root_node() or Page.add_root(instance=Page(title="Root", slug="root"))
        found = root.add_child(instance=Page(title=SHELF, slug="petitions"))
    return found


def files_of(view: PetitionView, at: House) -> Iterator[dict[str, bytes]]:
    """The files of a petition in every language that is published; none where its page was taken back."""
    pages = {page.slug: page for page in PetitionPage.objects.filter(slug=view.slug)}
    page = pages.get(view.slug)
    campaign, sources = campaigns.campaign(view.campaign_id), campaigns.sources(view.campaign_id)
    asking = asked_with(view.id)

    def partners(language: str) -> tuple[tuple[str, str, str, str], ...]:
        return tuple((each.source, each.organisation, each.asked_in(language), each.privacy_url) for each in asking)

    if page is None:
        yield petition_files(view, campaign, at, sources, Look(reasons=_wall(view.id, ""), partners=partners(view.language)))
        return
    others = [other for other in PetitionPage.objects.filter(translation_of=page) if other.live]
    live = [one for one in (page, *others) if one.live]
    for one in live:
        told = view if one is page else queries.translated(view, slug=one.slug, language=one.language)
        if told is None:
            continue
        variants = tuple((other.language, other.slug) for other in live if other is not one)
        look, files = look_of(one)
        wall = _wall(view.id, "" if one is page else one.language)
        dressed = replace(look, variants=variants, reasons=wall, partners=partners(one.language))
        yield {**petition_files(told, campaign, at, sources, dressed), **files}


def films(view: PetitionView) -> Iterator[tuple[str, Path]]:
    """The videos of a petition's live pages: published name and uploaded file."""
    for page in PetitionPage.objects.filter(Q(slug=view.slug) | Q(translation_of__slug=view.slug), live=True):
        yield from films_of(page.body)


def _share_texts(page: PetitionPage) -> tuple[str, ...]:
    return tuple(line.strip() for line in page.share_texts.splitlines() if line.strip())[:5]


def _wall(petition_id: ActionId, language: str) -> tuple[tuple[str, str], ...]:
    return tuple((reason.words, reason.name) for reason in on_the_page(petition_id, language))


def look_of(page: PetitionPage) -> tuple[Look, dict[str, bytes]]:
    """What the author chose, and the files that it needs."""
    files: dict[str, bytes] = {}
    blocks = []
    for block in page.body:
        text, needed = markup(
            block.block_type, block.value, language=page.language, campaign_id=page.campaign_id, today=datetime.now(UTC).date()
        )
        blocks.append(text)
        files |= needed
    hero = None
    if page.image:
        hero, needed = picture(page.image, page.image_alt, shape="fill-1200x675")
        files |= needed
    asked = {name: getattr(page, f"ask_{name}") for name in ASKABLE}
    return Look(
        lead=page.lead, fields=tuple(name for name, wanted in asked.items() if wanted), picture=hero, blocks=tuple(blocks),
        share_texts=_share_texts(page),
        next_title=page.next_title, next_url=page.next_url, confirm=tuple(page.confirm.upper().replace(",", " ").split()),
    ), files  # fmt: skip


def preview(page: PetitionPage, mode: str) -> bytes:
    """One of the page's files as it would be, for its author: nothing is kept, and its pictures are shown from the files."""
    kind, setting = kind_and_setting(page.act)
    known = queries.petition_named(page.translation_of.slug if page.translation_of else page.slug)
    view = PetitionView(
        ActionId(known.id if known else 0), page.slug, page.campaign_id, page.language, (known.version if known else 0) + 1,
        page.title, page.text, known.goal if known else page.goal, known.count if known else 0, "", "", kind, setting,
        home=page.slug,
    )  # fmt: skip
    look, extra = look_of(page)
    at = house(settings.GROUNDSWELL.data, settings.GROUNDSWELL.base_url)
    files = petition_files(view, campaigns.campaign(page.campaign_id), at, campaigns.sources(page.campaign_id), look)
    write_files(settings.GROUNDSWELL.published_folder, _assets({**files, **extra}))
    text = files[f"a/{page.slug}/{mode}.html"].decode()
    for place in (
        "NAME",
        "EMAIL",
        "POSTCODE",
        "PHONE",
        "REASON",
        "R",
        "STAMP",
        "WORK",
        "SHARE",
        "TOKEN",
        "PARTNER",
        "NEXT",
        "ERRORS",
        "NOTE",
    ):
        text = text.replace(f"%%{place}%%", "")
    for place in ("subject", "text"):
        name = {"subject": "SUBJECT", "text": "LETTER"}[place]
        text = text.replace(f"%%{name}%%", escape(str(setting.get(place, ""))))
    return text.replace("%%SOURCE%%", "preview").replace("%%HINT%%", "A… (a… at e…)").encode()


def _assets(files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {name: content for name, content in files.items() if name.startswith("assets/")}


def differing(folder: Path, files: Mapping[str, bytes]) -> list[str]:
    """The names of those files that are not on the disk as they should be."""
    return [name for name, content in files.items() if not (folder / name).is_file() or (folder / name).read_bytes() != content]
