"""Where letters are handed over: one relay, as a setting describes it."""

from dataclasses import dataclass
from typing import Literal
from urllib.parse import parse_qs, unquote, urlsplit

from groundswell.basics.result import Refused

Security = Literal["none", "starttls", "tls"]
_KINDS: dict[str, tuple[Security, int]] = {
    "smtp": ("none", 25), "smtp+starttls": ("starttls", 587), "smtps": ("tls", 465),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Relay:
    """A mail server of ours or of a provider, and how it is spoken to."""

    host: str
    port: int
    security: Security = "none"
    user: str = ""
    password: str = ""
    weight: int = 1
    """Its share of the connections, beside other relays."""
    ca: str = ""
    """A file of certificates to trust besides the system's: for a relay with one of its own making."""

    def __repr__(self) -> str:
        return f"Relay({self.host}:{self.port})"

    @classmethod
    def parse(cls, url: str) -> "Relay":
        """From `smtp://`, `smtp+starttls://` or `smtps://` with `user:password@host:port`; `Refused` otherwise.

        `#3` at the end is its weight; `?ca=/path/to/file.pem` names certificates to trust.
        """
        parts = urlsplit(url.strip())
        weight = parts.fragment or "1"
        try:
            port = parts.port
        except ValueError:
            port = -1
        if parts.scheme not in _KINDS or not parts.hostname or port == -1 or not weight.isdigit() or not 0 < int(weight) <= 100:
            raise Refused.because(
                "relay", "The setting GROUNDSWELL_SMTP names no relay.", "It should look like smtp://127.0.0.1:25."
            )
        security, usual = _KINDS[parts.scheme]
        return cls(
            parts.hostname, port or usual, security, unquote(parts.username or ""), unquote(parts.password or ""), int(weight),
            parse_qs(parts.query).get("ca", [""])[0],
        )  # fmt: skip

    @classmethod
    def parse_all(cls, setting: str) -> tuple["Relay", ...]:
        """Every relay of the setting, which lists them with commas."""
        return tuple(cls.parse(url) for url in setting.split(",") if url.strip()) or (cls.parse(setting),)


def shares(relays: tuple[Relay, ...], connections: int) -> list[Relay]:
    """Which relay each of `connections` connections goes to: by weight, each relay at least one."""
    total = sum(relay.weight for relay in relays)
    return [relay for relay in relays for _ in range(max(1, round(connections * relay.weight / total)))]
