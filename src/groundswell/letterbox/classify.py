"""From a refusal's words and numbers to its class.

The words are asked before the numbers: a bare `5.x.x` means a dead address about one time in three, while "no such
user" means it nearly always. Among the numbers only 5.1.{0,1,2,3,4,6,10} and 5.4.4 (RFC 3463, 7505) speak of the
address. What is about us (sender, reputation, content, size, policy) is never held against the recipient.
"""

import re
from dataclasses import dataclass
from typing import NamedTuple

from groundswell.letterbox.event import Class
from groundswell.letterbox.prose import squeezed
from groundswell.letterbox.words import address, mailbox, passing, sender

_REPLY = re.compile(r"(?<![\d.\w:@/=-])([45][0-5]\d)(?=[ \-:;,)\]\"'<]|$)(?!-\d{3}-)")
_STATUS = re.compile(r"(?<![\w.])([245]\.\d{1,3}\.\d{1,3})(?!\.?\d)")
_ADDRESS = re.compile(r"[^\s<>\"'(),;:\[\]]{1,100}@[^\s<>\"'(),;:\[\]]{1,100}")
_HOST = re.compile(r"(?<![\w.-])(?:[a-z0-9_-]{1,63}\.){1,8}(?:com|net|org|info|edu|gov|local|invalid|[a-z]{2})(?![\w-])")
_URL = re.compile(r"https?://[^\s<>\"]{1,300}")
_DEAD_NUMBERS = frozenset({"1.0", "1.1", "1.2", "1.3", "1.4", "1.6", "1.10", "4.4", "4.310"})
_DELIVERED = re.compile(
    r"delivery via \S{1,200} 2\d\d[ -]|delivered to (?:mailbox|command|maildir)|relayed to non-dsn|successful(?:ly)? deliver"
    r"|had successful delivery|was delivered successfully|recipients or groups is complete|expect no further notifications"
    r"|has been delivered to the following",
    re.IGNORECASE,
)
_SAID_ABOVE = ("user(s) account is ", "account is temporarily")
"""Japanese carriers say this above, and "user unknown" beside the address whatever the reason."""
_IN_REPLY_TO = re.compile(
    r"(?:in reply to|after|following|command:?|response to) (?:the )?(?:end of )?\(?(mail|rcpt|data|ehlo|helo)\b"
)

_SENT = re.compile(r">>> (mail|rcpt|data|ehlo|helo)\b(?![^\x00]{0,2000}>>> )")

# Weak: RFC 5321 4.2.2's own wording for 550 covers "no such mailbox" and "refused for policy reasons" alike.
_PERHAPS_DEAD = (
    "mailbox unavailable",
    "recipient rejected",
    "recipient address rejected",
    "address rejected",
    "mailbox not available",
    "user not available",
)
_POLICY_FOR_SURE = (
    "policy",
    "prohibit",
    "restricted",
    "not authorized",
    "unauthorized",
    "authentication required",
    "transport.rules",
)
_QUEUE_LATER = ("try again", "temporar", "soft error", "servfail", "timed out", "timeout")


class Verdict(NamedTuple):
    """A class, whether the server meant it for good, the numbers, and the words it rests on."""

    because: Class
    permanent: bool
    status: str
    reply: str
    why: str


@dataclass(frozen=True, slots=True)
class Said:
    """What one report says of one recipient: the server's words, the report's own fields, and its prose."""

    words: str = ""
    status: str = ""
    action: str = ""
    prose: str = ""
    late: bool = False
    """The report as a whole is a warning about a delay."""
    domain: str = ""


