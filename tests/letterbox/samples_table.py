"""The samples, read: a mail and what should be understood of it (the form is told in samples/README.md)."""

import base64
import quopri
import re
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "samples"
GROUPS = {
    "dead": "invalid_address", "mailbox": "mailbox", "content": "content_or_reputation", "passing": "transient_or_system",
    "ok": "not_a_failure", "perhaps": "invalid_address", "any": "",
}  # fmt: skip
_HEAD = re.compile(r"^=== (?P<name>\S+)(?: \[(?P<how>[^\]]*)\])? -> (?P<kind>\w+)(?P<people>[^\n]*)$")
_TYPES = {
    "dsn": ("delivery-status", "message/delivery-status"),
    "arf": ("feedback-report", "message/feedback-report"),
}


@dataclass(frozen=True)
class Sample:
    """A mail and what it says."""

    name: str
    raw: bytes
    kind: str
    people: dict[str, str]
    """Address (lower case) to reason."""

    @property
    def family(self) -> str:
        return self.name.partition("/")[0]


def samples() -> list[Sample]:
    """Every sample of every file, in order."""
    return [each for file in sorted(FOLDER.glob("*.txt")) for each in _of(file.read_text(encoding="utf-8"))]


def _of(text: str) -> list[Sample]:
    found = []
    for block in re.split(r"^(?==== )", text, flags=re.MULTILINE):
        head, _, mail = block.partition("\n")
        if match := _HEAD.match(head):
            people = [each.split() for each in match["people"].split(";") if each.strip()]
            raw = _raw(mail.strip("\n") + "\n", (match["how"] or "").split())
            found.append(Sample(match["name"], raw, match["kind"], {who.lower(): why for who, why in people}))
        elif head.strip() and head.startswith("==="):
            raise ValueError(f"not a sample's head: {head}")
    return found


def _raw(mail: str, how: list[str]) -> bytes:
    options = dict(each.split("=", 1) for each in how if "=" in each)
    charset = options.get("charset", "utf-8")
    named = options.get("says", charset)
    head, _, body = mail.partition("\n\n")
    if "To:" not in head:
        head += "\nTo: news@example.org"
    kind = next((_TYPES[each] for each in how if each in _TYPES), None)
    if kind:
        said, *rest = re.split(r"^%%\n", body, flags=re.MULTILINE)
        text_type = "text/html" if "html" in how else "text/plain"
        parts = [f"Content-Type: {text_type}; charset={named}\n\n{said}"]
        if rest:
            parts.append(f"Content-Type: {kind[1]}\n\n{rest[0]}")
        if len(rest) > 1:
            parts.append(f"Content-Type: message/rfc822\n\n{rest[1]}")
        body = "".join(f"--=_sample\n{part}\n\n" for part in parts) + "--=_sample--\n"
        head += f'\nMIME-Version: 1.0\nContent-Type: multipart/report; report-type={kind[0]}; boundary="=_sample"'
        return f"{head}\n\n{body}".encode(charset)
    coded = body.encode(charset, "strict")
    if "b64" in how:
        coded = base64.encodebytes(coded)
        head += "\nContent-Transfer-Encoding: base64"
    elif "qp" in how:
        coded = quopri.encodestring(coded)
        head += "\nContent-Transfer-Encoding: quoted-printable"
    if "Content-Type:" not in head:
        head += f"\nContent-Type: {'text/html' if 'html' in how else 'text/plain'}; charset={named}"
    return head.encode("utf-8" if charset.startswith("utf-16") else charset) + b"\n\n" + coded
