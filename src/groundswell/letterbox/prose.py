"""The human-readable part of a report as lines of plain text, cut where the returned original begins."""

import html
import re

from groundswell.letterbox.mime import Headers, Mail, Part

_TAG = re.compile(r"<(?:[a-zA-Z/!?][^<>@]{0,2000}|[a-zA-Z]{1,10}\s[^<>]{0,2000})>")
_BREAK = re.compile(r"<(?:br|/p|p|/div|div|/tr|tr|/li|li|/td|/h\d|hr|/pre|/table)\b[^<>]{0,400}>", re.IGNORECASE)
_LINK = re.compile(r"<a\b([^<>]{0,600})>([^<>@]{1,200})</a>", re.IGNORECASE)
"""A link that hides the address behind a name."""
_BLANKS = re.compile(r"[ \t\u00a0\u3000]+")
_HEADER_BLOCK = re.compile(
    r"^(?:> ?)?(?:Return-Path|Received|X-Original-To|Delivered-To|DKIM-Signature|Message-ID|MIME-Version|X-Sender)"
    r":[^\n]*\n(?:>?[ \t][^\n]*\n){0,30}(?:> ?)?[A-Za-z][A-Za-z0-9-]{1,40}:[ \t\n]",
    re.IGNORECASE | re.MULTILINE,
)

# What gateways and lawyers add to any mail: it names people and reasons that are not the report's.
_BANNER = re.compile(
    r"originate[ds]? (?:from )?outside|external (?:sender|e-?mail)|outside (?:of )?(?:the|your|our) organi[sz]ation"
    r"|not the intended recipient|(?:e-?mail|message|communication) (?:\w+ ){0,6}(?:is|are|may be) confidential"
    r"|confidentiality notice|suspicious (?:e-?)?mail to|nicht der beabsichtigte empfänger|nicht der richtige adressat"
    r"|scanned (?:by|for)|pas le destinataire|no es el destinatario|não (?:é|for) o destinatário|virus-free",
    re.IGNORECASE,
)

_NUMBER = re.compile(r"(?<![\w.])(?:[45]\.\d{1,2}\.\d|[45][0-5]\d[ -](?:\d\.\d|[a-zA-Z<#]))")

# Where reports stop speaking and start returning. Lower case; each unlikely inside a sentence about the failure.
_SEPARATORS = (
    "--- below this line is a copy of the message", "below this line is a copy of the message",
    "------ this is a copy of", "----- this is a copy of", "this is a copy of the message, including all the headers",
    "this is a copy of your message, including", "--- the header of the original message is following",
    "--- the header of the original", "--- original message follows", "original message follows",
    "-----original message", "----- original message", "--- original message", "---- original message",
    "---------- original message", "----- message header follows", "--- message headers ---",
    "message headers follow", "----- unsent message follows", "unsent message below", "unsent message follows",
    "---- start of returned message", "--------returned mail follows", "-------- returned mail",
    "------- returned message", "--- message non-deliverable", "---------- forwarded message",
    "---- header of the source mail", "--- below the next line is a copy of the message",
    "---below this line is a copy", "original message as received", "the header and top",
    "header of original message", "included is a copy of the message header", "a copy of the original message below",
    "your message reads", "here is a copy of the first part of the message", "a summary of the undelivered message",
    "text of the original message follows", "the first 50 lines of your original message",
    "original message headers:", "original message header:", "original message details", "-- original message --",
    "--- copy of the message", "the following is a copy of the", "---- message header",
    "----- returned message -----", "*** original message", "contents of the original message",
    "here is a copy of the message", "here is your message", "message follows:",
    "below is a copy of the original message", "--- mensaje original adjunto", "----- mensaje original",
    "mensaje original:", "---------- mensagem encaminhada", "--- mensagem original", "--- message original",
    "--- ursprüngliche nachricht", "--- kopie der nachricht", "----ursprüngliche nachricht", "--- исходное сообщение",
    "копия вашего сообщения", "----- 元のメッセージ", "原始邮件信息", "以下是您的原信", "以下是退信原文", "原始郵件",
    "-------original message", "--- enclosed are the original headers", "originalmeldung", "[original message]",
    "the body of the message is", "the original message is attached", "----original mail", "original headers:",
    "message header:", "附件中的内容是原信件", "--- returned message", "start of message headers",
    "--- original mail ---", "original mail as follows",
)  # fmt: skip


