"""What a row of the family table is, and the one way all of them are read."""

import re
from dataclasses import dataclass, replace

from groundswell.letterbox import addresses

_MOST_FOUND = 100
_LONGEST_REASON = 1500
_ALIAS = re.compile(
    (
        r"\(?\b(?:(?:ultimately generated|generated|expanded|forwarded|redirected) (?:from|by)|originally addressed to):?"
        r"\s{0,80}<?([^\s<>()]{1,200})"
    ),
    re.I,
)

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9._+-]{0,63}")

ANGLE = r"^[ \t*>-]{0,12}<(?P<who>[^<>\n]{3,320})>[ \t]*:?"
"""A line that begins with `<user@example.org>`."""
BARE = (
    r"^[ \t*•·>-]{0,16}['\"]?(?P<who>[^\s<>\"'(),:;\[\]]{1,80}@[^\s<>\"'(),:;\[\]]{3,200})['\"]?(?=[ \t]*"
    r"(?:[:;,(]|$)|\.\.\.|[ \t])"
)
"""A line that begins with a bare address."""
EITHER = r"^[ \t*•·>-]{0,16}['\"]?<?(?P<who>[^\s<>\"'(),:;\[\]]{1,80}@[^\s<>\"'(),:;\[\]]{3,200})"
"""A line that begins with an address, bracketed or not."""


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody whom the report names: the address, the words beside it, and where it was forwarded to."""

    address: str
    words: str
    final: str = ""

    def saying_more(self, words: str) -> "Found":
        """The same person, named a second time with more words."""
        return replace(self, words=f"{self.words} {words}"[:_LONGEST_REASON])


@dataclass(frozen=True, slots=True)
class Family:
    """How one kind of server writes.

    `signs`: lower-case words of its text, any of which tells it; `heads`: the same for From, Subject and X-Mailer;
    `who`: where a failed address stands, group `who` (`why` beside it where the pattern takes the reason too);
    `after`/`until`: only between these words; `reason_first`: the reason stands above the address, not below.
    """

    name: str
    signs: tuple[str, ...]
    who: re.Pattern[str]
    heads: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    until: tuple[str, ...] = ()
    reason_first: bool = False
    home: str = ""
    """The domain of names that stand without one."""
    bare: bool = False
    """Names may stand without a domain; whoever asked completes them from the letter that came back."""


def row(
    name: str,
    signs: str | tuple[str, ...],
    who: str,
    *,
    heads: str | tuple[str, ...] = (),
    after: str | tuple[str, ...] = (),
    until: str | tuple[str, ...] = (),
    reason_first: bool = False,
    home: str = "",
    bare: bool = False,
) -> Family:
    """A row of the table; single words need no tuple."""
    return Family(
        name,
        _tuple(signs),
        re.compile(who, re.MULTILINE | re.IGNORECASE),
        _tuple(heads),
        _tuple(after),
        _tuple(until),
        reason_first,
        home,
        bare,
    )


def read_as(family: Family, text: str, low: str) -> list[Found]:
    """Whom the text names when it is read as this family's; each address once, reporters left out."""
    start, end = 0, len(text)
    for words in family.after:
        at = low.find(words)
        if at >= 0:
            start = at + len(words)
            break
    for words in family.until:
        at = low.find(words, start)
        if at >= 0:
            end = min(end, at)
    matches = []
    for match in family.who.finditer(text, start, end):
        matches.append(match)
        if len(matches) >= _MOST_FOUND:
            break
    found: dict[str, Found] = {}
    for number, match in enumerate(matches):
        if family.reason_first:
            words = text[matches[number - 1].end() if number else max(0, start - 200) : match.start()]
        else:
            words = text[match.end() : matches[number + 1].start() if number + 1 < len(matches) else end]
        words = words[:_LONGEST_REASON]
        named = match.groupdict()
        if named.get("why"):
            words = f"{named['why']} {words}"
        who = named.get("who") or named.get("who2") or ""
        one = settled(f"{who}@{family.home}" if family.home and "@" not in who else who, words)
        if one is None and family.bare and "@" not in who and _NAME.fullmatch(who):
            one = Found(who, words)
        if one and not addresses.is_daemon(one.address):
            known = found.get(one.address.lower())
            found[one.address.lower()] = one if known is None else known.saying_more(one.words)
    return list(found.values())


def settled(who: str, words: str) -> Found | None:
    """The person named, with the alias the letter was first sent to put before where it was forwarded."""
    address = addresses.field(who)[0] if "@" in who else ""
    alias = _ALIAS.search(words[:400])
    if alias:
        first = addresses.first(alias.group(1))
        if first:
            return Found(first, words, address)
    return Found(address, words) if address else None


def _tuple(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value
