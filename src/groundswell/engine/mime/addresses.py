"""The addresses that a letter carries: in headers, in the envelope, and the signed ones that find their row again."""

import re

from groundswell.basics import addresses
from groundswell.basics.result import Problem

_TOKEN = re.compile(r"[A-Za-z0-9_.-]{1,62}")


def on_the_wire(address: str) -> addresses.Address | Problem:
    """The address as SMTP takes it: the domain in A-labels (IDNA 2008), `needs_smtputf8` where the local part is not ASCII.

    What cannot be written to is a `Problem`; nothing is ever downgraded (RFC 6531 3.2).
    """
    return addresses.parse(address)


def tagged(mailbox: str, token: str) -> str:
    """`u+<token>@bounce.example.org` of `u@bounce.example.org`: a mailbox of ours that names a delivery row."""
    if not _TOKEN.fullmatch(token):
        raise ValueError("a token in an address is 1 to 62 letters, digits, dots, hyphens or underscores")
    local, _, domain = mailbox.rpartition("@")
    return f"{local}+{token}@{domain}"


def verp(token: str, bounce_domain: str) -> str:
    """The Return-Path of one letter: `b+<token>@bounce-domain`. At most 64 characters stand before the @ (RFC 5321)."""
    return tagged(f"b@{bounce_domain}", token)


def message_id(token: str, domain: str) -> str:
    """`<token@domain>` (RFC 5322 3.6.4): `domain` is the From-domain; the same token gives the same id."""
    if not _TOKEN.fullmatch(token):
        raise ValueError("a token in a Message-ID is 1 to 62 letters, digits, dots, hyphens or underscores")
    return f"<{token}@{domain}>"