def classify(said: Said) -> Verdict:
    """The class of what was said. Total: words nobody knows give TEMPORARY with an empty `why`."""
    action = said.action.lower()
    words = squeezed(said.words[:4000])
    status, reply = _numbers(words, said.status)
    if action.startswith(("deliver", "relay", "expand")) and not reply.startswith("5"):
        return Verdict(Class.NOT_A_FAILURE, False, status, reply, words[:300] or action)
    if not action and not reply and status[:1] in {"", "2"} and _DELIVERED.search(words or said.prose[:2000]):
        return Verdict(Class.NOT_A_FAILURE, False, status, reply, words[:300] or "delivered")
    permanent = _is_permanent(status, reply, action, said)
    found = _by_words(words, status, said) if words else None
    if found is None:
        found = _by_number(status, reply, words) if _tells(status) else None
    if found is None and said.prose:
        prose = squeezed(said.prose[:4000])
        if not status and not reply:
            status, reply = _numbers(prose, "")
            permanent = _is_permanent(status, reply, action, said)
        found = _by_words(prose, status, said)
    if found is None and not action and reply[:1] != "5" and status[:1] not in {"4", "5"} and _DELIVERED.search(said.prose[:2000]):
        return Verdict(Class.NOT_A_FAILURE, False, status, reply, "delivered")
    if found is None:
        found = _by_number(status, reply, words)
    because, why = found if found else (Class.TEMPORARY, "")
    if because is Class.DEAD and words and any(each in said.prose[:2000].lower() for each in _SAID_ABOVE):
        because = Class.MAILBOX
    if because is Class.DEAD and not permanent and (said.late or action.startswith("delay") or not _plainly_dead(why)):
        because = Class.TEMPORARY
    if because is Class.TEMPORARY:
        permanent = permanent and "5" in {reply[:1], status[:1]}
    return Verdict(because, permanent, status, reply, why[:300])


def _numbers(words: str, field: str) -> tuple[str, str]:
    given = _STATUS.search(field)
    status = given.group(1) if given else ""
    spoken = [match for match in _STATUS.findall(words) if match[0] in "45"]
    if spoken:
        telling = next((each for each in spoken if not each.endswith(".0.0")), spoken[0])
        if not status or status.endswith(".0.0") or status[0] == "2" or not telling.endswith(".0.0"):
            status = telling
    replies = _REPLY.findall(words)
    code = _REPLY.search(field) if not status else None
    reply = replies[0] if replies else code.group(1) if code else ""
    return status, reply


def _is_permanent(status: str, reply: str, action: str, said: Said) -> bool:
    if action.startswith("delay") or (said.late and not action.startswith("fail")):
        return False
    if reply:
        return reply[0] == "5"
    if status:
        return status[0] == "5"
    return True


def _tells(status: str) -> bool:
    """Whether the number says more than the words that nobody knew."""
    return status[2:] in _DEAD_NUMBERS or status[2:4] == "2." or status[2:] in {"3.4", "4.6", "4.7"}


def _plainly_dead(why: str) -> bool:
    """Whether the words themselves say that nobody is there, whatever the number beside them."""
    low = why.lower()
    return any(words in low for table in (address.NO_SUCH_USER, address.NO_SUCH_HOST) for words in table)


def _by_words(text: str, status: str, said: Said) -> tuple[Class, str] | None:
    raw = text.lower().replace("delivery temporarily suspended:", "")  # Postfix says so before the reason itself
    plain = _HOST.sub("~", _ADDRESS.sub("~", _URL.sub("~", raw)))
    command = _IN_REPLY_TO.search(raw)
    verdict, words = _in_tables(raw, plain, status)
    command = command or _SENT.search(raw)
    if verdict is Class.DEAD and (status[2:] in {"1.7", "1.8"} or (command and command.group(1) in {"mail", "ehlo", "helo"})):
        verdict = Class.POLICY  # "user unknown" in reply to MAIL FROM is about us
    if words == "invalid domain" and status[2:4] == "5.":
        verdict = Class.TEMPORARY  # what stood in EHLO, RFC 3463 3.6: a protocol's complaint
    if verdict is Class.DEAD and command and command.group(1) == "data" and said.domain in _FILTERS_AFTER_DATA:
        verdict = Class.CONTENT
    return (verdict, _beside(text, raw, words)) if verdict else None


def _beside(text: str, raw: str, words: str) -> str:
    """The part of a long text that holds the words it was judged by."""
    at = raw.find(words) if words else -1
    if len(text) <= 300 or at < 120 or len(raw) != len(text):
        return text
    start = max(text.rfind(". ", 0, at) + 2, text.rfind(": ", 0, at - 60) + 2, at - 120)
    return text[start : start + 300]


