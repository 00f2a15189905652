"""Small charts, drawn here as SVG: no script, no third party, and the same words for a screen reader."""

from collections.abc import Sequence
from datetime import date
from html import escape

_BAR, _GAP, _HEIGHT = 14, 4, 56


def day_bars(days: Sequence[tuple[date, int]], what: str) -> str:
    """One bar a day, the highest filling the height. `what` names the numbers in the chart's title, as in “signatures”."""
    if not days:
        return ""
    most = max(count for _, count in days)
    total = sum(count for _, count in days)
    width = len(days) * (_BAR + _GAP) - _GAP
    bars = []
    for place, (day, count) in enumerate(days):
        # A day with any at all can be seen; a day with none is a line on the ground.
        height = 1 if not count else max(3, round(_HEIGHT * count / most))
        bars.append(
            f'<rect x="{place * (_BAR + _GAP)}" y="{_HEIGHT - height}" width="{_BAR}" height="{height}" rx="1">'
            f"<title>{day.isoformat()}: {count}</title></rect>"
        )
    best = max(days, key=lambda each: each[1])
    words = f"{total} {what} in {len(days)} days" + (f", most on {best[0].isoformat()}: {best[1]}" if total else "")
    return (
        f'<svg viewBox="0 0 {width} {_HEIGHT}" width="{width}" height="{_HEIGHT}" role="img" aria-label="{escape(words)}" '
        f'class="day-bars">{"".join(bars)}</svg>'
    )
