"""Damaged mails, made from real ones with a fixed seed: `python -m tests.letterbox.mutations --count 100000`.

Whatever arrives must give an event, raise nothing, and cost less than a second.
"""

import argparse
import base64
import random
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from groundswell.letterbox import as_json, read
from tests.letterbox.samples_table import samples

SEED = 20260105
CORPUS = Path(__file__).parent / "corpus"
CHARSETS = [
    "utf-16",
    "utf-7",
    "iso-2022-jp",
    "hz",
    "idna",
    "punycode",
    "unicode_escape",
    "rot13",
    "x-nothing",
    "koi8-r",
    "utf-32",
    "",
]
Change = Callable[[random.Random, bytes], bytes]


def seeds() -> list[bytes]:
    """The mails that are damaged: the development corpus and our own samples."""
    return [file.read_bytes() for file in sorted(CORPUS.glob("*.txt"))] + [each.raw for each in samples()]


def bare_cr(rng: random.Random, mail: bytes) -> bytes:
    return mail.replace(b"\n", rng.choice([b"\r", b"\r\r\n", b"\n\r", b"\r\n", b"\x0b", b"\x85", b"\n\n"]))


def some_cr(rng: random.Random, mail: bytes) -> bytes:
    return bytes(rng.choice((13, 10, 32)) if byte == 10 and rng.random() < 0.2 else byte for byte in mail)


def no_headers(rng: random.Random, mail: bytes) -> bytes:
    head, _, body = mail.partition(b"\n\n")
    return rng.choice([body, b"\n" + body, head, b"\n\n".join([body, head])])


def a_header_less(rng: random.Random, mail: bytes) -> bytes:
    lines = mail.split(b"\n")
    del lines[rng.randrange(len(lines))]
    return b"\n".join(lines)


def header_twice(rng: random.Random, mail: bytes) -> bytes:
    lines = mail.split(b"\n")
    at = rng.randrange(min(40, len(lines)))
    return b"\n".join(lines[:at] + [lines[at]] * rng.choice([2, 30, 2000]) + lines[at:])


def cut_short(rng: random.Random, mail: bytes) -> bytes:
    return mail[: rng.randrange(len(mail) + 1)]


def cut_front(rng: random.Random, mail: bytes) -> bytes:
    return mail[rng.randrange(len(mail) + 1) :]


def nul(rng: random.Random, mail: bytes) -> bytes:
    return b"".join(bytes([byte]) + (b"\x00" if rng.random() < 0.02 else b"") for byte in mail)


def noise(rng: random.Random, mail: bytes) -> bytes:
    at = rng.randrange(len(mail) + 1)
    return mail[:at] + rng.randbytes(rng.choice([1, 20, 3000])) + mail[at + rng.choice([0, 1, 500]) :]


def flipped(rng: random.Random, mail: bytes) -> bytes:
    data = bytearray(mail)
    for _ in range(rng.choice([1, 10, 200])):
        if data:
            data[rng.randrange(len(data))] = rng.randrange(256)
    return bytes(data)


def only_noise(rng: random.Random, mail: bytes) -> bytes:
    return rng.randbytes(rng.choice([0, 1, 100, 20_000]))


def wrong_charset(rng: random.Random, mail: bytes) -> bytes:
    name = rng.choice(CHARSETS).encode()
    for known in (b"us-ascii", b"US-ASCII", b"iso-8859-1", b"ISO-8859-1", b"utf-8", b"UTF-8"):
        mail = mail.replace(known, name)
    return b"Content-Type: text/plain; charset=" + name + b"\n" + mail


def wrong_encoding(rng: random.Random, mail: bytes) -> bytes:
    how = rng.choice([b"base64", b"quoted-printable", b"x-uuencode", b"7bit; base64", b"\xff"])
    return b"Content-Transfer-Encoding: " + how + b"\n" + mail


def deep(rng: random.Random, mail: bytes) -> bytes:
    levels = rng.choice([5, 50, 500])
    kind = rng.choice(["multipart/mixed", "multipart/report", "multipart/digest"])
    opened = "".join(f'Content-Type: {kind}; boundary="b{level}"\n\n--b{level}\n' for level in range(levels))
    return opened.encode() + mail


def deep_same(rng: random.Random, mail: bytes) -> bytes:
    return b'Content-Type: multipart/mixed; boundary="b"\n\n--b\n' * rng.choice([10, 500]) + mail


def deep_forwards(rng: random.Random, mail: bytes) -> bytes:
    return b"Content-Type: message/rfc822\n\n" * rng.choice([10, 500]) + mail


def spliced(rng: random.Random, mail: bytes) -> bytes:
    other = rng.choice(_ALL)
    return mail[: rng.randrange(len(mail) + 1)] + other[rng.randrange(len(other) + 1) :]


def as_base64(rng: random.Random, mail: bytes) -> bytes:
    head, _, body = mail.partition(b"\n\n")
    return b"Content-Transfer-Encoding: base64\n" + head + b"\n\n" + base64.encodebytes(body * rng.choice([1, 20]))


