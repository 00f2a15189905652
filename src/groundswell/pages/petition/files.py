"""The files of one petition: what the door hands out without asking anyone."""

import json
import re
from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

from groundswell.pages.petition import acting, thanks, wall
from groundswell.pages.petition.card import card, form, one_click, partner_line
from groundswell.pages.petition.embed import embed_script
from groundswell.pages.petition.look import Look
from groundswell.pages.record import notes
from groundswell.pages.share_card import share_card
from groundswell.pages.shell import SCRIPT, SCRIPT_NAME, Head, document, style
from groundswell.pages.words import NAMES, words

if TYPE_CHECKING:  # pages are made from plain data; nothing of the database is needed to make them
    from groundswell.actions.queries import PetitionView
    from groundswell.campaigns.queries import CampaignView
    from groundswell.engine.message import SourceNote
    from groundswell.pages.masthead import House

_ACTION = re.compile(r"/a/([a-z0-9-]{1,80})/?")
_OF_SOME_KINDS = ("working", "slip_photo", "slip_large", "slip_kind", "given_up", "given_up_lead")
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).disable(["image"])


def petition_files(
    petition: "PetitionView", campaign: "CampaignView", house: "House", sources: "Mapping[str, SourceNote] | None" = None,
    look: Look | None = None,
) -> dict[str, bytes]:  # fmt: skip
    """The files of a petition, by path below the published folder. `[^key]` in its text cites one of `sources`."""
    look = look or Look()
    marked, cited = notes.with_marks(petition.text, sources or {})
    text = notes.as_links(_MARKDOWN.render(marked)) + notes.listed(cited, campaign.slug)
    folder = f"a/{petition.slug}"
    said, over = words(petition.language, petition.manner), acting.over(petition)
    wording = said["consent"].format(organisation=house.organisation)
    shares = thanks.share_texts(petition, look)
    facts = {
        "id": petition.id, "version": petition.version, "language": petition.language, "wording": wording,
        "organisation": house.organisation, "shares": len(shares), "confirm": list(look.confirm),
        "next": next_action(look),
        "partners": {
            source: {"organisation": name, "wording": text_, "line": partner_line(name, text_, url, said["privacy"])}
            for source, name, text_, url in look.partners
        },
        "kind": petition.kind, "deep": house.theme.colours[0], "closed": bool(over), "act": acting.asked(petition, campaign.target),
        "words": {
            key: said[key]
            for key in (
                "not_signed", "slip_email", "slip_no_email", "slip_consent", "slip_phone", "meant", "working", "confirm_ask",
                "confirm_yes", "confirm_no", "gone", "gone_lead", "gone_do",
                "reader", "hint_at",
            )
        }
        | {key: said[key] for key in acting.DOOR_WORDS if key in said},
    }  # fmt: skip
    sheet, content = style(house.theme.css)
    said_form, one = over or form(petition, look, wording, campaign.target), over or one_click(petition, campaign.target)
    framed = said_form.replace("<form ", '<form target="_top" ', 1)
    preview, picture = share_card(
        title=petition.title, kicker=said["to"].format(target=campaign.target), organisation=house.organisation,
        button=said["sign_now"], language=petition.language, colours=house.theme.colours, fonts=house.theme.fonts,
    )  # fmt: skip
    files = {
        f"{folder}/index.html": _page(petition, campaign, house, look, (text, said_form), preview),
        f"{folder}/recognised.html": _page(petition, campaign, house, look, (text, acting.errors(petition) + one), preview),
        f"{folder}/form-error.html": _page(petition, campaign, house, look, (text, "%%ERRORS%%" + said_form), preview),
        f"{folder}/action.json": json.dumps(facts, ensure_ascii=False).encode(),
        f"{folder}/count.json": count_file(petition.count, petition.goal),
        sheet: content,
        SCRIPT_NAME: SCRIPT,
        **acting.files(petition, house.base_url),
        **house.theme.files,
        **({preview: picture} if preview else {}),
    }
    files[f"{folder}/embed.html"] = document(
        title=petition.title, body=f'<main id="main" class="embed">{_named_card(petition, house, framed)}</main>', house=house,
        language=petition.language, head=Head(script=True, bare=True),
    )  # fmt: skip
    files[f"{folder}/embed.js"] = embed_script(house.base_url, petition.slug, petition.title)
    for which in range(len(shares)):
        main = f'<main id="main" class="one"><div>{thanks.body(petition, campaign, look, house.base_url, which)}</div></main>'
        files[f"{folder}/thanks-{which}.html"] = document(
            title=said["thanks"], body=main, house=house, language=petition.language, head=Head(script=True)
        )
    waiting = f'<h1>{said["confirm_title"]}</h1><p class="lead">{said["confirm_lead"]}</p>'
    files[f"{folder}/confirm.html"] = document(
        title=said["confirm_title"], body=f'<main id="main" class="one"><div>{waiting}</div></main>', house=house,
        language=petition.language,
    )  # fmt: skip
    return files


