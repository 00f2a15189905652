"""The record's page and its filtered views: what was promised and how it stands, what is not known, what happened."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from groundswell.campaigns.queries import EntryView, RecordView
from groundswell.campaigns.rules.dates import date_words
from groundswell.pages.masthead import House
from groundswell.pages.record.addresses import entry_of, filtered, page_of
from groundswell.pages.record.chart import chart, table
from groundswell.pages.record.shell import linked, whole_page
from groundswell.pages.record.standing import at_a_glance

_PLURAL = {
    "pledge": "pledges", "extension": "extensions", "narrowing": "narrowings", "end": "endings", "supply": "supply",
    "evidence": "evidence", "law": "laws", "pressure": "pressure", "reply": "replies",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Filters:
    """What can be chosen: actors named twice or more, and kinds, each with how many."""

    actors: tuple[tuple[str, int], ...]
    kinds: tuple[tuple[str, int], ...]


def filters_of(view: RecordView) -> Filters:
    """The choices that lead somewhere."""
    actors = Counter(entry.short_actor for entry in view.standing_entries)
    kinds = Counter(entry.kind for entry in view.standing_entries)
    often = sorted(((name, count) for name, count in actors.items() if count > 1), key=lambda pair: (-pair[1], pair[0]))
    return Filters(tuple(often[:24]), tuple((kind, kinds[kind]) for kind in _PLURAL if kinds[kind]))


def record_page(view: RecordView, house: House, items: Mapping[str, str], data: Mapping[str, object]) -> bytes:
    """The whole record."""
    choices = filters_of(view)
    body = (
        f'<main id="main" class="page">{_opening(view)}{at_a_glance(view) if view.commitments else ""}{_chart(view)}{_ties(view)}{_asked(view)}'
        f'{_unknown(view)}<section id="timeline" aria-labelledby="h-timeline"><h2 id="h-timeline">What happened</h2>'
        f"{_filter_bar(view, choices, '', '')}{_years(reversed(view.entries), items)}</section>"
        f"{_reply(view, house)}{_files(view)}</main>"
    )
    about = view.summary or f"What was promised, and what became of it: {len(view.standing_entries)} dated entries with sources."
    return whole_page(view, house, f"The record: {view.title}", body, address=page_of(view.slug), about=about, data=data)


def filtered_pages(view: RecordView, house: House, items: Mapping[str, str]) -> Iterator[tuple[str, bytes]]:
    """A page for every actor, every kind, and every actor's kinds: links, so that it works without a script."""
    choices = filters_of(view)
    newest = list(reversed(view.standing_entries))
    wanted = [(actor, "") for actor, _ in choices.actors] + [("", kind) for kind, _ in choices.kinds]
    wanted += [(actor, kind) for actor, _ in choices.actors for kind, _ in choices.kinds]
    for actor, kind in wanted:
        found = [entry for entry in newest if (not actor or entry.short_actor == actor) and (not kind or entry.kind == kind)]
        if not found:
            continue
        what = " · ".join(part for part in (actor, _PLURAL.get(kind, "")) if part)
        address = filtered(view.slug, actor, kind)
        body = (
            f'<main id="main" class="page"><p class="kicker"><a href="{page_of(view.slug)}">The record: {escape(view.title)}</a></p>'
            f'<h1>{escape(what[:1].upper() + what[1:])}</h1><section id="timeline" aria-labelledby="h-timeline"><h2 id="h-timeline">What happened</h2>'
            f"{_filter_bar(view, choices, actor, kind)}"
            f"{_years(found, items)}</section></main>"
        )
        data = {"@context": "https://schema.org", "@type": "CollectionPage", "name": what, "url": f"{house.base_url}{address}"}
        about = f"{len(found)} entries of the record “{view.title}”: {what}."
        yield address, whole_page(view, house, f"{what} – The record: {view.title}", body, address=address, about=about, data=data)


def _opening(view: RecordView) -> str:
    entries = view.standing_entries
    figures = [(str(len(entries)), "entry" if len(entries) == 1 else "entries")]
    if entries:
        years = sorted({entry.first.year for entry in entries})
        figures.append((f"{years[0]}–{years[-1]}" if len(years) > 1 else str(years[0]), "covered"))
        figures.append((str(len({source.publisher for entry in entries for source in entry.sources})), "publishers cited"))
    if view.checked_on:
        figures.append((date_words(view.checked_on.isoformat()), "last checked or added to"))
    listed = "".join(f"<li><strong>{escape(value)}</strong> {name}</li>" for value, name in figures)
    return (
        f'<header class="lede"><p class="kicker">The record · {escape(view.target)}</p><h1>{escape(view.title)}</h1>'
        f'<p class="summary">{escape(view.summary)}</p><ul class="figures">{listed}</ul>'
        '<nav class="jump" aria-label="On this page"><a href="#standing">How they stand</a><a href="#unknown">What is not known</a>'
        '<a href="#timeline">What happened</a><a href="#reply">Right of reply</a><a href="#data">Data</a></nav></header>'
    )


def _chart(view: RecordView) -> str:
    wide = chart(view, 880, "wide")
    if not wide:
        return ""
    return (
        f'<section id="over-time" aria-labelledby="h-chart"><h2 id="h-chart">The promises over time</h2>'
        f'<figure class="chart">{wide}{chart(view, 350, "narrow")}<figcaption>'
        '<span class="key sure"></span> confirmed in that year or the year before <span class="key faint"></span> no longer confirmed '
        '<span class="key over"></span> over · ○ made or confirmed · □ prolonged · ▽ narrowed · ✕ ended</figcaption></figure>'
        f"{table(view)}</section>"
    )


