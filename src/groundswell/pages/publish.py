"""Published pages: rendered once to files, served without Django or database. Everything from people is escaped here."""

import gzip
import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

if TYPE_CHECKING:  # pages are made from plain data; nothing of the database is needed to make them
    from groundswell.actions.queries import PetitionView
    from groundswell.campaigns.queries import CampaignView, CommitmentView, Fact

_MARKDOWN = MarkdownIt("commonmark", {"html": False}).disable(["image"])
_STYLE = (Path(__file__).parent / "theme" / "groundswell.css").read_bytes()
STYLE_NAME = f"assets/{hashlib.sha256(_STYLE).hexdigest()[:16]}.css"
CONSENT = "Yes, {organisation} may write to me about this and other campaigns. I can leave with one click in every letter."
COUNTRIES = (
    ("", "Choose a country"), ("AU", "Australia"), ("CA", "Canada"), ("DE", "Germany"), ("ES", "Spain"), ("FR", "France"),
    ("GB", "United Kingdom"), ("IE", "Ireland"), ("IN", "India"), ("MX", "Mexico"), ("US", "United States"), ("ZZ", "Elsewhere"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class House:
    """What every page says of its organisation."""

    organisation: str
    privacy_url: str
    base_url: str


def petition_files(petition: "PetitionView", campaign: "CampaignView", house: House) -> dict[str, bytes]:
    """The files of a petition, by path below the published folder."""
    folder = f"a/{petition.slug}"
    wording = CONSENT.format(organisation=house.organisation)
    facts = {
        "id": petition.id, "version": petition.version, "language": petition.language, "wording": wording,
        "organisation": house.organisation,
    }  # fmt: skip
    return {
        f"{folder}/index.html": _petition_page(petition, campaign, house, _form(petition, wording)),
        f"{folder}/recognised.html": _petition_page(petition, campaign, house, _one_click(petition)),
        f"{folder}/form-error.html": _petition_page(petition, campaign, house, "%%ERRORS%%" + _form(petition, wording)),
        f"{folder}/thanks.html": _thanks_page(petition, campaign, house),
        f"{folder}/action.json": json.dumps(facts).encode(),
        f"{folder}/count.json": count_file(petition.count, petition.goal),
        STYLE_NAME: _STYLE,
    }


def count_file(count: int, goal: int) -> bytes:
    """The count that pages read."""
    return json.dumps({"count": count, "goal": goal}).encode()


def record_files(campaign: "CampaignView", house: House) -> dict[str, bytes]:
    """The public record of a campaign: page and JSON."""
    facts = "".join(_fact(fact) for fact in reversed(campaign.facts))
    standings = "".join(_standing(commitment) for commitment in campaign.commitments)
    body = (
        f'<main id="main" class="one"><div><p class="to">The record · {escape(campaign.target)}</p><h1>{escape(campaign.title)}</h1>'
        f"<p>{escape(campaign.summary)}</p><h2>What was promised, and how it stands</h2>{standings}"
        f'<h2>What happened, newest first</h2><ol class="line">{facts}</ol></div></main>'
    )
    data = {
        "campaign": campaign.slug,
        "title": campaign.title,
        "target": campaign.target,
        "entries": [asdict(fact) for fact in campaign.facts],
    }
    folder = f"record/{campaign.slug}"
    return {
        f"{folder}/index.html": _page(f"The record: {campaign.title}", body, house, "en"),
        f"{folder}/record.json": json.dumps(data, ensure_ascii=False, indent=1).encode(),
        STYLE_NAME: _STYLE,
    }


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Put files below `folder`, each whole or not at all, with its compressed twin where that pays."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        _put(path, content)
        if path.suffix in (".html", ".css"):
            _put(path.with_name(path.name + ".gz"), gzip.compress(content, mtime=0))


def _put(path: Path, content: bytes) -> None:
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_bytes(content)
    fresh.replace(path)


def page(title: str, body: str, house: House, language: str = "en") -> bytes:
    """A small page of the door's own: a goodbye, an error."""
    return _page(title, f'<main id="main" class="one"><div>{body}</div></main>', house, language)


def _page(title: str, body: str, house: House, language: str) -> bytes:
    direction = "rtl" if language.split("-", maxsplit=1)[0] in ("ar", "fa", "he", "ur") else "ltr"
    return (
        f'<!doctype html>\n<html lang="{escape(language)}" dir="{direction}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{escape(title)}</title>'
        f'<link rel="stylesheet" href="/{STYLE_NAME}"></head><body>'
        f'<a class="skip" href="#main">To the content</a><header class="top"><strong>{escape(house.organisation)}</strong></header>'
        f'{body}<footer class="end">{escape(house.organisation)} · <a href="{escape(house.privacy_url)}">Privacy</a></footer>'
        "</body></html>\n"
    ).encode()


def _petition_page(petition: "PetitionView", campaign: "CampaignView", house: House, action: str) -> bytes:
    text = _MARKDOWN.render(petition.text)
    body = (
        f'<main id="main" class="two"><article><p class="to">To {escape(campaign.target)}</p><h1>{escape(petition.title)}</h1>'
        f'{text}<p><a href="/record/{escape(campaign.slug)}">What was promised so far: the record, with sources</a></p></article>'
        f'<section class="card" aria-labelledby="sign"><h2 id="sign">Add your name</h2>{_thermometer(petition)}{action}</section></main>'
    )
    return _page(petition.title, body, house, petition.language)


def _thermometer(petition: "PetitionView") -> str:
    return (
        f'<p class="count" id="count"><strong>{petition.count:,}</strong> of {petition.goal:,} have signed</p>'
        f'<progress max="{petition.goal}" value="{petition.count}" aria-labelledby="count"></progress>'
    )


def _one_click(petition: "PetitionView") -> str:
    return (
        f'<form method="post" action="/a/{escape(petition.slug)}/sign"><input type="hidden" name="t" value="%%TOKEN%%">'
        f'<input type="hidden" name="text_version" value="{petition.version}">'
        "<p>Signing as <strong>%%HINT%%</strong></p><button>Sign with one click</button></form>"
        f'<p><a href="/a/{escape(petition.slug)}">Not you?</a></p>'
    )


def _form(petition: "PetitionView", wording: str) -> str:
    options = "".join(f'<option value="{code}">{escape(name)}</option>' for code, name in COUNTRIES)
    return (
        f'<form method="post" action="/a/{escape(petition.slug)}/sign">'
        '<label for="name">Your name</label><p class="hint" id="name-hint">Handed over as first name and initial.</p>'
        '<input type="text" id="name" name="name" value="%%NAME%%" autocomplete="name" aria-describedby="name-hint" maxlength="120">'
        '<label for="email">E-mail address</label><p class="hint" id="email-hint">Counts each person once; never shown.</p>'
        '<input type="email" id="email" name="email" value="%%EMAIL%%" autocomplete="email" aria-describedby="email-hint" required>'
        f'<label for="country">Country</label><select id="country" name="country" autocomplete="country">{options}</select>'
        '<label for="postcode">Postcode (optional)</label>'
        '<input type="text" id="postcode" name="postcode" value="%%POSTCODE%%" autocomplete="postal-code" maxlength="12">'
        f'<fieldset><legend>May we write to you?</legend><p class="hint">{escape(wording)}</p>'
        '<label><input type="radio" id="consent" name="consent" value="yes" required> Yes, write to me</label>'
        '<label><input type="radio" name="consent" value="no"> No, only add my name</label></fieldset>'
        '<div class="honey" aria-hidden="true"><input type="text" name="website" tabindex="-1" autocomplete="off" '
        'aria-label="Leave this empty"></div>'
        '<input type="hidden" name="source" value="%%SOURCE%%">'
        f'<input type="hidden" name="text_version" value="{petition.version}"><button>Sign</button></form>'
    )


def _thanks_page(petition: "PetitionView", campaign: "CampaignView", house: House) -> bytes:
    address = f"{house.base_url}/a/{petition.slug}"
    body = (
        f"<h1>Thank you. Your name is in.</h1><p>It will be handed to {escape(campaign.target)} with all the others.</p>"
        f"<h2>Now pass it on</h2><p>One person who hears of it from you counts more than ten who read it somewhere.</p>"
        f'<p><a class="button" href="mailto:?subject={escape(petition.title)}&amp;body={escape(address)}">Send it by e-mail</a></p>'
        f'<p>Or copy this address: <a href="{escape(address)}">{escape(address)}</a></p>'
    )
    return page("Thank you", body, house, petition.language)


def _fact(fact: "Fact") -> str:
    note = f'<p class="hint">{escape(fact.note)}</p>' if fact.note else ""
    return (
        f'<li id="{escape(fact.key)}"><time datetime="{escape(fact.dated)}">{escape(fact.dated)}</time>'
        f'<span class="tag">{escape(fact.kind)}</span><h3>{escape(fact.actor)}: {escape(fact.subject)}</h3><p>{escape(fact.summary)}</p>'
        f'<p class="hint">Source ({escape(fact.certainty)}): <a href="{escape(fact.source_url)}" rel="noreferrer">'
        f"{escape(fact.source_title)}</a>, {escape(fact.publisher)}</p>{note}</li>"
    )


def _standing(commitment: "CommitmentView") -> str:
    confirmed = commitment.last_confirmed_on.isoformat() if commitment.last_confirmed_on else "never since"
    return (
        f'<div class="standing"><h3>{escape(commitment.title)} <span class="tag">{escape(commitment.standing)}</span></h3><dl>'
        f"<dt>Promised</dt><dd>{commitment.made_on.isoformat()}</dd><dt>Ends</dt><dd>{escape(commitment.until)}</dd>"
        f"<dt>As announced</dt><dd>{escape(commitment.scope_announced)}</dd>"
        f"<dt>As it stands</dt><dd>{escape(commitment.scope_standing)}</dd>"
        f"<dt>Last confirmed</dt><dd>{confirmed}</dd></dl></div>"
    )