def next_action(look: Look) -> str:
    """The slug of the action that comes next, where that is one of ours; else empty."""
    found = _ACTION.fullmatch(look.next_url)
    return found.group(1) if found else ""


def _named_card(petition: "PetitionView", house: "House", inside: str) -> str:
    link = f'<a href="/a/{escape(petition.slug)}" target="_blank" rel="noopener">{escape(house.organisation)}</a>'
    return f'<h1 class="small">{escape(petition.title)}</h1><p class="to">{link}</p>{card(petition, inside)}'


def count_file(count: int, goal: int) -> bytes:
    """The count that pages read."""
    return json.dumps({"count": count, "goal": goal}).encode()


def _page(
    petition: "PetitionView", campaign: "CampaignView", house: "House", look: Look, inside: tuple[str, str], preview: str
) -> bytes:  # fmt: skip
    said, (text, action) = words(petition.language, petition.manner), inside
    picture = ""
    if look.picture:
        p = look.picture
        picture = f'<img class="hero" src="/{p.path}" alt="{escape(p.alt)}" width="{p.width}" height="{p.height}">'
    jump = "" if acting.over(petition) else f'<a class="tosign" href="#{acting.jump(petition)}">{said["sign_now"]}</a>'
    lead = f'<p class="lead">{escape(look.lead)}</p>' if look.lead else ""
    others = "".join(
        f'<li><a lang="{escape(language)}" hreflang="{escape(language)}" href="/a/{escape(slug)}">'
        f"{escape(NAMES.get(language, language))}</a></li>" for language, slug in look.variants
    )  # fmt: skip
    languages = f'<nav class="languages" aria-label="{said["other_languages"]}"><ul>{others}</ul></nav>' if others else ""
    link = f'<a href="/record/{escape(campaign.slug)}">{said["record"]}</a>'
    # Where an author put the record's latest entries on the page, their heading leads there already.
    record = "" if any(link in block for block in look.blocks) else f'<p class="record">{link}</p>'
    body = (
        # The form stands where the case is made: on a phone before what else there is to read, and in the order of the keyboard.
        f'<main id="main" class="two"><article>{languages}<p class="to">{escape(said["to"].format(target=campaign.target))}</p>'
        f"<h1>{escape(petition.title)}</h1>{lead}{picture}"
        f'<div class="words">{text}</div>{acting.section(petition, campaign.target)}</article>{card(petition, action)}'
        f'<div class="more">{"".join(look.blocks)}{wall.section(look.reasons, petition.language)}'
        f"{record}</div>{jump}</main>"
    )
    address = f"{house.base_url}/a/{petition.slug}"
    head = Head(
        description=look.lead or _first_words(petition.text), address=address,
        image=f"{house.base_url}/{preview}" if preview else "",
        languages=tuple((language, f"{house.base_url}/a/{slug}") for language, slug in look.variants), script=True,
    )  # fmt: skip
    return document(title=petition.title, body=body, house=house, language=petition.language, head=head)


def _first_words(text: str) -> str:
    plain = " ".join(text.replace("*", "").replace("#", "").split())
    return plain if len(plain) <= 200 else plain[:200].rsplit(" ", 1)[0] + " …"