def _ties(view: RecordView) -> str:
    if not view.relations:
        return ""
    items = "".join(
        f"<li><p><strong>{escape(one)}</strong> {escape(relation)} <strong>{escape(other)}</strong> · {linked(url, publisher)}</p></li>"
        for one, relation, other, url, publisher in view.relations
    )
    return f'<section id="ties" aria-labelledby="h-ties"><h2 id="h-ties">Who is tied to whom</h2><ul class="demands">{items}</ul></section>'


def _asked(view: RecordView) -> str:
    if not view.demands:
        return ""
    items = "".join(
        f'<li class="{"met" if demand.met else "open"}"><p>{escape(demand.wording[:1].upper() + demand.wording[1:])}</p>'
        f'<p class="hint">{escape(demand.made_by)}, {escape(date_words(demand.dated))} · '
        + (f'<a href="{entry_of(view.slug, demand.met_by)}">met</a>' if demand.met else "<strong>not met</strong>") + "</p></li>"
        for demand in view.demands
    )  # fmt: skip
    return f'<section id="demands" aria-labelledby="h-demands"><h2 id="h-demands">What is asked for</h2><ul class="demands">{items}</ul></section>'


def _unknown(view: RecordView) -> str:
    lines = [
        f'<li><p class="q">{escape(unknown.question)}</p><p><strong class="doubt">{escape(unknown.state)}</strong> {escape(unknown.finding)}'
        f"{_cited(view, unknown.cites)}</p></li>"
        for unknown in view.unknowns
    ]
    endless = [row.title for row in view.commitments if row.standing.living and not row.standing.expires]
    if endless:
        named = "; ".join(f"“{escape(title)}”" for title in endless)
        lines.append(
            f'<li><p class="q">When do they end?</p><p><strong class="doubt">not stated</strong> No date was named for {named}.</p></li>'
        )
    if view.hidden_copies:
        lines.append(
            f'<li><p class="q">Is this everything that was found?</p><p><strong class="doubt">not yet</strong> '
            f"{view.hidden_copies} more entries were read only in a copy. They are shown once somebody has read the original.</p></li>"
        )
    if not lines:
        return ""
    return (
        f'<section id="unknown" aria-labelledby="h-unknown"><h2 id="h-unknown">What is not known</h2><ul class="unknowns">{"".join(lines)}'
        "</ul></section>"
    )


def _cited(view: RecordView, keys: Sequence[str]) -> str:
    known = [entry for entry in view.entries if entry.key in keys and not entry.corrected_by]
    return "".join(f' <a class="ref" href="#{entry.key}">{escape(entry.when)}</a>' for entry in known)


def _filter_bar(view: RecordView, choices: Filters, actor: str, kind: str) -> str:
    current = ' aria-current="true"'
    anchor = "#timeline"

    def chips(label: str, options: Iterable[tuple[str, str, int, bool]]) -> str:
        items = "".join(
            f'<li><a href="{address}{anchor}"{current if chosen else ""}>{escape(name)}'
            + (f" <span>{count}</span>" if count else "") + "</a></li>"
            for address, name, count, chosen in options
        )  # fmt: skip
        return f'<div class="filter" role="group" aria-label="{label}"><p>{label}</p><ul>{items}</ul></div>'

    both = Counter((entry.short_actor, entry.kind) for entry in view.standing_entries)
    total = len(view.standing_entries)
    actors = [(filtered(view.slug, "", kind), "Everybody", total if not kind else 0, not actor)]
    actors += [
        (filtered(view.slug, name, kind), name, both[name, kind] if kind else count, name == actor)
        for name, count in choices.actors if not kind or both[name, kind]
    ]  # fmt: skip
    kinds = [(filtered(view.slug, actor, ""), "Everything", 0, not kind)]
    kinds += [
        (filtered(view.slug, actor, name), _PLURAL[name], both[actor, name] if actor else count, name == kind)
        for name, count in choices.kinds if not actor or both[actor, name]
    ]  # fmt: skip
    return f'<nav class="filters" aria-label="Show a part">{chips("By whom", actors)}{chips("Of which kind", kinds)}</nav>'


def _years(newest_first: Iterable[EntryView], items: Mapping[str, str]) -> str:
    by_year: dict[int, list[str]] = {}
    for entry in newest_first:
        by_year.setdefault(entry.first.year, []).append(items[entry.key])
    return "".join(
        f'<section class="year" aria-labelledby="y{year}"><h3 id="y{year}">{year}</h3><ol>{"".join(lines)}</ol></section>'
        for year, lines in by_year.items()
    )


def _reply(view: RecordView, house: House) -> str:
    to = (
        f'Write to <a href="mailto:{escape(house.reply_to)}">{escape(house.reply_to)}</a>.' if house.reply_to
        else "Write to us at the address under every letter of ours."
    )  # fmt: skip
    return (
        '<section id="reply" aria-labelledby="h-reply"><h2 id="h-reply">Right of reply</h2><p>Are you named here, and is something wrong or '
        f"missing? {to} A reply is entered in full, beside what it answers. Mistakes are corrected in the open: what was wrong stays "
        f"readable, and says by what it was corrected.</p></section>"
    )


def _files(view: RecordView) -> str:
    base = page_of(view.slug)
    return (
        f'<section id="data" aria-labelledby="h-data"><h2 id="h-data">Take it with you</h2><p>The whole record as '
        f'<a href="{base}/record.json">JSON</a> (<a href="{base}/record.schema.json">its schema</a>), '
        f'<a href="{base}/record.csv">CSV</a>, or a <a href="{base}/feed.atom">feed of new entries</a>. Every entry has an address of its '
        f"own that stays: press its headline, and cite that. Printed, this page shows where each source is.</p></section>"
    )
