"""Pages of a hand-over: the one for the target, behind an expiring link, and the public dossier."""

import os
import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from html import escape
from pathlib import Path

from markdown_it import MarkdownIt

from groundswell.actions import queries as actions
from groundswell.basics.ids import ActionId
from groundswell.campaigns import queries as records
from groundswell.deliveries import queries
from groundswell.deliveries.queries import DossierView, HandOverView
from groundswell.pages.masthead import House
from groundswell.pages.publish import page, write_files

_MARKDOWN = MarkdownIt("commonmark", {"html": False}).disable(["image"])
_KINDS = {"csv": "The list as a table (CSV)", "pdf": "The list to print (PDF)", "box label": "Labels for the boxes (PDF)",
          "press sheet": "Sheet for the press (PDF)", "manifest": "The manifest: every file with its hash (JSON)"}  # fmt: skip


def publish_hand_overs(*, published: Path, handed_over: Path, house: House, now: datetime) -> list[Path]:
    """Put every open target's page and every public dossier on the disk, and take away what ended. Safe to repeat."""
    written = []
    open_now = dict(queries.open_pages(now))
    for folder in (published / "h").iterdir() if (published / "h").is_dir() else []:
        if folder.name not in open_now:
            shutil.rmtree(folder, ignore_errors=True)
    for key, made in open_now.items():
        written.append(_target_folder(published / "h" / key, handed_over / made.folder, made, house, now))
    for made in queries.dossiers():
        if made.dossier:
            files = {f"d/{made.dossier.key}/index.html": dossier_page(made, made.dossier, house, now)}
            for proof in made.dossier.proofs:
                source = handed_over / made.folder / "proof" / proof.name
                if proof.public and source.is_file():
                    files[f"d/{made.dossier.key}/{proof.name}"] = source.read_bytes()
            write_files(published, files)
            written.append(published / "d" / made.dossier.key)
    return written


def target_page(made: HandOverView, house: House, now: datetime) -> bytes:
    """What the target opens: how many signed which text, from where, and the files. Addresses are relative to the link."""
    petition, target = _about(made, now)
    files = "".join(
        f'<li><a href="{escape(file.name)}" download>{escape(_KINDS.get(file.kind, file.kind))}: {escape(file.name)}</a>'
        f'<span class="hint"> {_size(file.size)}</span><br><code class="hash">{file.sha256}</code></li>'
        for file in made.files
    )
    texts = "".join(
        f"<h3>Text {number}, signed by {made.per_version.get(number, 0):,}: {escape(title)}</h3>{_MARKDOWN.render(text)}"
        for number, (title, text) in sorted(actions.texts(made.petition_id).items())
        if number in made.per_version
    )
    body = (
        f'<p class="to">To {escape(target)}</p><h1>{escape(petition.title)}</h1>'
        f'<p class="count"><strong>{made.total:,}</strong> {_unit(made)} as of {_moment(made.made_at)}</p>'
        "<p>Names are shown as each signer agreed: first name and initial, and the region; some as “A supporter”. "
        f"Nobody counts who opens this page.</p><h2>The files</h2><ul>{files}</ul>"
        f"<p>The whole list’s SHA-256: <code>{made.list_sha256}</code></p>{_places(made)}<h2>What they signed</h2>{texts}"
    )
    return page(f"Handed over: {petition.title}", body, house, petition.language)


def dossier_page(made: HandOverView, dossier: DossierView, house: House, now: datetime) -> bytes:
    """The public part of a dossier. No name of a signer, no address, nothing staff kept for themselves."""
    petition, target = _about(made, now)
    where = f", {escape(dossier.place)}" if dossier.place else ""
    versions = "".join(f"<dt>Text {number}</dt><dd>{count:,}</dd>" for number, count in made.per_version.items())
    pictures = "".join(
        f'<figure><img src="/d/{dossier.key}/{escape(proof.name)}" alt="{escape(proof.title)}">'
        f"<figcaption>{escape(proof.title)}</figcaption></figure>"
        for proof in dossier.proofs if proof.public
    )  # fmt: skip
    inside = [proof.title for proof in dossier.proofs if not proof.public]
    kept = f"<p>Kept by us, and shown on request: {escape('; '.join(inside))}.</p>" if inside else ""
    body = (
        f'<p class="to">Dossier of a hand-over</p><h1>{made.total:,} {_unit(made)} to {escape(target)}</h1>'
        f'<p>Under <a href="/a/{escape(petition.slug)}">{escape(petition.title)}</a>, handed to {escape(dossier.to_role)} '
        f'{escape(dossier.how)}{where} on <time datetime="{dossier.delivered_on}">{dossier.delivered_on}</time>.</p>'
        f"<h2>The answer</h2>{_answer(dossier)}<h2>How many signed which text</h2><dl class='counts'>{versions}</dl>{_places(made)}"
        f"<h2>The proof</h2>{pictures}{kept}<p>The list’s SHA-256: <code>{made.list_sha256}</code></p>"
        "<p>Whoever holds one of the files can have it checked: one changed byte is seen.</p>"
    )
    return page(f"Dossier: {petition.title}", body, house, petition.language)


def _target_folder(folder: Path, files: Path, made: HandOverView, house: House, now: datetime) -> Path:
    """Only a signed link leads here, and only its owner can read it on the disk."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.parent.chmod(0o700)
    index = folder / "index.html"
    content = target_page(made, house, now)
    if not index.is_file() or index.read_bytes() != content:
        half = folder / f".index.{os.getpid()}"
        half.touch(0o600)
        half.write_bytes(content)
        half.replace(index)
    for file in made.files:
        if not (folder / file.name).exists() and (files / file.name).is_file():
            try:
                os.link(files / file.name, folder / file.name)  # the same bytes, not as many again
            except OSError:
                shutil.copy2(files / file.name, folder / file.name)
    return folder


def _about(made: HandOverView, now: datetime) -> tuple[actions.PetitionView, str]:
    petition = actions.petition(ActionId(made.petition_id))
    return petition, records.campaign(petition.campaign_id, now.date()).target


def _answer(dossier: DossierView) -> str:
    if dossier.answer == "none":
        return "<p>None so far.</p>"
    what = "They answered" if dossier.answer == "reply" else "They refused the signatures"
    words = f"<blockquote>{escape(dossier.answer_words)}</blockquote>" if dossier.answer_words else ""
    return f"<p>{what} on {dossier.answered_on}.</p>{words}"


def _places(made: HandOverView) -> str:
    named = _named(made.per_place)
    if not named:
        return ""
    rows = "".join(f"<dt>{escape(place)}</dt><dd>{count:,}</dd>" for place, count in named.items())
    return f"<h2>From where</h2><dl class='counts'>{rows}</dl>"


def _named(places: Mapping[str, int]) -> dict[str, int]:
    named = {place: count for place, count in sorted(places.items(), key=lambda each: (-each[1], each[0])) if place}
    return {**named, "Elsewhere": places[""]} if named and places.get("") else named


def _unit(made: HandOverView) -> str:
    return "signature" if made.total == 1 else "signatures"


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _size(size: int) -> str:
    return f"{size / 1e6:.1f} MB" if size >= 1_000_000 else f"{max(1, size // 1000)} KB"
