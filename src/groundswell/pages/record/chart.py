"""The one chart: every promise as a bar over the years, drawn here as SVG. A table says the same beside it."""

from datetime import date
from html import escape

from groundswell.campaigns.queries import CommitmentView, RecordView
from groundswell.campaigns.rules.dates import date_words, months_after
from groundswell.pages.record.standing import css_word

_ROW, _TOP = 62, 34
_OWN_STYLE = (
    "<style>text{font:12px system-ui,sans-serif;fill:#1c1b20}.axis{stroke:#d9d4cc}.sure{fill:#2f6f4f}.faint{fill:#c98a1b}"
    ".over{fill:#b9b3a9}.dot{fill:#fff;stroke:#1c1b20;stroke-width:2}.quiet{fill:#55525c}</style>"
)
_SHAPES = {"makes": "circle", "extends": "square", "confirms": "circle", "narrows": "down"}


def chart(view: RecordView, width: int, name: str, *, alone: bool = False) -> str:
    """The bars, `width` units wide. `alone` is a file of its own, with its style in it."""
    rows = [row for row in view.commitments if row.standing.word != "not found"]
    if not rows:
        return ""
    days = {entry.key: entry for entry in view.entries}
    first = min(days[key].first for row in rows for key in row.keys if key in days)
    start, end = date(first.year, 1, 1), date(view.today.year + 1, 1, 1)

    def x(day: date) -> float:
        inside = min(max(day, start), end)
        return round(8 + (width - 16) * (inside - start).days / max(1, (end - start).days), 1)

    height = _TOP + _ROW * len(rows) + 8
    parts = []
    # A phone has room for every second year.
    step = 2 if width < 500 and end.year - start.year > 5 else 1
    for year in range(start.year, end.year, step):
        at = x(date(year, 1, 1))
        parts.append(
            f'<line class="axis" x1="{at}" x2="{at}" y1="22" y2="{height - 8}"/><text class="quiet" x="{at + 3}" y="16">{year}</text>'
        )
    for place, row in enumerate(rows):
        parts.append(_bar(row, days, view.today, x, _TOP + _ROW * place))
    today = x(view.today)
    parts.append(f'<line class="today" x1="{today}" x2="{today}" y1="22" y2="{height - 8}"/>')
    described = "; ".join(f"{row.title}: {row.standing.words}" for row in rows)
    style = _OWN_STYLE if alone else ""
    space = ' xmlns="http://www.w3.org/2000/svg"' if alone else ""
    return (
        f'<svg{space} class="{name}" viewBox="0 0 {width} {height}" role="img" aria-labelledby="{name}-t {name}-d">'
        f'<title id="{name}-t">The promises over time</title><desc id="{name}-d">{escape(described)}.</desc>{style}{"".join(parts)}</svg>'
    )


def table(view: RecordView) -> str:
    """The chart in words."""
    lines = "".join(
        f'<tr><th scope="row">{escape(row.title)}</th><td>{escape(date_words(row.standing.made))}</td>'
        f"<td>{escape(date_words(row.standing.last_confirmed))}</td><td>{escape(row.standing.words)}</td></tr>"
        for row in view.commitments if row.standing.word != "not found"
    )  # fmt: skip
    return (
        '<details class="as-table"><summary>The chart as a table</summary><div class="scroll" tabindex="0" role="region" '
        'aria-label="The chart as a table"><table><thead><tr><th scope="col">Promise</th><th scope="col">Made</th>'
        f'<th scope="col">Last confirmed</th><th scope="col">How it stands</th></tr></thead><tbody>{lines}</tbody></table></div></details>'
    )


def _bar(row: CommitmentView, days: dict, today: date, x, top: int) -> str:  # type: ignore[type-arg, no-untyped-def]
    state = row.standing
    told = [days[key] for key in row.keys if key in days and not days[key].corrected_by]
    begin = min(entry.first for entry in told if entry.bearing in _SHAPES)
    ended = max((entry.first for entry in told if entry.bearing not in _SHAPES), default=None) if state.ended else None
    stop = ended or (state.expires if state.expires and state.expires < today else today)
    # Where nobody repeated it any more, the bar pales: what is not confirmed is not drawn as if it were sure.
    heard = state.confirmed_on or begin
    pale = min(stop, months_after(heard, 12)) if not state.ended else stop
    y = top + 26
    parts = [f'<text x="{x(begin)}" y="{top + 16}">{escape(row.title[:64])}</text>'] if x(begin) < 200 else []
    if not parts:
        parts = [f'<text x="{x(today)}" y="{top + 16}" text-anchor="end">{escape(row.title[:64])}</text>']
    parts.append(
        f'<rect class="sure w-{css_word(state.word)}" x="{x(begin)}" y="{y}" width="{max(2, x(pale) - x(begin)):.1f}" height="14" rx="3"/>'
    )
    if stop > pale:
        parts.append(f'<rect class="faint" x="{x(pale)}" y="{y}" width="{x(stop) - x(pale):.1f}" height="14" rx="3"/>')
    if today > stop:
        parts.append(f'<rect class="over" x="{x(stop)}" y="{y + 5}" width="{x(today) - x(stop):.1f}" height="4"/>')
    for entry in told:
        at, mid = x(entry.first), y + 7
        if entry.bearing == "narrows":
            shape = f'<path class="dot" d="M{at - 7} {mid - 5}h14l-7 11z"/>'
        elif entry.bearing == "extends":
            shape = f'<rect class="dot" x="{at - 5}" y="{mid - 5}" width="10" height="10"/>'
        elif entry.bearing in _SHAPES:
            shape = f'<circle class="dot" cx="{at}" cy="{mid}" r="5"/>'
        else:
            shape = f'<path class="dot" d="M{at - 5} {mid - 5}l10 10m0-10l-10 10"/>'
        parts.append(shape)
    return "".join(parts)
