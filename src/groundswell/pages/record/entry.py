"""One entry: as it stands in the timeline, and on a page of its own that can be cited."""

from html import escape

from groundswell.campaigns.queries import EntryView, RecordView, SourceView
from groundswell.campaigns.rules.dates import date_words
from groundswell.pages.masthead import House
from groundswell.pages.record.addresses import entry_of, page_of
from groundswell.pages.record.shell import linked, whole_page

_BEARS = {
    "makes": "Makes a promise", "extends": "Prolongs", "narrows": "Narrows", "confirms": "Confirms", "breaks": "Breaks",
    "withdraws": "Takes back", "keeps": "Keeps",
}  # fmt: skip
_SURE = {
    "copy": "read in a copy, not in the original", "only the sender says so": "only the sender says so", "disputed": "disputed",
    "not found": "looked for, not found",
}  # fmt: skip
_LOOKS = {
    "same": "still the same", "first": "copy kept", "differs": "the page differs from our copy", "gone": "the page is gone",
    "moved": "the page has moved",
}  # fmt: skip


def in_timeline(entry: EntryView, view: RecordView, titles: dict[str, str]) -> str:
    """The entry as a list item; a corrected one as the line that leads to its correction."""
    link = entry_of(view.slug, entry.key)
    if entry.corrected_by:
        return (
            f'<li id="{entry.key}" class="was"><p><time datetime="{_machine(entry)}">{escape(entry.when)}</time> '
            f'An entry stood here. It was corrected: <a href="#{entry.corrected_by}">read what is right</a> or '
            f'<a href="{link}">what it said</a>.</p></li>'
        )
    pivot = " pivot" if entry.bearing else ""
    return (
        f'<li id="{entry.key}" class="e k-{entry.kind}{pivot}">{_meta(entry)}'
        f'<h4><a href="{link}"><span class="who">{escape(entry.actor)}</span> {escape(entry.subject)}</a></h4>'
        f"{_told(entry, view, titles)}{_sources(entry.sources)}{_note(entry)}</li>"
    )


def entry_page(entry: EntryView, view: RecordView, titles: dict[str, str], house: House) -> bytes:
    """The entry alone, with how to cite it and what became of it."""
    address = entry_of(view.slug, entry.key)
    full = f"{house.base_url}{address}"
    cite = (
        f"“{entry.actor}: {entry.subject}” ({entry.when}). In: The record: {view.title}. {house.organisation}, "
        f"entered {date_words(entry.entered_on.isoformat())}. {full}"
    )
    corrected = (
        f'<p class="alert">This entry was corrected. <a href="{entry_of(view.slug, entry.corrected_by)}">Read the correction.</a></p>'
        if entry.corrected_by else ""
    )  # fmt: skip
    rows = "".join(
        f"<dt>{name}</dt><dd>{escape(value)}</dd>"
        for name, value in (
            ("Scope, as they put it", entry.scope), ("Said by", entry.said_by), ("Until", _until(entry)),
            ("Conditions", entry.conditions), ("How sure", _SURE.get(entry.certainty, "found in the source named")),
            ("In the record since", date_words(entry.entered_on.isoformat())),
        ) if value
    )  # fmt: skip
    copies = "".join(
        f"<dt>Copy of “{escape(source.title)}”</dt><dd><code>SHA-256 {source.sha256}</code></dd>"
        for source in entry.sources
        if source.sha256
    )
    body = (
        f'<main id="main" class="page one"><article class="alone k-{entry.kind}"><p class="kicker"><a href="{page_of(view.slug)}#{entry.key}">'
        f"The record: {escape(view.title)}</a></p>{corrected}{_meta(entry)}"
        f'<h1><span class="who">{escape(entry.actor)}</span> {escape(entry.subject)}</h1>{_told(entry, view, titles)}'
        f'<h2>Where it was found</h2>{_sources(entry.sources)}{_note(entry, opened=True)}<dl class="facts">{rows}{copies}</dl>'
        f'<h2 id="cite">Cite this</h2><p class="cite">{escape(cite)}</p>'
        f'<p class="back"><a href="{page_of(view.slug)}#{entry.key}">To its place in the timeline</a></p></article></main>'
    )
    about = f"{entry.when}: {entry.summary}"
    data = {
        "@context": "https://schema.org", "@type": "Claim", "@id": full, "url": full, "name": f"{entry.actor}: {entry.subject}",
        "text": entry.summary, "datePublished": entry.first.isoformat(), "author": {"@type": "Organization", "name": entry.actor},
        "publisher": {"@type": "Organization", "name": house.organisation}, "isPartOf": f"{house.base_url}{page_of(view.slug)}",
        "appearance": [
            {"@type": "CreativeWork", "name": source.title, "url": source.url, "publisher": source.publisher} for source in entry.sources
        ],
    }  # fmt: skip
    return whole_page(view, house, f"{entry.actor}: {entry.subject}", body, address=address, about=about, data=data)


