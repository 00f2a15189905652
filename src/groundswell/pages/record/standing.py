"""How each promise stands, at a glance: the word, the scope as announced beside the scope as it stands, and what is open."""

from html import escape

from groundswell.campaigns.queries import CommitmentView, EntryView, RecordView
from groundswell.campaigns.rules.dates import date_words
from groundswell.campaigns.rules.standing import Standing

GLYPHS = {
    "in force": "●", "made": "◆", "unconfirmed": "◌", "expiring": "◔", "expired": "○", "broken": "✕", "withdrawn": "↩", "kept": "✔",
    "not found": "?",
}  # fmt: skip
_STEPS = {
    "makes": "made", "extends": "prolonged", "narrows": "narrowed", "confirms": "confirmed", "breaks": "broken",
    "withdraws": "taken back", "keeps": "kept",
}  # fmt: skip


def at_a_glance(view: RecordView) -> str:
    """One card per promise."""
    entries = {entry.key: entry for entry in view.entries}
    cards = "".join(_card(commitment, entries) for commitment in view.commitments)
    glance = "".join(
        f'<li class="w-{css_word(row.standing.word)}"><a href="#c-{escape(row.slug)}"><span class="glyph" aria-hidden="true">'
        f'{GLYPHS[row.standing.word]}</span> <span class="who">{escape(row.target)}</span> <strong>{escape(row.standing.words)}</strong></a></li>'
        for row in view.commitments
    )
    return (
        f'<section id="standing" aria-labelledby="h-standing"><h2 id="h-standing">How the promises stand</h2>'
        f'<p class="hint">On {date_words(view.today.isoformat())}, worked out by a fixed rule from the dated entries below; nobody '
        f'types a standing in.</p><ul class="glance">{glance}</ul>{cards}{_rule()}</section>'
    )  # fmt: skip


def css_word(word: str) -> str:
    """The word as a class name."""
    return word.replace(" ", "-")


def _card(commitment: CommitmentView, entries: dict[str, EntryView]) -> str:
    state = commitment.standing
    heading = (
        f'<article class="promise w-{css_word(state.word)}" id="c-{escape(commitment.slug)}"><header>'
        f'<p class="who">{escape(commitment.target)}</p><h3>{escape(_without(commitment.title, commitment.target))}</h3>'
        f'<p class="stand"><span class="glyph" aria-hidden="true">{GLYPHS[state.word]}</span> '
        f"<strong>{escape(state.words)}</strong></p></header>"
    )
    if state.word == "not found":
        return f"{heading}<p>No entry shows that this was promised.</p></article>"
    made = f"As announced, {escape(date_words(state.made))}"
    over = state.word in ("withdrawn", "broken", "expired")
    same = not over and (state.scope_announced == state.scope_standing or not state.scope_standing)
    announced = escape(state.scope_announced or "The scope was not stated.")
    stands = f"<mark>{escape(state.scope_standing)}</mark>"
    if same:
        stands = "As announced: no narrower or wider wording was found."
    if over:
        stands = f"<mark>Nothing of it: {escape(state.word)}{_since(state)}.</mark>"
    return (
        f'{heading}<div class="scopes"><div><h4>{made}</h4><p>{announced}</p></div>'
        f'<div class="{"same" if same else "now"}"><h4>As it stands</h4><p>{stands}</p></div></div>'
        f"<dl>{_facts(commitment)}</dl>{_steps(commitment, entries)}</article>"
    )


def _without(title: str, target: str) -> str:
    """The title without the name that stands above it already."""
    rest = title.removeprefix(f"{target}, ")
    return rest[:1].upper() + rest[1:]


def _since(state: Standing) -> str:
    day = state.ended or (state.expires.isoformat() if state.expires else "")
    return f" ({date_words(day)})" if day else ""


def _facts(commitment: CommitmentView) -> str:
    state = commitment.standing
    ends = date_words(state.expires.isoformat()) if state.expires else "no date"
    told = f"{ends} ({state.until})" if state.until and state.until != ends else ends
    rows = [("Ends", told), ("Conditions", state.conditions or "none stated")]
    if state.ended:
        rows[0] = ("Ended", date_words(state.ended))
    rows.append(("Last confirmed", f"{date_words(state.last_confirmed)}, by {state.confirmed_by}"))
    if commitment.next_change:
        rows.append(("Changes by itself", f"on {date_words(commitment.next_change.isoformat())}, if nothing is heard before"))
    listed = "".join(f"<div><dt>{name}</dt><dd>{escape(value)}</dd></div>" for name, value in rows)
    if commitment.not_covered:
        items = "".join(f"<li>{escape(line)}</li>" for line in commitment.not_covered)
        listed += f'<div class="wide"><dt>Not covered</dt><dd><ul>{items}</ul></dd></div>'
    if commitment.note:
        listed += f'<div class="wide"><dt>To know</dt><dd>{escape(commitment.note)}</dd></div>'
    return listed


def _steps(commitment: CommitmentView, entries: dict[str, EntryView]) -> str:
    steps = [entries[key] for key in commitment.keys if key in entries and not entries[key].corrected_by]
    items = "".join(
        f'<li class="b-{entry.bearing}"><a href="#{entry.key}"><time datetime="{entry.first.isoformat()}">{escape(entry.when)}</time> '
        f"{_STEPS[entry.bearing]}</a></li>"
        for entry in steps
    )
    return f'<ol class="steps" aria-label="Step by step">{items}</ol>' if items else ""


def _rule() -> str:
    return (
        '<details class="rule"><summary>How a standing is worked out</summary><p>A promise is <em>in force</em> from the day it was made. '
        "It is <em>expiring</em> in the last 60 days before its end, <em>expired</em> from that day, <em>unconfirmed</em> when those who "
        "made it have not repeated it for three years, and <em>withdrawn</em>, <em>broken</em> or <em>kept</em> when an entry shows that. "
        "<em>Narrowed</em> is added when later words cover less than the first. Entries that are disputed, not found, or said by the "
        "sender alone move nothing.</p></details>"
    )