# These carriers answer "unknown user" after DATA for mail that the subscriber's own filter turned away.
_FILTERS_AFTER_DATA = frozenset({"docomo.ne.jp", "ezweb.ne.jp", "au.com", "softbank.ne.jp"})

_IN_ORDER: tuple[tuple[tuple[str, ...], Class], ...] = (
    (sender.ABOUT_US, Class.POLICY),
    (mailbox.FULL, Class.MAILBOX),
    (mailbox.INACTIVE_FOR_SURE, Class.MAILBOX),
    (passing.PROGRAM, Class.TEMPORARY),
    (address.NO_SUCH_USER, Class.DEAD),
    (address.NO_SUCH_USER_ABROAD, Class.DEAD),
    (address.TAKES_NO_MAIL, Class.DEAD),
    (address.MOVED, Class.DEAD),
    (mailbox.INACTIVE, Class.MAILBOX),
    (address.NO_SUCH_HOST, Class.DEAD),
    (passing.EXPIRED_FOR_SURE, Class.TEMPORARY),
    (sender.SIZE, Class.CONTENT),
    (sender.REPUTATION, Class.CONTENT),
    (passing.RATE, Class.TEMPORARY),
    (sender.OUR_HOST, Class.CONTENT),
)
_AFTER_NUMBERS: tuple[tuple[tuple[str, ...], Class], ...] = (
    (passing.SYSTEM, Class.TEMPORARY),
    (passing.NETWORK, Class.TEMPORARY),
    (passing.EXPIRED, Class.TEMPORARY),
    (sender.POLICY, Class.POLICY),
)


def _in_tables(raw: str, plain: str, status: str) -> tuple[Class | None, str]:
    for table, because in _IN_ORDER:
        for words in table:
            if words in plain:
                if because is Class.DEAD and table is address.NO_SUCH_HOST and any(word in plain for word in _QUEUE_LATER):
                    return Class.TEMPORARY, words
                return because, words
    if any(
        name in raw
        for name in (
            "spamhaus",
            "spamcop",
            "sorbs.",
            "barracudacentral",
            "dnsbl",
            "abuseat",
            "postmaster.info.aol",
            "unsolicited",
            "/spam",
            "resolver.adr",
        )
    ):
        return (Class.DEAD if "resolver.adr" in raw else Class.CONTENT), ""
    if status[:1] == "5" and status[2:] in _DEAD_NUMBERS:
        return Class.DEAD, ""
    if any(words in plain for words in _POLICY_FOR_SURE):
        return Class.POLICY, ""
    if status[2:4] not in {"7.", "3."} and any(words in plain for words in _PERHAPS_DEAD):
        return Class.DEAD, ""
    for table, because in _AFTER_NUMBERS:
        for words in table:
            if words in plain:
                return because, words
    return None, ""


_BY_NUMBER = {
    "1.5": Class.NOT_A_FAILURE, "1.7": Class.POLICY, "1.8": Class.POLICY, "1.9": Class.TEMPORARY,
    "2.0": Class.MAILBOX, "2.1": Class.MAILBOX, "2.2": Class.MAILBOX, "2.3": Class.CONTENT, "2.4": Class.TEMPORARY,
    "3.4": Class.CONTENT,
}  # fmt: skip
_BY_SUBJECT = {"3": Class.TEMPORARY, "4": Class.TEMPORARY, "5": Class.TEMPORARY, "6": Class.CONTENT, "7": Class.POLICY}


def _by_number(status: str, reply: str, words: str) -> tuple[Class, str] | None:
    rest = status[2:]
    why = words or status or reply
    if rest in _DEAD_NUMBERS:
        return (Class.DEAD if status[0] == "5" else Class.TEMPORARY), why
    if rest in _BY_NUMBER:
        return _BY_NUMBER[rest], why
    because = _BY_SUBJECT.get(rest[:1])
    if because:
        return because, why
    if reply == "552":
        return Class.MAILBOX, why
    if reply[:1] == "4" or status[:1] == "4":
        return Class.TEMPORARY, why
    return None