def from_html(source: str) -> str:
    """HTML as lines of text: breaks kept, tags gone, `<user@example.org>` left standing. Linear, never raises."""
    text = source.replace("\n", " ") if "<br" in source.lower() or "<p" in source.lower() else source
    for opening, closing in (("<style", "</style"), ("<script", "</script"), ("<!--", "-->"), ("<head", "</head")):
        text = _without(text, opening, closing)
    if "mailto:" in text:
        text = _LINK.sub(_shown, text)
    text = _TAG.sub(" ", _BREAK.sub("\n", text))
    if "&" in text:
        text = html.unescape(text)
    return text


def _shown(link: re.Match[str]) -> str:
    _, mailto, address = link.group(1).partition("mailto:")
    named = re.split(r"[\s\"'?<>]", address[:300], maxsplit=1)[0]
    return f"{link.group(2)} ({named})" if mailto and "@" in named else link.group(0)


def _without(text: str, opening: str, closing: str) -> str:
    low = text.lower()
    if opening not in low or len(low) != len(text):
        return text
    kept: list[str] = []
    at = 0
    while (start := low.find(opening, at)) >= 0:
        end = low.find(closing, start)
        if end < 0:
            break
        kept.append(text[at:start])
        at = end + len(closing)
    kept.append(text[at:])
    return " ".join(kept)


def notification(mail: Mail) -> tuple[str, Headers | None]:
    """What the report itself says, and the head of a message it quotes below that as plain text (or None).

    Plain parts of the outermost message first; HTML where there is no plain part that names an address.
    """
    plain = [part for part in mail.parts if part.level == 0 and _is_plain(part)]
    rich = [part for part in mail.parts if part.level == 0 and part.kind == "text/html"]
    text = "\n\n".join(part.text() for part in plain[:4])
    if not text.strip() and not rich:
        text = "\n\n".join(part.text() for part in mail.parts[:2] if part.kind == "preamble" and part.level == 0)
    if rich and ("@" not in text or len(text.strip()) < 40):
        text = text + "\n\n" + "\n\n".join(from_html(part.text()) for part in rich[:2])
    if "\u2028" in text or "\x00" in text:
        text = text.replace("\u2028", "\n").replace("\x00", "")
    said, quoted = cut(text)
    if len(said) < 32_000 and _BANNER.search(said):
        said = "\n".join("" if _is_banner(line) else line for line in said.split("\n"))
    return said, quoted


def _is_banner(line: str) -> bool:
    return len(line) < 900 and bool(_BANNER.search(line)) and not _NUMBER.search(line)


def _is_plain(part: Part) -> bool:
    kind = part.kind
    if kind in {"text/html", "preamble"}:
        return False
    return "/" not in kind or (kind.startswith("text/") and "rfc822" not in kind and "calendar" not in kind)


def cut(text: str) -> tuple[str, Headers | None]:
    """`text` before the returned original, and that original's head where one can be read."""
    low = text.lower()
    if len(low) != len(text):  # "İ" grows in lower case; positions must stay true
        low = text
    end = len(text)
    for separator in _SEPARATORS:
        at = low.find(separator, 0, end)
        if at >= 0:
            end = at
    block = _HEADER_BLOCK.search(text, 0, min(len(text), 32_000))
    start_of_head = end
    if block and block.start() < end:
        end = start_of_head = block.start()
    elif end < len(text):
        start_of_head = text.find("\n", end)
    tail = text[start_of_head : start_of_head + 16_000] if 0 <= start_of_head < len(text) else ""
    return text[:end], _head(tail)


def _head(tail: str) -> Headers | None:
    """The header block in what follows a separator; quoting marks (`> `) and leading blank lines forgiven."""
    lines = tail.split("\n")
    kept: list[str] = []
    for line in lines[:400]:
        bare = line.lstrip("> ") if line.startswith(">") else line
        name, colon, _ = bare.partition(":")
        if colon and name and len(name) < 50 and " " not in name.strip():
            kept.append(bare.strip() if not kept else bare.lstrip())
        elif kept and bare.startswith((" ", "\t")) and bare.strip():
            kept.append(bare)
        elif len(kept) > 2 and not bare.strip():
            break
    headers = Headers("\n".join(kept))
    return headers if len(headers) > 1 else None


def squeezed(text: str) -> str:
    """`text` on one line, blanks single: how reasons are matched and shown."""
    return _BLANKS.sub(" ", text.replace("\n", " ")).strip()
