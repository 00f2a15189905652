"""What a status means for an address (RFC 3463, and what a bare 5.x.x is worth in practice)."""

import re

from groundswell.letterbox.event import Group

# Only these say that the address itself is dead; a bare 5.x.x does so about one time in three.
_DEAD = frozenset({"5.1.0", "5.1.1", "5.1.2", "5.1.3", "5.1.4", "5.1.6", "5.1.10", "5.4.4"})
_NOBODY = re.compile(
    r"user unknown|unknown user|no such (?:user|recipient|mailbox|address)|does ?n[o']t exist|no mailbox here|mailbox not found"
    r"|recipient (?:not found|rejected: user)|account (?:has been )?(?:disabled|closed)"
    r"|host (?:or domain name )?not found|unrouteable",
    re.IGNORECASE,
)
_FULL = re.compile(r"mailbox (?:is )?full|over ?quota|quota exceeded|storage (?:limit|allocation)|inactive", re.IGNORECASE)
_REFUSED = re.compile(
    r"spam|blocked|blacklist|block list|reputation|policy|content|virus|too (?:large|big)|denied by", re.IGNORECASE
)


def classify(status: str, words: str, action: str = "failed") -> tuple[Group, bool]:
    """The group, and whether it is permanent. Content and reputation never kill an address."""
    if action in ("delivered", "relayed", "expanded"):
        return "not_a_failure", False
    permanent = status.startswith("5") and action != "delayed"
    if _REFUSED.search(words) or status.startswith(("5.7", "5.6", "5.3.4")):
        return "content_or_reputation", permanent
    if _FULL.search(words) or status in ("5.2.1", "5.2.2", "4.2.2"):
        return "mailbox", permanent
    if permanent and (status in _DEAD or _NOBODY.search(words)):
        return "invalid_address", True
    return "transient_or_system", permanent
