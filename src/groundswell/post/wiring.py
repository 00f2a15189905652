"""The installation's post office, from its settings: tokens, signers, relay."""

import sys
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings

from groundswell.basics.clock import Clock
from groundswell.basics.ids import LetterId
from groundswell.engine.pace import Pace, parse_limits, parse_quiet, parse_ramp
from groundswell.engine.sign import Signer
from groundswell.engine.transports.base import Transport
from groundswell.engine.transports.files import MaildirTransport
from groundswell.engine.transports.smtp import CONNECTIONS, Relay, SmtpTransport
from groundswell.post.deliver import PostOffice
from groundswell.post.together import deliver_together

SELECTOR, SECOND = "gs1", "gs2"
"""Of the RSA key, and of the Ed25519 key that signs beside it where there is one (RFC 8463: never alone)."""


def dkim_path(domain: str, selector: str = SELECTOR) -> Path:
    """Where a DKIM key of a domain lies."""
    folder: Path = settings.GROUNDSWELL.key_folder.folder
    return folder / "dkim" / f"{domain}.{selector}.pem"


@lru_cache(maxsize=64)
def signer_for(domain: str, selector: str = SELECTOR) -> Signer | None:
    """A signer of a from-domain; None where it has no such key (doctor says so)."""
    path = dkim_path(domain, selector)
    return Signer(domain, selector, path.read_bytes()) if path.exists() else None


def signers_for(domain: str) -> tuple[Signer, ...]:
    """Every signer of a from-domain: RSA first, because some verifiers know nothing else."""
    rsa = signer_for(domain)
    second = signer_for(domain, SECOND) if rsa else None
    return tuple(signer for signer in (rsa, second) if signer)


def post_office() -> PostOffice:
    """Everything that delivering needs."""
    installation = settings.GROUNDSWELL
    return PostOffice(
        tokens=installation.key_folder.tokens,
        base_url=installation.base_url,
        bounce_domain=installation.bounce_domain,
        logs=installation.data / "post",
        signers_for=signers_for,
        pace=_pace(),
        ramp=parse_ramp(installation.warm_up),
        quiet=parse_quiet(installation.quiet_hours),
        one_letter_a_day=installation.one_letter_a_day,
        zone=ZoneInfo(installation.time_zone),
    )


@lru_cache(maxsize=1)
def _pace() -> Pace:
    return Pace(parse_limits(settings.GROUNDSWELL.domain_limits))


HELPER = (sys.executable, "-m", "groundswell.post.helper")
"""What starts another sender of a letter: its number and how many there are follow."""


def deliver_all(letter_id: LetterId, *, clock: Clock, seen: Callable[[int], None] = lambda _: None) -> int:
    """Hand over what is due of a letter, in as many processes as are worth it and the settings allow."""
    return deliver_together(
        letter_id=letter_id, office=post_office(), ways=transport, clock=clock, helpers=HELPER,
        senders=settings.GROUNDSWELL.senders, seen=seen,
    )  # fmt: skip


def transport(senders: int = 1) -> Transport:
    """The way out that the setting GROUNDSWELL_SMTP names: relays, a maildir (`file:/…`), or a provider (`anymail:postmark`).

    So many `senders` share the connections to the relays.
    """
    installation = settings.GROUNDSWELL
    if installation.smtp.startswith("file:"):
        return MaildirTransport(Path(installation.smtp.removeprefix("file:")).absolute())
    if installation.smtp.startswith("anymail:"):
        from django.core.mail import get_connection  # noqa: PLC0415 (with the provider's own library)

        from groundswell.post.provider import AnymailTransport  # noqa: PLC0415

        name = installation.smtp.removeprefix("anymail:")
        return AnymailTransport(get_connection(f"anymail.backends.{name}.EmailBackend"))
    return SmtpTransport(
        Relay.parse_all(installation.smtp), connections=max(1, CONNECTIONS // senders), helo=installation.bounce_domain
    )