def long_line(rng: random.Random, mail: bytes) -> bytes:
    return mail.replace(b"\n", b" ", rng.choice([1, 100, 10_000]))


def many_addresses(rng: random.Random, mail: bytes) -> bytes:
    at = rng.randrange(len(mail) + 1)
    return mail[:at] + rng.choice([b"@", b"a@b.c ", b"<a@example.net>,\n", b'"@', b"=?utf-8?q?@?= "]) * 5000 + mail[at:]


def many_marks(rng: random.Random, mail: bytes) -> bytes:
    at = rng.randrange(len(mail) + 1)
    mark = rng.choice(
        [
            b"<",
            b"<a ",
            b"(",
            b"--",
            b"\n--b",
            b"550 ",
            b": ",
            b"&#",
            b"<!--",
            b"<style>",
            b"=?",
            b"\t",
            b"{",
            b"[",
            b"5.1.1 ",
            b"> ",
        ]
    )
    return mail[:at] + mark * rng.choice([500, 20_000]) + mail[at:]


def repeated(rng: random.Random, mail: bytes) -> bytes:
    return mail * rng.choice([2, 20])


CHANGES: tuple[Change, ...] = (
    bare_cr, some_cr, no_headers, a_header_less, header_twice, cut_short, cut_front, nul, noise, flipped, only_noise, wrong_charset,
    wrong_encoding, deep, deep_same, deep_forwards, spliced, as_base64, long_line, many_addresses, many_marks, repeated,
)  # fmt: skip
_ALL = seeds()


def huge() -> Iterator[tuple[str, bytes]]:
    """Mails of 30 MB and more, of each kind that could cost much."""
    head = b"From: MAILER-DAEMON@example.net\nSubject: Undelivered\n"
    size = 30_000_000
    yield "text", head + b"\n" + b"could not be delivered: <ada@example.net>: user unknown\n" * (size // 56)
    yield "one line", head + b"\n" + b"x" * size
    yield "one address", head + b"\n" + b"a" * size + b"@example.net"
    yield "at signs", head + b"\n" + b"@" * size
    yield "base64 of nothing", head + b"Content-Transfer-Encoding: base64\n\n" + b"A" * size
    yield "base64 of spaces", head + b"Content-Type: text/html\nContent-Transfer-Encoding: base64\n\n" + b"ICAg" * (size // 4)
    yield "quoted-printable", head + b"Content-Transfer-Encoding: quoted-printable\n\n" + b"=3D=\n" * (size // 5)
    yield "tags", head + b"Content-Type: text/html\n\n" + b"<a <" * (size // 4)
    yield "entities", head + b"Content-Type: text/html\n\n" + b"&lt;" * (size // 4)
    yield "boundaries", head + b'Content-Type: multipart/mixed; boundary="b"\n\n' + b"--b\n" * (size // 4)
    yield (
        "parts",
        head + b'Content-Type: multipart/mixed; boundary="b"\n\n' + b"--b\nContent-Type: text/plain\n\nx\n" * (size // 34),
    )
    yield "headers", b"X-A: b\n" * (size // 7)
    yield "one header", b"Subject: " + b"=?utf-8?q?a?= " * (size // 14)
    yield "blank lines", b"\n" * size
    yield "CR", b"\r" * size
    yield (
        "status fields",
        head + b"Content-Type: message/delivery-status\n\n" + b"Final-Recipient: rfc822; ada@example.net\n\n" * (size // 42),
    )
    yield "json", head + b'\n{"notificationType":"Bounce",' + b"[" * size
    yield "NUL", bytes(size)


def mutated(count: int, seed: int = SEED) -> Iterator[tuple[str, bytes]]:
    """`count` damaged mails, always the same for a seed; one in three is damaged twice."""
    rng = random.Random(seed)
    for _ in range(count):
        mail = rng.choice(_ALL)
        change = rng.choice(CHANGES)
        name = change.__name__
        mail = change(rng, mail)
        if rng.random() < 0.33:
            second = rng.choice(CHANGES)
            name += f", {second.__name__}"
            mail = second(rng, mail)
        yield name, mail


def main() -> int:
    asked = argparse.ArgumentParser()
    asked.add_argument("--count", type=int, default=100_000)
    asked.add_argument("--seed", type=int, default=SEED)
    options = asked.parse_args()
    slowest, slowest_name, raised, total = 0.0, "", 0, 0
    began = time.perf_counter()
    for group in (huge(), mutated(options.count, options.seed)):
        for name, mail in group:
            at = time.perf_counter()
            try:
                as_json(read(mail))
            except Exception as error:
                raised += 1
                print(f"raised {type(error).__name__} on {name}")
            took = time.perf_counter() - at
            total += 1
            if took > slowest:
                slowest, slowest_name = took, f"{name} ({len(mail):,} bytes)"
    print(f"{total:,} mails in {time.perf_counter() - began:.0f} s, raised {raised}, slowest {slowest:.3f} s: {slowest_name}")
    return 1 if raised or slowest >= 1 else 0


if __name__ == "__main__":
    sys.exit(main())
