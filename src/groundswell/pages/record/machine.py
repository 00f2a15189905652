"""The record for machines: JSON with its schema, CSV without formulas, an Atom feed, JSON-LD."""

import csv
import io
import json
from datetime import date
from typing import Any
from xml.sax.saxutils import escape as xml

from groundswell.basics.cells import harmless
from groundswell.campaigns.queries import CommitmentView, EntryView, RecordView
from groundswell.campaigns.rules.dates import PRECISIONS
from groundswell.campaigns.rules.words import CERTAINTIES, KINDS
from groundswell.pages.masthead import House
from groundswell.pages.record.addresses import entry_of, page_of

FEED_LENGTH = 50
_TEXT = {"type": "string"}
_ENTRY_FIELDS = (
    "key", "dated", "precision", "kind", "actor", "subject", "summary", "wording", "scope", "said_by", "certainty", "note",
    "commitment", "bearing", "corrects", "corrected_by", "disputes", "answers",
)  # fmt: skip
_COLUMNS = (
    "address", *_ENTRY_FIELDS, "source_publisher", "source_title", "source_address", "source_date", "retrieved_on", "original",
    "copy_sha256",
)  # fmt: skip


def as_json(view: RecordView, house: House) -> bytes:
    """Everything that the page shows."""
    base = f"{house.base_url}{page_of(view.slug)}"
    content = {
        "$schema": f"{base}/record.schema.json", "campaign": view.slug, "title": view.title, "target": view.target,
        "address": base, "publisher": house.organisation, "published_on": view.today.isoformat(),
        "last_checked": _iso(view.checked_on), "hidden_copies": view.hidden_copies,
        "commitments": [_commitment(commitment) for commitment in view.commitments],
        "demands": [
            {"by": row.made_by, "wording": row.wording, "dated": row.dated, "met": row.met, "met_by": row.met_by} for row in view.demands
        ],
        "unknown": [
            {"question": row.question, "finding": row.finding, "state": row.state, "cites": list(row.cites)} for row in view.unknowns
        ],
        "entries": [_entry(entry, view, house) for entry in view.entries],
    }  # fmt: skip
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


def schema() -> bytes:
    """What `record.json` promises (JSON Schema 2020-12)."""
    source = _object({
        "publisher": _TEXT, "title": _TEXT, "address": _TEXT, "dated": _TEXT, "retrieved_on": {"type": ["string", "null"]},
        "original": {"type": "boolean"}, "copy_sha256": _TEXT, "look": _TEXT,
    })  # fmt: skip
    entry = _object({
        **dict.fromkeys(_ENTRY_FIELDS, _TEXT), "address": _TEXT, "about": {"type": "boolean"},
        "precision": {"enum": list(PRECISIONS)}, "kind": {"enum": list(KINDS)}, "certainty": {"enum": list(CERTAINTIES)},
        "sources": {"type": "array", "minItems": 1, "items": source}, "entered_on": _TEXT,
    })  # fmt: skip
    day = {"type": ["string", "null"]}
    commitment = _object({
        "slug": _TEXT, "title": _TEXT, "target": _TEXT, "standing": _TEXT, "flags": {"type": "array", "items": _TEXT}, "words": _TEXT,
        "made": _TEXT, "scope_as_announced": _TEXT, "scope_as_it_stands": _TEXT, "expires": day, "until": _TEXT,
        "conditions": _TEXT, "last_confirmed": _TEXT, "confirmed_by": _TEXT, "ended": _TEXT,
        "not_covered": {"type": "array", "items": _TEXT}, "entries": {"type": "array", "items": _TEXT},
    })  # fmt: skip
    whole = _object({
        "campaign": _TEXT, "title": _TEXT, "target": _TEXT, "address": _TEXT, "publisher": _TEXT, "published_on": _TEXT,
        "last_checked": day, "hidden_copies": {"type": "integer", "minimum": 0},
        "commitments": {"type": "array", "items": commitment}, "entries": {"type": "array", "items": entry},
        "demands": {"type": "array"}, "unknown": {"type": "array"},
    })  # fmt: skip
    return json.dumps(
        {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "A public record", **whole}, indent=1
    ).encode()