def _meta(entry: EntryView) -> str:
    doubt = f'<span class="doubt">{escape(_SURE[entry.certainty])}</span>' if entry.certainty in _SURE else ""
    return (
        f'<p class="meta"><time datetime="{_machine(entry)}">{escape(entry.when)}</time>'
        f'<span class="kind">{escape(entry.kind)}</span>{doubt}</p>'
    )


def _told(entry: EntryView, view: RecordView, titles: dict[str, str]) -> str:
    parts = [f"<p>{escape(entry.summary)}</p>"]
    if entry.wording:
        by = f"<footer>{escape(entry.said_by or entry.actor)}</footer>"
        parts.append(f"<blockquote><p>“{escape(entry.wording.strip('“”'))}”</p>{by}</blockquote>")
    if entry.bearing and entry.commitment in titles:
        to = f'<a href="{page_of(view.slug)}#c-{escape(entry.commitment)}">{escape(titles[entry.commitment])}</a>'
        ends = f", {escape(_until(entry))}" if _until(entry) else ""
        parts.append(f'<p class="bears b-{entry.bearing}">{_BEARS[entry.bearing]}: {to}{ends}</p>')
    for key, words in (
        (entry.corrects, "Corrects an earlier entry"), (entry.disputes, "Disputes"), (entry.answers, "Answers"),
    ):  # fmt: skip
        if key:
            parts.append(f'<p class="points">{words}: <a href="{entry_of(view.slug, key)}">{escape(_subject(view, key))}</a></p>')
    for key in entry.disputed_by:
        parts.append(f'<p class="points">Disputed: <a href="{entry_of(view.slug, key)}">{escape(_subject(view, key))}</a></p>')
    return "".join(parts)


def _subject(view: RecordView, key: str) -> str:
    return next((f"{entry.subject} ({entry.when})" for entry in view.entries if entry.key == key), key)


def _until(entry: EntryView) -> str:
    if entry.until:
        return entry.until
    return "no date" if entry.expires == "no date" else f"until {date_words(entry.expires)}" if entry.expires else ""


def _sources(sources: tuple[SourceView, ...]) -> str:
    return f'<ul class="src">{"".join(_source(source) for source in sources)}</ul>'


def _source(source: SourceView) -> str:
    said = [f"<cite>{escape(source.publisher)}</cite>", linked(source.url, source.title)]
    if source.dated:
        said.append(escape(date_words(source.dated)))
    marks = [] if source.original else ["a copy"]
    if source.sha256:
        marks.append("our copy is kept")
    if source.look in _LOOKS and source.looked_on:
        marks.append(f"{_LOOKS[source.look]} ({date_words(source.looked_on.isoformat())})")
    elif source.retrieved_on:
        marks.append(f"read {date_words(source.retrieved_on.isoformat())}")
    told = f' <span class="mark">{escape("; ".join(marks))}</span>' if marks else ""
    to = f" · {linked(source.look_words, 'where it is now')}" if source.look == "moved" and _web(source.look_words) else ""
    return f"<li>{', '.join(said)}{told}{to}</li>"


def _web(words: str) -> bool:
    """Whether what was noted of a page that moved is an address, and nothing else."""
    return words.startswith(("http://", "https://")) and not any(sign.isspace() for sign in words)


def _note(entry: EntryView, *, opened: bool = False) -> str:
    if not entry.note:
        return ""
    if opened:
        return f'<p class="note">{escape(entry.note)}</p>'
    return f'<details class="note"><summary>What to know about this source</summary><p>{escape(entry.note)}</p></details>'


def _machine(entry: EntryView) -> str:
    """The date as HTML reads it: a season by its first month."""
    return escape(entry.dated if entry.precision != "season" else entry.first.isoformat()[:7])