def as_csv(view: RecordView, house: House) -> bytes:
    """One line per entry and source; no cell is a formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(_COLUMNS)
    for entry in view.entries:
        own = [f"{house.base_url}{entry_of(view.slug, entry.key)}", *(str(getattr(entry, name)) for name in _ENTRY_FIELDS)]
        for source in entry.sources:
            theirs = [
                source.publisher, source.title, source.url, source.dated, _iso(source.retrieved_on) or "",
                "original" if source.original else "copy", source.sha256,
            ]  # fmt: skip
            writer.writerow([harmless(cell) for cell in own + theirs])
    return out.getvalue().encode("utf-8-sig")


def as_atom(view: RecordView, house: House) -> bytes:
    """The newest entries by the day they were entered (RFC 4287)."""
    newest = sorted(view.entries, key=lambda entry: (entry.entered_on, entry.last, entry.key), reverse=True)[:FEED_LENGTH]
    base = f"{house.base_url}{page_of(view.slug)}"
    updated = max((entry.entered_on for entry in newest), default=view.today)
    items = "".join(
        f"<entry><id>{xml(house.base_url + entry_of(view.slug, entry.key))}</id>"
        f'<link href="{xml(house.base_url + entry_of(view.slug, entry.key))}"/>'
        f"<title>{xml(f'{entry.when}: {entry.actor}: {entry.subject}')}</title><updated>{_moment(entry.entered_on)}</updated>"
        f'<category term="{entry.kind}"/><summary>{xml(entry.summary)}</summary></entry>\n'
        for entry in newest
    )
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom"><id>{xml(base)}</id>'
        f'<title>{xml("The record: " + view.title)}</title><link href="{xml(base)}"/><link rel="self" href="{xml(base)}/feed.atom"/>'
        f"<updated>{_moment(updated)}</updated><author><name>{xml(house.organisation)}</name></author>\n{items}</feed>\n"
    ).encode()


def linked_data(view: RecordView, house: House) -> dict[str, Any]:
    """The record as a data set, for search engines (schema.org)."""
    base = f"{house.base_url}{page_of(view.slug)}"
    files = {"record.json": "application/json", "record.csv": "text/csv", "feed.atom": "application/atom+xml"}
    return {
        "@context": "https://schema.org", "@type": "Dataset", "@id": base, "url": base, "name": f"The record: {view.title}",
        "description": view.summary or view.title, "about": {"@type": "Organization", "name": view.target},
        "creator": {"@type": "Organization", "name": house.organisation}, "dateModified": view.today.isoformat(),
        "isAccessibleForFree": True,
        "distribution": [
            {"@type": "DataDownload", "contentUrl": f"{base}/{name}", "encodingFormat": kind} for name, kind in files.items()
        ],
    }  # fmt: skip


def _entry(entry: EntryView, view: RecordView, house: House) -> dict[str, Any]:
    return {
        **{name: getattr(entry, name) for name in _ENTRY_FIELDS}, "address": f"{house.base_url}{entry_of(view.slug, entry.key)}",
        "about": entry.when.startswith("about "), "entered_on": entry.entered_on.isoformat(),
        "sources": [
            {
                "publisher": source.publisher, "title": source.title, "address": source.url, "dated": source.dated,
                "retrieved_on": _iso(source.retrieved_on), "original": source.original, "copy_sha256": source.sha256, "look": source.look,
            }
            for source in entry.sources
        ],
    }  # fmt: skip


def _commitment(row: CommitmentView) -> dict[str, Any]:
    state = row.standing
    return {
        "slug": row.slug, "title": row.title, "target": row.target, "standing": state.word, "flags": list(state.flags),
        "words": state.words, "made": state.made, "scope_as_announced": state.scope_announced,
        "scope_as_it_stands": state.scope_standing, "expires": _iso(state.expires), "until": state.until,
        "conditions": state.conditions, "last_confirmed": state.last_confirmed, "confirmed_by": state.confirmed_by,
        "ended": state.ended, "not_covered": list(row.not_covered), "entries": list(row.keys),
    }  # fmt: skip


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": sorted(properties), "properties": properties}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _moment(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"
